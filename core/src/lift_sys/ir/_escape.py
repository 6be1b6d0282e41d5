"""Text of others, made safe to show: in a terminal, and inside Markdown."""

import re
import unicodedata

_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_MARKDOWN = re.compile(r"([\\`*_\[\]<>&|~#$!@^{}])")
_LINE_START = re.compile(r"^(\d+)([.)])|^([-+=:])")
_ADDRESS = re.compile(r"(://)|(?i:(?<=www)\.)")


def visible(text: str) -> str:
    """On one line, and what is invisible or steers a terminal written as an escape."""
    return "".join(_shown(character) for character in text)


def inline(text: str) -> str:
    """As running text of Markdown: nothing in it is markup, a link or a line of its own."""
    line = " ".join(visible(part) for part in text.split())
    line = _MARKDOWN.sub(r"\\\1", line)
    line = _ADDRESS.sub(lambda match: "\\" + match[0], line)
    return _LINE_START.sub(lambda match: f"{match[1] or ''}\\{match[2] or match[3]}", line)


def code(text: str) -> str:
    """As a code span of Markdown, however many backticks are in it."""
    line = visible(text.replace("\n", " ").strip())
    longest = max((len(run) for run in re.findall(r"`+", line)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if line.startswith("`") or line.endswith("`") or not line else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def _shown(character: str) -> str:
    if character.isprintable() and unicodedata.category(character) not in _HIDDEN:
        return character
    number = ord(character)
    known = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}.get(character)
    if known is not None:
        return known
    return f"\\x{number:02x}" if number < 256 else f"\\u{number:04x}"
