"""The walk over a predicate's tree that lets through what is on the list and nothing else."""

import ast
import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ._allowed import (
    EXCEPTIONS,
    FUNCTIONS,
    IMPORTS,
    LAMBDA_TAKERS,
    MATH,
    METHODS,
    OLD,
    RESULT,
    TYPES,
)
from ._python import PythonTextError, is_dunder, refuse

_FORMAT = re.compile(r"[ -~]?[<>=^]?[-+ ]?#?0?[0-9]{0,3}[,_]?(\.[0-9]{1,2})?[bcdeEfFgGnosxX%]?")

_Comprehension = ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp

_PLAIN = (
    ast.BoolOp,
    ast.BinOp,
    ast.UnaryOp,
    ast.Compare,
    ast.IfExp,
    ast.Tuple,
    ast.List,
    ast.Set,
    ast.Dict,
    ast.Subscript,
    ast.Slice,
    ast.JoinedStr,
    ast.boolop,
    ast.operator,
    ast.unaryop,
    ast.cmpop,
    ast.expr_context,
)

_WORDS_FOR: dict[type[ast.AST], str] = {
    ast.NamedExpr: "an assignment",
    ast.Await: "await",
    ast.Yield: "yield",
    ast.YieldFrom: "yield",
    ast.Lambda: "a lambda, except as `key=` of sorted, min or max",
    ast.Starred: "a star, except in a call, list, tuple or set",
}


@dataclass(frozen=True, slots=True)
class Names:
    """What a predicate may speak of."""

    values: frozenset[str]
    parameters: frozenset[str]
    function: str | None

    @classmethod
    def of(
        cls, parameters: tuple[str, ...], function: str | None, holes: tuple[str, ...], seen: bool
    ) -> "Names":
        outcome = {RESULT, *(OLD + name for name in parameters)} if seen else set[str]()
        return cls(
            frozenset({*parameters, *holes} | outcome),
            frozenset(parameters),
            function if seen else None,
        )

    def unknown(self, node: ast.Name) -> PythonTextError:
        name = node.id
        near = difflib.get_close_matches(name, sorted(self.values | FUNCTIONS), n=1)
        known = ", ".join(sorted(self.values, key=lambda one: (one.startswith(OLD), one)))
        hint = f"did you mean `{near[0]}`?" if near else f"known here: {known or 'none'}"
        return refuse(f"`{_short(name)}` is not known here; {hint}", node)

    def check_exception(self, name: str) -> None:
        if name not in EXCEPTIONS:
            near = difflib.get_close_matches(name, sorted(EXCEPTIONS), n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise PythonTextError(f"{_short(name)} is no exception of Python{hint}")


@dataclass(slots=True)
class Walk:
    """What was met on the way."""

    names: set[str] = field(default_factory=set[str])
    literals: list[Any] = field(default_factory=list[Any])
    own_calls: list[ast.Call] = field(default_factory=list[ast.Call])
    imports: set[str] = field(default_factory=set[str])


def walk(tree: ast.expr, names: Names) -> Walk:
    """Raises PythonTextError for the first thing that is not allowed."""
    walker = _Walker(names)
    walker.visit(tree, frozenset())
    return walker.found


class _Walker:
    def __init__(self, names: Names) -> None:
        self._names = names
        self.found = Walk()

    def visit(self, node: ast.AST, local: frozenset[str]) -> None:
        match node:
            case ast.Constant():
                self._constant(node)
            case ast.Name():
                self._name(node, local)
            case ast.Call():
                self._call(node, local)
            case ast.Attribute():
                self._attribute(node)
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                self._comprehension(node, local)
            case ast.FormattedValue():
                self._formatted(node, local)
            case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
                self._each(parts, local)
            case _ if isinstance(node, _PLAIN):
                for child in ast.iter_child_nodes(node):
                    self.visit(child, local)
            case _:
                what = _WORDS_FOR.get(type(node), type(node).__name__)
                raise refuse(f"{what} is not allowed in a predicate", node)

    def _each(self, parts: Iterable[ast.expr], local: frozenset[str]) -> None:
        for part in parts:
            self.visit(part.value if isinstance(part, ast.Starred) else part, local)

    def _constant(self, node: ast.Constant) -> None:
        if node.value is Ellipsis:
            raise refuse("`...` is not allowed in a predicate", node)
        self.found.literals.append(node.value)

    def _name(self, node: ast.Name, local: frozenset[str]) -> None:
        name = node.id
        if name in local:
            return
        if name in self._names.values:
            self.found.names.add(name)
        elif name == self._names.function:
            raise refuse(f"`{name}` may only be called, once, with literals", node)
        elif name == "type":  # handed on, it would make classes: map(type, names, bases, bodies)
            raise refuse("`type` may only be called here", node)
        elif name not in FUNCTIONS | TYPES:
            raise self._names.unknown(node)

    def _attribute(self, node: ast.Attribute) -> None:
        """As a value: a constant of `math`, or a method of a built-in type to map with."""
        base = node.value
        if isinstance(base, ast.Name) and base.id not in self._names.values:
            if base.id == "math" and node.attr in MATH:
                self.found.imports.add("math")
                return
            if base.id in TYPES and node.attr in METHODS:
                return
        hint = ", only methods are called" if not is_dunder(node.attr) else ""
        raise refuse(f"the attribute `.{_short(node.attr)}` is not allowed{hint}", node)

    def _call(self, node: ast.Call, local: frozenset[str]) -> None:
        function = node.func
        name = ""
        if isinstance(function, ast.Name):
            name = function.id
            self._called_name(node, function, local)
        elif isinstance(function, ast.Attribute):
            self._called_method(function, local)
        else:
            raise refuse("only a function or method with a name may be called", node)
        self._each(node.args, local)
        for keyword in node.keywords:
            if keyword.arg is None:
                raise refuse("`**` is not allowed in a call", node)
            if isinstance(keyword.value, ast.Lambda):
                self._key(name, keyword, local)
            else:
                self.visit(keyword.value, local)

    def _called_name(self, node: ast.Call, function: ast.Name, local: frozenset[str]) -> None:
        name = function.id
        if name in local or name in self._names.values:
            raise refuse(f"`{name}` is a value here and cannot be called", node)
        if name == self._names.function:
            if local:
                raise refuse("an example calls the function once, not in a loop", node)
            self.found.own_calls.append(node)
        elif name in IMPORTS and name != "math":
            self.found.imports.add(name)
        elif name not in FUNCTIONS:
            near = difflib.get_close_matches(name, sorted(FUNCTIONS), n=1)
            hint = f"; did you mean `{near[0]}`?" if near else ""
            raise refuse(f"`{_short(name)}` may not be called in a predicate{hint}", node)
        elif name == "type" and not _one_argument(node):
            raise refuse("`type` takes one argument here", node)

    def _called_method(self, function: ast.Attribute, local: frozenset[str]) -> None:
        base, method = function.value, function.attr
        taken = local | self._names.values
        if isinstance(base, ast.Name) and base.id == "math" and base.id not in taken:
            return self._attribute(function)
        if method not in METHODS:
            near = difflib.get_close_matches(method, sorted(METHODS), n=1)
            hint = f"; did you mean `.{near[0]}()`?" if near else ""
            raise refuse(f"the method `.{_short(method)}()` is not allowed{hint}", function)
        return self.visit(base, local)

    def _key(self, name: str, keyword: ast.keyword, local: frozenset[str]) -> None:
        function = keyword.value
        assert isinstance(function, ast.Lambda)
        args = function.args
        simple = not (args.vararg or args.kwarg or args.kwonlyargs or args.defaults)
        if keyword.arg != "key" or name not in LAMBDA_TAKERS or not simple or len(args.args) > 1:
            raise refuse(f"{_WORDS_FOR[ast.Lambda]}, is not allowed in a predicate", function)
        self.visit(function.body, self._bind(args.args, local))

    def _bind(self, args: Iterable[ast.arg], local: frozenset[str]) -> frozenset[str]:
        for arg in args:
            self._check_binding(arg.arg, arg)
        return local | {arg.arg for arg in args}

    def _check_binding(self, name: str, node: ast.AST) -> None:
        taken = name in FUNCTIONS or name in IMPORTS or name in (self._names.function, RESULT)
        if taken or is_dunder(name) or (name.startswith(OLD) and name in self._names.values):
            raise refuse(f"`{_short(name)}` cannot be a loop variable here", node)

    def _comprehension(self, node: _Comprehension, local: frozenset[str]) -> None:
        for part in node.generators:
            if part.is_async:
                raise refuse("async is not allowed in a predicate", node)
            self.visit(part.iter, local)
            local = local | self._targets(part.target)
            for condition in part.ifs:
                self.visit(condition, local)
        if isinstance(node, ast.DictComp):
            self.visit(node.key, local)
            self.visit(node.value, local)
        else:
            self.visit(node.elt, local)

    def _targets(self, node: ast.expr) -> frozenset[str]:
        match node:
            case ast.Name(id=name):
                self._check_binding(name, node)
                return frozenset({name})
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                return frozenset[str]().union(*(self._targets(part) for part in parts))
            case ast.Starred(value=inner):
                return self._targets(inner)
            case _:
                raise refuse("a loop in a predicate only binds names", node)

    def _formatted(self, node: ast.FormattedValue, local: frozenset[str]) -> None:
        match node.format_spec:
            case None:
                pass
            case ast.JoinedStr(values=[ast.Constant(value=str(spec))]) if _FORMAT.fullmatch(spec):
                pass
            case _:
                raise refuse("this format is not allowed in an f-string", node)
        self.visit(node.value, local)


def _one_argument(node: ast.Call) -> bool:
    return len(node.args) == 1 and not node.keywords and not isinstance(node.args[0], ast.Starred)


def _short(name: str) -> str:
    return name if len(name) <= 40 else name[:37] + "..."
