"""The generator's process, seen from the run: it is asked over a pipe and can be ended at will."""

import asyncio
import json
import os
import subprocess
import sys
import weakref
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from lift_sys.errors import PluginError
from lift_sys.ir import decode

from .order import Order

Arguments = tuple[Any, ...]
Judge = Callable[[Arguments], Awaitable[bool]]
"""Whether these arguments fail."""


class NothingToDrawError(Exception):
    """hypothesis knows no values of a parameter's type, or none that keep to its bounds."""


class Generator:
    """One process, for one examination at a time. It ends with this object at the latest."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-X", "utf8", "-m", f"{__package__}.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            text=True,
            encoding="utf-8",
            start_new_session=True,  # Ctrl-C is for the run alone.
        )
        self.close = weakref.finalize(self, _end, self._process)

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    async def draw(self, order: Order) -> list[Arguments]:
        """Raises NothingToDrawError."""
        answer = await self._ask({"order": order.model_dump()})
        return [decode(arguments) for arguments in answer["inputs"]]

    async def shrink(self, order: Order, fails: Sequence[int], tries: int, judge: Judge) -> None:
        """Puts ever smaller inputs to the judge, after those with these numbers, which fail."""
        asked: Any = {"order": order.model_dump(), "fails": [*fails], "tries": tries}
        while "done" not in (answer := await self._ask(asked)):
            asked = await judge(decode(answer["try"]))

    async def _ask(self, message: Any) -> dict[str, Any]:
        try:
            line = await asyncio.to_thread(self._converse, json.dumps(message) + "\n")
        except asyncio.CancelledError:
            # The thread waits for the process, so the process must not outlive the question.
            self.close()
            raise
        if not line:
            raise PluginError(
                "the process that runs hypothesis ended by itself",
                remedy="see whether `python -m lift_sys_hypothesis.worker` starts",
            )
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise NothingToDrawError(answer["error"])
        return answer

    def _converse(self, message: str) -> str:
        into, out = self._process.stdin, self._process.stdout
        if into is None or out is None:
            raise TypeError("the process was started with pipes")
        try:
            into.write(message)
            into.flush()
            return out.readline()
        except (OSError, ValueError):  # It ended, or was ended meanwhile.
            return ""


def _environment() -> dict[str, str]:
    """Sets of strings in one order, and no place to leave files in."""
    kept = ("PATH", "PYTHONPATH", "SYSTEMROOT", "VIRTUAL_ENV")
    given = {name: os.environ[name] for name in kept if name in os.environ}
    nowhere = f"{os.devnull}/hypothesis"
    return {**given, "PYTHONHASHSEED": "0", "HYPOTHESIS_STORAGE_DIRECTORY": nowhere}


def _end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
