"""Which JSON Schemas XGrammar keeps to: not those that bound or describe texts in certain ways.

Where a text has a `minLength` or `maxLength`, XGrammar 0.2.8 lets control characters through and
forbids escapes; a quote or a backslash that a `pattern` allows it writes unescaped. Counts above
128 it refuses or unfolds for minutes, in regular expressions, too.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

_MOST = 128
_COUNT = re.compile(r"\{(\d*)(?:,(\d*))?\}")
_LENGTHS = ("minLength", "maxLength")
_BLACK_ESCAPES = frozenset(r"dwbB^$.|?*+()[]{}-/")
"""After a backslash: what allows no quote, no backslash and no control character."""
_UNSAFE = frozenset('"\\')


def is_safe_for_xgrammar(schema: Mapping[str, Any]) -> bool:
    return all(
        not any(name in node for name in _LENGTHS) and _is_safe(node.get("pattern", ""))
        for node in _nodes(schema)
    )


def counts_fit_xgrammar(pattern: str) -> bool:
    counts = [number for found in _COUNT.findall(pattern) for number in found if number]
    return all(int(count) <= _MOST for count in counts)


def _nodes(schema: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(schema, Mapping):
        node = cast("Mapping[str, Any]", schema)
        yield node
        for value in node.values():
            yield from _nodes(value)
    elif isinstance(schema, list):
        for item in cast("list[Any]", schema):
            yield from _nodes(item)


def _is_safe(pattern: object) -> bool:
    if not isinstance(pattern, str):
        return True  # a property that is called `pattern`
    if not counts_fit_xgrammar(pattern):
        return False
    characters = iter(pattern)
    for character in characters:
        if character == "[":
            if not _is_safe_class(characters):
                return False
        elif character == "\\":
            if next(characters, "") not in _BLACK_ESCAPES:
                return False
        elif character in _UNSAFE or character == "." or ord(character) < 32:
            return False
    return True


def _is_safe_class(characters: Iterator[str]) -> bool:
    """Reads to the end of the class."""
    members: list[str] = []
    for character in characters:
        if character == "]":
            break
        if character == "^" and not members:
            return False
        if character == "\\":
            escaped = next(characters, "")
            if escaped not in _BLACK_ESCAPES:
                return False
            members.append("a" if escaped in "dw" else escaped)
        elif character == "-":
            members.append("")  # a range
        else:
            members.append(character)
    return not any(map(_is_unsafe, _ranges(members)))


def _ranges(members: list[str]) -> Iterator[tuple[int, int]]:
    for place, member in enumerate(members):
        if member:
            yield ord(member), ord(member)
        elif 0 < place < len(members) - 1:
            yield ord(members[place - 1] or "-"), ord(members[place + 1] or "-")


def _is_unsafe(bounds: tuple[int, int]) -> bool:
    low, high = bounds
    return low < 32 or any(low <= ord(each) <= high for each in _UNSAFE)
