"""What two configs say differently, value by value."""

from collections.abc import Mapping
from typing import Any, NamedTuple, cast


class Change(NamedTuple):
    what: str
    before: str | None
    after: str | None


def changes(before: Mapping[str, str], after: Mapping[str, str]) -> list[Change]:
    names = dict.fromkeys((*before, *after))
    return [
        Change(name, before.get(name), after.get(name))
        for name in names
        if before.get(name) != after.get(name)
    ]


def flat(value: Any, path: str = "") -> dict[str, str]:
    """Each value of a config by its dotted path."""
    if isinstance(value, dict):
        found: dict[str, str] = {}
        for key, child in cast("dict[str, Any]", value).items():
            found |= flat(child, f"{path}.{key}" if path else str(key))
        return found
    return {path: str(value)}
