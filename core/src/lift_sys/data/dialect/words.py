"""Prose as words without its ordinary spaces, and back, without loss.

Between two words there is a space, but not before a comma or inside a bracket: only where a text
departs from that is there a mark. So a word is the same wherever it stands.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from .marks import JOINED, LINE, SPACE
from .slots import Slot, Slots, Slotted

_WORD = re.compile(
    r"(?P<string>'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\")"
    r"|(?P<number>(?:(?<![\w)\]])-)?\d+(?:\.\d+)?(?!\w))"
    r"|`(?P<name>[A-Za-z_]\w*)`"
    r"|[A-Za-z]+'[a-z]+|[^\W_]+(?:_\w+)?|_\w+|\S"
)
_CLOSERS: Final = frozenset(",.;:?!)]}%")
_OPENERS: Final = frozenset("([{")
_TYPED: Final = str.maketrans(
    {"\u201c": '"', "\u201d": '"', "\u2018": "'", "\u2019": "'", "«": '"', "»": '"'}
    | {"\u2013": "-", "\u2014": "-", "\u2026": ".", "\u00a0": " "}
    | {"≥": ">=", "≤": "<=", "≠": "!=", "\u00d7": "*"}
)


def to_words(text: str, slots: Slots) -> list[str]:
    """`from_words` gives the text back, letter by letter."""
    words: list[str] = []
    place = 0
    for start, end, group in _pieces(text, slots):
        left = text[place - 1] if place else ""
        words += _gap(text[place:start], _spaced(left, text[start]) if place else False)
        words += group
        place = end
    return words + _gap(text[place:], False)


def from_words(words: Sequence[str], slots: Slots) -> str:
    text, gap = "", False
    for word in _valued(words, slots):
        if word == JOINED:
            gap = True
        elif word in (SPACE, LINE) or word.isspace():
            text += {SPACE: " ", LINE: "\n"}.get(word, word)
            gap = True
        else:
            text += " " if text and not gap and _spaced(text[-1], word[0]) else ""
            text, gap = text + word, False
    return text


def heard(slotted: Slotted) -> list[str]:
    """A request as the model reads it: in small letters, without how its words are spaced."""
    words: list[str] = []
    for part in slotted.parts:
        if isinstance(part, Slot):
            words.append(part.mark)
        else:
            words += [match[0] for match in _HEARD.finditer(part.translate(_TYPED).lower())]
    return words


_HEARD = re.compile(r"[a-z]+'[a-z]+|[^\W_]+|[<>=!]=|\S")


def _pieces(text: str, slots: Slots) -> Iterator[tuple[int, int, list[str]]]:
    """Where each word stands, and the words for it."""
    place = 0
    while (match := _WORD.search(text, place)) is not None:
        group = _slot_of(match, slots)
        if group is not None:
            yield match.start(), match.end(), group
        elif match["string"] or match["name"]:
            # No slot: the quotation mark is a word, and what is inside are others.
            yield match.start(), match.start() + 1, [match[0][0]]
            place = match.start() + 1
            continue
        else:
            yield match.start(), match.end(), [match[0]]
        place = match.end()


def _slot_of(match: re.Match[str], slots: Slots) -> list[str] | None:
    text = match[0]
    if match["string"]:
        said = slots.string(text[1:-1])
        return [*said] if said is not None and repr(text[1:-1]) == text else None
    if match["name"]:
        mark = slots.name(match["name"])
        return None if mark is None else [mark]
    if match["number"]:
        value = float(text) if "." in text else int(text) if len(text) < 400 else None
        if value is None or repr(value) != text:
            return None
        found = slots.number(value)
        return None if found is None else list(found)
    return None


def _valued(words: Sequence[str], slots: Slots) -> Iterator[str]:
    """Slots as prose writes them: strings quoted, names in backticks."""
    place = 0
    while place < len(words):
        read = slots.read(words, place)
        if read is None:
            yield words[place]
            place += 1
        else:
            yield f"`{read.value}`" if read.is_name else repr(read.value)
            place = read.end


def _gap(text: str, spaced: bool) -> list[str]:
    if text == (" " if spaced else ""):
        return []
    if not text:
        return [JOINED]
    return [{" ": SPACE, "\n": LINE}.get(letter, letter) for letter in text]


def _spaced(left: str, right: str) -> bool:
    """Whether a space stands between two words that end and begin so."""
    return not (right in _CLOSERS or left in _OPENERS)
