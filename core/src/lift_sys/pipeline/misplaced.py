"""Indentation that makes another file than was meant: told once, and read as it was meant."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from .tree import Node

_TABLES = ("providers", "stages", "routes")
_NAMED = 3


class Misplaced(NamedTuple):
    node: Node
    path: tuple[str, ...]
    cause: str
    remedy: str


def put_right(tree: Node, known: Collection[str]) -> tuple[Node, Sequence[Misplaced]]:
    """The tree with what stands too far left or right in its place; `known` are the file's keys."""
    told: list[Misplaced] = []
    tree = _indented(tree, known, told)
    return _outdented(tree, known, told), told


def _indented(tree: Node, known: Collection[str], told: list[Misplaced]) -> Node:
    """Keys that no file has, right behind a table that holds nothing, were to stand in it."""
    if not isinstance(tree.value, dict):
        return tree
    found: dict[str, Node] = {}
    empty = ""
    below: dict[str, dict[str, Node]] = {}
    for key, node in tree.value.items():
        if empty and key not in known:
            below.setdefault(empty, {})[key] = node
            continue
        empty = key if key in _TABLES and node.value is None else ""
        found[key] = node
    for key, entries in below.items():
        names = ", ".join(f"`{name}`" for name in list(entries)[:_NAMED])
        told.append(
            Misplaced(found[key], (key,), "nothing stands under it", f"indent {names} below it")
        )
        found[key] = Node(entries, found[key].place)
    return Node({**found}, tree.place)


def _outdented(tree: Node, known: Collection[str], told: list[Misplaced]) -> Node:
    """A key of the file among the providers, which are components, was to stand beside them."""
    entries, table = tree.value, tree.child("providers")
    if table is None or not isinstance(table.value, dict) or not isinstance(entries, dict):
        return tree
    deep = {
        key: node
        for key, node in table.value.items()
        if key in known and key not in entries and _is_no_component(node)
    }
    for key, node in deep.items():
        cause = "it is indented like a provider, and is a key of the file"
        told.append(
            Misplaced(node, ("providers", key), cause, "indent it as `providers` is indented")
        )
    return Node({**entries, "providers": table.without(*deep), **deep}, tree.place)


def _is_no_component(node: Node) -> bool:
    return not isinstance(node.value, str) and node.child("use") is None
