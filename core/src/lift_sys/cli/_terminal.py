"""What every command prints with: foreign text can neither steer a terminal nor break it."""

import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from io import TextIOWrapper
from typing import Any

from ..errors import InputError, LiftError

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


class UnwritableOutput(InputError):
    """Standard output takes no more."""


class _Concealment:
    def __init__(self) -> None:
        self.redact: Callable[[str], str] = str


_CONCEALMENT = _Concealment()


def conceal(redact: Callable[[str], str] = str) -> None:
    """From now on whatever is shown goes through `redact`, errors and tracebacks too."""
    _CONCEALMENT.redact = redact


def plain(text: str) -> str:
    """Without secrets, escape sequences, half and control characters (but line ends and tabs)."""
    text = _CONTROLS.sub("", _ESCAPES.sub("", text.replace("\r\n", "\n")))
    return _CONCEALMENT.redact(text).encode("utf-8", "replace").decode()


def line(text: str) -> str:
    """The same, on one line."""
    return " ".join(plain(text).split())


def out(text: str = "") -> None:
    _write(plain(text) + "\n")


def out_lines(texts: Iterable[str]) -> None:
    """Each on one line; what is indented keeps its columns."""
    for text in texts:
        out(" ".join(text.splitlines()) if text.startswith("  ") else line(text))


def out_json(document: Any) -> None:
    """On one line, in ASCII alone. The caller sees to secrets: in text they have no structure."""
    _write(json.dumps(document) + "\n")


def out_pieces(pieces: Iterable[str]) -> None:
    """Of one JSON text, on one line; the caller sees to secrets."""
    for piece in pieces:
        _write(piece)
    _write("\n")


def flush() -> None:
    _write("", flush=True)


def _write(text: str, *, flush: bool = False) -> None:
    try:
        sys.stdout.write(text)
        if flush:
            sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise UnwritableOutput(
            f"cannot write to standard output: {error.strerror}",
            remedy="make room there, or send it elsewhere",
        ) from error


def err(text: str) -> None:
    with suppress(OSError):  # then nobody can be told anything
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


def prepare_streams() -> None:
    """A character that the terminal's encoding lacks is shown escaped, not raised.

    A stream that the caller closed leads nowhere, so that no file takes its number.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
