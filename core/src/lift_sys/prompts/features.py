"""What a request is about, told from its words alone."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from .values import MARK, Value, mask

TYPE_FEATURES: Final = frozenset({"int", "float", "bool", "str", "list", "dict", "set", "tuple"})
_TYPE_NAMES: Final = {
    **dict.fromkeys(("None", "NoneType", "Optional"), "none"),
    **dict.fromkeys(("Any", "object"), "type_test"),
    "frozenset": "set",
}
_WORD: Final = re.compile(r"\w+")


def features(request: str, types: Iterable[str] = ()) -> frozenset[str]:
    """Names of features.toml, and `literals` where texts are quoted.

    `types`: of the parameters, the result and the visible examples, as Python writes them.
    """
    masked = mask(request)
    text = masked.text.replace(MARK, " \u00b7 ").lower()
    found = {name for name, pattern in _patterns().items() if pattern.search(text)}
    found.update(feature for value in masked.values for feature in _of_value(value))
    for name in _WORD.findall(" ".join(types)):
        if name in TYPE_FEATURES:
            found.add(name)
        elif name in _TYPE_NAMES:
            found.add(_TYPE_NAMES[name])
    return frozenset(found)


def feature_names() -> frozenset[str]:
    return frozenset(_patterns()) | {"literals"}


def feature_text() -> str:
    return (files("lift_sys.prompts") / "features.toml").read_text(encoding="utf-8")


@cache
def _patterns() -> Mapping[str, re.Pattern[str]]:
    table: dict[str, list[str]] = tomllib.loads(feature_text())
    return {name: re.compile("|".join(patterns)) for name, patterns in table.items()}


def _of_value(value: Value) -> tuple[str, ...]:
    match value.value:
        case None:
            return ("none",)
        case bool():
            return ("bool",)
        case float():
            return ("float",)
        case 0:
            return ("zero",)
        case str() if value.sort == "quoted" and value.value:
            return ("literals",)
        case _:
            empties = {"[]": "list", "''": "str", "{}": "dict", "()": "tuple"}
            kind = empties.get(repr(value.value))
            return () if kind is None else ("empty", kind)
