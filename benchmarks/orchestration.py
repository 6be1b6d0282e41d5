"""What a run costs beyond the model: 100 tasks x 8 draws, 50 ms latency, 32 calls at a time.

    python benchmarks/orchestration.py [--repeats 7] [--profile]

Ours is a whole pipeline: config, session, gateway, budget, the `openai` plugin, replies read as
specifications, every event recorded. The floor is the SDK's client sending the very same bodies
to the same server, with nothing around it. Both run in turn in this process; the server has its
own. The strategy draws and stops, so no code stage and no check is in the figures.
"""

import argparse
import asyncio
import cProfile
import json
import os
import platform
import pstats
import statistics
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

import httpx2
import openai
from bare_calls import Measured, measured, server, side_by_side
from lift_sys_openai.plugin import OpenAIOptions, lift_sys_providers
from lift_sys_openai.wire import Encoder

from lift_sys import Pipeline
from lift_sys.interfaces import (
    Context,
    Outcome,
    Problem,
    Request,
    Task,
)
from lift_sys.pipeline.session import Session
from lift_sys.plugins import Component, PluginManager
from lift_sys.testing.providers import ScriptedProvider
from lift_sys.testing.samples import IR_TEXT
from lift_sys.testing.sandboxes import TrustingSandbox

TASKS, DRAWS, AT_ONCE, LATENCY = 100, 8, 32, 0.05
REQUESTS = TASKS * DRAWS
RESULTS = Path(__file__).parent / "results" / "orchestration.md"
MOST_WALL, MOST_CPU_MS = 1.15, 0.3

T = TypeVar("T")


class DrawAndStop:
    async def run(self, problem: Problem[T], ctx: Context, want: int = 1) -> Outcome[T]:
        drawn = tuple(await problem.draw(ctx, DRAWS))
        valid = sum(candidate.value is not None for candidate in drawn)
        if valid != DRAWS:
            raise AssertionError(f"{valid} of {DRAWS} draws were valid")
        return Outcome((), "drew them", drawn)


def tasks() -> list[Task]:
    return [Task(id=f"t{i}", request=f"Create a function that adds {i}") for i in range(TASKS)]


def pipeline(provider: Component, use: dict[str, Any], folder: str) -> Pipeline:
    stage = {"provider": "model", "strategy": "draw-and-stop"}
    manager = PluginManager.of(
        providers=[provider],
        strategies=[Component("draw-and-stop", lambda *_: DrawAndStop(), "draws, and stops")],
        sandboxes=[Component("trusting", lambda *_: TrustingSandbox(), "for tests")],
    )
    document = {
        "version": 1,
        "providers": {"model": use},
        "stages": {"specify": stage, "implement": {"provider": "model"}},
        "concurrency": {"tasks": AT_ONCE},
        "sandbox": "trusting",
        "record": f"{folder}/store.db",
        "cache": "off",
    }
    return Pipeline.load(document, plugins=manager)


def through_openai(url: str, folder: str) -> Pipeline:
    (component,) = lift_sys_providers()
    options = {"base_url": url, "model": "loopback", "api_key": "any", "n": 1}
    return pipeline(component, {"use": "openai", "in_flight": AT_ONCE, **options}, folder)


async def solve_all(pipeline: Pipeline) -> Measured:
    async with pipeline.open() as session:
        await solve(session)  # connections, caches
        return await measured(lambda: solve(session))


async def solve(session: Session) -> None:
    results = [result async for result in session.solve_all(tasks(), AT_ONCE)]
    broken = {result.why for result in results if "AssertionError" in result.why}
    if broken or len(results) != TASKS:
        raise SystemExit(f"the run went wrong: {broken}")


async def bodies(folder: str) -> list[bytes]:
    """What our run sends, found out from a run on a provider that only listens."""
    options = OpenAIOptions(model="loopback", n=1)
    encoder = Encoder(options)
    sent: list[bytes] = []

    def listen(request: Request) -> str:
        sent.append(encoder.encode(request)[0])
        return IR_TEXT

    capabilities = ScriptedProvider([]).capabilities().model_copy(update={"n": 1})
    provider = ScriptedProvider(listen, capabilities=capabilities)
    component = Component("listening", lambda *_: provider, "listens")
    async with pipeline(component, {"use": "listening"}, folder).open() as session:
        await solve(session)
    return sent


async def bare(url: str, documents: Sequence[dict[str, Any]]) -> Measured:
    """The SDK's client as its documentation has it."""
    async with openai.AsyncOpenAI(base_url=url, api_key="any", max_retries=0) as client:

        async def call(document: dict[str, Any]) -> None:
            reply = await client.chat.completions.create(**document)
            assert reply.choices[0].message.content == IR_TEXT

        await side_by_side(call, documents, AT_ONCE)
        return await measured(lambda: side_by_side(call, documents, AT_ONCE))


async def barest(url: str, contents: Sequence[bytes]) -> Measured:
    """The SDK's client sending bytes, and its reply not even parsed."""
    async with openai.AsyncOpenAI(base_url=url, api_key="any", max_retries=0) as client:

        async def call(content: bytes) -> None:
            reply = await client.post("/chat/completions", cast_to=httpx2.Response, content=content)
            assert reply.status_code == 200

        await side_by_side(call, contents, AT_ONCE)
        return await measured(lambda: side_by_side(call, contents, AT_ONCE))


def table(ours: Sequence[Measured], floor: Sequence[Measured], raw: Sequence[Measured]) -> str:
    rows = [
        ("this pipeline", ours),
        ("`AsyncOpenAI`, `chat.completions.create` (the floor)", floor),
        ("`AsyncOpenAI`, bytes out, reply not parsed", raw),
    ]
    lines = [
        "| | wall | CPU a request | wall, times ours is of it | CPU a request, ours beyond it |",
        "|---|---|---|---|---|",
    ]
    for name, each in rows:
        wall = statistics.median(one.wall for one in each)
        cpu = statistics.median(one.cpu for one in each) / REQUESTS * 1e3
        lines.append(f"| {name} | {wall:.3f} s | {cpu:.3f} ms | {_against(ours, each)} |")
    return "\n".join(lines)


def _against(ours: Sequence[Measured], other: Sequence[Measured]) -> str:
    if other is ours:
        return "| "
    ratio, beyond = _compared(ours, other)
    return f"{ratio:.3f} | {beyond:+.3f} ms"


def _compared(ours: Sequence[Measured], other: Sequence[Measured]) -> tuple[float, float]:
    """Medians over pairs: what was run one after another met the same machine."""
    pairs = list(zip(ours, other, strict=True))
    ratio = statistics.median(a.wall / b.wall for a, b in pairs)
    return ratio, statistics.median((a.cpu - b.cpu) / REQUESTS * 1e3 for a, b in pairs)


def report(repeats: int, comparison: str) -> str:
    packages = ("lift-sys", "lift-sys-openai", "openai", "httpx2", "pydantic")
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    return f"""# Orchestration

{TASKS} tasks x {DRAWS} draws of one request each, {LATENCY * 1e3:g} ms latency, {AT_ONCE} at
a time. To reach: wall at most {MOST_WALL} times the floor's, CPU at most {MOST_CPU_MS} ms a
request beyond it.

{comparison}

Medians of {repeats} interleaved repeats; the last two columns are medians of paired differences.

- {datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, {platform.system()} \
{platform.machine()}, {os.cpu_count()} cores, {versions}
- load average, this benchmark's own included: {os.getloadavg()[0]:.1f} (wall means little when
  others use the machine; CPU and the ratios still do)
- `python benchmarks/orchestration.py --repeats {repeats}`
"""


def profile(run: Callable[[], object]) -> None:
    profiler = cProfile.Profile()
    profiler.runcall(run)
    for order in ("tottime", "cumulative"):
        pstats.Stats(profiler).strip_dirs().sort_stats(order).print_stats(45)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--profile", action="store_true", help="Profile our run instead.")
    arguments = parser.parse_args()
    ours: list[Measured] = []
    floor: list[Measured] = []
    raw: list[Measured] = []
    with tempfile.TemporaryDirectory() as folder, server(folder, LATENCY) as url:
        ready = through_openai(url, folder)
        if arguments.profile:
            profile(lambda: asyncio.run(solve_all(ready)))
            return 0
        contents = asyncio.run(bodies(folder))
        documents = [json.loads(content) for content in contents]
        assert len(documents) == REQUESTS
        for _ in range(arguments.repeats):
            floor.append(asyncio.run(bare(url, documents)))
            ours.append(asyncio.run(solve_all(ready)))
            raw.append(asyncio.run(barest(url, contents)))
    text = report(arguments.repeats, table(ours, floor, raw))
    print(text)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(text, encoding="utf-8")
    ratio, beyond = _compared(ours, floor)
    return 0 if ratio <= MOST_WALL and beyond <= MOST_CPU_MS else 1


if __name__ == "__main__":
    raise SystemExit(main())
