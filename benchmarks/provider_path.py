"""What the provider path costs beside the vendor's SDK called bare: limits, pace, accounting.

    pip install -c constraints.txt openai
    python benchmarks/provider_path.py [--repeats 5]

Three figures, all in processor time of this process; the server has its own.

- Cache miss, 32 requests in flight: gateway, budget, rates, `openai` plugin and events, less the
  SDK's client sending the very same requests as its documentation has it. In turn, in one run.
  Read more strictly: what the core adds, around a provider that answers at once.
- A thousand requests in flight on one event loop: how many came, and how many failed.
- Cache hit: one sample after another from a store, recorded as a run records it; in the first runs
  that find them there, and in later ones.
"""

import argparse
import asyncio
import os
import platform
import statistics
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import openai
from bare_calls import Measured, measured, server, side_by_side
from lift_sys_openai.plugin import OpenAIOptions
from lift_sys_openai.provider import create

from lift_sys.interfaces import (
    Event,
    Limits,
    Message,
    Price,
    Provider,
    Rate,
    Reply,
    Request,
    RunStarted,
    Sampling,
)
from lift_sys.pipeline.config import CallSettings
from lift_sys.pipeline.gateway import Gateway
from lift_sys.store import Store
from lift_sys.testing.providers import ScriptedProvider
from lift_sys.testing.runs import make_context
from lift_sys.testing.samples import IR_TEXT

REQUESTS, IN_FLIGHT, MANY, HITS, LATENCY = 320, 32, 1000, 400, 0.02
LATER = 20
"""Runs between the first and the last ones whose hits are measured."""
MOST_BEYOND_MS, MOST_HIT_MS = 0.3, 0.2
RESULTS = Path(__file__).parent / "results" / "provider_path.md"
PRICE = Price(input=1, output=2)


def request(number: int) -> Request:
    messages = (
        Message(role="system", content="Say what the function does. " * 100),
        Message(role="user", content=f"Create a function that adds {number}"),
    )
    return Request(messages=messages, sampling=Sampling(max_tokens=512, temperature=0.5))


ASKED = [request(number) for number in range(REQUESTS)]


def options(url: str, in_flight: int = IN_FLIGHT) -> OpenAIOptions:
    return OpenAIOptions(
        model="loopback", base_url=url, api_key="any", n=1, price=PRICE, in_flight=in_flight
    )


async def ours(url: str) -> Measured:
    return await through_the_core(create(options(url), None))


async def core_alone() -> Measured:
    """Around a provider that answers at once: what it adds, and no HTTP."""
    capabilities = ScriptedProvider([]).capabilities().model_copy(update={"price": PRICE})
    return await through_the_core(ScriptedProvider(lambda _: IR_TEXT, capabilities=capabilities))


async def through_the_core(provider: Provider) -> Measured:
    """Budgets and rates are set, and never reached."""
    events: list[Event] = []
    limits = Limits(usd=1e6, tokens=10**12, calls=10**9)
    ctx = make_context(provider, events=events, limits=limits)
    rate = Rate(requests=10**6, tokens=10**11)
    gateways = dict(ctx.scope.gateways)
    gateways["model"] = Gateway("model", provider, CallSettings(), ctx.scope.emit, rate=rate)
    ctx.scope.gateways = gateways

    async def call(asked: Request) -> None:
        ((sample,),) = await ctx.sample([asked])
        assert sample.completion is not None, sample.error

    try:
        await side_by_side(call, ASKED[:IN_FLIGHT], IN_FLIGHT)  # connections
        events.clear()
        result = await measured(lambda: side_by_side(call, ASKED, IN_FLIGHT))
        assert sum(event.kind == "call_made" for event in events) == REQUESTS
        return result
    finally:
        await provider.aclose()


async def bare(url: str) -> Measured:
    """The SDK's client as its documentation has it."""
    async with openai.AsyncOpenAI(base_url=url, api_key="any", max_retries=0) as client:

        async def call(asked: Request) -> None:
            reply = await client.chat.completions.create(
                model="loopback",
                messages=[m.model_dump() for m in asked.messages],  # type: ignore[misc]
                max_completion_tokens=512,
                temperature=0.5,
            )
            assert reply.choices[0].message.content

        await side_by_side(call, ASKED[:IN_FLIGHT], IN_FLIGHT)
        return await measured(lambda: side_by_side(call, ASKED, IN_FLIGHT))


async def plugin(url: str) -> Measured:
    """Our plugin without the core around it."""
    provider = create(options(url), None)

    async def call(asked: Request) -> None:
        (reply,) = await provider.complete([asked])
        assert isinstance(reply, Reply)

    try:
        await side_by_side(call, ASKED[:IN_FLIGHT], IN_FLIGHT)
        return await measured(lambda: side_by_side(call, ASKED, IN_FLIGHT))
    finally:
        await provider.aclose()


async def many(url: str) -> tuple[int, list[str], Measured]:
    """All at once, on one loop."""
    provider = create(options(url, MANY), None)
    ctx = make_context(provider, calls=CallSettings(attempts=1))
    asked = [request(number) for number in range(MANY)]
    errors: list[str] = []

    async def work() -> None:
        for (sample,) in await ctx.sample(asked):
            if sample.completion is None:
                errors.append(sample.error or "")

    try:
        took = await measured(work)
    finally:
        await provider.aclose()
    return MANY - len(errors), errors, took


class Recording(list[Event]):
    """Where a context's events go: into a store, as in a run."""

    def __init__(self, store: Store, run: str) -> None:
        super().__init__()
        self.recorder = store.recorder(run)
        self.append(RunStarted(run=run, started="2026-01-01", config={}, distributions={}, seed=0))

    def append(self, event: Event) -> None:
        self.recorder.record(event)


async def hit(store: Store, run: str) -> float:
    """Milliseconds of processor time for one sample, the writer's thread included."""
    provider = ScriptedProvider(lambda _: IR_TEXT)
    recording = Recording(store, run)
    ctx = make_context(provider, events=recording, cache=store.samples)
    asked = [request(number) for number in range(HITS)]

    async def work() -> None:
        for each in asked:
            await ctx.sample([each])

    took = await measured(work)
    recording.recorder.close()
    assert provider.calls in (0, HITS)
    return took.cpu / HITS * 1e3


def cpu_ms(each: Sequence[Measured]) -> float:
    return statistics.median(one.cpu for one in each) / REQUESTS * 1e3


def least_ms(each: Sequence[Measured]) -> float:
    """Others on the machine only ever add to it."""
    return min(one.cpu for one in each) / REQUESTS * 1e3


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--repeats", type=int, default=5)
    repeats = parser.parse_args().repeats
    path: list[Measured] = []
    sdk: list[Measured] = []
    alone: list[Measured] = []
    core: list[Measured] = []
    with tempfile.TemporaryDirectory() as folder:
        with server(folder, LATENCY) as url:
            for _ in range(repeats):
                sdk.append(asyncio.run(bare(url)))
                path.append(asyncio.run(ours(url)))
                alone.append(asyncio.run(plugin(url)))
                core.append(asyncio.run(core_alone()))
        with server(folder, 0.5) as url:
            came, errors, took = asyncio.run(many(url))
        with Store.open(Path(folder, "store.db")) as store:
            asyncio.run(hit(store, "first"))
        hits: list[float] = []
        for number in range(2 * repeats + LATER):
            # Opened anew: nothing is left in memory.
            with Store.open(Path(folder, "store.db")) as store:
                hits.append(asyncio.run(hit(store, f"again-{number}")))
    pairs = list(zip(path, sdk, strict=True))
    beyond = statistics.median((a.cpu - b.cpu) / REQUESTS * 1e3 for a, b in pairs)
    ratio = statistics.median(a.cpu / b.cpu for a, b in pairs)
    over_plugin = statistics.median(
        (a.cpu - b.cpu) / REQUESTS * 1e3 for a, b in zip(path, alone, strict=True)
    )
    first, last = sorted(hits[:repeats]), sorted(hits[-repeats:])
    a_hit, a_late_hit = statistics.median(first), statistics.median(last)
    packages = ("lift-sys", "lift-sys-openai", "openai", "httpx2", "pydantic")
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    text = f"""# The provider path

## A cache miss, {IN_FLIGHT} requests in flight

{REQUESTS} requests to the loopback server, {LATENCY * 1e3:g} ms latency. To reach: at most
{MOST_BEYOND_MS} ms CPU a request beyond the SDK called bare.

| | CPU a request, median | least |
|---|---|---|
| gateway, budget, rates, accounting and the `openai` plugin | {cpu_ms(path):.3f} ms \
| {least_ms(path):.3f} ms |
| the `openai` plugin alone | {cpu_ms(alone):.3f} ms | {least_ms(alone):.3f} ms |
| `AsyncOpenAI`, `chat.completions.create` | {cpu_ms(sdk):.3f} ms | {least_ms(sdk):.3f} ms |
| all but the plugin, around a provider that answers at once | {cpu_ms(core):.3f} ms \
| {least_ms(core):.3f} ms |

Of the bare SDK's it is {ratio:.2f}, that is {beyond:+.3f} ms a request. What the core adds is the
last row, that provider's own work included; told from the first two rows it is
{over_plugin:+.3f} ms (median) and {least_ms(path) - least_ms(alone):+.3f} ms (of the least).

## {MANY:,} requests in flight on one event loop

{came:,} replies, {len(errors)} errors, {took.cpu / MANY * 1e3:.2f} ms CPU a request with the \
connections it opened.

## A cache hit

A sample, its record included. To reach: at most {MOST_HIT_MS} ms.

| | CPU, median | range |
|---|---|---|
| found there for the first times | {a_hit:.3f} ms | {first[0]:.3f} to {first[-1]:.3f} ms |
| by {LATER + repeats} runs before | {a_late_hit:.3f} ms | {last[0]:.3f} to {last[-1]:.3f} ms |

- Medians of {repeats} interleaved repeats; of differences and ratios, of the paired ones
- {datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, {platform.system()} \
{platform.machine()}, {os.cpu_count()} cores, {versions}
- load average, this benchmark's own included: {os.getloadavg()[0]:.1f} (others use the machine)
- `python benchmarks/provider_path.py --repeats {repeats}`
"""
    print(text)
    RESULTS.write_text(text, encoding="utf-8")
    reached = max(beyond, least_ms(core)) <= MOST_BEYOND_MS
    return 0 if reached and max(a_hit, a_late_hit) <= MOST_HIT_MS and not errors else 1


if __name__ == "__main__":
    raise SystemExit(main())
