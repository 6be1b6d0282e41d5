"""The function brought to the name, the parameters and the annotations of the signature."""

import ast
import io
import tokenize

from ...ir import Signature, parse_type
from ..scopes import BUILTINS, Mention, Names, Scope, resolve
from ..source import Edit, Source, edited, parse_loosely
from .imports import MEMBERS
from .layout import INDENT, indented
from .parameters import Fit, fit
from .reasons import Unassembled
from .renaming import Renames, renamed
from .target import definition, locate

_LOOKS_AT_NAMES = frozenset({"locals", "vars", "eval", "exec", "dir", "globals"})
_SELF = ("self", "cls")


def shaped(text: str, signature: Signature) -> str:
    """A module that has the function at its margin. Raises Unassembled."""
    tree = parse_loosely(text)
    target = locate(tree, signature)
    name, wanted = signature.name, [one.name for one in signature.parameters]
    if target.kind == "body":
        return f"{header(signature, tree)}\n{indented(text.strip())}\n"
    if target.kind == "value":
        arguments = target.arguments or ast.arguments([], [], ast.arg("values"), [], [], None, [])
        return _wrapped(text, signature, tree, fit(name, arguments, wanted))
    assert target.arguments is not None
    if target.kind == "method":
        own = fit(target.name, target.arguments, wanted, skip=0 if target.static else 1)
        called = f"{target.owner}().{target.name}"
        return f"{text}\n\n{wrapper(signature, tree, called, own.call)}"
    if target.name != name:
        text = _called(text, target.name, signature)
        tree = parse_loosely(text)
    return _fitted(text, tree, signature)


def header(signature: Signature, tree: ast.Module, defaults: dict[str, str] | None = None) -> str:
    known = BUILTINS | resolve(tree).module.bound | MEMBERS.keys()
    parameters = [
        f"{one.name}: {_annotation(one.type, known)}"
        + (f" = {defaults[one.name]}" if defaults and one.name in defaults else "")
        for one in signature.parameters
    ]
    returns = _annotation(signature.returns, known)
    return f"def {signature.name}({', '.join(parameters)}) -> {returns}:"


def wrapper(signature: Signature, tree: ast.Module, called: str, arguments: str) -> str:
    return f"{header(signature, tree)}\n{INDENT}return {called}({arguments})\n"


def _annotation(type_text: str, known: frozenset[str] | set[str]) -> str:
    """In quotes where it names something that the module does not have."""
    names = {node.id for node in ast.walk(parse_type(type_text)) if isinstance(node, ast.Name)}
    return type_text if names <= known else repr(type_text)


def _fitted(text: str, tree: ast.Module, signature: Signature) -> str:
    """Of a function that has the right name already."""
    function = definition(tree.body, signature.name)
    assert isinstance(function, ast.FunctionDef)
    wanted = [one.name for one in signature.parameters]
    skip = _self_parameters(function, wanted)
    own = fit(signature.name, function.args, wanted, skip=skip)
    if own.same and own.names:
        changed = _with_names(text, signature.name, own.names)
        if changed is None:
            return _wrapped(text, signature, tree, own)
        text = changed
    elif not own.same:
        return _wrapped(text, signature, tree, own)
    return _with_header(text, signature)


def _self_parameters(function: ast.FunctionDef, wanted: list[str]) -> int:
    """A method that lost its class: its `self` is dropped where nothing needs it."""
    arguments = [*function.args.posonlyargs, *function.args.args]
    if not arguments or arguments[0].arg not in _SELF or arguments[0].arg in wanted:
        return 0
    name = arguments[0].arg
    if any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(function)):
        raise Unassembled(
            "wrong-parameters",
            f"{function.name} uses {name} outside of a class: write a plain function",
            function.lineno,
        )
    return 1


def _with_header(text: str, signature: Signature) -> str:
    tree = parse_loosely(text)
    source = Source(text, tree)
    function = definition(tree.body, signature.name)
    assert isinstance(function, ast.FunctionDef)
    start = source.start(function)
    defaults = dict(
        zip(
            reversed([one.name for one in signature.parameters]),
            (source.segment(default) for default in reversed(function.args.defaults)),
            strict=False,
        )
    )
    end = _header_end(text, start)
    return edited(text, [Edit(start, end, header(signature, tree, defaults))])


def _header_end(text: str, start: int) -> int:
    """Behind the colon that ends the `def` at `start`."""
    lines = text[start:].split("\n")
    depth = 0
    for token in tokenize.generate_tokens(io.StringIO(text[start:]).readline):
        if token.string in ("(", "[", "{"):
            depth += 1
        elif token.string in (")", "]", "}"):
            depth -= 1
        elif token.string == ":" and depth == 0:
            row, column = token.end
            return start + sum(len(line) + 1 for line in lines[: row - 1]) + column
    raise AssertionError("a def without a colon does not parse")


def _called(text: str, name: str, signature: Signature) -> str:
    """The function `name` under the signature's name."""

    def choose(tree: ast.Module, names: Names) -> Renames:
        taken = any(mention.name == signature.name for mention in names.mentions)
        if taken:
            message = f"{name} cannot be called {signature.name}: that name is used for another"
            raise Unassembled("lacks-function", message)
        return [(mention, signature.name) for mention in names.of(names.module, name)]

    return renamed(text, choose)


def _wrapped(text: str, signature: Signature, tree: ast.Module, own: Fit) -> str:
    """The model's own function under a name of its own, called by one that is as asked for."""
    taken = {mention.name for mention in resolve(tree).mentions}
    inner = "_" + signature.name.lstrip("_")
    while inner in taken:
        inner = "_" + inner

    def choose(tree: ast.Module, names: Names) -> Renames:
        return [(mention, inner) for mention in names.of(names.module, signature.name)]

    return f"{renamed(text, choose)}\n\n{wrapper(signature, tree, inner, own.call)}"


def _with_names(text: str, name: str, changes: dict[str, str]) -> str | None:
    """With the parameters renamed; None where that might change what the function does."""
    tree = parse_loosely(text)
    function = definition(tree.body, name)
    assert function is not None
    names = resolve(tree)
    scope = names.scopes[function]
    inside = [mention for mention in names.mentions if mention.scope.within(scope)]
    if any(one.name in changes.values() or one.name in _LOOKS_AT_NAMES for one in inside):
        return None
    if not _only_called(tree, names, name):
        return None

    def choose(tree: ast.Module, names: Names) -> Renames:
        function = definition(tree.body, name)
        assert function is not None
        return _parameter_mentions(tree, names, names.scopes[function], name, changes)

    return renamed(text, choose)


def _only_called(tree: ast.Module, names: Names, name: str) -> bool:
    """Whether every use of the function is a call that names its arguments plainly."""
    called = {
        node.func
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and all(keyword.arg for keyword in node.keywords)
    }
    uses = (mention for mention in names.of(names.module, name) if mention.reads)
    return all(mention.node in called for mention in uses)


def _parameter_mentions(
    tree: ast.Module, names: Names, scope: Scope, name: str, changes: dict[str, str]
) -> Renames:
    chosen: Renames = []
    for old, new in changes.items():
        chosen += [(mention, new) for mention in names.of(scope, old)]
    calls = {mention.node for mention in names.of(names.module, name) if mention.reads}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.func in calls:
            for keyword in node.keywords:
                if keyword.arg in changes:
                    mention = Mention(keyword, "arg", keyword.arg, names.module, False, False)
                    chosen.append((mention, changes[keyword.arg]))
    return chosen
