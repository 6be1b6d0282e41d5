"""Findings about what is returned: of which type, and whether at all."""

import ast
from collections.abc import Callable, Iterator
from typing import Any, Final, cast

from ...interfaces import Finding
from ...ir import MustReturn, parse_type
from .codes import shown, tell
from .facts import Facts
from .ladder import gap

_RETURNING: Final = (ast.Return, ast.Raise, ast.Yield, ast.YieldFrom)


def about_returns(facts: Facts) -> Iterator[Finding]:
    yield from _types(facts)
    yield from _hints(facts)
    yield from _demanded(facts)


def _types(facts: Facts) -> Iterator[Finding]:
    returns = facts.ir.signature.returns
    tree = parse_type(returns)
    for number, effect in enumerate(facts.ir.effects):
        for place, value in enumerate(effect.return_values):
            if not fits(value, tree) and not _of_items(value, tree):
                path = f"effects[{number}].return_values[{place}]"
                message = f"{shown(value)} is returned, and the signature says {returns}"
                yield tell("return-type-mismatch", message, path)
    for call in facts.shown:
        if call.plain and not fits(call.expected, tree):
            message = f"{call.text}: the answer is no {returns}, as the signature says"
            counterexample = facts.call(call.arguments)
            yield tell("return-type-mismatch", message, call.path, counterexample=counterexample)


def _of_items(value: object, tree: ast.expr) -> bool:
    """Return values are literals, so those of a collection may stand for its members."""
    match tree:
        case ast.Subscript(slice=ast.Tuple(elts=parts)):
            return any(fits(value, part) for part in parts)
        case ast.Subscript(slice=inside):
            return fits(value, inside)
        case ast.Name(id="list" | "tuple" | "dict" | "set" | "frozenset"):
            return True
        case _:
            return False


def fits(value: object, tree: ast.expr) -> bool:
    """Whether a value may be of a type; where the type is not known, it may."""
    match tree:
        case ast.Constant(value=None):
            return value is None
        case ast.BinOp(left=left, right=right):
            return fits(value, left) or fits(value, right)
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return _fits_name(value, name)
        case ast.Subscript(value=ast.Name(id=name) | ast.Attribute(attr=name), slice=inside):
            return _fits_generic(value, name, _parts(inside))
        case _:
            return True


def _parts(inside: ast.expr) -> list[ast.expr]:
    return inside.elts if isinstance(inside, ast.Tuple) else [inside]


def _fits_name(value: object, name: str) -> bool:
    test = _TESTS.get(name.lower() if name in _CAPITALS else name)
    return True if test is None else test(value)


def _fits_generic(value: Any, name: str, parts: list[ast.expr]) -> bool:
    match name:
        case "Optional":
            return value is None or fits(value, parts[0])
        case "Union":
            return any(fits(value, part) for part in parts)
        case "Literal":
            return any(_is(value, part) for part in parts)
        case "list" | "List" | "set" | "Set" | "frozenset" | "FrozenSet":
            return _fits_name(value, name) and all(fits(item, parts[0]) for item in value)
        case "dict" | "Dict" if len(parts) == 2:
            return isinstance(value, dict) and all(
                fits(k, parts[0]) and fits(v, parts[1]) for k, v in _items(value)
            )
        case "tuple" | "Tuple":
            return isinstance(value, tuple) and _fits_members(cast("tuple[Any, ...]", value), parts)
        case _:
            return _fits_name(value, name)


def _items(value: Any) -> list[tuple[Any, Any]]:
    return list(value.items())


def _fits_members(value: tuple[Any, ...], parts: list[ast.expr]) -> bool:
    match parts:
        case [part, ast.Constant(value=last)] if last is Ellipsis:
            return all(fits(item, part) for item in value)
        case [ast.Tuple(elts=[])]:
            return not value
        case _:
            return len(value) == len(parts) and all(map(fits, value, parts))


def _is(value: object, part: ast.expr) -> bool:
    literal = ast.literal_eval(part)
    return type(value) is type(literal) and value == literal


_CAPITALS: Final = frozenset({"List", "Dict", "Set", "FrozenSet", "Tuple"})
_TESTS: Final[dict[str, Callable[[object], bool]]] = {
    "int": lambda value: isinstance(value, int) and not isinstance(value, bool),
    # A whole number is as good as a float wherever one is expected.
    "float": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "complex": lambda value: isinstance(value, int | float | complex),
    "bool": lambda value: isinstance(value, bool),
    "str": lambda value: isinstance(value, str),
    "bytes": lambda value: isinstance(value, bytes),
    "list": lambda value: isinstance(value, list),
    "tuple": lambda value: isinstance(value, tuple),
    "dict": lambda value: isinstance(value, dict),
    "set": lambda value: isinstance(value, set),
    "frozenset": lambda value: isinstance(value, frozenset),
}


def _hints(facts: Facts) -> Iterator[Finding]:
    """Hints that are whole Python statements: one that ends by printing returns nothing."""
    tree = parse_type(facts.ir.signature.returns)
    if fits(None, tree) or facts.ir.signature.returns in ("NoReturn", "Never"):
        return
    for number, effect in enumerate(facts.ir.effects):
        hint = effect.implementation_hint
        if hint is None or effect.return_values or effect.raises:
            continue
        if _ends_in_print(hint):
            message = f"the hint ends without a return: {shown(hint)}"
            yield tell("missing-return", message, f"effects[{number}].implementation_hint")


def _ends_in_print(hint: str) -> bool:
    try:
        body = ast.parse(hint).body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return False
    nodes = [node for statement in body for node in ast.walk(statement)]
    if not body or any(isinstance(node, _RETURNING) for node in nodes):
        return False
    match body[-1]:
        case ast.Pass():
            return True
        case ast.Expr(value=ast.Call(func=ast.Name(id="print"))):
            return True
        case _:
            return False


def _demanded(facts: Facts) -> Iterator[Finding]:
    for number, constraint in enumerate(facts.ir.constraints):
        if not isinstance(constraint, MustReturn):
            continue
        path = f"constraints[{number}]"
        tree = parse_type(facts.ir.signature.returns)
        for place, effect in enumerate(facts.ir.effects):
            if any(value is None for value in effect.return_values) and not fits(None, tree):
                message = (
                    f"effects[{place}] returns None, and a value is demanded: "
                    f"{constraint.description}"
                )
                yield tell("must-return-broken", message, path)
        uncovered = gap(facts)
        if uncovered is not None:
            call = facts.call(facts.inputs[uncovered])
            message = f"no branch returns anything for {call}: {constraint.description}"
            yield tell("must-return-broken", message, path, counterexample=call)
        if facts.ir.signature.returns == "None":
            message = f"the signature returns None, and {constraint.description!r} is demanded"
            yield tell("must-return-broken", message, path)
