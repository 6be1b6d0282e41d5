"""Words as token numbers: byte-pair encoding inside words, one token for each mark."""

import itertools
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from .marks import MARKS, UNKNOWN

CONTINUED: Final = "##"
"""Before every piece of a word but its first."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Read from the file that the `tokenizers` library writes; that library is not needed."""

    tokens: tuple[str, ...]
    merges: tuple[tuple[str, str], ...]
    _ids: dict[str, int] = field(default_factory=dict[str, int], repr=False, compare=False)
    _ranks: dict[tuple[str, str], int] = field(
        default_factory=dict[tuple[str, str], int], repr=False, compare=False
    )
    _known: dict[str, tuple[int, ...]] = field(
        default_factory=dict[str, tuple[int, ...]], repr=False, compare=False
    )

    def __post_init__(self) -> None:
        self._ids.update({token: number for number, token in enumerate(self.tokens)})
        self._ranks.update({pair: rank for rank, pair in enumerate(self.merges)})
        self._known.update({mark: (self._ids[mark],) for mark in MARKS})

    @classmethod
    def load(cls, path: Path) -> "Vocabulary":
        return cls.of(json.loads(path.read_text(encoding="utf-8"))["model"])

    @classmethod
    def of(cls, model: Mapping[str, Any]) -> "Vocabulary":
        numbers: Mapping[str, int] = model["vocab"]
        tokens = tuple(sorted(numbers, key=lambda token: numbers[token]))
        return cls(tokens, tuple((left, right) for left, right in model["merges"]))

    def __len__(self) -> int:
        return len(self.tokens)

    def number(self, mark: str) -> int:
        return self._ids[mark]

    def encode(self, words: Iterable[str]) -> list[int]:
        numbers: list[int] = []
        for word in words:
            known = self._known.get(word)
            if known is None:
                known = self._known[word] = self._split(word)
            numbers += known
        return numbers

    def decode(self, numbers: Iterable[int]) -> list[str]:
        words: list[str] = []
        for number in numbers:
            token = self.tokens[number]
            if token.startswith(CONTINUED) and len(token) > len(CONTINUED) and words:
                words[-1] += token[len(CONTINUED) :]
            else:
                words.append(token)
        return words

    def _split(self, word: str) -> tuple[int, ...]:
        pieces = [letter if not place else CONTINUED + letter for place, letter in enumerate(word)]
        while len(pieces) > 1:
            pairs = list(itertools.pairwise(pieces))
            best = min(pairs, key=lambda pair: self._ranks.get(pair, len(self._ranks)))
            if best not in self._ranks:
                break
            pieces = _joined(pieces, best)
        unknown = self._ids[UNKNOWN]
        return tuple(self._ids.get(piece, unknown) for piece in pieces)


def _joined(pieces: Sequence[str], pair: tuple[str, str]) -> list[str]:
    merged: list[str] = []
    place = 0
    while place < len(pieces):
        if tuple(pieces[place : place + 2]) == pair:
            merged.append(pair[0] + pair[1].removeprefix(CONTINUED))
            place += 2
        else:
            merged.append(pieces[place])
            place += 1
    return merged
