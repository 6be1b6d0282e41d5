"""What no pool can show, as its draws depend on earlier ones: ordinary runs of `lift eval`."""

import json
import subprocess
import sys
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from lift_sys.evaluation import Evaluation, read_evaluation

from .drawing import STAGES

EXECUTION = ["execution"]
TEMPERATURE = 0.8

RUNS = {
    "refine": "refine, up to 4 more tries, told what failed",
    "hybrid": "hybrid, best of 4 by execution, each refined up to twice",
    "small": "single, the small model",
    "cascade": "cascade, one of the small model, then one of the larger",
    "cascade of 4": "cascade, best of 4 of the small model, then of 4 of the larger",
}
"""By the name of the file that it is kept in."""


def run_all(
    folder: Path,
    provider: Mapping[str, Any],
    small: Mapping[str, Any],
    count: int,
    tasks: Collection[str],
    at_once: int,
) -> None:
    """`count` is the suite's option with which it has these tasks."""

    def run(name: str) -> None:
        print(f"{name} ...", flush=True)
        _run(folder, name, document(name, folder, provider, small), count)

    missing = [name for name in RUNS if read_run(folder, name, tasks) is None]
    with ThreadPoolExecutor(at_once) as executor:
        # The longest is the last of them: it begins first.
        list(executor.map(run, reversed(missing)))


def run_path(folder: Path, name: str) -> Path:
    return folder / "runs" / f"{name.replace(' ', '-')}.json"


def read_run(folder: Path, name: str, tasks: Collection[str]) -> Evaluation | None:
    """None: it was not run on all of these."""
    path = run_path(folder, name)
    found = read_evaluation(path) if path.exists() else None
    whole = found is not None and {*tasks} <= {row.task for row in found.rows}
    return found if whole else None


def document(
    name: str, folder: Path, provider: Mapping[str, Any], small: Mapping[str, Any]
) -> dict[str, Any]:
    refine = {"use": "refine", "model": "never"}
    best = {"strategy": {"use": "best-of-n", "n": 4}, "scorers": EXECUTION}
    attempts: dict[str, dict[str, Any]] = {
        "refine": {"strategy": refine},
        "hybrid": {
            "strategy": {"use": "best-of-n", "n": 4, "inner": {**refine, "rounds": 2}},
            "scorers": EXECUTION,
        },
        "cascade of 4": best,
    }
    cheap = {stage: {"provider": "small"} for stage in STAGES}
    routed: dict[str, Any] = {}
    stages = cheap if name == "small" else STAGES
    if name.startswith("cascade"):
        tiers = [{"route": "cheap", "usd": 0.001}, {"route": "default", "usd": 0.01}]
        routed = {"routes": {"cheap": cheap}, "router": {"use": "cascade", "tiers": tiers}}
    return {
        "version": 1,
        "seed": 1,
        "record": str(folder / "store.db"),
        "providers": {"base": dict(provider), "small": dict(small)},
        "sampling": {"max_tokens": 256, "temperature": TEMPERATURE, "logprobs": True},
        "stages": {**stages, "attempt": attempts.get(name, {"strategy": "single"})},
        "concurrency": {"tasks": 8},
        **routed,
    }


def _run(folder: Path, name: str, pipeline: Mapping[str, Any], count: int) -> None:
    path = run_path(folder, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    written, fresh = path.with_suffix(".yaml"), path.with_suffix(".new")
    written.write_text(json.dumps(pipeline), encoding="utf-8")  # JSON is YAML
    subprocess.run(
        [
            *(Path(sys.executable).with_name("lift"), "eval", written, "--quiet"),
            *("--tasks", "generated", "--option", f"count={count}", "--part", "in_family"),
            *("--json", "-o", fresh),
        ],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    fresh.replace(path)
