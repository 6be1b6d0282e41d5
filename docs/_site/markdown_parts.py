"""Small pieces of Markdown."""

from collections.abc import Iterable, Sequence
from html import escape


def table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [titles, ["---"] * len(titles), *rows]
    return "".join(f"| {' | '.join(map(_cell, line))} |\n" for line in lines)


def code(text: str) -> str:
    """`text`, whatever is in it; nothing for nothing."""
    if not text:
        return ""
    if "|" in text:  # which would end a cell, and cannot be escaped in backticks
        return f"<code>{escape(text).replace('|', '&#124;')}</code>"
    fence = "``" if "`" in text else "`"
    pad = " " if "`" in text else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
