"""What writing several replies at once saves: n = 8 against 8 single calls, and 8 requests that
wait against 8 that are made one after another.

    python benchmarks/transformers_batches.py [--model FOLDER_OR_NAME] [--tokens 64] [--repeats 3]

Without a model, one with random weights is made: what is measured is the provider and the device,
not what is said. A regular expression keeps every reply from ending before its last token.
"""

import argparse
import asyncio
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import torch
from lift_sys_transformers.plugin import TransformersOptions
from lift_sys_transformers.provider import TransformersProvider

from lift_sys.interfaces import Message, Regex, Reply, Request, Sampling
from lift_sys.testing.tiny_model import make_tiny_model

REPLIES = 8
RESULTS = Path(__file__).parent / "results" / "transformers.md"
PROMPT = "Write a function that returns the first even number of a list, or None. " * 8
ENDLESS = "[a-z]+!{100}"
Speeds = dict[str, list[float]]
Way = Callable[[TransformersProvider, int], Awaitable[int]]


def request(tokens: int, n: int, seed: int) -> Request:
    return Request(
        messages=(Message(role="user", content=f"{seed}. {PROMPT}"),),
        sampling=Sampling(n=n, max_tokens=tokens, temperature=1.0, seed=seed),
        constraint=Regex(pattern=ENDLESS),
    )


async def written(provider: TransformersProvider, *requests: Request) -> int:
    answers = await provider.complete(requests)
    found = [answer for answer in answers if isinstance(answer, Reply)]
    assert len(found) == len(requests), answers
    return sum(answer.usage.output_tokens for answer in found)


async def at_once(provider: TransformersProvider, tokens: int) -> int:
    return await written(provider, request(tokens, REPLIES, 1))


async def single_calls(provider: TransformersProvider, tokens: int) -> int:
    return sum([await written(provider, request(tokens, 1, 1)) for _ in range(REPLIES)])


async def waiting(provider: TransformersProvider, tokens: int) -> int:
    requests = [request(tokens, 1, seed) for seed in range(REPLIES)]
    return sum(await asyncio.gather(*(written(provider, each) for each in requests)))


async def in_turn(provider: TransformersProvider, tokens: int) -> int:
    return sum([await written(provider, request(tokens, 1, seed)) for seed in range(REPLIES)])


WAYS: dict[str, Way] = {
    f"n = {REPLIES}": at_once,
    f"{REPLIES} single calls": single_calls,
    f"{REPLIES} requests that wait": waiting,
    f"{REPLIES} requests in turn": in_turn,
}
RATIOS = ((0, 1), (2, 3))


async def measure(
    options: TransformersOptions, tokens: int, repeats: int
) -> dict[str, list[float]]:
    """Tokens a second, all ways in turn, so that the ratios hold on a machine others use too."""
    provider = TransformersProvider(options)
    speeds: Speeds = {name: [] for name in WAYS}
    try:
        await single_calls(provider, 4)  # loads the model and compiles what is compiled once
        for _ in range(repeats):
            for name, way in WAYS.items():
                begun = time.perf_counter()
                count = await way(provider, tokens)
                speeds[name].append(count / (time.perf_counter() - begun))
                assert count == REPLIES * tokens, f"{name} wrote {count} tokens"
    finally:
        await provider.aclose()
    return speeds


def told(speeds: Speeds, about: str, arguments: argparse.Namespace) -> str:
    names = list(WAYS)
    lines = ["| | tokens a second |", "|---|---|"]
    for name, found in speeds.items():
        middle, low, high = statistics.median(found), min(found), max(found)
        lines.append(f"| {name} | {middle:,.0f} ({low:,.0f} to {high:,.0f}) |")
    lines.append("")
    for one, other in RATIOS:
        ratio = statistics.median(
            mine / its for mine, its in zip(speeds[names[one]], speeds[names[other]], strict=True)
        )
        lines.append(f"{names[one]}: {ratio:.1f} times the speed of {names[other]}.")
    packages = ("torch", "transformers", "llguidance", "xgrammar")
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    how = f"{arguments.tokens} tokens a reply, medians of {arguments.repeats} interleaved repeats"
    asked = f"--tokens {arguments.tokens} --repeats {arguments.repeats}"
    end = [
        "",
        f"- {datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, {versions}",
        f"- load average, this benchmark's own included: {os.getloadavg()[0]:.1f}",
        f"- `python benchmarks/transformers_batches.py {asked}`",
    ]
    head = ["# The provider transformers: several replies at once", ""]
    return "\n".join([*head, f"{about}; {how} (and the range).", "", *lines, *end, ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--tokens", type=int, default=64)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--write", action="store_true", help=f"into {RESULTS.name}")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        about = arguments.model or "A random Llama of 6 layers, 256 wide"
        model = arguments.model or str(make_tiny_model(Path(folder), width=256, layers=6))
        options = TransformersOptions(model=model, device=arguments.device)
        speeds = asyncio.run(measure(options, arguments.tokens, arguments.repeats))
        on = "a GPU" if torch.cuda.is_available() and arguments.device != "cpu" else "one core"
        text = told(speeds, f"{about}, on {on}", arguments)
    print(text)
    if arguments.write:
        RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
