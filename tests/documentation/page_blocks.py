"""The code blocks of a page, and what its console blocks must show."""

import re
from pathlib import Path
from typing import NamedTuple

ONCE = "Once"
"""The title of console blocks that install things from the network."""

_FENCE = re.compile(r'^```(\w*)(?: title="(.+?)")?\n(.*?)^```$', re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    language: str
    title: str
    """A file to write, `Once`, or empty."""
    text: str


def blocks(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    found = [Block(*parts) for parts in _FENCE.findall(text)]
    assert text.count("\n```") == 2 * len(found), f"{page} has a fence that nothing runs"
    return found


def commands(text: str) -> list[tuple[str, str]]:
    """Of a console block: each line to run, and what it must show."""
    found = re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]
    assert found, "a console block begins with `$ `"
    return [(line, expected) for line, _, expected in (each.partition("\n") for each in found)]


def shows(expected: str, shown: str) -> bool:
    """`...` stands for anything."""
    pattern = ".*".join(re.escape(part) for part in expected.strip().split("..."))
    return re.fullmatch(pattern, shown.strip(), re.DOTALL) is not None
