"""Words as token numbers: byte pairs inside words, marks whole, and frequent phrases as one.

Requests are read word by word, since nobody knows how they will be worded; what the model writes
is full of set phrases such as `for n in`, and each of those is one token.
"""

import itertools
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from .marks import (
    BAD,
    CALL,
    CODE,
    END,
    MARKS,
    OUTPUT,
    REQUEST,
    SIGNATURE,
    SPECIFICATION,
    UNKNOWN,
)

CONTINUED: Final = "##"
"""Before every piece of a word but its first."""
BORDERS: Final = frozenset({BAD, CALL, CODE, END, OUTPUT, REQUEST, SIGNATURE, SPECIFICATION})
"""Marks that are part of no phrase: where a prompt ends, its last token ends too."""

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    tokens: tuple[str, ...]
    """Marks first, then pieces of words."""
    merges: tuple[tuple[str, str], ...]
    phrases: tuple[Phrase, ...] = ()
    """Numbered behind the tokens."""
    _ids: dict[str, int] = field(default_factory=dict[str, int], repr=False, compare=False)
    _ranks: dict[tuple[str, str], int] = field(
        default_factory=dict[tuple[str, str], int], repr=False, compare=False
    )
    _known: dict[str, tuple[int, ...]] = field(
        default_factory=dict[str, tuple[int, ...]], repr=False, compare=False
    )
    _begun: dict[str, list[tuple[Phrase, int]]] = field(
        default_factory=dict[str, list[tuple[Phrase, int]]], repr=False, compare=False
    )
    """Phrases by their first words, the longest first."""

    def __post_init__(self) -> None:
        self._ids.update({token: number for number, token in enumerate(self.tokens)})
        self._ranks.update({pair: rank for rank, pair in enumerate(self.merges)})
        # An earlier language had fewer marks.
        self._known.update({mark: (self._ids[mark],) for mark in MARKS if mark in self._ids})
        numbered = enumerate(self.phrases, len(self.tokens))
        for number, phrase in sorted(numbered, key=lambda each: -len(each[1])):
            self._begun.setdefault(phrase[0], []).append((phrase, number))

    @classmethod
    def load(cls, path: Path) -> "Vocabulary":
        return cls.of(json.loads(path.read_text(encoding="utf-8")))

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Vocabulary":
        """As `save` writes it."""
        return cls(
            tuple(data["tokens"]),
            tuple((left, right) for left, right in data["merges"]),
            tuple(map(tuple, data["phrases"])),
        )

    def save(self, path: Path) -> None:
        data = {"tokens": self.tokens, "merges": self.merges, "phrases": self.phrases}
        path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")

    def with_marks(self) -> "Vocabulary":
        """With the marks that the language has come to have since."""
        marks = frozenset(MARKS)
        others = (token for token in self.tokens if token not in marks)
        return Vocabulary((*MARKS, *others), self.merges, self.phrases)

    @property
    def meanings(self) -> "tuple[Phrase, ...]":
        """Of every token, by its number."""
        return (*((token,) for token in self.tokens), *self.phrases)

    def __len__(self) -> int:
        return len(self.tokens) + len(self.phrases)

    def number(self, mark: str) -> int:
        return self._ids[mark]

    def has(self, word: str) -> bool:
        """As one token, or as a mark."""
        return word in self._ids

    def holding(self, words: frozenset[str]) -> list[int]:
        """Every token with one of these in it, be it as part of a phrase."""
        single = [number for number, token in enumerate(self.tokens) if token in words]
        phrases = enumerate(self.phrases, len(self.tokens))
        return single + [number for number, phrase in phrases if not words.isdisjoint(phrase)]

    def encode(self, words: Iterable[str]) -> list[int]:
        words = tuple(words)
        numbers: list[int] = []
        place, in_request = 0, False
        while place < len(words):
            word = words[place]
            in_request = word == REQUEST or (in_request and word != SIGNATURE)
            phrase = None if in_request else self._phrase(words, place)
            if phrase is not None:
                numbers.append(phrase[1])
                place += len(phrase[0])
                continue
            known = self._known.get(word)
            if known is None:
                known = self._known[word] = self._split(word)
            numbers += known
            place += 1
        return numbers

    def decode(self, numbers: Iterable[int]) -> list[str]:
        words: list[str] = []
        for number in numbers:
            if number >= len(self.tokens):
                words += self.phrases[number - len(self.tokens)]
                continue
            token = self.tokens[number]
            if token.startswith(CONTINUED) and len(token) > len(CONTINUED) and words:
                words[-1] += token[len(CONTINUED) :]
            else:
                words.append(token)
        return words

    def _phrase(self, words: Phrase, place: int) -> tuple[Phrase, int] | None:
        for phrase, number in self._begun.get(words[place], ()):
            if words[place : place + len(phrase)] == phrase:
                return phrase, number
        return None

    def _split(self, word: str) -> tuple[int, ...]:
        pieces = [letter if not place else CONTINUED + letter for place, letter in enumerate(word)]
        while len(pieces) > 1:
            pairs = list(itertools.pairwise(pieces))
            best = min(pairs, key=lambda pair: self._ranks.get(pair, len(self._ranks)))
            if best not in self._ranks:
                break
            pieces = joined(pieces, best)
        unknown = self._ids[UNKNOWN]
        return tuple(self._ids.get(piece, unknown) for piece in pieces)


def joined(pieces: Sequence[str], pair: tuple[str, str]) -> list[str]:
    """With every such pair of neighbours made one piece, from the left."""
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
