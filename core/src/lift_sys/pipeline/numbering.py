"""Numbers that do not depend on which of several things at once comes first."""

from collections.abc import Hashable, Iterable, Sequence


class Numbering:
    """Counts up by key, each key on its own. What goes on at once counts in lanes: the first of
    three takes 0, 3, 6 and so on, whatever the others do meanwhile."""

    def __init__(self, first: "Numbering | None" = None, lane: int = 0, lanes: int = 1) -> None:
        self._outer = first
        self._offset = 0 if first is None else lane * first._step
        self._step = lanes * (1 if first is None else first._step)
        self._next: dict[Hashable, int] = {}

    def take(self, key: Hashable, count: int) -> Sequence[int]:
        """The next so many."""
        start = self._upcoming(key)
        self._next[key] = start + count * self._step
        return range(start, start + count * self._step, self._step)

    def split(self, lanes: int) -> "list[Numbering]":
        """One for each of what goes on at once; to be joined before anything further is taken."""
        return [Numbering(self, lane, lanes) for lane in range(lanes)]

    def join(self, lanes: "Iterable[Numbering]") -> None:
        """From here on, after all that the lanes took."""
        for lane in lanes:
            for key, upcoming in lane._next.items():
                after_last = upcoming - lane._step + self._step
                self._next[key] = max(self._upcoming(key), after_last)

    def _upcoming(self, key: Hashable) -> int:
        if key in self._next:
            return self._next[key]
        return 0 if self._outer is None else self._outer._upcoming(key) + self._offset
