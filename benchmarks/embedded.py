"""How fast the embedded models draw, beside what cannot be beaten and beside torch.

    python benchmarks/embedded.py [--repeats 7] [--model base] [--tokens 100] [--profile]

The floor is the matrix products of a step alone, in numpy, on the same numbers; torch is
`lift-sys-scratch`'s own drawing from the same weights, one thread. All are run in turn in this
process, so that a busy machine slows all of them alike; the best of the repeats counts, in seconds
of the processor. Loading and a first reply are measured in processes of their own.
"""

import argparse
import cProfile
import os
import pstats
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from lift_sys_embedded.drawing import Wanted, draw
from lift_sys_embedded.files import MODELS, Model, load
from lift_sys_embedded.network import Network

from lift_sys.data.dialect import ask_specification
from lift_sys.data.dialect.marks import CODE
from lift_sys.ir import Parameter, Signature

REQUEST = "Return the index of the first number of a list that is above 7, and -1 if there is none"
SIGNATURE = Signature(
    name="first_above",
    parameters=(Parameter(name="numbers", type="list[int]"),),
    returns="int",
)
LOAD = """
import time
import numpy, lift_sys_embedded.files as files
begun = time.process_time()
files.load(files.MODELS / "{model}")
print(time.process_time() - begun)
"""
PIPELINE = """version: 1
providers: {{m: {{use: embedded, model: {model}}}}}
stages: {{specify: {{provider: m}}, implement: {{provider: m}}}}
record: null
"""


TEXTS = 8
"""Drawn at once, where nothing else is said."""
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


def main() -> None:
    if not ONE_THREAD.items() <= os.environ.items():  # numpy looks when it is imported
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **ONE_THREAD})
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="base", help="a name, or a folder")
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--tokens", type=int, default=100, help="of each text")
    parser.add_argument("--profile", action="store_true")
    given = parser.parse_args()
    folder = MODELS / given.model if (MODELS / given.model).exists() else Path(given.model)
    model = load(folder)
    if given.profile:
        profiled(model, given.tokens)
        return
    ways: dict[str, Callable[[], int]] = {
        "floor: the products alone": floor(model.network, given.tokens),
        "embedded, 8 texts": drawing(model, given.tokens, TEXTS),
        "embedded, 1 text": drawing(model, given.tokens, 1),
        "embedded, 32 texts": drawing(model, given.tokens, 4 * TEXTS),
        "embedded, 8 specifications": drawing(model, 200, TEXTS, usual=True),
        "embedded, 32 specifications": drawing(model, 200, 4 * TEXTS, usual=True),
        **torch_too(folder, model, given.tokens),
    }
    best = timed(ways, given.repeats)
    least = best["floor: the products alone"]
    print(f"{model.name}, {given.tokens} tokens a text, prompt of {len(prompt(model))} tokens")
    for name, seconds in best.items():
        print(f"{name:28}{1 / seconds:9,.0f} tokens/s{seconds / least:7.2f} x the floor")
    if folder.parent == MODELS:
        print(f"load            {child(LOAD.format(model=folder.name)) * 1000:.0f} ms")
        print(f"first reply     {first_reply(folder.name):.2f} s of processor, start-up included")


def timed(ways: Mapping[str, Callable[[], int]], repeats: int) -> dict[str, float]:
    """Seconds for a token."""
    best = dict.fromkeys(ways, float("inf"))
    for _ in range(repeats):
        for name, run in ways.items():
            begun = time.process_time()
            tokens = run()
            best[name] = min(best[name], (time.process_time() - begun) / tokens)
    return best


def prompt(model: Model) -> tuple[int, ...]:
    return tuple(model.vocabulary.encode(ask_specification(REQUEST, SIGNATURE).words))


def drawing(model: Model, tokens: int, texts: int, usual: bool = False) -> Callable[[], int]:
    """`usual`: until the specification ends, as it is asked for; else texts that part with their
    first word, so that each is computed alone, of so many tokens."""
    stops = frozenset({model.vocabulary.number(CODE)} if usual else ())
    many = [
        Wanted(prompt(model), stops, tokens, 0.7 if usual else 9.0, index=index)
        for index in range(texts)
    ]
    return lambda: sum(len(one.tokens) for one in draw(model.network, many))


def floor(network: Network, tokens: int) -> Callable[[], int]:
    dice = np.random.default_rng(0)
    matrices = [
        matrix for each in network.layers for matrix in (each.qkv, each.out, each.up, each.down)
    ]
    matrices.append(np.ascontiguousarray(network.embedding.T))
    inputs = {
        len(matrix): dice.standard_normal((TEXTS, len(matrix)), dtype=np.float32)
        for matrix in matrices
    }

    def run() -> int:
        for _ in range(tokens):
            for matrix in matrices:
                inputs[len(matrix)] @ matrix
        return TEXTS * tokens

    return run


def torch_too(folder: Path, model: Model, tokens: int) -> dict[str, Callable[[], int]]:
    try:
        import torch
        from lift_sys_scratch.decoding import draw as draw_with_torch
        from lift_sys_scratch.export import exported
    except ImportError:
        return {}
    torch.set_num_threads(1)
    network = exported(folder)
    prompts = [prompt(model)] * TEXTS

    def run() -> int:
        draw_with_torch(network, prompts, [-1], longest=tokens, temperature=0.7)
        return TEXTS * tokens

    return {"torch, 8 texts": run}


def child(code: str) -> float:
    """The median of five processes."""
    times = [
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)
        for _ in range(5)
    ]
    return statistics.median(times)


def first_reply(name: str) -> float:
    file = Path(__file__).with_name("embedded_model") / ".first_reply.yaml"
    file.write_text(PIPELINE.format(model=name), encoding="utf-8")
    lift = Path(sys.executable).with_name("lift")
    try:
        return min(spent([str(lift), "run", str(file), REQUEST]) for _ in range(3))
    finally:
        file.unlink()


def spent(command: list[str]) -> float:
    before = os.times()
    subprocess.run(command, capture_output=True, check=False)
    after = os.times()
    return (
        after.children_user + after.children_system - before.children_user - before.children_system
    )


def profiled(model: Model, tokens: int) -> None:
    profile = cProfile.Profile()
    profile.runcall(drawing(model, tokens, TEXTS))
    pstats.Stats(profile).sort_stats("tottime").print_stats(18)


if __name__ == "__main__":
    main()
