"""Which scope each name of a module belongs to, by Python's own rules."""

import ast
import builtins
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp

BUILTINS: Final = frozenset(dir(builtins))
_IMPLICIT: Final = frozenset(
    {"__name__", "__file__", "__doc__", "__annotations__", "__builtins__", "__class__"}
    | {"__package__", "__spec__", "__loader__", "__module__", "__qualname__"}
)


@dataclass(eq=False, slots=True)
class Mention:
    """One place where a name is written: `attribute` of `node` holds it."""

    node: ast.AST
    attribute: str
    name: str
    scope: "Scope"
    binds: bool
    reads: bool
    place: int | None = None
    """Where the attribute is a list: which of its members."""

    @property
    def line(self) -> int:
        return getattr(self.node, "lineno", 1)

    def rename(self, new: str) -> None:
        """Changes the tree."""
        if self.place is None:
            setattr(self.node, self.attribute, new)
        else:
            getattr(self.node, self.attribute)[self.place] = new


@dataclass(eq=False, slots=True)
class Scope:
    node: ast.AST
    kind: Literal["module", "function", "class", "comprehension"]
    parent: "Scope | None" = None
    bound: set[str] = field(default_factory=set[str])
    global_names: set[str] = field(default_factory=set[str])
    outer_names: set[str] = field(default_factory=set[str])
    """Declared `nonlocal`."""

    def owner(self, name: str) -> "Scope | None":
        """The scope that a name means when it is written here; None: no scope of the module."""
        if name in self.global_names:
            return self._module()._if_bound(name)
        if name in self.bound and name not in self.outer_names:
            return self
        scope = self.parent
        while scope is not None:
            if scope.kind != "class":
                if name in scope.global_names:
                    return self._module()._if_bound(name)
                if name in scope.bound and name not in scope.outer_names:
                    return scope
            scope = scope.parent
        return None

    def within(self, other: "Scope") -> bool:
        scope: Scope | None = self
        while scope is not None:
            if scope is other:
                return True
            scope = scope.parent
        return False

    def _module(self) -> "Scope":
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope

    def _if_bound(self, name: str) -> "Scope | None":
        return self if name in self.bound else None


@dataclass(eq=False, slots=True)
class Names:
    """Every scope and every mention of a name in a module."""

    module: Scope
    scopes: dict[ast.AST, Scope]
    mentions: list[Mention]
    star_import: bool = False

    def of(self, scope: Scope, name: str) -> list[Mention]:
        """The mentions, anywhere, of the name that `scope` owns."""
        return [
            mention
            for mention in self.mentions
            if mention.name == name and mention.scope.owner(name) is scope
        ]

    def unknown(self) -> list[Mention]:
        """Reads of names that nothing binds, in the order of the text."""
        if self.star_import:
            return []
        return [
            mention
            for mention in self.mentions
            if mention.reads
            and mention.name not in BUILTINS
            and mention.name not in _IMPLICIT
            and mention.scope.owner(mention.name) is None
        ]

    def is_builtin(self, mention: Mention) -> bool:
        return mention.name in BUILTINS and mention.scope.owner(mention.name) is None

    def builtin_names(self) -> set[ast.AST]:
        """The nodes that mean a built-in."""
        return {mention.node for mention in self.mentions if self.is_builtin(mention)}


def resolve(tree: ast.Module) -> Names:
    module = Scope(tree, "module")
    names = Names(module, {tree: module}, [])
    _Reader(names).statements(tree.body, module)
    return names


class _Reader:
    def __init__(self, names: Names) -> None:
        self._names = names

    def statements(self, nodes: Iterable[ast.AST], scope: Scope) -> None:
        for node in nodes:
            self._visit(node, scope)

    def _visit(self, node: ast.AST, scope: Scope) -> None:
        match node:
            case ast.Name(id=name, ctx=ctx):
                reads = not isinstance(ctx, ast.Store)
                self._mention(node, "id", name, scope, not isinstance(ctx, ast.Load), reads)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
                self._function(node, scope)
            case ast.ClassDef():
                self._class(node, scope)
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                self._comprehension(node, scope)
            case ast.NamedExpr(target=target, value=value):
                self._visit(target, _past_comprehensions(scope))
                self._visit(value, scope)
            case ast.AnnAssign():
                self._annotated(node, scope)
            case ast.Import() | ast.ImportFrom():
                self._import(node, scope)
            case ast.Global(names=names):
                scope.global_names.update(names)
                self._names.module.bound.update(names)
                self._declared(node, names, scope)
            case ast.Nonlocal(names=names):
                scope.outer_names.update(names)
                self._declared(node, names, scope)
            case _:
                self._other(node, scope)

    def _other(self, node: ast.AST, scope: Scope) -> None:
        """What binds a name by an attribute that is plain text, and what has only children."""
        match node:
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
                self._mention(node, "name", name, scope, True, False)
            case ast.MatchStar(name=str(name)):
                self._mention(node, "name", name, scope, True, False)
            case ast.MatchMapping(rest=str(name)):
                self._mention(node, "rest", name, scope, True, False)
            case _:
                # `def f[T]` and `type A = ...` exist from Python 3.12 on
                if type(node).__name__ in ("TypeVar", "ParamSpec", "TypeVarTuple"):
                    name = str(getattr(node, "name", ""))
                    self._mention(node, "name", name, scope, True, False)
        self.statements(ast.iter_child_nodes(node), scope)

    def _mention(
        self,
        node: ast.AST,
        attribute: str,
        name: str,
        scope: Scope,
        binds: bool,
        reads: bool,
        place: int | None = None,
    ) -> None:
        self._names.mentions.append(Mention(node, attribute, name, scope, binds, reads, place))
        if binds:
            owner = self._names.module if name in scope.global_names else scope
            owner.bound.add(name)

    def _declared(self, node: ast.AST, names: Sequence[str], scope: Scope) -> None:
        for place, name in enumerate(names):
            self._mention(node, "names", name, scope, False, False, place)

    def _open(self, node: ast.AST, kind: Any, parent: Scope) -> Scope:
        scope = Scope(node, kind, parent)
        self._names.scopes[node] = scope
        return scope

    def _function(self, node: FunctionNode, scope: Scope) -> None:
        arguments = node.args
        if not isinstance(node, ast.Lambda):
            self._mention(node, "name", node.name, scope, True, False)
            self.statements(node.decorator_list, scope)
        self.statements([*arguments.defaults, *filter(None, arguments.kw_defaults)], scope)
        inside = self._open(node, "function", scope)
        type_parameters: list[ast.AST] = getattr(node, "type_params", [])
        self.statements(type_parameters, inside)
        # Type parameters are seen by the annotations; without any these are read outside.
        around = inside if type_parameters else scope
        for argument in all_arguments(arguments):
            if argument.annotation is not None:
                self._visit(argument.annotation, around)
            self._mention(argument, "arg", argument.arg, inside, True, False)
        if isinstance(node, ast.Lambda):
            self._visit(node.body, inside)
            return
        if node.returns is not None:
            self._visit(node.returns, around)
        self.statements(node.body, inside)

    def _class(self, node: ast.ClassDef, scope: Scope) -> None:
        self._mention(node, "name", node.name, scope, True, False)
        self.statements(node.decorator_list, scope)
        type_parameters: list[ast.AST] = getattr(node, "type_params", [])
        around = self._open(node, "function", scope) if type_parameters else scope
        self.statements(type_parameters, around)
        self.statements([*node.bases, *node.keywords], around)
        self.statements(node.body, self._open(node, "class", around))

    def _comprehension(self, node: _Comprehension, scope: Scope) -> None:
        inside = self._open(node, "comprehension", scope)
        for place, generator in enumerate(node.generators):
            self._visit(generator.iter, inside if place else scope)
            self._visit(generator.target, inside)
            self.statements(generator.ifs, inside)
        results = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        self.statements(results, inside)

    def _annotated(self, node: ast.AnnAssign, scope: Scope) -> None:
        self._visit(node.target, scope)
        if scope.kind != "function":  # a function never evaluates them
            self._visit(node.annotation, scope)
        if node.value is not None:
            self._visit(node.value, scope)

    def _import(self, node: ast.Import | ast.ImportFrom, scope: Scope) -> None:
        for alias in node.names:
            if alias.name == "*":
                self._names.star_import = True
                continue
            name = alias.asname or alias.name.partition(".")[0]
            self._mention(alias, "asname", name, scope, True, False)


def all_arguments(arguments: ast.arguments) -> Iterator[ast.arg]:
    yield from arguments.posonlyargs
    yield from arguments.args
    if arguments.vararg is not None:
        yield arguments.vararg
    yield from arguments.kwonlyargs
    if arguments.kwarg is not None:
        yield arguments.kwarg


def own_nodes(function: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function's body that belong to itself, not to a function or class in it."""
    stack = list(_body(function))[::-1]
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            stack += list(ast.iter_child_nodes(node))[::-1]


def is_generator(function: ast.AST) -> bool:
    return any(isinstance(node, ast.Yield | ast.YieldFrom) for node in own_nodes(function))


def functions(tree: ast.AST) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def _body(function: ast.AST) -> list[ast.AST]:
    if isinstance(function, ast.Lambda):
        return [function.body]
    return list(getattr(function, "body", []))


def _past_comprehensions(scope: Scope) -> Scope:
    while scope.kind == "comprehension" and scope.parent is not None:
        scope = scope.parent
    return scope
