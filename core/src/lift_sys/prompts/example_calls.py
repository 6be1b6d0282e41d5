"""Calls with their answers that a request gives: `f(2) is 4`, `f('x') raises ValueError`."""

import ast
import re
from dataclasses import dataclass
from typing import Any, Final

from .values import NO_LITERAL, literal

MAX_CALL_CHARS: Final = 300
MAX_TRIED: Final = 100
"""A text with thousands of open brackets is no request; nobody waits for it."""

_OPEN: Final = re.compile(r"(?<![\w.])(?P<name>[A-Za-z_]\w{0,60})\(")
_STRING: Final = r"'(?:[^'\\\n]|\\.){0,200}'|\"(?:[^\"\\\n]|\\.){0,200}\""
_PART: Final = re.compile(rf"{_STRING}|[(\[{{]|[)\]}}]|[^()\[\]{{}}'\"\n]{{1,300}}")
_VERB: Final = re.compile(
    r"`? ?(?:(?:should|must|would|will|shall) (?:be|return|give|yield|equal)|is equal to|"
    r"evaluates to|comes to|gives|returns|yields|equals|becomes|is|==?|=>|-+>|→|↦) ?`?"
)
_RAISES: Final = re.compile(
    r"`? ?(?:(?:should|must|would|will) raise|raises|throws) (?:an? )?`?(?P<error>[A-Z]\w{2,40})"
)
_PLAIN: Final = re.compile(r"-?\d{1,40}(?:\.\d{1,40})?(?![\w.]\w)|None\b|True\b|False\b")


@dataclass(frozen=True, slots=True)
class Call:
    name: str
    call: str
    answer: Any
    raises: str | None
    start: int
    end: int

    def assertion(self, name: str | None = None) -> str:
        call = (name or self.name) + self.call.removeprefix(self.name)
        if self.raises is not None:
            return f"{call} raises {self.raises}"
        if self.answer is None or isinstance(self.answer, bool):
            return f"{call} is {self.answer!r}"
        return f"{call} == {self.answer!r}"


def example_calls(text: str) -> tuple[Call, ...]:
    found: list[Call] = []
    place = 0
    for _ in range(MAX_TRIED):
        match = _OPEN.search(text, place)
        if match is None:
            break
        call = _read(text, match)
        found += [call] if call is not None else []
        place = match.end() if call is None else call.end
    return tuple(found)


def _read(text: str, match: re.Match[str]) -> Call | None:
    end = _closing(text, match.end() - 1)
    if end is None or not _takes_literals(source := text[match.start() : end]):
        return None
    raising = _RAISES.match(text, end)
    if raising is not None:
        return Call(match["name"], source, None, raising["error"], match.start(), raising.end())
    verb = _VERB.match(text, end)
    if verb is None:
        return None
    stop = _literal_end(text, verb.end())
    answer = NO_LITERAL if stop is None else literal(text[verb.end() : stop])
    if stop is None or answer is NO_LITERAL:
        return None
    return Call(match["name"], source, answer, None, match.start(), stop)


def _closing(text: str, start: int) -> int | None:
    """Where the bracket that opens at `start` is closed again."""
    depth, place = 0, start
    while place - start < MAX_CALL_CHARS:
        part = _PART.match(text, place)
        if part is None:
            return None
        depth += (part[0] in "([{") - (part[0] in ")]}")
        place = part.end()
        if depth == 0:
            return place
    return None


def _literal_end(text: str, start: int) -> int | None:
    part = _PART.match(text, start)
    if part is None:
        return None
    if part[0] in "([{":
        return _closing(text, start)
    if part[0][0] in "'\"":
        return part.end()
    plain = _PLAIN.match(text, start)
    return None if plain is None else plain.end()


def _takes_literals(source: str) -> bool:
    if "\\" in source:  # Python warns of escapes that it does not know
        return False
    try:
        tree = ast.parse(source, mode="eval").body
        assert isinstance(tree, ast.Call)
        for argument in (*tree.args, *(keyword.value for keyword in tree.keywords)):
            ast.literal_eval(argument)
    except (SyntaxError, ValueError, TypeError, AssertionError, MemoryError, RecursionError):
        return False
    return True
