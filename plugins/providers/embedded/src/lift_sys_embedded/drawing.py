"""Draws texts: each prompt is read once, and a row that ends makes place for the next text."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .network import Floats, Network, Read, Rows

Prompt = tuple[int, ...]

ROWS: Final = 16
"""Texts that grow at the same time: a fifth faster than 8, and half of what 32 remember."""


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


@dataclass(slots=True)
class _Text:
    wanted: Wanted
    dice: np.random.Generator
    forbidden: NDArray[np.intp]
    tokens: list[int] = field(default_factory=list[int])
    logprobs: list[float] = field(default_factory=list[float])
    ended: bool = False

    @property
    def last(self) -> int:
        return self.tokens[-1]

    def take(self, scores: Floats) -> None:
        """The next token."""
        known = scores.astype(np.float64)
        known[self.forbidden] = -np.inf
        known -= np.max(known)
        known -= np.log(np.exp(known).sum())
        token = self._chosen(known)
        self.logprobs.append(float(known[token]))
        self.ended = token in self.wanted.stops
        if not self.ended:
            self.tokens.append(token)

    def _chosen(self, known: NDArray[np.float64]) -> int:
        wanted = self.wanted
        if not wanted.temperature:
            return int(np.argmax(known))
        shares = np.exp((known - np.max(known)) / wanted.temperature)
        if wanted.top_p < 1:
            order = np.argsort(-shares, kind="stable")
            summed = np.cumsum(shares[order])
            shares[order[1:][summed[:-1] >= wanted.top_p * summed[-1]]] = 0
        summed = np.cumsum(shares)
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
    rows = Rows(network, min(ROWS, len(texts)), room)
    with np.errstate(over="ignore"):  # a gate that is shut is 1 / infinity
        _Drawing(network, texts, rows, is_cancelled).run()
    return [text.drawn() for text in texts]


def _text(wanted: Wanted) -> _Text:
    dice = np.random.default_rng([wanted.seed, wanted.index])
    return _Text(wanted, dice, np.array(wanted.forbidden, dtype=np.intp))


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
        self._growing: list[_Text] = []
        """In the order of the rows."""

    def run(self) -> None:
        self._fill()
        while self._growing:
            if self._is_cancelled():
                raise Cancelled
            tokens = np.array([text.last for text in self._growing])
            scores = self._network.step(self._rows, tokens)
            for text, one in zip(self._growing, scores, strict=True):
                text.take(one)
            self._drop_what_is_done()
            self._fill()

    def _fill(self) -> None:
        while self._waiting and len(self._growing) < ROWS:
            text = self._waiting.popleft()
            read = self._prompt(text.wanted.prompt)
            text.take(read.scores)
            if not text.is_done:
                self._rows.add(read)
                self._growing.append(text)

    def _prompt(self, prompt: Prompt) -> Read:
        """Those that begin alike come one after the other."""
        if self._read is None or self._read[0] != prompt:
            if self._is_cancelled():
                raise Cancelled
            self._read = prompt, self._network.read(prompt)
        return self._read[1]

    def _drop_what_is_done(self) -> None:
        for row in reversed(range(len(self._growing))):
            if self._growing[row].is_done:
                self._rows.drop(row)
                last = self._growing.pop()
                if row < len(self._growing):
                    self._growing[row] = last
