"""A JSON reader for what models write: it mends what can only mean one thing, and notes it.

Linear in the length of the text, and bounded in depth. What was cut off before its end is kept
as far as it is complete: a value that may have gone on is left out.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

MAX_DEPTH: Final = 40

_SPACE = re.compile(r"[ \t\r\n\u00a0\ufeff]*")
_COMMENT = re.compile(r"//[^\n]*|#[^\n]*|/\*.*?\*/", re.DOTALL)
_RUN = {quote: re.compile(rf"[^{quote}\\\x00-\x1f]*") for quote in "\"'"}
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_NUMBERLIKE = re.compile(r"[-+.0-9A-Za-z_]*")
_NUMBER_BEGUN = re.compile(r"-?(?:[0-9]+(?:\.[0-9]*)?(?:(?<=[0-9])[eE][-+]?[0-9]*)?)?")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_HEX = re.compile(r"[0-9a-fA-F]{4}")
_WORDS: Final = {"true": True, "false": False, "null": None}
_PYTHON_WORDS: Final = {"True": True, "False": False, "None": None}
_ESCAPES: Final = {
    '"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t",
}  # fmt: skip
_PYTHON_ESCAPES: Final = set("xaNUv01234567\n")
_MAX_DIGITS: Final = 1300


class Repair(NamedTuple):
    line: int
    column: int
    what: str

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.what}"


class JsonTextError(ValueError):
    """Broken beyond mending: what is wrong, what was expected, and where."""

    def __init__(self, cause: str, line: int, column: int, path: str = "") -> None:
        at = f", at {path}" if path else ""
        super().__init__(f"line {line}, column {column}{at}: {cause}")
        self.cause = cause
        self.line = line
        self.column = column
        self.path = path


class _CutOff(Exception):
    """The text ended inside a value that cannot be kept."""


class Node(NamedTuple):
    """A scalar, or an object's members, or an array's items; and the offset where it begins."""

    start: int
    scalar: Any = None
    members: "dict[str, Node] | None" = None
    items: "list[Node] | None" = None
    complete: bool = True

    @property
    def is_null(self) -> bool:
        return self.scalar is None and self.members is None and self.items is None


@dataclass(slots=True)
class Parser:
    text: str
    offset: int = 0
    repairs: dict[str, int] = field(default_factory=dict[str, int])
    """What was mended, each sort once, and the offset of the first time."""
    path: list[str] = field(default_factory=list[str])
    seen_keys: set[str] = field(default_factory=set[str])
    """Keys of the outermost object, also of one that turned out to be broken."""
    cut_path: str = ""
    """Within what the text ended, if it did."""
    _lines: list[int] = field(default_factory=list[int])

    def parse_object(self, start: int) -> Node:
        """The object whose brace stands at `start`; `offset` is behind it afterwards."""
        self.offset = start
        self.path.clear()
        self.seen_keys.clear()
        self.cut_path = ""
        return self._object()

    def place(self, offset: int) -> tuple[int, int]:
        if not self._lines:
            self._lines = [0, *(match.end() for match in re.finditer("\n", self.text))]
        line = bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1

    def note(self, what: str, offset: int | None = None) -> None:
        self.repairs.setdefault(what, self.offset if offset is None else offset)

    def error(self, cause: str, offset: int | None = None) -> JsonTextError:
        line, column = self.place(self.offset if offset is None else offset)
        return JsonTextError(cause, line, column, "".join(self.path).removeprefix("."))

    def _value(self) -> Node:
        character = self._peek()
        if character == "{":
            return self._object()
        if character == "[":
            return self._array()
        start = self.offset
        if character in ('"', "'"):
            return Node(start, self._string())
        if character in "-0123456789":
            return Node(start, self._number())
        return Node(start, self._word())

    def _object(self) -> Node:
        start = self._open()
        members: dict[str, Node] = {}
        while self._more("}", bool(members)):
            try:
                key = self._key(members)
                value = self._at(f".{key[:60]}")
            except _CutOff:
                return Node(start, members=members, complete=False)
            members[key] = value
            if not value.complete:
                return Node(start, members=members, complete=False)
        return Node(start, members=members, complete=self._close("}"))

    def _key(self, members: dict[str, Node]) -> str:
        start = self.offset
        if self._peek() not in ('"', "'"):
            raise self.error("a quoted field name is expected, or the end of the object")
        key = self._string()
        if not self.path:
            self.seen_keys.add(key)
        if self._peek() != ":":
            raise self.error(f"a colon is expected after the field name {key[:40]!r}")
        self.offset += 1
        if key in members:
            raise self.error(f"the field {key[:40]!r} stands here twice", start)
        return key

    def _array(self) -> Node:
        start = self._open()
        items: list[Node] = []
        while self._more("]", bool(items)):
            try:
                item = self._at(f"[{len(items)}]")
            except _CutOff:
                return Node(start, items=items, complete=False)
            if not item.complete:
                return Node(start, items=items, complete=False)
            items.append(item)
        return Node(start, items=items, complete=self._close("]"))

    def _at(self, step: str) -> Node:
        self.path.append(step)
        try:
            return self._value()
        finally:
            if not self.cut_path and self.offset >= len(self.text):
                self.cut_path = "".join(self.path).removeprefix(".")
            self.path.pop()

    def _open(self) -> int:
        if len(self.path) >= MAX_DEPTH:
            raise self.error(f"nested deeper than {MAX_DEPTH} levels")
        self.offset += 1
        return self.offset - 1

    def _more(self, closing: str, begun: bool) -> bool:
        """Whether another element follows; passes the comma before it."""
        character = self._peek(or_end=True)
        if character in ("", closing):
            return False
        if not begun:
            return True
        if character != ",":
            raise self.error(f"a comma or {closing!r} is expected")
        comma = self.offset
        self.offset += 1
        character = self._peek(or_end=True)
        if character == closing:
            self.note("a comma before the closing bracket was left out", comma)
        return character not in ("", closing)

    def _close(self, closing: str) -> bool:
        if self._peek(or_end=True) != closing:
            return False
        self.offset += 1
        return True

    def _peek(self, *, or_end: bool = False) -> str:
        """The next character that means something."""
        while True:
            self.offset = self._match(_SPACE).end()
            if self.offset >= len(self.text):
                if or_end:
                    return ""
                raise _CutOff
            character = self.text[self.offset]
            if character not in "/#":
                return character
            comment = _COMMENT.match(self.text, self.offset)
            if comment is None:
                if self.text.startswith("/*", self.offset) or self.offset + 1 == len(self.text):
                    self.offset = len(self.text)
                    continue
                raise self.error("a value is expected")
            self.note("a comment was left out")
            self.offset = comment.end()

    def _string(self) -> str:
        quote = self.text[self.offset]
        if quote == "'":
            self.note("single quotes were read as double ones")
        parts: list[str] = []
        raw, start = False, self.offset
        self.offset += 1
        while True:
            run = self._match(_RUN[quote])
            parts.append(run[0])
            self.offset = run.end()
            if self.offset >= len(self.text):
                raise _CutOff
            character = self.text[self.offset]
            if character == quote:
                self.offset += 1
                if raw:
                    self.note("a line break or tab in a string was kept as it stands", start)
                return _joined("".join(parts))
            if character == "\\":
                parts.append(self._escape(quote))
            else:
                if character not in "\n\r\t":
                    raise self.error("a control character in a string")
                raw = True
                parts.append(character)
                self.offset += 1

    def _escape(self, quote: str) -> str:
        if self.offset + 1 >= len(self.text):
            raise _CutOff
        character = self.text[self.offset + 1]
        if character == "u":
            digits = _HEX.match(self.text, self.offset + 2)
            if digits is None:
                if len(self.text) - self.offset < 6:
                    raise _CutOff
                raise self.error("four hexadecimal digits are expected after \\u")
            self.offset = digits.end()
            return chr(int(digits[0], 16))
        if character in _ESCAPES:
            self.offset += 2
            return _ESCAPES[character]
        if character == "'":
            if quote == '"':
                self.note("an escape that needs none was read without its backslash")
            self.offset += 2
            return "'"
        if character in _PYTHON_ESCAPES or quote == "'":
            raise self.error(f"the escape \\{character} has no one meaning here")
        self.note("a backslash that escapes nothing was kept")
        self.offset += 2
        return "\\" + character

    def _number(self) -> int | float:
        token = self._match(_NUMBERLIKE)
        if token.end() >= len(self.text) and _NUMBER_BEGUN.fullmatch(token[0]):
            self.offset = token.end()
            raise _CutOff
        if not _NUMBER.fullmatch(token[0]):
            raise self.error("a number is expected, as JSON writes it")
        if len(token[0]) > _MAX_DIGITS:
            raise self.error("a number of too many digits")
        value = int(token[0]) if token[0].lstrip("-").isdecimal() else float(token[0])
        if value in (float("inf"), float("-inf")):
            raise self.error("a number too large")
        self.offset = token.end()
        return value

    def _word(self) -> bool | None:
        match = _WORD.match(self.text, self.offset)
        word = match[0] if match else ""
        if word in _WORDS or word in _PYTHON_WORDS:
            if word in _PYTHON_WORDS:
                self.note("True, False and None were read as true, false and null")
            self.offset += len(word)
            return _WORDS[word] if word in _WORDS else _PYTHON_WORDS[word]
        begins = any(known.startswith(word) for known in (*_WORDS, *_PYTHON_WORDS))
        if word and begins and self.offset + len(word) == len(self.text):
            self.offset = len(self.text)
            raise _CutOff
        raise self.error("a value is expected: a string, a number, true, false, null, [ or {")

    def _match(self, pattern: re.Pattern[str]) -> re.Match[str]:
        match = pattern.match(self.text, self.offset)
        assert match is not None  # these patterns match the empty text
        return match


def _joined(text: str) -> str:
    """Escaped surrogate pairs as the one character they stand for."""
    if not any("\ud800" <= character <= "\udfff" for character in text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
