"""`lift` with a slow scripted model in place of what is installed; says when it has begun.

    python interrupted_run.py DRAWN run PIPELINE ...

Every text that the model gave is a line of the file DRAWN the moment it was given.
"""

import asyncio
import itertools
import os
import sys

from lift_sys.cli import main
from lift_sys.interfaces import Completion, Reply, Route, Suite, Task, Usage
from lift_sys.pipeline.strategies import PlainDraws
from lift_sys.plugins import Component, PluginManager
from lift_sys.testing.providers import ANYTHING, ScriptedProvider
from lift_sys.testing.samples import IR_TEXT, TASK, WRONG_TEXT, asks_for_ir


class Slow(ScriptedProvider):
    """Each answer is another text, so that a record can be held against what was given."""

    def __init__(self, drawn: str) -> None:
        super().__init__([], capabilities=ANYTHING.model_copy(update={"n": 1}))
        self._file = os.open(drawn, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._numbers = itertools.count()

    async def complete(self, requests):
        number = next(self._numbers)
        await asyncio.sleep(0.003 * (1 + number % 5))
        text = IR_TEXT if asks_for_ir(requests[0]) else f"# {number}\n{WRONG_TEXT}"
        text = text.replace("Double a number", f"Double a number, {number}")
        os.write(self._file, f"{number}\n".encode())
        reply = Completion(text=text)
        return [Reply(completions=(reply,), usage=Usage(), model="slow")]

    async def aclose(self) -> None:
        os.close(self._file)


class Several:
    """Draws more than are wanted."""

    async def run(self, problem, ctx, want=1):
        return await PlainDraws().run(problem, ctx, 8)


class Again:
    """A router that goes on for a while."""

    def next(self, task, history, left):
        return Route(name="default", reason="again") if len(history) < 4 else None


def _task(number: int) -> Task:
    request = f"{TASK.request}, as number {number}"
    return TASK.model_copy(update={"id": f"t{number}", "request": request})


class Tasks:
    suite = Suite(name="some")

    def tasks(self):
        # Of one request the tasks would share their samples.
        return (_task(i) for i in range(3))

    def hidden(self, ids):
        return []


def components(drawn: str) -> PluginManager:
    return PluginManager.of(
        providers=[Component("slow", lambda *_: Slow(drawn), "answers late")],
        strategies=[Component("several", lambda *_: Several(), "draws eight")],
        routers=[Component("again", lambda *_: Again(), "four attempts")],
        data_sources=[Component("some", lambda *_: Tasks(), "four tasks")],
    )


if __name__ == "__main__":
    manager = components(sys.argv[1])
    PluginManager.installed = classmethod(lambda cls, policy=None: manager)
    os.write(2, b"begun\n")
    sys.exit(main(sys.argv[2:]))
