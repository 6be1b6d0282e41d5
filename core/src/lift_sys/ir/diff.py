"""What changed between two IRs, field by field."""

from collections.abc import Iterator
from typing import Any, Literal, NamedTuple, cast

from ._align import align, moved
from ._escape import visible
from .canonical import plain_data, to_json
from .models import IR


class Change(NamedTuple):
    path: str
    """Of the new IR; only what was removed or moved away has its old index in its list."""
    kind: Literal["changed", "added", "removed", "moved"]
    before: Any = None
    after: Any = None
    """For `moved`: the new path."""

    def __str__(self) -> str:
        match self.kind:
            case "changed":
                text = f"{self._show(self.before)} -> {self._show(self.after)}"
            case "moved":
                text = f"moved to {self.after}"
            case "added":
                text = f"added: {self._show(self.after)}"
            case "removed":
                text = f"removed: {self._show(self.before)}"
        return f"{self.path}: {text}"

    def _show(self, value: Any) -> str:
        plain = isinstance(value, str) and not self.path.endswith("]")
        return visible(value if plain else to_json(value))


def diff(before: IR, after: IR) -> tuple[Change, ...]:
    """Empty exactly when the digests are equal; where an IR came from makes no difference."""
    return tuple(_compare(plain_data(before), plain_data(after), ""))


def _compare(before: Any, after: Any, path: str) -> Iterator[Change]:
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _members(cast("dict[str, Any]", before), cast("dict[str, Any]", after), path)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _elements(cast("list[Any]", before), cast("list[Any]", after), path)
    elif to_json(before) != to_json(after):
        yield Change(path, "changed", before, after)


def _members(before: dict[str, Any], after: dict[str, Any], path: str) -> Iterator[Change]:
    for name in [*before, *(name for name in after if name not in before)]:
        inner = f"{path}.{name}" if path else name
        old, new = before.get(name), after.get(name)
        if isinstance(old, list) or isinstance(new, list):
            yield from _compare(old or [], new or [], inner)
        elif name not in after:
            yield Change(inner, "removed", before=old)
        elif name not in before:
            yield Change(inner, "added", after=new)
        else:
            yield from _compare(old, new, inner)


def _elements(before: list[Any], after: list[Any], path: str) -> Iterator[Change]:
    pairs = align(before, after)
    for old in sorted(moved(pairs)):
        yield Change(f"{path}[{old}]", "moved", old, f"{path}[{pairs[old]}]")
    for old, item in enumerate(before):
        if old not in pairs:
            yield Change(f"{path}[{old}]", "removed", before=item)
    back = {new: old for old, new in pairs.items()}
    for new, item in enumerate(after):
        if new in back:
            yield from _compare(before[back[new]], item, f"{path}[{new}]")
        else:
            yield Change(f"{path}[{new}]", "added", after=item)
