"""Draws the pools: every draw of a task at a temperature at once, in as many processes as asked."""

import asyncio
import hashlib
import os
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from lift_sys_best_of_n.plugin import lift_sys_strategies as best_of_n
from lift_sys_execution.plugin import ExecutionOptions
from lift_sys_execution.scorer import Execution
from lift_sys_rubric.plugin import RubricOptions
from lift_sys_rubric.scorer import Rubric
from pydantic import Field

from lift_sys import Pipeline
from lift_sys.evaluation.pools import Pool, PoolDraw
from lift_sys.interfaces import (
    Candidate,
    ConfigPath,
    Context,
    Outcome,
    Parts,
    Problem,
    Solution,
    Task,
)
from lift_sys.pipeline.alone import NoParts
from lift_sys.plugins import Component, Options, PluginManager

SLICE = 4
"""Tasks that one process draws for together: their requests share batches."""
STAGES = {"specify": {"provider": "base"}, "implement": {"provider": "base"}}


class Unit(NamedTuple):
    folder: Path
    provider: dict[str, Any]
    temperature: float
    draws: int
    tasks: tuple[str, ...]
    """As JSON."""


def pool_path(folder: Path, temperature: float, task: str) -> Path:
    name = hashlib.sha256(task.encode()).hexdigest()[:16]
    return folder / "pools" / f"{temperature:g}" / f"{name}.json"


def read_pool(folder: Path, temperature: float, task: str) -> Pool | None:
    path = pool_path(folder, temperature, task)
    return Pool.model_validate_json(path.read_bytes()) if path.exists() else None


def write(path: Path, text: str) -> None:
    """Whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{os.getpid()}")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)


def draw_pools(
    folder: Path,
    provider: Mapping[str, Any],
    tasks: Sequence[Task],
    temperatures: Sequence[float],
    draws: int,
    processes: int,
    minutes: float,
) -> None:
    """What is there is left alone. A slice of tasks is drawn for at every temperature before the
    next, so that what there is when the time is up can be compared."""
    units = [
        Unit(folder, dict(provider), temperature, draws, tuple(t.model_dump_json() for t in some))
        for at in range(0, len(tasks), SLICE)
        for temperature in temperatures
        if (
            some := [
                task
                for task in tasks[at : at + SLICE]
                if not pool_path(folder, temperature, task.id).exists()
            ]
        )
    ]
    until, done, begun = time.monotonic() + 60 * minutes, 0, time.monotonic()
    with workers(processes) as executor:
        futures: list[Future[float]] = []
        waiting = iter(units)
        for unit in waiting:
            futures.append(executor.submit(draw_unit, unit))
            if len(futures) == processes:
                break
        while futures:
            ended = next(as_completed(futures))
            futures.remove(ended)
            done += 1
            print(
                f"{done} of {len(units)} slices, {time.monotonic() - begun:.0f} s; "
                f"the last took {ended.result():.1f} s of processor",
                flush=True,
            )
            unit = next(waiting, None) if time.monotonic() < until else None
            if unit is not None:
                futures.append(executor.submit(draw_unit, unit))
    if done < len(units):
        print("the time is up: the same command goes on")


def workers(processes: int) -> ProcessPoolExecutor:
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # numpy looks when a worker imports it
    return ProcessPoolExecutor(processes, mp_context=get_context("spawn"))


def draw_unit(unit: Unit) -> float:
    """Seconds of the processor, without those of the sandbox."""
    before = time.process_time()
    asyncio.run(drawn(unit))
    return time.process_time() - before


async def drawn(unit: Unit) -> None:
    document = {
        "version": 1,
        "seed": 1,
        "record": str(unit.folder / "store.db"),
        "providers": {"base": {**unit.provider}},
        "sampling": {"max_tokens": 256, "temperature": unit.temperature, "logprobs": True},
        "stages": {
            **STAGES,
            "attempt": {
                "strategy": {
                    "use": "keep-all",
                    "n": unit.draws,
                    "folder": str(unit.folder),
                    "temperature": unit.temperature,
                }
            },
        },
        "concurrency": {"tasks": SLICE},
    }
    pipeline = Pipeline.load(document, plugins=_plugins(str(unit.provider["use"])))
    tasks = [Task.model_validate_json(text) for text in unit.tasks]
    async with pipeline.open(label=f"pool {unit.temperature:g}") as session:
        async for result in session.solve_all(tasks, SLICE):
            if result.status == "error":
                print(f"{result.task.id}: {result.why}", flush=True)


def _plugins(provider: str) -> PluginManager:
    installed = PluginManager.installed()
    keep_all = Component(
        name="keep-all",
        factory="paying.drawing:KeepAll",
        summary="Draws, keeps what a choice is made by, and takes the first",
        options=KeepAllOptions,
    )
    given = installed.component("providers", provider)
    return PluginManager.of(providers=[given], strategies=[keep_all, *best_of_n()])


class KeepAllOptions(Options):
    n: int = Field(ge=1)
    folder: ConfigPath
    temperature: float


class KeepAll:
    def __init__(self, options: KeepAllOptions, parts: Parts) -> None:
        self._options = options
        alone = NoParts("scorer", "kept", "")
        self._scorers = {
            "execution": Execution(ExecutionOptions(), alone),
            "rubric": Rubric(RubricOptions(), alone),
            "original rubric": Rubric(RubricOptions(preset="original"), alone),
        }

    async def run(
        self, problem: Problem[Solution], ctx: Context, want: int = 1
    ) -> Outcome[Solution]:
        options = self._options
        drawn = await problem.draw(ctx, options.n)
        pool = await self._pool(problem, drawn, ctx)
        path = pool_path(options.folder, options.temperature, problem.task.id)
        write(path, pool.model_dump_json(exclude_defaults=True))
        valid = tuple(each for each in drawn if each.value is not None)
        return Outcome(valid[:want], f"drew all {options.n}", tuple(drawn))

    async def _pool(
        self, problem: Problem[Solution], drawn: Sequence[Candidate[Solution]], ctx: Context
    ) -> Pool:
        own = list({each.parents[:1]: each for each in reversed(drawn)}.values())
        scores = {
            name: [score.value for score in await scorer.score(problem, own, ctx)]
            for name, scorer in self._scorers.items()
        }
        shared = Counter(call.id for each in own for call in each.calls)
        codes: dict[str, str] = {}
        draws: list[PoolDraw] = []
        for place, each in enumerate(own):
            tokens = sum(
                call.usage.output_tokens / shared[call.id]
                + (0 if shared[call.id] > 1 else call.usage.input_tokens)
                for call in each.calls
            )
            if each.value is None:
                draws.append(PoolDraw(form="", tokens=tokens))
                continue
            code = each.value.code
            digest = "" if code is None else hashlib.sha256(code.source.encode()).hexdigest()[:16]
            if code is not None:
                codes[digest] = code.source
            draws.append(
                PoolDraw(
                    form=problem.canonical(each.value),
                    behaviour=await problem.behaviour(each.value),
                    status=each.value.verdict.status,
                    scores={name: values[place] for name, values in scores.items()},
                    code=digest,
                    tokens=tokens,
                )
            )
        # Where a specification was no value, the core drew another code for one of the others: a
        # draw alone would have had nothing. Draws are alike, so any order is as good.
        missing = len(drawn) - len(own)
        draws += [PoolDraw(form="") for _ in range(missing)]
        Random(problem.task.id).shuffle(draws)
        calls = {call.id: call for each in own for call in each.calls if shared[call.id] > 1}
        return Pool(
            task=problem.task.id,
            draws=tuple(draws),
            codes=codes,
            prompt_tokens=sum(call.usage.input_tokens for call in calls.values()),
        )
