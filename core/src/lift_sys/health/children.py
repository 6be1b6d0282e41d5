"""Asks a module of this package in a process of its own, which may hang, crash or print."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from ..errors import LiftError


class NoAnswer(Exception):
    """`cause` goes on a sentence."""

    def __init__(self, cause: str, remedy: str = "") -> None:
        super().__init__(cause)
        self.cause = cause
        self.remedy = remedy


def ask(module: str, *arguments: str, seconds: float) -> Any:
    """What the module's `answer` gave for these arguments. Raises NoAnswer."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "answer"
        try:
            status = subprocess.call(
                [sys.executable, "-P", "-m", module, str(place), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=seconds,
            )
        except subprocess.TimeoutExpired:
            raise NoAnswer(f"gives no answer within {seconds:g} s") from None
        except OSError as error:
            raise NoAnswer(f"cannot be asked: {error.strerror or error}") from None
        try:
            told = json.loads(place.read_bytes())
        except (OSError, ValueError):
            raise NoAnswer(f"ends without an answer (exit status {status})") from None
    if "cause" in told:
        raise NoAnswer(told["cause"], told["remedy"])
    return told["answer"]


def reply(answer: Callable[..., Any], arguments: Sequence[str]) -> None:
    """For the `__main__` of such a module."""
    place, *rest = arguments
    try:
        told = {"answer": answer(*rest)}
    except LiftError as error:
        told = {"cause": error.cause, "remedy": error.remedy}
    except Exception as error:  # noqa: BLE001 - told where it was asked for
        told = {"cause": f"{type(error).__name__}: {error}", "remedy": ""}
    Path(place).write_text(json.dumps(told), encoding="utf-8")
