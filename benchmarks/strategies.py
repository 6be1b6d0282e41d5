"""Strategies, scorers and routers on a real model: success and cost on the same tasks and seeds.

    python benchmarks/strategies.py [--limit 100] [--draws 8] [--only best-of-n] [--write]

The model is that of `lift-sys-embedded`, on tasks of the families it was taught, worded otherwise.
It cannot judge, criticise or write tests of its own: what needs that is run on a scripted model in
`tests/test_strategies_on_phases.py` and is not in this table. Prices are made up: a dollar for a
million tokens of the larger model, 30 cents of the smaller, so that costs can be compared.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results" / "strategies.md"
EXECUTION = ["execution"]
PACKAGES = ("lift-sys", "lift-sys-embedded")

Document = dict[str, Any]


def pipelines(draws: int) -> Iterator[tuple[str, Document]]:
    yield "single", on_attempts("single")
    yield "single, three tries on invalid replies", on_stages({"use": "single", "retries": 3})
    best: Document = {"use": "best-of-n", "n": draws}
    yield f"best of {draws} attempts, by execution", on_attempts(best, EXECUTION)
    first = {"use": "best-of-n", "n": draws, "stop_at": "pass"}
    yield "the same, ends at the first that passes", on_attempts(first, EXECUTION)
    yield f"best of {draws} attempts, by agreement", on_attempts(best, ["agreement"])
    yield f"best of {draws} attempts, by log-probability", on_attempts(best, ["logprob"])
    original = [{"use": "rubric", "preset": "original"}]
    yield (
        f"best of {draws} specifications, by the original rubric, temperature 0.2",
        on_specify(best, original, 0.2),
    )
    yield "the same, temperature 0.8", on_specify(best, original, 0.8)
    yield "the same, capped rubric", on_specify(best, ["rubric"], 0.8)
    votes: Document = {"use": "self-consistency", "n": draws}
    yield f"self-consistency of {draws} attempts", on_attempts(votes)
    agreed: Document = {"use": "dual-agreement", "n": draws, "tests": "specified"}
    yield f"dual-agreement of {draws} attempts, their own assertions", on_attempts(agreed)
    yield "refine, by the checks", on_attempts({"use": "refine", "model": "never"})
    cheap = {"specify": {"provider": "small"}, "implement": {"provider": "small"}}
    tiers = [{"route": "cheap", "usd": 0.0001}, {"route": "default", "usd": 0.0003}]
    router = {"use": "cascade", "tiers": tiers}
    yield (
        "cascade, small to base",
        on_attempts("single") | {"routes": {"cheap": cheap}, "router": router},
    )


def base(temperature: float) -> Document:
    models: Mapping[str, float] = {"base": 1.0, "small": 0.3}
    return {
        "version": 1,
        "seed": 1,
        "providers": {
            name: {
                "use": "embedded",
                "model": name,
                "temperature": temperature,
                "refuse": False,
                "price": {"input": price, "output": price},
            }
            for name, price in models.items()
        },
        "stages": {"specify": {"provider": "base"}, "implement": {"provider": "base"}},
        "sampling": {"max_tokens": 256, "logprobs": True},
        "concurrency": {"tasks": 4},
    }


def on_attempts(strategy: Any, scorers: Any = (), temperature: float = 0.8) -> Document:
    document = base(temperature)
    document["stages"]["attempt"] = {"strategy": strategy, "scorers": [*scorers]}
    return document


def on_specify(strategy: Any, scorers: Any, temperature: float) -> Document:
    document = base(temperature)
    document["stages"]["specify"] |= {"strategy": strategy, "scorers": [*scorers]}
    return document


def on_stages(strategy: Any, temperature: float = 0.8) -> Document:
    document = base(temperature)
    for stage in document["stages"].values():
        stage["strategy"] = strategy
    return document


def evaluated(document: Document, folder: Path, limit: int) -> dict[str, Any]:
    pipeline, result = folder / "pipeline.yaml", folder / "result.json"
    document["record"] = str(folder / "store.db")
    pipeline.write_text(json.dumps(document), encoding="utf-8")  # JSON is YAML
    subprocess.run(
        [
            *(Path(sys.executable).with_name("lift"), "eval", str(pipeline), "--quiet", "--new"),
            *("--tasks", "generated", "--part", "in_family", "--limit", str(limit), "--seed", "1"),
            *("-o", str(result), "--json"),
        ],
        check=True,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )
    return json.loads(result.read_text(encoding="utf-8"))["summary"]


def row(name: str, found: Mapping[str, Any]) -> str:
    right, accepted, oracle = found["right"], found["false_accepts"], found["oracle"]
    low, high = right["interval"]
    usd = found["usd"]  # with what samples cost that an earlier line drew: each pays for its own
    thousand = f"{usd / right['right'] * 1e3:.2f}" if right["right"] else ""
    return (
        f"| {name} | {right['right']} of {right['n']} | {low:.0%} to {high:.0%} "
        f"| {oracle['right']} | {usd / right['n'] * 1e3:.2f} | {thousand} "
        f"| {accepted['right']} of {accepted['n']} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--limit", type=int, default=100, help="tasks")
    parser.add_argument("--draws", type=int, default=8)
    parser.add_argument("--only", default="", help="what has this in its name")
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    lines: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for name, document in pipelines(given.draws):
            if given.only in name:
                lines.append(row(name, evaluated(document, Path(folder), given.limit)))
                print(lines[-1], flush=True)
    if given.write:
        RESULTS.write_text(report(lines), encoding="utf-8")


def report(lines: list[str]) -> str:
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    told = "\n".join(lines)
    notes = (__doc__ or "").split("\n\n")[2].strip()
    return f"""# Strategies on a real model

    python benchmarks/strategies.py --write

{notes}

| | right | 95 % | a right one drawn | $ a 1000 tasks | $ a 1000 right | accepted, wrong |
|---|---|---|---|---|---|---|
{told}

{datetime.now(UTC):%Y-%m-%d}, {versions}, Python {platform.python_version()}.
"""


if __name__ == "__main__":
    main()
