"""How many draws the next round asks for."""

FIRST = 4
"""Of `growing`: enough to see whether draws differ."""
PROBE = 2
"""Of a round that only finds out whether a variation helps."""


class Sizes:
    def __init__(self, rounds: str | tuple[int, ...], total: int) -> None:
        self._rounds = rounds
        self._total = total
        self._ordinary = 0
        self._grown = 0

    def after(self, asked: int, *, probing: bool) -> int:
        return min(self._probe() if probing else self._next(), self._total - asked)

    def _next(self) -> int:
        if self._rounds == "one":
            return self._total
        if isinstance(self._rounds, tuple):
            place = min(self._ordinary, len(self._rounds) - 1)
            self._ordinary += 1
            return self._rounds[place]
        size = max(FIRST, self._grown)
        self._grown += size
        return size

    def _probe(self) -> int:
        return min(PROBE, *self._rounds) if isinstance(self._rounds, tuple) else PROBE
