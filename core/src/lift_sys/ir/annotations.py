"""Python types as text: parsed through a whitelist, and written in one normal way."""

import ast
from functools import lru_cache
from typing import Any, Final

from ._python import PythonTextError, is_dunder, parse_expression, refuse, unparse

MAX_TYPE_CHARS: Final = 500

BUILTIN_TYPES: Final = (
    "int",
    "float",
    "complex",
    "str",
    "bool",
    "bytes",
    "bytearray",
    "object",
    "list",
    "dict",
    "set",
    "frozenset",
    "tuple",
    "range",
    "type",
)

_OLD_NAMES: Final = {
    name: name.lower() for name in ("List", "Dict", "Set", "FrozenSet", "Tuple", "Type")
}


class TypeTextError(PythonTextError):
    """Text that is no Python type."""


@lru_cache(maxsize=1024)
def parse_type(text: str) -> ast.expr:
    """The tree of an annotation: names, subscripts, `|`, None, and literals in `Literal[...]`.

    One tree for all who ask: it is read, never changed.
    """
    try:
        tree = parse_expression(text, MAX_TYPE_CHARS)
        _check(tree)
    except PythonTextError as error:
        cause = f"{_short(text)} is no Python type: {error.cause}"
        raise TypeTextError(cause, error.column) from None
    return tree


def normalise_type(text: str) -> str:
    """Equal for types that only differ in how they are written, `Optional[int]` and `int|None`."""
    return _normal(parse_type(text))


def type_names(text: str) -> frozenset[str]:
    """The names a type is built from: of a dotted one the first."""
    return frozenset(node.id for node in ast.walk(parse_type(text)) if isinstance(node, ast.Name))


def type_pattern() -> str:
    """A regular expression for the types a model may write: a subset, two brackets deep.

    A grammar engine can follow it, so a constrained reply never has `list of ints` for a type.
    """
    literal = r"('[ !#-&(-\[\]-~]{0,60}'|-?[1-9][0-9]{0,8}|0)"
    literals = rf"Literal\[{literal}(, {literal}){{0,15}}\]"
    name = f"({'|'.join(BUILTIN_TYPES)}|[A-Z][A-Za-z0-9_]{{0,40}})"
    plain = f"({name}|None|{literals})"
    several = rf"{plain}((, | \| ){plain}){{0,4}}(, \.\.\.)?"
    nested = rf"({name}(\[{several}\])?|None|{literals})"
    several = rf"{nested}((, | \| ){nested}){{0,4}}(, \.\.\.)?"
    function = rf"Callable\[\[({plain}(, {plain}){{0,4}})?\], {plain}\]"
    outer = rf"({function}|{name}(\[{several}\])?|None|{literals})"
    return rf"^{outer}( \| {outer}){{0,3}}$"


def _check(node: ast.expr, *, argument: bool = False) -> None:
    match node:
        case ast.Name() | ast.Attribute():
            _check_name(node)
        case ast.Constant(value=None):
            pass
        case ast.Constant(value=value) if value is Ellipsis and argument:
            pass
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            _check(left)
            _check(right)
        case ast.Subscript(value=ast.Name() | ast.Attribute() as base, slice=inside):
            _check_name(base)
            check = _check_literal if _last(base) == "Literal" else _check_argument
            for part in _parts(inside):
                check(part)
        case _:
            raise refuse("only names, [...], | and None make a type", node)


def _check_name(node: ast.expr) -> None:
    while isinstance(node, ast.Attribute):
        if is_dunder(node.attr):
            raise refuse(f"{node.attr} is not allowed", node)
        node = node.value
    if not isinstance(node, ast.Name):
        raise refuse("a dotted name starts with a name", node)
    if is_dunder(node.id):
        raise refuse(f"{node.id} is not allowed", node)


def _check_argument(node: ast.expr) -> None:
    if isinstance(node, ast.List):  # the parameters of a Callable
        for part in node.elts:
            _check(part)
    elif not (isinstance(node, ast.Tuple) and not node.elts):  # tuple[()]
        _check(node, argument=True)


def _check_literal(node: ast.expr) -> None:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        node = node.operand
        if isinstance(node, ast.Constant) and type(node.value) is int:
            return
    elif isinstance(node, ast.Constant) and isinstance(node.value, str | int | bytes | None):
        return
    raise refuse("Literal[...] takes strings, integers, booleans, bytes and None", node)


def _parts(inside: ast.expr) -> list[ast.expr]:
    return inside.elts if isinstance(inside, ast.Tuple) and inside.elts else [inside]


def _last(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _normal(node: ast.expr) -> str:
    match node:
        case ast.Name() | ast.Attribute():
            text = _normal_name(node)
        case ast.Subscript(value=base, slice=inside):
            text = _normal_subscript(_normal_name(base), _parts(inside))
        case ast.BinOp(left=left, right=right):
            text = _union([_normal(left), _normal(right)])
        case ast.List(elts=parts):
            text = f"[{', '.join(_normal(part) for part in parts)}]"
        case _:
            text = unparse(node)
    return text


def _normal_subscript(name: str, parts: list[ast.expr]) -> str:
    if name == "Literal":
        return f"Literal[{', '.join(sorted({unparse(part) for part in parts}))}]"
    inside = [_normal(part) for part in parts]
    if name == "Optional":
        return _union([*inside, "None"])
    return _union(inside) if name == "Union" else f"{name}[{', '.join(inside)}]"


def _normal_name(node: ast.expr) -> str:
    text = unparse(node)
    for module in ("typing.", "t.", "collections.abc."):
        text = text.removeprefix(module)
    return _OLD_NAMES.get(text, text)


def _union(members: list[str]) -> str:
    flat = {part for member in members for part in _top_level(member)}
    return " | ".join(sorted(flat, key=lambda part: (part == "None", part)))


def _top_level(text: str) -> list[str]:
    """The members of a normalised union; a `|` inside brackets or quotes separates nothing."""
    tree = ast.parse(text, mode="eval").body
    members: list[str] = []
    stack: list[Any] = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.BinOp):
            stack += [node.left, node.right]
        else:
            members.append(unparse(node))
    return members


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "...")
