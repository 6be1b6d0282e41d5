"""The code in a model's reply: out of its fences and its prose."""

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from ..source import Unparsable, parse_loosely
from .reasons import Unassembled

_FENCE = re.compile(
    r"^[ \t]*(?P<mark>`{3,}|~{3,})[ \t]*(?P<language>[^\n`]*)\n(?P<code>.*?)"
    r"(?:^[ \t]*(?P=mark)[ \t]*$|\Z)",
    re.DOTALL | re.MULTILINE,
)
_PYTHON = frozenset({"", "py", "py3", "python", "python3", "python3.11", "python3.12"})
_CONTINUES = re.compile(r"[ \t)\]}#]|(else|elif|except|finally|case)\b")
_DEFINES = re.compile(r"(async\s+)?def\b|class\b|@|import\b|from\s+\S+\s+import\b")
_CODE = re.compile(
    rf"{_DEFINES.pattern}|(if|for|while|try|with|match|return|raise|print)\b|[\w.]+\s*[=(\[:]"
)


@dataclass(frozen=True, slots=True)
class Found:
    """The parts of a reply that are Python, in order, and the best that is not."""

    parsed: tuple[str, ...]
    broken: str = ""
    error: Unparsable | None = None


def find_code(text: str, name: str) -> Found:
    """Raises Unassembled where there is nothing at all."""
    parsed: list[str] = []
    broken, error = "", None
    for block in _blocks(text):
        try:
            parsed.append(readable(block))
        except Unparsable as unparsable:
            if error is None or f"def {name}" in block:
                broken, error = block, unparsable
    if not parsed and error is None:
        raise Unassembled("empty", "the reply holds no code: give the whole function")
    return Found(tuple(parsed), broken, error)


def source_of(text: str, name: str) -> str:
    """What of a reply was meant as code, whether it parses or not."""
    found = find_code(text, name)
    if found.error is not None and not any(f"def {name}" in part for part in found.parsed):
        return found.broken + "\n"
    return joined(found)


def joined(found: Found) -> str:
    return "\n\n".join(part.strip("\n") for part in found.parsed) + "\n"


def readable(block: str) -> str:
    """The block in the first way to read it that parses; raises the plainest reading's error."""
    first: Unparsable | None = None
    for reading in _readings(block):
        try:
            parse_loosely(reading)
        except Unparsable as error:
            first = first or error
        else:
            return reading
    raise first or Unparsable("no code")


def _blocks(text: str) -> list[str]:
    text = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    fenced = [(match["language"].strip(), match["code"]) for match in _FENCE.finditer(text)]
    python = [code for language, code in fenced if _language(language) in _PYTHON]
    chosen = python or [code for _, code in fenced] or [text]
    return [plain for block in chosen if (plain := _plain(block)).strip()]


def _language(text: str) -> str:
    return re.split(r"[\s{:,]", text.lower(), maxsplit=1)[0]


def _plain(block: str) -> str:
    """Without empty lines around it, without a common indentation, with spaces for the rest."""
    lines = [_leading_spaces(line) for line in block.split("\n")]
    return textwrap.dedent("\n".join(lines)).strip("\n").rstrip()


def _leading_spaces(line: str) -> str:
    body = line.lstrip(" \t\u00a0\u3000\u2003")
    return line[: len(line) - len(body)].replace("\u00a0", " ") + body


def _readings(block: str) -> Iterator[str]:
    yield block
    for width in (4, 8):
        yield _without_tabs(block, width)
    plain = _without_tabs(block, 4)
    yield _with_first_line_indented(plain)
    yield _without_prose(plain)


def _without_tabs(text: str, width: int) -> str:
    lines: list[str] = []
    for line in text.split("\n"):
        body = line.lstrip(" \t")
        lines.append(line[: len(line) - len(body)].expandtabs(width) + body)
    return "\n".join(lines)


def _with_first_line_indented(text: str) -> str:
    """A body whose first line lost its indentation when the reply was trimmed."""
    first, _, rest = text.partition("\n")
    depths = [len(line) - len(line.lstrip()) for line in rest.split("\n") if line.strip()]
    return textwrap.dedent(" " * min(depths, default=0) + first + "\n" + rest)


def _without_prose(text: str) -> str:
    return "\n".join(_kept(text))


def _kept(text: str) -> Iterator[str]:
    for chunk in _chunks(text):
        first, _, rest = chunk.partition("\n")
        if _parses(chunk) or _DEFINES.match(first):
            yield chunk
        elif rest.strip():
            if _CODE.match(first):
                yield chunk
            else:
                yield from _kept(textwrap.dedent(rest))


def _chunks(text: str) -> list[str]:
    """Each line that begins at the margin, with the lines that hang on it."""
    chunks: list[list[str]] = []
    quote = ""
    for line in text.split("\n"):
        if chunks and (quote or not line.strip() or _CONTINUES.match(line)):
            chunks[-1].append(line)
        else:
            chunks.append([line])
        quote = _open_quote(line, quote)
    return ["\n".join(lines) for lines in chunks]


def _open_quote(line: str, quote: str) -> str:
    """The triple quote that is open after this line."""
    for match in re.finditer(r"\"\"\"|'''", line):
        if not quote:
            quote = match.group()
        elif quote == match.group():
            quote = ""
    return quote


def _parses(text: str) -> bool:
    try:
        parse_loosely(text)
    except Unparsable:
        return False
    return True
