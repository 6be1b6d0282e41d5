"""Makes the vocabulary: byte pairs within words, and the phrases that many families share.

The same lessons give the same vocabulary on every machine, which the usual library does not do.
"""

import string
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from lift_sys.data.dialect import Vocabulary
from lift_sys.data.dialect.marks import MARKS, NAMES, NUMBERS, SIGNATURE, STRINGS
from lift_sys.data.dialect.vocabulary import BORDERS, CONTINUED, Phrase, joined

from .lessons import Lesson

_LETTERS: Final = string.ascii_letters + string.digits + string.punctuation + " "
_RARE: Final = 4
"""A pair that occurs less often is no token."""
_READ: Final = 2500
"""Lessons that are searched for phrases."""
_LONGEST: Final = 8
_SHARED: Final = 5
"""Families that must have a phrase: one that few have is not worth a token."""
_PER_LESSON: Final = 0.025
_AT_ONCE: Final = 16
_APART: Final = BORDERS | {*STRINGS, *NUMBERS, *NAMES}
"""In no phrase: which slot it is must be chosen each time."""

Pair = tuple[str, str]


def make_vocabulary(lessons: Sequence[Lesson], size: int, phrases: int) -> Vocabulary:
    """Every printable ASCII character has a token, at the beginning of a word and inside."""
    found = tuple(_phrases(lessons[:: max(1, len(lessons) // _READ)], phrases))
    tokens = [*MARKS, *_LETTERS, *(CONTINUED + letter for letter in _LETTERS)]
    marks = frozenset(MARKS)
    words = Counter(
        word for one in lessons for word in (*one.given, *one.learnt) if word not in marks
    )
    merges: list[Pair] = []
    for pair in _merges(words):
        if len(tokens) + len(found) >= size:
            break
        merges.append(pair)
        made = pair[0] + pair[1].removeprefix(CONTINUED)
        if made not in tokens:
            tokens.append(made)
    return Vocabulary(tuple(tokens), tuple(merges), found)


def _merges(words: Counter[str]) -> Iterator[Pair]:
    """The most frequent pair of neighbours again and again, each joined before the next."""
    pieces = [
        ([letter if not n else CONTINUED + letter for n, letter in enumerate(word)], count)
        for word, count in sorted(words.items())
        if set(word) <= set(_LETTERS)
    ]
    counts: Counter[Pair] = Counter()
    homes: dict[Pair, set[int]] = defaultdict(set)
    for place, (word, count) in enumerate(pieces):
        for pair in pairwise(word):
            counts[pair] += count
            homes[pair].add(place)
    while counts:
        best = min(counts, key=lambda pair: (-counts[pair], pair))
        if counts[best] < _RARE:
            return
        yield best
        for place in sorted(homes[best]):
            word, count = pieces[place]
            merged = joined(word, best)
            counts.subtract({pair: n * count for pair, n in Counter(pairwise(word)).items()})
            counts.update({pair: n * count for pair, n in Counter(pairwise(merged)).items()})
            for pair in pairwise(merged):
                homes[pair].add(place)
            pieces[place] = (merged, count)
        del counts[best]


def _phrases(lessons: Sequence[Lesson], most: int) -> Iterator[Phrase]:
    """The most frequent pairs of words in the same way, some at once."""
    texts = [(one.family, _written(one)) for one in lessons]
    found = 0
    while found < most:
        pairs = _pairs(texts, _PER_LESSON * len(lessons))[: min(_AT_ONCE, most - found)]
        if not pairs:
            return
        touched: set[Phrase] = set()
        for left, right in pairs:
            if left in touched or right in touched:
                continue
            touched |= {left, right}
            yield left + right
            found += 1
            texts = [(family, _merged(text, left, right)) for family, text in texts]


def _written(lesson: Lesson) -> list[Phrase]:
    given = lesson.given
    from_signature = given[given.index(SIGNATURE) :]
    return [(word,) for word in (*from_signature, *lesson.learnt)]


def _pairs(
    texts: Iterable[tuple[str, Sequence[Phrase]]], least: float
) -> list[tuple[Phrase, Phrase]]:
    counts: Counter[tuple[Phrase, Phrase]] = Counter()
    sharing: dict[tuple[Phrase, Phrase], set[str]] = defaultdict(set)
    for family, text in texts:
        for pair in pairwise(text):
            counts[pair] += 1
            sharing[pair].add(family)
    fit = [
        pair
        for pair, count in counts.items()
        if count >= least
        and len(sharing[pair]) >= _SHARED
        and len(pair[0]) + len(pair[1]) <= _LONGEST
        and _APART.isdisjoint((*pair[0], *pair[1]))
    ]
    return sorted(fit, key=lambda pair: (-counts[pair], pair))


def _merged(text: Sequence[Phrase], left: Phrase, right: Phrase) -> list[Phrase]:
    merged: list[Phrase] = []
    for word in text:
        if word == right and merged and merged[-1] == left:
            merged[-1] = left + right
        else:
            merged.append(word)
    return merged
