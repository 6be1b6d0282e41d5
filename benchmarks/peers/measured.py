"""What every contestant does with its `solve`: warm up, then measure. Standard library only."""

import asyncio
import gc
import json
import resource
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

WARM = 4

Messages = list[dict[str, str]]
Solve = Callable[[Sequence[Messages]], Awaitable[list[str | None]]]
"""From prompts to the answers chosen, JSON texts; None where nothing was."""


def prompts_in(file: str) -> list[Messages]:
    return json.loads(Path(file).read_text(encoding="utf-8"))


async def contest(solve: Solve, prompts: Sequence[Messages]) -> dict[str, Any]:
    """The first few prompts are for connections and caches."""
    await solve(prompts[:WARM])
    gc.collect()
    wall, cpu = time.perf_counter(), time.process_time()
    answers = await solve(prompts[WARM:])
    return {
        "wall": time.perf_counter() - wall,
        "cpu": time.process_time() - cpu,
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "answers": answers,
    }


def reward(text: str) -> float:
    """Cheap on purpose: who chooses is not what is measured."""
    try:
        return 1.0 / len(json.loads(text)["intent"]["summary"])
    except (ValueError, KeyError, TypeError):
        return 0.0


def run(solve: Solve, prompts_file: str) -> None:
    json.dump(asyncio.run(contest(solve, prompts_in(prompts_file))), sys.stdout)
