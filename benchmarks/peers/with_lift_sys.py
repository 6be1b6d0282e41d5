"""`python with_lift_sys.py URL MODEL STRATEGY PROMPTS JOB`: a whole pipeline up to its answer.

Config, session, budgets, gateway, the `openai` plugin and the strategy's own distribution. The JOB
is `full` (replies are read as specifications, checked, compared by what they demand, and every
event is recorded) or `plain` (what the others do: texts, compared as JSON, and nothing recorded).
PROMPTS is written where it is missing: what this pipeline asks, for the others to ask the same.
"""

import asyncio
import json
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import lift_sys_best_of_n.plugin
import lift_sys_openai.plugin
import lift_sys_schema.plugin
import lift_sys_self_consistency.plugin
from measured import WARM, Messages, contest, prompts_in
from plain import PlainProblem, Rewarded, Text

from lift_sys import Pipeline
from lift_sys.interfaces import Context, Outcome, Parts, Problem, Request, StrategyRef, Task
from lift_sys.ir import IR
from lift_sys.plugins import Component, Options, PluginManager
from lift_sys.testing.providers import ScriptedProvider
from lift_sys.testing.samples import IR_TEXT
from lift_sys.testing.sandboxes import TrustingSandbox

DRAWS, AT_ONCE, TASKS = 8, 32, 100
STRATEGIES: dict[str, dict[str, Any]] = {
    "best-of-n": {"use": "best-of-n", "n": DRAWS, "rounds": "one", "distinct": 0},
    "self-consistency": {"use": "self-consistency", "n": DRAWS, "batch": DRAWS},
}

T = TypeVar("T")


@dataclass(frozen=True)
class Job:
    see: Callable[[Problem[Any]], Problem[Any]]
    """The problem as the strategy meets it."""
    scorer: str
    recorded: bool


JOBS: Mapping[str, Job] = {
    "full": Job(lambda problem: problem, "schema", recorded=True),
    "plain": Job(PlainProblem.of, "rewarded", recorded=False),
}


class Inner(Options):
    inner: StrategyRef


class OnlySpecify:
    """Keeps what the strategy chose and ends the task there, as the others do."""

    def __init__(self, options: Inner, parts: Parts, job: Job) -> None:
        self._inner = parts.strategy(options.inner)
        self._job = job
        self.chosen: dict[str, str] = {}

    async def run(self, problem: Problem[T], ctx: Context, want: int = 1) -> Outcome[T]:
        outcome = await self._inner.run(self._job.see(problem), ctx, want)
        value = None if outcome.best is None else outcome.best.value
        if isinstance(value, IR):
            self.chosen[problem.task.id] = value.model_dump_json()
        elif isinstance(value, Text):
            self.chosen[problem.task.id] = value.text
        return replace(outcome, winners=())


@asynccontextmanager
async def pipeline(
    provider: Component, options: dict[str, Any], strategy: str, job: Job
) -> AsyncIterator[Any]:
    made: list[OnlySpecify] = []

    def create(inner: Inner, parts: Parts) -> OnlySpecify:
        made.append(OnlySpecify(inner, parts, job))
        return made[-1]

    manager = PluginManager.of(
        providers=[provider],
        strategies=[
            *lift_sys_best_of_n.plugin.lift_sys_strategies(),
            *lift_sys_self_consistency.plugin.lift_sys_strategies(),
            Component("only-specify", create, "for this comparison", options=Inner),
        ],
        scorers=[
            *lift_sys_schema.plugin.lift_sys_scorers(),
            Component("rewarded", lambda *_: Rewarded(), "for this comparison"),
        ],
        # In this very process, so that what checks cost is counted too.
        sandboxes=[Component("trusting", lambda *_: TrustingSandbox(), "for this comparison")],
    )
    specify = {
        "provider": "model",
        "strategy": {"use": "only-specify", "inner": STRATEGIES[strategy]},
        "scorers": [job.scorer],
    }
    with tempfile.TemporaryDirectory() as folder:
        document = {
            "version": 1,
            "providers": {"model": {"use": provider.name, **options}},
            "stages": {"specify": specify, "implement": {"provider": "model"}},
            "concurrency": {"tasks": AT_ONCE},
            "sandbox": "trusting",
            "record": f"{folder}/store.db" if job.recorded else None,
            "cache": "off",
        }
        async with Pipeline.load(document, plugins=manager).open() as session:

            async def solve(tasks: Sequence[Task]) -> dict[str, str]:
                async for _ in session.solve_all(tasks, AT_ONCE):
                    pass
                return made[-1].chosen

            yield solve


def tasks() -> list[Task]:
    return [
        Task(id=f"t{number}", request=f"Create a function that adds {number}")
        for number in range(WARM + TASKS)
    ]


async def asked() -> list[Messages]:
    """What each task asks of a model."""
    sent: dict[str, Messages] = {}

    def listen(request: Request) -> str:
        messages = [{"role": one.role, "content": one.content} for one in request.messages]
        sent.setdefault(messages[-1]["content"], messages)
        return IR_TEXT

    provider = Component("listening", lambda *_: ScriptedProvider(listen), "listens")
    async with pipeline(provider, {}, "best-of-n", JOBS["plain"]) as solve:
        for task in tasks():
            await solve([task])
    return list(sent.values())


def main() -> None:
    url, model, strategy, file, job = sys.argv[1:]
    if not Path(file).exists():
        Path(file).write_text(json.dumps(asyncio.run(asked())), encoding="utf-8")
    ready = {task.id: task for task in tasks()}
    in_order = iter(ready.values())

    async def ours() -> dict[str, Any]:
        (component,) = lift_sys_openai.plugin.lift_sys_providers()
        options: dict[str, Any] = {"base_url": url, "model": model, "api_key": "any"}
        if model == "failing":
            options["n"] = 1
        options["in_flight"] = AT_ONCE
        async with pipeline(component, options, strategy, JOBS[job]) as solve_tasks:

            async def solve(prompts: Sequence[Messages]) -> list[str | None]:
                now = [next(in_order) for _ in prompts]
                chosen = await solve_tasks(now)
                return [chosen.get(task.id) for task in now]

            return await contest(solve, prompts_in(file))

    json.dump(asyncio.run(ours()), sys.stdout)


if __name__ == "__main__":
    main()
