"""Which folder the paths of a pipeline are relative to, kept beside it where it is recorded."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from .tree import Node, Step


def main_base(tree: Node) -> Path:
    return tree.place.base.absolute()


def other_bases(tree: Node) -> dict[str, str]:
    """The folders of texts that another file states, by their place in the tree."""
    main = main_base(tree)
    found = ((path, node.place.base.absolute()) for path, node in texts(tree, ()))
    return {_pointer(path): str(base) for path, base in found if base != main}


def rebased(tree: Node, bases: Mapping[str, str], path: tuple[Step, ...] = ()) -> Node:
    """The tree with what `other_bases` said of it put back."""
    value = tree.value
    if isinstance(value, dict):
        entries = {key: rebased(child, bases, (*path, key)) for key, child in value.items()}
        return Node(entries, tree.place)
    if isinstance(value, list):
        items = [rebased(child, bases, (*path, place)) for place, child in enumerate(value)]
        return Node(items, tree.place)
    base = bases.get(_pointer(path))
    return tree if base is None else Node(value, tree.place._replace(base=Path(base)))


def texts(node: Node, path: tuple[Step, ...]) -> Iterator[tuple[tuple[Step, ...], Node]]:
    """Every text of a tree, with its path."""
    if isinstance(node.value, dict):
        for key, child in node.value.items():
            yield from texts(child, (*path, key))
    elif isinstance(node.value, list):
        for place, child in enumerate(node.value):
            yield from texts(child, (*path, place))
    elif isinstance(node.value, str):
        yield path, node


def _pointer(path: Sequence[Step]) -> str:
    """As a JSON pointer."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)
