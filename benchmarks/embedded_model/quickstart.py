"""Which task and seed the quick start can show: wrong at one attempt, right at the best of eight.

    python benchmarks/embedded_model/quickstart.py [TASKS.jsonl] [--seeds 5]

TASKS.jsonl: tasks to try, as in examples/quickstart/task.jsonl, which is tried without it. What is
chosen goes into that file, and its seed into examples/quickstart/pipeline.yaml; new weights may
need another, and `tests/test_quickstart.py` fails then.
"""

import argparse
import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from lift_sys import Pipeline

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "quickstart"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("tasks", nargs="?", type=Path, default=EXAMPLE / "task.jsonl")
    parser.add_argument("--seeds", type=int, default=5)
    given = parser.parse_args()
    for seed in range(given.seeds):
        asyncio.run(tried(given.tasks.resolve(), seed))


async def tried(tasks: Path, seed: int) -> None:
    """One after the other with one record, as a person does it: the second begins with the draws of
    the first."""
    with TemporaryDirectory() as folder:
        await tried_with(tasks, seed, f"record={folder}/store.db")


async def tried_with(tasks: Path, seed: int, record: str) -> None:
    told: dict[str, list[str]] = {}
    for name in ("pipeline.yaml", "best-of-8.yaml"):
        overrides = [f"seed={seed}", f"tasks.path={tasks}", record]
        pipeline = Pipeline.load(EXAMPLE / name, overrides=overrides)
        async with pipeline.open() as session:
            async for result in session.solve_all(pipeline.tasks(), 4):
                code = result.solution.code if result.solution else None
                source = "" if code is None else code.source
                told.setdefault(result.task.id, []).extend([result.status, source])
    for task, (one, _, best, source) in told.items():
        mark = "SHOWS IT" if (one, best) == ("fail", "pass") else ""
        print(f"seed {seed}, {task}: {one}, then {best} {mark}", flush=True)
        if mark:
            print(source)


if __name__ == "__main__":
    main()
