"""The tree of a pipeline file: plain values that know where they stand, and how two merge."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, NamedTuple, TypeAlias, cast

from ..errors import Mistake
from ..interfaces import StatedText

Scalar: TypeAlias = str | int | float | bool | None
Step: TypeAlias = str | int

MASK = "**********"


class Place(NamedTuple):
    file: str
    """As a person would name it: a path, or `--set path`."""
    line: int | None
    column: int
    base: Path
    """What relative paths stated here are relative to."""

    def mistake(self, path: Sequence[Step], cause: str, remedy: str = "") -> Mistake:
        return Mistake(self.file, self.line, dotted(path), cause, remedy)


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    value: "dict[str, Node] | list[Node] | Scalar"
    place: Place

    def child(self, step: Step) -> "Node | None":
        if isinstance(self.value, dict):
            return self.value.get(str(step))
        if isinstance(self.value, list) and isinstance(step, int) and 0 <= step < len(self.value):
            return self.value[step]
        return None

    def at(self, path: Sequence[Step]) -> "Node | None":
        node: Node | None = self
        for step in path:
            node = node.child(step) if node else None
        return node

    def nearest(self, path: Sequence[Step]) -> "Node":
        """The node at `path`, or the deepest one above it."""
        node = self
        for step in path:
            child = node.child(step)
            if child is None:
                break
            node = child
        return node

    def without(self, *keys: str) -> "Node":
        if not isinstance(self.value, dict):
            return self
        return Node({k: v for k, v in self.value.items() if k not in keys}, self.place)

    def plain(self, masked: "Container[Node]" = ()) -> Any:
        """The tree as written, `${ENV}` unexpanded and what is `masked` hidden."""
        if self in masked:
            return MASK
        if isinstance(self.value, dict):
            return {key: child.plain(masked) for key, child in self.value.items()}
        if isinstance(self.value, list):
            return [child.plain(masked) for child in self.value]
        return self.value


def dotted(path: Sequence[Step]) -> str:
    return ".".join(str(step) for step in path)


def from_data(data: object, place: Place) -> Node:
    """A tree of Python values, for pipelines that are not written in a file."""
    if isinstance(data, StatedText):
        return Node(data.written, place._replace(base=data.base))
    if isinstance(data, PurePath):
        return Node(str(data), place)
    if data is None or isinstance(data, str | int | float | bool):
        return Node(data, place)
    if isinstance(data, Mapping):
        entries = cast("Mapping[object, object]", data)
        return Node({str(k): from_data(v, place) for k, v in entries.items()}, place)
    if isinstance(data, list | tuple | set | frozenset):
        items = cast("Sequence[object]", data)
        return Node([from_data(item, place) for item in items], place)
    raise TypeError(f"a {type(data).__name__} has no place in a pipeline file")


def merge(base: Node, over: Node) -> Node:
    """`over` laid over `base`: maps merge, all else replaces.

    A component is its mapping and its short form alike; where `over` names another one, nothing
    of the component below is kept.
    """
    base, over = _long_form(base, over), _long_form(over, base)
    if not (isinstance(base.value, dict) and isinstance(over.value, dict)):
        return over
    below, above = base.value.get("use"), over.value.get("use")
    if below and above and below.value != above.value:
        return over
    merged = dict(base.value)
    for key, child in over.value.items():
        merged[key] = merge(merged[key], child) if key in merged else child
    return Node(merged, over.place)


def as_component(node: Node) -> Node:
    """`name` as `{use: name}`; anything else as it is."""
    return Node({"use": node}, node.place) if isinstance(node.value, str) else node


def _long_form(node: Node, other: Node) -> Node:
    """A name beside a mapping of options is a component's short form."""
    if not isinstance(other.value, dict) or not isinstance(node.value, str):
        return node
    return as_component(node)
