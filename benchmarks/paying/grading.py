"""Holds the codes of the pools against hidden tests, once all was drawn; each code once."""

import asyncio
import json
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from lift_sys.checking.sandbox import default_sandbox
from lift_sys.evaluation import judge_code
from lift_sys.evaluation.pools import Pool, PoolDraw
from lift_sys.evaluation.sources import open_source
from lift_sys.interfaces import Code, Hidden, Sandbox, Task
from lift_sys.plugins import PluginManager

from .drawing import pool_path, write

AT_ONCE = 4
SLICE = 8


class Order(NamedTuple):
    folder: Path
    options: dict[str, Any]
    tasks: tuple[str, ...]
    """As JSON."""
    sources: tuple[dict[str, str], ...]
    """Of each task, by digest."""


def grade_path(folder: Path, task: str) -> Path:
    return folder / "grades" / pool_path(folder, 0, task).name


class Grades:
    """What the hidden tests say, by task and code."""

    def __init__(self, folder: Path, tasks: Iterable[str]) -> None:
        self._right = {task: _read(grade_path(folder, task)) for task in tasks}

    def know(self, pool: Pool) -> bool:
        """Whether all its codes are graded."""
        return pool.codes.keys() <= self._right[pool.task].keys()

    def __call__(self, task: str, draw: PoolDraw) -> bool:
        return bool(draw.code) and self._right[task][draw.code]


def _read(path: Path) -> dict[str, bool]:
    return json.loads(path.read_bytes()) if path.exists() else {}


def grade_pools(
    folder: Path,
    options: Mapping[str, Any],
    tasks: Sequence[Task],
    pools: Sequence[Pool],
    executor: ProcessPoolExecutor,
) -> None:
    sources: dict[str, dict[str, str]] = {}
    for pool in pools:
        sources.setdefault(pool.task, {}).update(pool.codes)
    missing = [
        task
        for task in tasks
        if sources.get(task.id, {}).keys() - _read(grade_path(folder, task.id)).keys()
    ]
    orders = [
        Order(
            folder,
            dict(options),
            tuple(task.model_dump_json() for task in some),
            tuple(sources[task.id] for task in some),
        )
        for at in range(0, len(missing), SLICE)
        if (some := missing[at : at + SLICE])
    ]
    for number, _ in enumerate(executor.map(_graded, orders), 1):
        print(f"graded {number} of {len(orders)} slices", flush=True)


def _graded(order: Order) -> None:
    asyncio.run(_grade(order))


async def _grade(order: Order) -> None:
    tasks = [Task.model_validate_json(text) for text in order.tasks]
    source = open_source("generated", order.options, PluginManager.installed())
    hidden = source.hidden(tasks)
    sandbox = default_sandbox()
    try:
        for task, sources in zip(tasks, order.sources, strict=True):
            path = grade_path(order.folder, task.id)
            known = _read(path)
            fresh = [digest for digest in sources if digest not in known]
            for at in range(0, len(fresh), AT_ONCE):
                some = fresh[at : at + AT_ONCE]
                judged = [_right(task, sources[d], hidden[task.id], sandbox) for d in some]
                known.update(zip(some, await asyncio.gather(*judged), strict=True))
            write(path, json.dumps(known))
    finally:
        await sandbox.aclose()


async def _right(task: Task, source: str, hidden: Hidden, sandbox: Sandbox) -> bool:
    assert task.name is not None, "the suite pins what its functions are called"
    verdict, _ = await judge_code(Code(name=task.name, source=source), hidden, sandbox)
    return verdict.passed
