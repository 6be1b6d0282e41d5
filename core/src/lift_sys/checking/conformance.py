"""Whether a value is of the kind that a signature says it returns.

Only the outermost kind is looked at, and an int passes for a float: models are loose about what
is inside, and code that is right should not fail for an annotation.
"""

import ast
from typing import Any, Final

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
    return _conforms(value, parse_type(annotation))


def _conforms(value: object, node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=None):
            return value is None
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _conforms(value, left) or _conforms(value, right)
        case ast.Subscript(value=ast.Name(id=name) | ast.Attribute(attr=name), slice=inside):
            return _conforms_to_generic(value, name, inside)
        case ast.Name(id=name) | ast.Attribute(attr=name):
            kinds = _KINDS.get(_OLD.get(name, name))
            return kinds is None or type(value) in kinds
        case _:
            return True


def _conforms_to_generic(value: object, name: str, inside: ast.expr) -> bool:
    parts: list[Any] = inside.elts if isinstance(inside, ast.Tuple) else [inside]
    match name:
        case "Optional":
            return value is None or _conforms(value, parts[0])
        case "Union":
            return any(_conforms(value, part) for part in parts)
        case "Literal":
            return any(same(value, ast.literal_eval(part)) for part in parts)
        case _:
            return _conforms(value, ast.Name(name))
