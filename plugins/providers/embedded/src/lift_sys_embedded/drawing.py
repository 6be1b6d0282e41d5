"""Draws texts: each prompt is read once, and what texts have in common is computed once.

Texts that are the same so far are one row of the network; where they part, the row is copied.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .network import Floats, Network, Read, Rows

Prompt = tuple[int, ...]
Shares = NDArray[np.float64]

TEXTS: Final = 32
"""That grow at the same time, in at most as many rows."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One text. The same seed and index give the same text, whatever it is drawn with."""

    prompt: Prompt
    stops: frozenset[int]
    longest: int
    temperature: float = 0.0
    top_p: float = 1.0
    seed: int = 0
    index: int = 0
    forbidden: tuple[int, ...] = ()
    """Tokens that are not drawn; the others have their shares."""


@dataclass(frozen=True, slots=True)
class Drawn:
    tokens: tuple[int, ...]
    """Without the one that ended it."""
    logprobs: tuple[float, ...]
    """Of each token, and of the one that ended it, among those not forbidden, at temperature 1."""
    ended: bool


class Cancelled(Exception):
    """Whoever asked does not want it any more."""


class _Next:
    """What may follow a beginning, worked out once for all texts that have it."""

    def __init__(self, scores: Floats) -> None:
        self._scores = scores
        self._known: dict[tuple[int, ...], Shares] = {}
        self._summed: dict[tuple[tuple[int, ...], float, float], Shares] = {}

    def logprobs(self, wanted: Wanted) -> Shares:
        found = self._known.get(wanted.forbidden)
        if found is None:
            found = self._scores.astype(np.float64)
            found[list(wanted.forbidden)] = -np.inf
            found -= np.max(found)
            found -= np.log(np.exp(found).sum())
            self._known[wanted.forbidden] = found
        return found

    def summed(self, wanted: Wanted) -> Shares:
        """The shares at the temperature, each with all before it."""
        key = (wanted.forbidden, wanted.temperature, wanted.top_p)
        found = self._summed.get(key)
        if found is None:
            known = self.logprobs(wanted)
            shares = np.exp((known - np.max(known)) / wanted.temperature)
            if wanted.top_p < 1:
                order = np.argsort(-shares, kind="stable")
                summed = np.cumsum(shares[order])
                shares[order[1:][summed[:-1] >= wanted.top_p * summed[-1]]] = 0
            found = self._summed[key] = np.cumsum(shares)
        return found


@dataclass(slots=True)
class _Text:
    wanted: Wanted
    dice: np.random.Generator
    tokens: list[int] = field(default_factory=list[int])
    logprobs: list[float] = field(default_factory=list[float])
    ended: bool = False

    def take(self, following: _Next) -> None:
        """The next token."""
        token = self._chosen(following)
        self.logprobs.append(float(following.logprobs(self.wanted)[token]))
        self.ended = token in self.wanted.stops
        if not self.ended:
            self.tokens.append(token)

    def _chosen(self, following: _Next) -> int:
        if not self.wanted.temperature:
            return int(np.argmax(following.logprobs(self.wanted)))
        summed = following.summed(self.wanted)
        # Rounding may put the point on the very end, where there is no word.
        point = min(self.dice.random() * summed[-1], np.nextafter(summed[-1], 0))
        return int(np.searchsorted(summed, np.array([point]), side="right")[0])

    @property
    def is_done(self) -> bool:
        return self.ended or len(self.tokens) >= self.wanted.longest

    def drawn(self) -> Drawn:
        return Drawn(tuple(self.tokens), tuple(self.logprobs), self.ended)


def draw(
    network: Network, wanted: Sequence[Wanted], is_cancelled: Callable[[], bool] = lambda: False
) -> list[Drawn]:
    """In their order. `longest` must leave room in the context. Raises Cancelled."""
    if not wanted:
        return []
    texts = [_text(one) for one in wanted]
    room = max(len(one.prompt) + one.longest for one in wanted)
    rows = Rows(network, min(TEXTS, len(texts)), room)
    with np.errstate(over="ignore"):  # a gate that is shut is 1 / infinity
        _Drawing(network, texts, rows, is_cancelled).run()
    return [text.drawn() for text in texts]


def _text(wanted: Wanted) -> _Text:
    return _Text(wanted, np.random.default_rng([wanted.seed, wanted.index]))


class _Drawing:
    def __init__(
        self,
        network: Network,
        texts: Sequence[_Text],
        rows: Rows,
        is_cancelled: Callable[[], bool],
    ) -> None:
        self._network, self._rows, self._is_cancelled = network, rows, is_cancelled
        self._waiting = deque(texts)
        self._read: tuple[Prompt, Read] | None = None
        self._growing: list[list[_Text]] = []
        """The texts of each row: they are the same so far."""

    def run(self) -> None:
        self._fill()
        while self._growing:
            if self._is_cancelled():
                raise Cancelled
            tokens = np.array([texts[0].tokens[-1] for texts in self._growing])
            scores = self._network.step(self._rows, tokens)
            for row, one in enumerate(scores):
                self._part(row, one)
            self._drop_what_is_done()
            self._fill()

    def _part(self, row: int, scores: Floats) -> None:
        """The texts of a row go on; those that are others now have a row of their own."""
        first, *others = _parted(self._growing[row], scores) or [[]]
        self._growing[row] = first
        for texts in others:
            self._rows.copy(row)
            self._growing.append(texts)

    def _fill(self) -> None:
        free = TEXTS - sum(map(len, self._growing))
        while self._waiting and free:
            prompt = self._waiting[0].wanted.prompt
            begun: list[_Text] = []
            while len(begun) < free and self._waiting and self._waiting[0].wanted.prompt == prompt:
                begun.append(self._waiting.popleft())
            read = self._prompt(prompt)
            for texts in _parted(begun, read.scores):
                self._rows.add(read)
                self._growing.append(texts)
                free -= len(texts)

    def _prompt(self, prompt: Prompt) -> Read:
        """Those that begin alike come one after the other."""
        if self._read is None or self._read[0] != prompt:
            if self._is_cancelled():
                raise Cancelled
            self._read = prompt, self._network.read(prompt)
        return self._read[1]

    def _drop_what_is_done(self) -> None:
        for row in reversed(range(len(self._growing))):
            if not self._growing[row]:
                self._rows.drop(row)
                last = self._growing.pop()
                if row < len(self._growing):
                    self._growing[row] = last


def _parted(texts: Sequence[_Text], scores: Floats) -> list[list[_Text]]:
    """One token on: those that are not done, by that token."""
    following = _Next(scores)
    by_token: dict[int, list[_Text]] = {}
    for text in texts:
        text.take(following)
        if not text.is_done:
            by_token.setdefault(text.tokens[-1], []).append(text)
    return [*by_token.values()]
