"""Whether a task is one that others have put: by its words, or by what its function does."""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from ..interfaces import Example, Hidden, Task
from .families.concept import Args
from .reference import Reference, same_answer

_WORDS: Final = re.compile(r"\w+")
_PERMUTATIONS: Final = 64
_SHINGLE: Final = 3
_SHARED_RUN: Final = 9
"""So many words in the same order are no accident."""
_ALIKE: Final = 0.5
_PRIME: Final = (1 << 61) - 1


def _permuted() -> Sequence[tuple[int, int]]:
    numbers = [
        int.from_bytes(hashlib.blake2b(str(place).encode(), digest_size=7).digest()) | 1
        for place in range(2 * _PERMUTATIONS)
    ]
    return tuple(zip(numbers[::2], numbers[1::2], strict=True))


_PERMUTED: Final = _permuted()


class MinHash:
    """Estimates how much two texts share, from a few numbers of each."""

    def __init__(self, text: str, *, shingle: int = _SHINGLE) -> None:
        tokens = words(text)
        parts = {
            " ".join(tokens[place : place + shingle])
            for place in range(max(1, len(tokens) - shingle + 1))
        }
        hashes = [
            int.from_bytes(hashlib.blake2b(part.encode(), digest_size=8).digest()) for part in parts
        ]
        self.signature = tuple(
            min((a * each + b) % _PRIME for each in hashes) for a, b in _PERMUTED
        )

    def likeness(self, other: "MinHash") -> float:
        pairs = zip(self.signature, other.signature, strict=True)
        return sum(a == b for a, b in pairs) / len(self.signature)


def words(text: str) -> list[str]:
    return _WORDS.findall(text.casefold())


@dataclass(frozen=True)
class Known:
    """A task that must not be met again."""

    id: str
    request: str
    calls: tuple[Example, ...] = ()
    """Examples and hidden tests: a function that does all of this is that function."""
    answer: Callable[[Args], Example] | None = None
    """The function itself, where it may be run: it decides where the calls leave room."""

    @classmethod
    def of(
        cls,
        task: Task,
        hidden: Hidden | None = None,
        answer: Callable[[Args], Example] | None = None,
    ) -> "Known":
        tests = hidden.tests if hidden else ()
        return cls(task.id, task.request, (*task.examples, *tests), answer)

    @cached_property
    def minhash(self) -> MinHash:
        return MinHash(self.request)

    @cached_property
    def plain(self) -> str:
        return " ".join(words(self.request))

    @cached_property
    def runs(self) -> frozenset[str]:
        tokens = words(self.request)
        return frozenset(_runs(tokens))


@dataclass(frozen=True)
class Contamination:
    known: tuple[Known, ...]

    @property
    def digest(self) -> str:
        told = json.dumps([[each.id, each.request] for each in self.known])
        return hashlib.sha256(told.encode()).hexdigest()[:8]

    def of_words(self, request: str) -> str | None:
        """Why this wording is known; None: it is not."""
        tokens = words(request)
        plain, runs = " ".join(tokens), _runs(tokens)
        hashed: MinHash | None = None
        for known in self.known:
            if plain in known.plain or known.plain in plain:
                return f"{known.id}: one request is part of the other"
            if not known.runs.isdisjoint(runs):
                return f"{known.id}: {_SHARED_RUN} words in a row are the same"
            hashed = hashed or MinHash(request)
            likeness = hashed.likeness(known.minhash)
            if likeness >= _ALIKE:
                return f"{known.id}: the requests are alike ({likeness:.2f})"
        return None

    def of_behaviour(self, reference: Reference, inputs: Sequence[Args]) -> str | None:
        """Why a function is known; `inputs` are some that it is for."""
        for known in self.known:
            if known.calls and all(_does(reference, call) for call in known.calls):
                answer = known.answer
                if answer is None or all(
                    same_answer(answer(args), reference.answer(args)) for args in inputs
                ):
                    return f"{known.id}: it does the same"
        return None


def _does(reference: Reference, call: Example) -> bool:
    fits = not call.kwargs and reference.takes(call.args)
    return fits and same_answer(reference.answer(call.args), call)


def _runs(tokens: Sequence[str]) -> Iterable[str]:
    return {
        " ".join(tokens[place : place + _SHARED_RUN])
        for place in range(len(tokens) - _SHARED_RUN + 1)
    }
