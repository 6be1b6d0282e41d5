"""A whole run that is killed and resumed until it ends, each time in a process of its own."""

import asyncio
import json
import os
from collections.abc import Iterator
from pathlib import Path

from killed import fork

from lift_sys import Pipeline
from lift_sys.interfaces import Completion, Price, Reply, Route, Usage
from lift_sys.pipeline.recorded import RunRecord
from lift_sys.pipeline.strategies import PlainDraws
from lift_sys.plugins import Component, PluginManager
from lift_sys.store import Store
from lift_sys.testing.providers import ANYTHING, ScriptedProvider
from lift_sys.testing.samples import IR_TEXT, TASK, WRONG_TEXT, asks_for_ir
from lift_sys.testing.sandboxes import TrustingSandbox

TASKS = [
    TASK.model_copy(update={"id": f"t{i}", "request": f"{TASK.request} (number {i})"})
    for i in range(4)
]
_DISTRIBUTIONS = {"lift-sys": "0"}


class BySeed(ScriptedProvider):
    """What it says depends on what it is asked and on the seed; each call leaves a line."""

    def __init__(self, given: Path) -> None:
        priced = {"n": 2, "seed": True, "price": Price(input=1, output=2)}
        super().__init__([], capabilities=ANYTHING.model_copy(update=priced))
        self._given = os.open(given, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    async def complete(self, requests):
        (request,) = requests
        seed = request.sampling.seed
        await asyncio.sleep(0.001 * (1 + seed % 4))
        text = IR_TEXT if asks_for_ir(request) else f"# {seed}\n{WRONG_TEXT}"
        summary = f"Double a number, {seed}"
        texts = [
            text.replace("Double a number", f"{summary}, {place}") + f"\n# {place}" * ("#" in text)
            for place in range(request.sampling.n)
        ]
        os.write(self._given, f"{seed}\n".encode())
        completions = tuple(Completion(text=each) for each in texts)
        usage = Usage.estimate(request.messages, completions)
        return [Reply(completions=completions, usage=usage, model="by seed")]


class Several:
    async def run(self, problem, ctx, want=1):
        return await PlainDraws().run(problem, ctx, 6)


class Again:
    def next(self, task, history, left):
        return Route(name="default", reason="again") if len(history) < 3 else None


def plugins(given: Path) -> PluginManager:
    return PluginManager.of(
        providers=[Component("by-seed", lambda *_: BySeed(given), "answers by seed")],
        strategies=[Component("several", lambda *_: Several(), "draws six")],
        routers=[Component("again", lambda *_: Again(), "three attempts")],
        sandboxes=[Component("trusting", lambda *_: TrustingSandbox(), "trusts")],
    )


def document(place: str) -> dict:
    stage = {"provider": "model", "strategy": "several"}
    return {
        "version": 1,
        "providers": {"model": "by-seed"},
        "stages": {"specify": stage, "implement": stage},
        "router": "again",
        "sandbox": "trusting",
        "record": place,
        # Else another run's samples would be found there.
        "cache": "off",
    }


async def _run(place: str, label: str, given: Path) -> None:
    pipeline = Pipeline.load(document(place), plugins=plugins(given))
    async with pipeline.open(label=label) as session:
        async for _ in session.solve_all(TASKS, 2):
            pass


async def _resume(place: str, run: str, given: Path) -> None:
    with Store.open(place) as store:
        record = RunRecord.of(store.events(run))
        pipeline = Pipeline.of_record(record, plugins=plugins(given))
        begun = {task.task.id for task in record.tasks.values()}
        further = [task for task in TASKS if task.id not in begun]
        async with pipeline.resume(record, store) as resumed:
            async for _ in resumed.results(further, 2):
                pass


def start(place: str, label: str, given: Path, run: str | None) -> int:
    """The process that runs, or goes on with `run`."""

    def work() -> None:
        begun = _run(place, label, given) if run is None else _resume(place, run, given)
        asyncio.run(begun)
        os._exit(0)

    return fork(work)


def results(store: Store, run: str) -> dict[str, str]:
    """Of each task, without what the clock says and what calls are called."""
    ended = (each.event for each in store.events(run, kinds=["task_ended"]))
    return {
        event.task: json.dumps(
            [event.status, event.why, event.solution and event.solution.model_dump(mode="json")]
        )
        for event in ended
    }


def bill(store: Store, run: str) -> Iterator[tuple[int, float]]:
    seen: set[str] = set()
    for recorded in store.events(run, kinds=["call_made"]):
        call = recorded.event.call
        assert call.id not in seen, "a call is counted twice"
        seen.add(call.id)
        yield call.usage.input_tokens + call.usage.output_tokens, call.cost
