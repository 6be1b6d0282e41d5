"""Whether a value is what a signature says.

Of a result only the outermost kind is looked at, and an int passes for a float: models are loose
about what is inside, and code that is right should not fail for an annotation.
"""

import ast
from collections.abc import Iterable, Sequence
from typing import Any, Final, cast

from ..ir import parse_type
from .compare import same

_KINDS: Final[dict[str, tuple[type, ...]]] = {
    "int": (int,),
    "float": (float, int),
    "complex": (complex, float, int),
    "bool": (bool,),
    "str": (str,),
    "bytes": (bytes,),
    "bytearray": (bytearray,),
    "list": (list,),
    "dict": (dict,),
    "set": (set,),
    "frozenset": (frozenset,),
    "tuple": (tuple,),
    "range": (range,),
    "Sequence": (list, tuple, str, bytes, range),
    "Mapping": (dict,),
}
_OLD: Final = {"List": "list", "Dict": "dict", "Set": "set", "Tuple": "tuple"}


def conforms(value: object, annotation: str) -> bool:
    """Of the kind that a signature says is returned."""
    return _conforms(value, parse_type(annotation), deep=False)


def belongs(value: object, annotation: str) -> bool:
    """Of that type down to its last part: what may be given for a parameter."""
    return _conforms(value, parse_type(annotation), deep=True)


def _conforms(value: object, node: ast.expr, *, deep: bool) -> bool:
    match node:
        case ast.Constant(value=None):
            return value is None
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _conforms(value, left, deep=deep) or _conforms(value, right, deep=deep)
        case ast.Subscript(value=ast.Name(id=name) | ast.Attribute(attr=name), slice=inside):
            parts = inside.elts if isinstance(inside, ast.Tuple) else [inside]
            return _conforms_to_generic(value, name, parts, deep=deep)
        case ast.Name(id=name) | ast.Attribute(attr=name):
            kinds = _KINDS.get(_OLD.get(name, name))
            return kinds is None or type(value) in kinds
        case _:
            return True


def _conforms_to_generic(
    value: object, name: str, parts: Sequence[ast.expr], *, deep: bool
) -> bool:
    match name:
        case "Optional":
            return value is None or _conforms(value, parts[0], deep=deep)
        case "Union":
            return any(_conforms(value, part, deep=deep) for part in parts)
        case "Literal":
            return any(same(value, ast.literal_eval(part)) for part in parts)
        case _:
            outside = _conforms(value, ast.Name(name), deep=deep)
            return outside and not (deep and not _holds_only(value, parts))


def _holds_only(value: object, parts: Sequence[ast.expr]) -> bool:
    """Whether what a container holds is of the types in its brackets."""
    if isinstance(value, dict):
        pairs = cast("dict[Any, Any]", value).items()
        return len(parts) != 2 or all(
            _conforms(k, parts[0], deep=True) and _conforms(v, parts[1], deep=True)
            for k, v in pairs
        )
    if not isinstance(value, list | tuple | set | frozenset):
        return True
    items = list(cast("Iterable[Any]", value))
    last = parts[-1]
    if isinstance(value, tuple) and not (isinstance(last, ast.Constant) and last.value is ...):
        return len(items) == len(parts) and all(
            _conforms(item, part, deep=True) for item, part in zip(items, parts, strict=True)
        )
    return all(_conforms(item, parts[0], deep=True) for item in items)
