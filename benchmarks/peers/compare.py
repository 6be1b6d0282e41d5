r"""Best-of-N and self-consistency beside those of its_hub and DSPy, on one loopback server.

    python3 -m venv .venv-peers
    .venv-peers/bin/pip install 'its_hub[lm]==1.2.0' dspy==3.4.1
    python3 -m venv .venv-ours
    .venv-ours/bin/pip install -c constraints.txt ./core ./plugins/providers/openai \
        ./plugins/scorers/schema ./plugins/strategies/best_of_n \
        ./plugins/strategies/self_consistency
    python benchmarks/peers/compare.py [--repeats 3] [--peers PYTHON] [--ours PYTHON]

100 tasks x 8 draws, 50 ms latency, 32 at a time; each contestant in a process of its own, in turn,
and in an environment without what it does not need: SDKs import what they happen to find.
"""

import argparse
import json
import math
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
RESULTS = HERE.parent / "results" / "peers.md"
STRATEGIES = ("best-of-n", "self-consistency")
TASKS, DRAWS = 100, 8
PATIENCE = 120
"""Seconds after which a contestant is said to stand still, and has no answers."""
OURS, FULL = "lift-sys, plain", "lift-sys, full"
COLUMNS = {"wall": "wall", "cpu": "CPU", "memory_mb": "memory", "requests": "requests"}
CONTESTANTS: Mapping[str, tuple[str, ...]] = {
    OURS: ("with_lift_sys.py", "plain"),
    FULL: ("with_lift_sys.py", "full"),
    "its_hub": ("with_its_hub.py",),
    "DSPy": ("with_dspy.py",),
}
"""The script of each, and what it is told besides."""
QUESTIONS = (
    ("five of eight say it in five orders of keys", "orders", "self-consistency", "2 * x"),
    ("five of eight say `min`, three `max`", "alike", "self-consistency", "min"),
    ("one HTTP error of eight: answered all the same", "failing", "best-of-n", "2 * x"),
    ("the same, by vote", "failing", "self-consistency", "2 * x"),
)
"""What is asked, how the server and the contestant play, and what the right answer has in it."""


class Measured(NamedTuple):
    wall: float
    cpu: float
    memory_mb: float
    requests: float
    answers: Sequence[str | None]

    @property
    def stood_still(self) -> bool:
        return math.isnan(self.cpu)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--peers", type=Path, default=ROOT / ".venv-peers/bin/python")
    parser.add_argument("--ours", type=Path, default=ROOT / ".venv-ours/bin/python")
    parser.add_argument("--write", action="store_true", help=f"into {RESULTS.name}")
    given = parser.parse_args()
    pythons = {
        name: str(given.ours if name.startswith("lift-sys") else given.peers)
        for name in CONTESTANTS
    }
    with tempfile.TemporaryDirectory() as folder, server() as url:
        contest = Contest(url, pythons, Path(folder, "prompts.json"))
        parts = [contest.speed(strategy, given.repeats) for strategy in STRATEGIES]
        parts.append(contest.votes())
    report = "\n".join([head(given.peers, given.repeats), *parts, foot(given.repeats)])
    print(report)
    if given.write:
        RESULTS.write_text(report, encoding="utf-8")


@contextmanager
def server() -> Iterator[str]:
    command = [sys.executable, str(HERE / "server.py")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


class Contest:
    def __init__(self, url: str, pythons: Mapping[str, str], prompts: Path) -> None:
        self._url, self._pythons, self._prompts = url, pythons, prompts

    def run(self, name: str, model: str, strategy: str) -> Measured:
        before = self._stats()
        script, *told = CONTESTANTS[name]
        command = [self._pythons[name], str(HERE / script), self._url, model, strategy]
        try:
            done = subprocess.run(
                [*command, str(self._prompts), *told],
                capture_output=True,
                text=True,
                check=False,
                timeout=PATIENCE,
                env={k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"},
            )
        except subprocess.TimeoutExpired:
            return Measured(PATIENCE, math.nan, math.nan, math.nan, ())
        if done.returncode:
            sys.exit(f"{name} failed:\n{done.stderr[-2000:]}")
        found = json.loads(done.stdout.splitlines()[-1])
        share = TASKS / len(json.loads(self._prompts.read_text(encoding="utf-8")))
        requests = (self._stats()["requests"] - before["requests"]) * share
        return Measured(**found, requests=requests)

    def speed(self, strategy: str, repeats: int) -> str:
        found: dict[str, list[Measured]] = {name: [] for name in CONTESTANTS}
        for name in CONTESTANTS:
            self.run(name, "steady", strategy)  # compiles what was never imported
        for _ in range(repeats):
            for name, runs in found.items():
                runs.append(self.run(name, "steady", strategy))
        lines = [
            f"## {strategy}",
            "",
            "| | wall | CPU a draw | memory | requests sent | wall and CPU, times our plain |",
            "|---|---|---|---|---|---|",
        ]
        medians = {
            name: [statistics.median(getattr(one, field) for one in runs) for field in COLUMNS]
            for name, runs in found.items()
        }
        for name, runs in found.items():
            wall, cpu, memory, requests = medians[name]
            pairs = [*zip(runs, found[OURS], strict=True)]
            lines.append(
                f"| {name} | {wall:.2f} s | {cpu / TASKS / DRAWS * 1e3:.2f} ms "
                f"| {memory:.0f} MB | {requests:.0f} "
                f"| {statistics.median(one.wall / ours.wall for one, ours in pairs):.2f}, "
                f"{statistics.median(one.cpu / ours.cpu for one, ours in pairs):.2f} |"
            )
        return "\n".join([*lines, "", *ahead(medians), ""])

    def votes(self) -> str:
        """Shares of the tasks for which the right answer was chosen."""
        lines = [
            "## What is chosen",
            "",
            "| of 100 tasks | " + " | ".join(CONTESTANTS) + " |",
            "|---|" + "---|" * len(CONTESTANTS),
        ]
        for what, model, strategy, right in QUESTIONS:
            found = [self.run(name, model, strategy) for name in CONTESTANTS]
            cells = [
                f"none in {PATIENCE} s"
                if one.stood_still
                else str(sum(right in (answer or "") for answer in one.answers))
                for one in found
            ]
            lines.append(f"| {what} | " + " | ".join(cells) + " |")
        return "\n".join([*lines, ""])

    def _stats(self) -> dict[str, Any]:
        with urllib.request.urlopen(self._url.removesuffix("/v1") + "/stats") as reply:
            return json.load(reply)


def ahead(medians: Mapping[str, Sequence[float]]) -> Iterator[str]:
    """Who is better than we are, and in what."""
    for mine in OURS, FULL:
        better = [
            f"{name} in {what}"
            for name, theirs in medians.items()
            if name not in (OURS, FULL)
            for what, own, other in zip(COLUMNS.values(), medians[mine], theirs, strict=True)
            if other < own
        ]
        yield f"- Ahead of `{mine}`: {', '.join(better) or 'nobody'}."


def head(peers: Path, repeats: int) -> str:
    code = "from importlib.metadata import version as v; print(v('its_hub'), v('dspy'))"
    its_hub, dspy = subprocess.check_output([str(peers), "-c", code], text=True).split()
    return f"""# Beside its_hub and DSPy

    python benchmarks/peers/compare.py --repeats {repeats}

{TASKS} tasks x {DRAWS} draws, 50 ms latency, 32 at a time, the same prompts and answers for all.
The others keep texts, and so does lift-sys in the line `plain`: texts compared as JSON, nothing
checked, nothing recorded; budgets, accounting and events are there all the same. In the line `full`
it reads every draw as a specification, validates it, checks what it demands (in this very process,
so that it is counted) and records every event in its store. Who scores does next to nothing: a
length. its_hub {its_hub}, DSPy {dspy}, Python {platform.python_version()}, \
{datetime.now(UTC):%Y-%m-%d}.
"""


def foot(repeats: int) -> str:
    return f"""Medians of {repeats} runs of each in turn, every run a process of its own; the last
column is the median of the ratios within a turn. The server gives several answers to a request
that asks for them, which its_hub never does. {os.cpu_count()} cores, load
{os.getloadavg()[0]:.1f}, this benchmark's own included: where others use the machine, wall is
processor time divided by the share that is left, and says little; processor time, memory and
requests hold all the same. With the machine to itself the latency alone is 4 rounds of 50 ms for
100 requests, 32 at a time, and 25 rounds for 800.

Where its_hub is ahead, in memory: an empty asyncio program takes 19 MB, and pydantic 9 for either.
Its HTTP client and its own code are the rest. Ours has no HTTP client in it (h11 over asyncio) but
a pipeline: some 240 modules of lift-sys with their 120 validated types, ruamel.yaml, pluggy and
packaging, which find, check and join what is installed. In the line `full` SQLAlchemy and the
record come on top, and most of the time is the checks of specifications, which nobody else makes.
"""


if __name__ == "__main__":
    main()
