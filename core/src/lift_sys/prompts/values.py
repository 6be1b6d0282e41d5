"""The values that a request spells out: quoted texts, numbers, None, empty collections.

`mask` puts one mark in the place of each, so that patterns over the prose see neither what is
quoted nor how it is quoted. Every pattern here is bounded: the time is linear in the text.
"""

import ast
import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import Any, Final, Literal

MARK: Final = "\ue000"
"""Stands for a value; a character of the private use area, taken out of requests first."""

Sort = Literal["quoted", "code", "number", "constant", "empty"]

_QUOTED: Final = r"""
  (?<!\w)"(?P<double>[^"\n]{0,200})"
| (?<!\w)'(?P<single>(?:[^'\n]|'(?=\w)){0,200}?)'(?!\w)    # 'it's' ends at the second
| `(?P<code>(?!\w{0,40}(?:Error|Exception)`)[^`\n]{1,200})`  # an exception's name is prose
| “(?P<curly>[^“”\n]{0,200})”
| „(?P<low>[^„“”\n]{0,200})[“”]
| «(?P<angled>[^«»\n]{0,200})»
| (?<!\w)\u2018(?P<bent>(?:[^\u2018\u2019\n]|\u2019(?=\w)){0,200}?)\u2019(?!\w)
"""
_VALUE: Final = re.compile(
    _QUOTED
    + r"""
| (?P<empty>\[\ ?\]|\{\ ?\}|\(\ ?\)|
    (?<!\w)(?:an\ |the\ )?empty\ (?:list|string|text|dict|dictionary|tuple)\b)
| (?<!\w)(?P<constant>None|True|False|null)(?!\w)
| (?<![\w.])(?P<number>
    -?(?:(?<![\[(,])\d{1,3}(?:,\d{3}){1,9}|\d{1,40})(?:\.\d{1,40})?(?:[eE]-?\d{1,2})?)(?!\w)
| (?<!\w)(?P<zero>zero)(?!\w)
""",
    re.VERBOSE,
)
_CONSTANTS: Final = {"None": None, "null": None, "True": True, "False": False}
_EMPTY: Final[dict[str, Any]] = {
    "[": [],
    "{": {},
    "(": (),
    "list": [],
    "string": "",
    "text": "",
    "dict": {},
    "dictionary": {},
    "tuple": (),
}
_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r"}
_ESCAPE: Final = re.compile(r"\\([ntr\\'\"])")
_STRING: Final = re.compile(
    r"""(?P<quote>['"])(?P<text>(?:(?!(?P=quote))[^\\\n]|\\.){0,300})(?P=quote)"""
)
_SPACE: Final = re.compile(r"[^\S\n]+")
_LINES: Final = re.compile(r"[^\S\n]*\n\s*")
NO_LITERAL: Final = object()
_NAME: Final = re.compile(r"[A-Za-z_]\w*")


@dataclass(frozen=True, slots=True)
class Value:
    """One value with its place in the request."""

    value: Any
    source: str
    """As the request writes it."""
    sort: Sort
    start: int

    @property
    def python(self) -> str:
        return repr(self.value)


@dataclass(frozen=True, slots=True)
class Masked:
    """A request with a mark in the place of each value."""

    text: str
    values: tuple[Value, ...]
    _places: tuple[int, ...]
    _starts: tuple[tuple[int, int], ...]
    """Where stretches of prose begin: here, and in the request."""

    def at(self, place: int) -> int:
        """The number of the value whose mark stands there."""
        return bisect_left(self._places, place)

    def within(self, start: int, end: int) -> range:
        """The numbers of the values whose marks stand between."""
        return range(bisect_left(self._places, start), bisect_left(self._places, end))

    def origin(self, place: int) -> int:
        """Where in the request stands what is here, white space apart."""
        here, there = self._starts[bisect_left(self._starts, (place + 1, 0)) - 1]
        return there + place - here

    def original(self, start: int, end: int) -> str:
        """What stands there, values as the request writes them."""
        sources = iter(self.values[number].source for number in self.within(start, end))
        text = re.sub(MARK, lambda _: next(sources), self.text[start:end])
        return " ".join(text.split())


def mask(text: str) -> Masked:
    text = text.replace(MARK, " ")
    pieces: list[str] = []
    values: list[Value] = []
    places: list[int] = []
    starts = [(0, 0)]
    done = length = 0
    for match in _VALUE.finditer(text):
        before = _tidy(text[done : match.start()])
        length += len(before)
        places.append(length)
        pieces += (before, MARK)
        length += 1
        done = match.end()
        starts.append((length, done))
        values.append(_value(match))
    pieces.append(_tidy(text[done:]))
    return Masked("".join(pieces), tuple(values), tuple(places), tuple(starts))


def _tidy(prose: str) -> str:
    return _LINES.sub("\n", _SPACE.sub(" ", prose))


def _value(match: re.Match[str]) -> Value:
    kind, source = str(match.lastgroup), match.group()
    inner = match.group(kind)
    value: Any
    sort: Sort
    match kind:
        case "empty":
            last = source.split()[-1]
            value, sort = _EMPTY[last if last in _EMPTY else source[0]], "empty"
        case "constant":
            value, sort = _CONSTANTS[inner], "constant"
        case "zero":
            value, sort = 0, "number"
        case "number":
            value, sort = _number(inner), "number"
        case "code":
            value, sort = _code(inner)
        case _:
            value, sort = _unescaped(inner), "quoted"
    return Value(value, source, sort, match.start())


def _number(text: str) -> int | float:
    plain = text.replace(",", "")
    return float(plain) if re.search(r"[.eE]", plain) else int(plain)


def _code(text: str) -> tuple[Any, Sort]:
    """Between backticks stands code: its value where it is one, else its text."""
    value = literal(text)
    if value is NO_LITERAL:
        return text, "code"
    if isinstance(value, bool) or value is None:
        return value, "constant"
    if isinstance(value, int | float):
        return value, "number"
    return value, "quoted" if isinstance(value, str) else "empty"


def literal(text: str) -> Any:
    """The value of a Python literal, or NO_LITERAL."""
    quoted = _STRING.fullmatch(text)
    if quoted is not None:
        return _unescaped(quoted["text"])
    if "\\" in text:  # Python warns of escapes that it does not know
        return NO_LITERAL
    try:
        return ast.literal_eval(text)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return NO_LITERAL


def _unescaped(text: str) -> str:
    """`'\\n'` in a request means a line break."""
    return _ESCAPE.sub(lambda match: _ESCAPES.get(match[1], match[1]), text)


def is_name(text: object) -> bool:
    return isinstance(text, str) and _NAME.fullmatch(text) is not None
