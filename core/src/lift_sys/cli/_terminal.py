"""What every command prints with: foreign text can neither steer a terminal nor break it."""

import re
import sys
from collections.abc import Sequence
from io import TextIOWrapper

from ..errors import LiftError

_ESCAPES = re.compile(
    # Colours and the cursor; titles and links, which end by BEL or ST; then all else.
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])"
    r"[^\x07\x1b\x90\x98\x9c-\x9f]*(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]*[0-~]"
)
_CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"
    "\u200e\u200f\u202a-\u202e\u2066-\u2069]"  # which turn the reading direction
)


def plain(text: str) -> str:
    """Without escape sequences, control characters (but line ends and tabs) and half characters."""
    text = text.replace("\r\n", "\n")
    return _CONTROLS.sub("", _ESCAPES.sub("", text)).encode("utf-8", "replace").decode()


def line(text: str) -> str:
    """The same, on one line."""
    return " ".join(plain(text).split())


def out(text: str = "") -> None:
    sys.stdout.write(plain(text) + "\n")


def err(text: str) -> None:
    sys.stderr.write(plain(text) + "\n")


def tell(error: LiftError) -> int:
    """Shows the error; gives the exit code it stands for."""
    complain(error.cause, error.remedy)
    return error.exit_code


def complain(cause: str, remedy: str = "") -> None:
    err(f"error: {cause}")
    if remedy:
        err(f"remedy: {remedy}")


def columns(rows: Sequence[Sequence[str]], indent: str = "  ") -> list[str]:
    """Rows of cells as aligned lines."""
    cleaned = [[line(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cleaned, strict=True)]
    return [
        (
            indent + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        ).rstrip()
        for row in cleaned
    ]


def never_fail_to_encode() -> None:
    """A character that the terminal's encoding lacks is shown escaped, not raised."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
