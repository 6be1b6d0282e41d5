"""Literals and names of a request, taken out before the model and put back after it.

What the model never spells it cannot misspell: copying is exact by construction. A slot is a mark
such as `<s1>`; the table says what it stands for and travels with the request.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from ...ir import Signature
from .marks import (
    FLOATING,
    FUNCTION,
    GLUED,
    LESS,
    MORE,
    NAMES,
    NUMBERS,
    PARAMETERS,
    STRINGS,
    TEXT,
)

PLAIN_NUMBERS: Final = frozenset({-1, 0, 1})
"""Too common to be taken out: they mean something by themselves."""
TINY_NUMBERS: Final = frozenset({0, 1, 2})
"""So common that the slot beside such a number has nothing to do with it."""

_UNITS: Final = (
    *("three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS: Final = (
    *("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "hundred"),
)
NUMBER_WORDS: Final[Mapping[str, int]] = {
    **{word: value for value, word in enumerate(_UNITS, 3)},
    **{word: 10 * value for value, word in enumerate(_TENS, 2)},
}

_QUOTES: Final = {"'": "'", '"': '"', "\u201c": "\u201d", "\u2018": "\u2019", "«": "»"}
_LITERAL = re.compile(
    r"(?P<tick>`[^`\n]{1,80}`)"
    r"|(?<![\w'\"])(?P<quote>['\"\u201c\u2018«])"
    r"|(?<!\w)(?<!(?<!\.)\.)(?P<number>(?:(?<![)\]\w])-)?\d+(?:,\d{3})*(?:\.\d+)?(?:[eE][+-]?\d+)?)(?!\.\d|\w*_)"
    rf"|\b(?P<word>{'|'.join(NUMBER_WORDS)})\b"
    r"|(?<![\w.])(?P<name>[A-Za-z_]\w*(?=\()|[A-Za-z]+_\w+|_\w+)",
    re.IGNORECASE,
)
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*")
_CALL = re.compile(r"([A-Za-z_]\w*)\((.*)\)")
_LONGEST: Final = 120

Value = str | int | float


@dataclass(frozen=True, slots=True)
class Slot:
    mark: str
    text: str
    """As the request has it here."""


@dataclass(frozen=True, slots=True)
class Slots:
    """What each mark stands for."""

    values: Mapping[str, Value] = field(default_factory=dict[str, Value])
    _marks: dict[tuple[str, Value], str] = field(
        default_factory=dict[tuple[str, Value], str], repr=False, compare=False
    )

    def __post_init__(self) -> None:
        for mark, value in self.values.items():
            self._marks.setdefault((_kind(mark), _key(value)), mark)

    def string(self, value: str) -> tuple[str, ...] | None:
        """The words for it: a slot, several as one text, or a number as text."""
        mark = self._marks.get(("s", value))
        if mark is not None:
            return (mark,)
        if value.isdecimal() and value.isascii() and str(int(value[:20])) == value:
            mark = self._marks.get(("n", int(value)))
            if mark is not None:
                return (mark, TEXT)
        return self._glued(value)

    def _glued(self, value: str) -> tuple[str, ...] | None:
        texts = [(text, mark) for (kind, text), mark in self._marks.items() if kind == "s"]
        said: dict[int, tuple[str, ...]] = {0: ()}
        """How each beginning of the text is said, by its length."""
        for start in range(len(value)):
            for text, mark in texts if start in said else ():
                if isinstance(text, str) and value.startswith(text, start):
                    glue = (GLUED,) if start else ()
                    said.setdefault(start + len(text), (*said[start], *glue, mark))
        return said.get(len(value)) or None

    def name(self, name: str) -> str | None:
        """Of the function, a parameter, or another name of the request."""
        for kind in "fpi":
            mark = self._marks.get((kind, name))
            if mark is not None:
                return mark
        return None

    def number(self, value: int | float) -> tuple[str, ...] | None:
        """The words for it: a slot, or its neighbour with the step that leads from there."""
        mark = self._marks.get(("n", _key(value)))
        if mark is not None:
            return (mark,)
        if isinstance(value, float):
            whole = self._marks.get(("n", _key(int(value)))) if value.is_integer() else None
            return None if whole is None else (whole, FLOATING)
        if value in TINY_NUMBERS:
            return None
        for step, change in ((MORE, -1), (LESS, 1)):
            mark = self._marks.get(("n", _key(value + change)))
            if mark is not None:
                return (mark, step)
        return None

    def read(self, words: Sequence[str], place: int) -> "Read | None":
        """What stands there, if a slot does."""
        mark = words[place]
        value = self.values.get(mark)
        if value is None:
            return None
        place += 1
        if _kind(mark) in "fpi":
            return Read(value, place, is_name=True)
        if isinstance(value, str):
            while words[place : place + 1] and words[place] == GLUED:
                more = self.values.get(words[place + 1]) if len(words) > place + 1 else None
                if not isinstance(more, str) or _kind(words[place + 1]) != "s":
                    break
                value, place = value + more, place + 2
            return Read(value, place)
        while place < len(words) and words[place] in _STEPS and not isinstance(value, str):
            value, place = _STEPS[words[place]](value), place + 1
        return Read(value, place)

    def with_signature(self, signature: Signature) -> "Slots":
        """The function's name and its parameters by their places."""
        values: dict[str, Value] = {FUNCTION: signature.name}
        named = zip(PARAMETERS, signature.parameters, strict=False)
        values |= {mark: parameter.name for mark, parameter in named}
        kept = {mark: value for mark, value in self.values.items() if _kind(mark) not in ("f", "p")}
        return Slots({**kept, **values})


@dataclass(frozen=True, slots=True)
class Read:
    """What some words stand for that begin with a slot."""

    value: Value
    end: int
    """The place behind the last of these words."""
    is_name: bool = False


_STEPS: Final[Mapping[str, Callable[[int | float], Value]]] = {
    MORE: lambda number: number + 1,
    LESS: lambda number: number - 1,
    FLOATING: float,
    TEXT: str,
}


@dataclass(frozen=True, slots=True)
class Slotted:
    """A text with slots in the places of its literals and names."""

    parts: tuple[str | Slot, ...]
    slots: Slots

    def restore(self) -> str:
        return "".join(part.text if isinstance(part, Slot) else part for part in self.parts)


def take_out(text: str, signature: Signature | None = None) -> Slotted:
    """Numbered in the order in which they stand; the same literal twice is one slot.

    Only names that are marked as such are taken out: quoted by backticks, called, or with an
    underscore. Where the signature is known, its names have slots of their own.
    """
    slots = Slots() if signature is None else Slots().with_signature(signature)
    taker = _Taker(dict(slots.values))
    parts = tuple(_merged(taker.parts(text)))
    return Slotted(parts, Slots(taker.values))


class _Taker:
    def __init__(self, values: dict[str, Value]) -> None:
        self.values = values
        self._marks = {(_kind(mark), _key(value)): mark for mark, value in values.items()}
        self._free = {"s": list(STRINGS), "n": list(NUMBERS), "i": list(NAMES)}

    def parts(self, text: str) -> Iterator[str | Slot]:
        place = 0
        while (found := _LITERAL.search(text, place)) is not None:
            yield text[place : found.start()]
            end = found.end()
            if found["quote"]:
                closing = _closing(text, found.start())
                if closing is not None:
                    end = closing
            whole = text[found.start() : end]
            yield from self._literal(found, whole)
            place = end
        yield text[place:]

    def _literal(self, found: re.Match[str], whole: str) -> Iterator[str | Slot]:
        if found["tick"]:
            yield from self._ticked(whole)
        elif found["quote"]:
            is_text = len(whole) > 2
            yield self._slot("s", whole[1:-1], whole) if is_text else whole
        elif found["number"]:
            yield self._number(whole)
        elif found["word"]:
            yield self._slot("n", NUMBER_WORDS[whole.lower()], whole)
        else:
            yield self._slot("i", whole, whole)

    def _ticked(self, whole: str) -> Iterator[str | Slot]:
        """A name in backticks, or Python: a literal, a call, an expression."""
        inner = whole[1:-1]
        if _IDENTIFIER.fullmatch(inner) and inner not in ("None", "True", "False"):
            yield self._slot("i", inner, whole)
            return
        call = _CALL.fullmatch(inner)
        yield "`"
        if call is not None and _names(call[2]) is not None:
            yield self._slot("i", call[1], call[1])
            yield "("
            for piece in re.split(r"([A-Za-z_]\w*)", call[2]):
                yield self._slot("i", piece, piece) if _IDENTIFIER.fullmatch(piece) else piece
            yield ")"
        else:
            yield from self.parts(inner)
        yield "`"

    def _number(self, text: str) -> str | Slot:
        plain = text.replace(",", "")
        is_whole = re.fullmatch(r"-?\d+", plain) is not None
        try:
            value = int(plain) if is_whole else float(plain)
        except ValueError:  # more digits than Python reads
            return text
        if (is_whole and value in PLAIN_NUMBERS) or value in (float("inf"), float("-inf")):
            return text
        if is_whole and str(value) != plain:  # 007
            return text
        return self._slot("n", value, text)

    def _slot(self, kind: str, value: Value, text: str) -> str | Slot:
        for each in ("f", "p", "i") if kind == "i" else (kind,):
            mark = self._marks.get((each, _key(value)))
            if mark is not None:
                return Slot(mark, text)
        if not self._free[kind] or (isinstance(value, str) and len(value) > _LONGEST):
            return text
        mark = self._free[kind].pop(0)
        self.values[mark] = value
        self._marks[kind, _key(value)] = mark
        return Slot(mark, text)


def _closing(text: str, start: int) -> int | None:
    """Behind the quotation mark that closes the one at `start`: none inside a word does."""
    close = _QUOTES[text[start]]
    place = start
    while (place := text.find(close, place + 1)) >= 0:
        if "\n" in text[start:place]:
            return None
        after = text[place + 1 : place + 2]
        if not (after.isalnum() or after == "_"):
            return place + 1
    return None


def _names(arguments: str) -> Sequence[str] | None:
    pieces = [piece.strip() for piece in arguments.split(",")] if arguments.strip() else []
    return pieces if all(_IDENTIFIER.fullmatch(piece) for piece in pieces) else None


def _kind(mark: str) -> str:
    return mark[1]


def _key(value: Value) -> Value:
    """1 and 1.0 are different literals."""
    return repr(value) if isinstance(value, float) else value


def _merged(parts: Iterable[str | Slot]) -> Iterator[str | Slot]:
    text = ""
    for part in parts:
        if isinstance(part, str):
            text += part
            continue
        if text:
            yield text
        text = ""
        yield part
    if text:
        yield text
