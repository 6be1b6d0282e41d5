"""Indentation in one way, four spaces a level, with the rest of the text as it was."""

import io
import tokenize
from collections.abc import Iterator

from ..source import Unparsable, parse_loosely, same_tree

INDENT = "    "
_OPENING = getattr(tokenize, "FSTRING_START", None)
_CLOSING = getattr(tokenize, "FSTRING_END", None)


def indented(text: str, levels: int = 1) -> str:
    """Every line further in, but those inside of a string."""
    frozen = _string_lines(text)
    return "\n".join(
        INDENT * levels + line if line and number not in frozen else line
        for number, line in enumerate(text.split("\n"), start=1)
    )


def reindented(text: str) -> str:
    shifts = _shifts(text)
    lines = text.split("\n")
    for number, shift in shifts.items():
        line = lines[number - 1]
        body = line.lstrip(" \t")
        depth = max(0, _width(line[: len(line) - len(body)]) + shift)
        lines[number - 1] = " " * depth + body if body else ""
    result = "\n".join(line.rstrip() if not line.strip() else line for line in lines)
    try:
        return result if same_tree(parse_loosely(result), parse_loosely(text)) else text
    except Unparsable:
        return text


def _width(space: str) -> int:
    return len(space.expandtabs(len(INDENT)))


def _tokens(text: str) -> Iterator[tokenize.TokenInfo]:
    try:
        yield from tokenize.generate_tokens(io.StringIO(text).readline)
    except (tokenize.TokenError, SyntaxError):
        return


def _string_lines(text: str) -> set[int]:
    """The lines that begin inside of a string."""
    lines: set[int] = set()
    opened: list[int] = []
    for token in _tokens(text):
        if token.type == tokenize.STRING:
            lines.update(range(token.start[0] + 1, token.end[0] + 1))
        elif token.type == _OPENING:
            opened.append(token.start[0])
        elif token.type == _CLOSING:
            lines.update(range(opened.pop() + 1, token.end[0] + 1))
    return lines


def _shifts(text: str) -> dict[int, int]:
    """By how much each line moves."""
    frozen = _string_lines(text)
    lines = text.split("\n")
    shifts: dict[int, int] = {}
    comments: list[tuple[int, int]] = []
    depth = shift = column = 0
    begun: int | None = None
    for token in _tokens(text):
        line = token.start[0]
        if token.type == tokenize.INDENT:
            depth += 1
        elif token.type == tokenize.DEDENT:
            depth -= 1
        elif token.type == tokenize.COMMENT and begun is None:
            comments.append((line, _width(lines[line - 1][: token.start[1]])))
        elif token.type == tokenize.NEWLINE and begun is not None:
            shifts |= {number: shift for number in range(begun, line + 1) if number not in frozen}
            begun = None
        elif begun is None and token.type not in (tokenize.NL, tokenize.ENDMARKER):
            before, column = shift, _width(lines[line - 1][: token.start[1]])
            shift = len(INDENT) * depth - column
            for number, place in comments:
                shifts[number] = shift if place == column else before
            comments, begun = [], line
    return shifts
