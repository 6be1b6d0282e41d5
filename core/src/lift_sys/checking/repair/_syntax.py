"""Text that does not parse, mended line by line where Python says it is broken."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from ..source import Unparsable, parse_module

MAX_ROUNDS = 5
MAX_CUT_LINES = 12

_HEADER = re.compile(
    r"(\s*)(async\s+)?(def|class|if|elif|else|for|while|try|except|finally|with|match|case)\b"
)
_PAIRS = {"(": ")", "[": "]", "{": "}"}
_QUOTES = str.maketrans(
    "\u2018\u2019\u201c\u201d\u2032\u2033\uff08\uff09\uff0c\uff1a", "''\"\"'\"(),:"
)


class Mended(NamedTuple):
    text: str
    passes: tuple[str, ...]
    certain: bool
    """False where code was lost: only a check that passes can make up for that."""


def mended(text: str) -> Iterator[Mended]:
    """Versions that parse, the nearest first."""
    state, passes = text, ()
    seen = {text}
    for _ in range(MAX_ROUNDS):
        error = _error(state)
        if error is None:
            return
        line = min(max(error.line or 1, 1), state.count("\n") + 1)
        furthest: tuple[int, str, str] | None = None
        for name, fix in _FIXES:
            for version in fix(state.split("\n"), line - 1, error.cause):
                candidate = "\n".join(version)
                if candidate in seen:
                    continue
                seen.add(candidate)
                left = _error(candidate)
                if left is None:
                    yield Mended(candidate, (*passes, name), True)
                # Python tells an open string before anything else, so the next may be above it.
                elif left.line != error.line and (left.line or 0) > (furthest or (0,))[0]:
                    furthest = (left.line or 0, name, candidate)
        if furthest is None:
            break
        state, passes = furthest[2], (*passes, furthest[1])
    yield from _cut(text)


def _cut(text: str) -> Iterator[Mended]:
    """What was complete before the reply broke off."""
    lines = text.rstrip().split("\n")
    for count in range(1, min(MAX_CUT_LINES, len(lines) - 1) + 1):
        candidate = "\n".join(lines[:-count]) + "\n"
        if _error(candidate) is None:
            yield Mended(candidate, ("cut-off",), False)
            return


def _error(text: str) -> Unparsable | None:
    try:
        parse_module(text)
    except Unparsable as error:
        return error
    return None


Lines = list[str]
_Fix = Callable[[Lines, int, str], Iterator[Lines]]


def _with(lines: Lines, place: int, line: str) -> Lines:
    return [*lines[:place], line, *lines[place + 1 :]]


def _colon(lines: Lines, place: int, _: str) -> Iterator[Lines]:
    for at in (place, place - 1):
        if at >= 0 and _HEADER.match(lines[at]):
            code, mark, comment = lines[at].partition("#")
            if not code.rstrip().endswith(":"):
                tail = f"  {mark}{comment}" if mark else ""
                yield _with(lines, at, f"{code.rstrip()}:{tail}")


def _comparison(lines: Lines, place: int, _: str) -> Iterator[Lines]:
    if re.match(r"\s*(if|elif|while|assert|return)\b", lines[place]):
        line = re.sub(r"(?<![=!<>:+*/%-])=(?!=)", "==", lines[place])
        yield _with(lines, place, line)


_FOREIGN = (
    (r"\belse\s+if\b|\belseif\b|\belsif\b", "elif"),
    (r"!==", "!="),
    (r"===", "=="),
    (r"<>", "!="),
    (r"\s*&&\s*", " and "),
    (r"\s*\|\|\s*", " or "),
    (r"!(?!=)\s*", "not "),
    (r"\b(\w+)\+\+", r"\1 += 1"),
    (r"\b(\w+)--", r"\1 -= 1"),
    (r"^(\s*)//", r"\1#"),
    (r"^(\s*)(?:var|let|const)\s+", r"\1"),
    (r"^(\s*)function\s+", r"\1def "),
    (r"^(\s*)catch\b", r"\1except"),
    (r"^(\s*)throw\s+", r"\1raise "),
    (r"^(\s*)print\s+([^(=].*)$", r"\1print(\2)"),
    (r"\bexcept\s+(\w+)\s*,\s*(\w+)", r"except \1 as \2"),
)


def _foreign(lines: Lines, place: int, _: str) -> Iterator[Lines]:
    """The words and signs of other languages."""
    line = lines[place]
    for pattern, replacement in _FOREIGN:
        line = re.sub(pattern, replacement, line)
    yield _with(lines, place, line)
    if _HEADER.match(line) and not line.rstrip().endswith(":"):
        yield _with(lines, place, line.rstrip().rstrip("{").rstrip() + ":")


def _quotes(lines: Lines, _: int, __: str) -> Iterator[Lines]:
    yield [line.translate(_QUOTES) for line in lines]


def _brackets(lines: Lines, place: int, _: str) -> Iterator[Lines]:
    for at in dict.fromkeys((place, max(place - 1, 0))):
        line = lines[at].rstrip()
        missing, extra = _unbalanced(line)
        if missing:
            if line.endswith((":", ",")):
                yield _with(lines, at, line[:-1] + missing + line[-1])
            yield _with(lines, at, line + missing)
            if _HEADER.match(line) and not line.endswith(":"):
                yield _with(lines, at, line + missing + ":")
        for spot in reversed(extra):
            yield _with(lines, at, line[:spot] + line[spot + 1 :])
            opening = line.replace("[", "(") if line[spot] == ")" else line.replace("(", "[")
            yield _with(lines, at, opening)


def _unbalanced(line: str) -> tuple[str, list[int]]:
    """The closing brackets that a line lacks, and the places of those that close nothing."""
    opened: list[str] = []
    extra: list[int] = []
    quote = ""
    for place, char in enumerate(line):
        if quote:
            quote = "" if char == quote and line[place - 1] != "\\" else quote
        elif char in "'\"":
            quote = char
        elif char == "#":
            break
        elif char in _PAIRS:
            opened.append(_PAIRS[char])
        elif char in _PAIRS.values():
            if opened and opened[-1] == char:
                opened.pop()
            else:
                extra.append(place)
    return "".join(reversed(opened)), extra


def _string(lines: Lines, place: int, cause: str) -> Iterator[Lines]:
    if "triple-quoted" in cause:
        text = "\n".join(lines[place:])
        yield [*lines, "'''" if text.count("'''") % 2 else '"""']
    elif "unterminated" in cause:
        line = lines[place].rstrip()
        quote = "'" if line.count("'") % 2 else '"'
        tail = re.search(r"[)\]},:]*$", line)
        cut = tail.start() if tail else len(line)
        yield _with(lines, place, line + quote)
        yield _with(lines, place, line[:cut] + quote + line[cut:])


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def _before(lines: Lines, place: int) -> str:
    return next((line for line in reversed(lines[:place]) if line.strip()), "")


def _moved(lines: Lines, place: int, depth: int) -> Lines:
    """A line and all that hangs on it, at another depth."""
    old = _depth(lines[place])
    result = list(lines)
    for at in range(place, len(lines)):
        if lines[at].strip():
            if at > place and _depth(lines[at]) < old:
                break
            result[at] = " " * max(0, _depth(lines[at]) - old + depth) + lines[at].lstrip()
    return result


def _indentation(lines: Lines, place: int, cause: str) -> Iterator[Lines]:
    before = _before(lines, place)
    if "expected an indented block" in cause:
        yield _moved(lines, place, _depth(before) + 4)
        only = " " * (_depth(before) + 4) + lines[place].lstrip()
        yield _with(lines, place, only)
        return
    if "outside function" in cause:
        yield _with(lines, place, " " * (_depth(lines[place]) + 4) + lines[place].lstrip())
    if "indent" in cause:
        depths = {_depth(line) for line in lines[:place] if line.strip()}
        for depth in sorted(depths, key=lambda it: (abs(it - _depth(lines[place])), -it)):
            yield _moved(lines, place, depth)
            yield _with(lines, place, " " * depth + lines[place].lstrip())


def _empty_body(lines: Lines, place: int, cause: str) -> Iterator[Lines]:
    if "expected an indented block" in cause:
        depth = _depth(_before(lines, place)) + 4
        at = place + 1 if place == len(lines) - 1 and lines[place].rstrip().endswith(":") else place
        yield [*lines[:at], " " * depth + "pass", *lines[at:]]


def _markers(lines: Lines, _: int, __: str) -> Iterator[Lines]:
    for pattern in (r"^(>>>|\.\.\.) ?", r"^\s*\d+\s*[|:.] ?", r"^[+] ?"):
        if sum(bool(re.match(pattern, line)) for line in lines) * 2 > len(lines):
            yield [re.sub(pattern, "", line) for line in lines]


_FIXES: tuple[tuple[str, _Fix], ...] = (
    ("missing-colon", _colon),
    ("comparison", _comparison),
    ("brackets", _brackets),
    ("string-end", _string),
    ("quotes", _quotes),
    ("foreign-syntax", _foreign),
    ("indentation", _indentation),
    ("line-markers", _markers),
    ("empty-body", _empty_body),
)
