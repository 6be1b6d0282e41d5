"""`--set stages.specify.strategy.n=5`: single values set from the command line."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import ConfigError, Mistake
from .source import parse
from .tree import Node, Place, as_component
from .words import shown

_DOT = re.compile(r"(?<!\\)\.")


def override(tree: Node, assignments: Sequence[str], base: Path) -> Node:
    """The tree with each `path=value` set in order. Raises ConfigError with all mistakes."""
    mistakes: list[Mistake] = []
    for assignment in assignments:
        try:
            tree = _assign(tree, assignment, base)
        except ConfigError as error:
            mistakes += error.mistakes
    if mistakes:
        raise ConfigError(mistakes)
    return tree


def _assign(tree: Node, assignment: str, base: Path) -> Node:
    path, equals, text = assignment.partition("=")
    # The value may be a secret, so the label has the path alone.
    place = Place(f"--set {path}", None, 0, base)
    steps = [step.strip().replace("\\.", ".") for step in _DOT.split(path)]
    if not equals or not all(steps):
        cause = "expected path=value" if not equals else "the path has an empty part"
        remedy = "as in --set stages.specify.strategy.n=5"
        raise ConfigError([place.mistake((), cause, remedy)])
    value = parse(text, place.file, base, lined=False)
    return _Assignment(steps, Node(value.value, place)).laid_over(tree, 0)


@dataclass(frozen=True, slots=True)
class _Assignment:
    steps: Sequence[str]
    value: Node

    def laid_over(self, node: Node, depth: int) -> Node:
        if depth == len(self.steps):
            return self.value
        if isinstance(node.value, list):
            return self._in_list(node.value, node.place, depth)
        node = as_component(node)
        place, step = self.value.place, self.steps[depth]
        entries = {} if node.value is None else node.value
        if not isinstance(entries, dict):
            raise self._refused(
                depth, f"{shown(node)} is a single value, with nothing in it to set"
            )
        before = entries.get(step)
        after = self.laid_over(before or Node({}, place), depth + 1)
        if step == "use" and before is not None and before.value != after.value:
            return Node({step: after}, place)
        return Node({**entries, step: after}, node.place)

    def _in_list(self, items: list[Node], place: Place, depth: int) -> Node:
        step = self.steps[depth]
        if not step.isdecimal() or int(step) >= len(items):
            cause = f"the list here has {len(items)} items, and none is called {step!r}"
            remedy = f"count from 0 to {len(items) - 1}" if items else "set the whole list"
            raise self._refused(depth, cause, remedy)
        index = int(step)
        changed = self.laid_over(items[index], depth + 1)
        return Node([*items[:index], changed, *items[index + 1 :]], place)

    def _refused(self, depth: int, cause: str, remedy: str = "") -> ConfigError:
        return ConfigError([self.value.place.mistake(self.steps[:depth], cause, remedy)])
