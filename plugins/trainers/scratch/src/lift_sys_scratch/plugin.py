"""Registers the trainer; light on purpose."""

from typing import Literal

from pydantic import Field

from lift_sys.data.curriculum import Curriculum
from lift_sys.interfaces import ConfigPath
from lift_sys.plugins import Component, Options, hookimpl

Precision = Literal["float32", "bfloat16"]


class ScratchOptions(Options):
    shape: Literal["tiny", "small", "base"] = "base"
    """How large the network is: about 0.1, 1.6 and 4.5 million parameters."""
    steps: int = Field(default=6000, ge=1)
    """Batches to learn from."""
    batch_tokens: int = Field(default=4096, ge=64)
    """Tokens of a batch, padding included."""
    seed: int = 0
    """Decides the lessons, their order and the network's first weights."""
    lessons: int = Field(default=40_000, ge=1)
    """How many are made, of all families in turn."""
    curriculum: Curriculum = 1
    """Which families and wordings there are; 2 has more styles and composed functions."""
    families: tuple[str, ...] = ()
    """Names of families to learn from; none: all."""
    suites: tuple[str, ...] = ()
    """Data sources, such as `phases`, that are measured as cells of their own; no lesson resembles
    their tasks."""
    vocabulary: int = Field(default=2048, ge=512, le=32768)
    """The most tokens of the vocabulary."""
    phrases: int = Field(default=320, ge=0)
    """The most phrases among them that are one token each."""
    longest: int = Field(default=384, ge=64, le=512)
    """Lessons with more tokens are left out, and counted."""
    unpinned: float = Field(default=0.2, ge=0, le=1)
    """Share of the lessons in which the signature is to be found too."""
    repair: float = Field(default=0.06, ge=0, le=1)
    """Share of the lessons in which wrong code is to be mended."""
    output: float = Field(default=0.05, ge=0, le=1)
    """Share of the lessons that ask what a call returns."""
    muon: float = Field(default=0.02, gt=0, allow_inf_nan=False)
    """Learning rate of the matrices."""
    adam: float = Field(default=0.004, gt=0, allow_inf_nan=False)
    """Learning rate of embeddings and norms."""
    warmup: int = Field(default=100, ge=0)
    """Steps until the learning rates are reached."""
    cooldown: float = Field(default=0.4, ge=0, le=1)
    """Share of the steps, at the end, over which they fall to nothing."""
    threads: int = Field(default=1, ge=1)
    """Of the processor; on a busy machine one is faster than two."""
    precision: Precision = "float32"
    """Of the products; the weights are float32 always. bfloat16 is nearly twice as fast on a
    processor that has it (avx512_bf16, amx), and many times slower on one that has not."""
    checkpoint_minutes: float = Field(default=5.0, ge=0)
    """Time between checkpoints."""
    measure_steps: int = Field(default=500, ge=0)
    """Steps between measurements on executed tasks; 0: at the end alone."""
    measure_tasks: int = Field(default=40, ge=0)
    """Tasks of each cell in these; 0: none."""
    final_tasks: int = Field(default=120, ge=0)
    """Tasks of each cell at the end; 0: none."""
    draws: int = Field(default=8, ge=0)
    """Draws for each task at the end, to be chosen among by execution."""
    start_from: ConfigPath | None = None
    """Folder of an earlier training: its weights and its vocabulary are the beginning."""


@hookimpl
def lift_sys_trainers() -> list[Component]:
    return [
        Component(
            name="scratch",
            factory="lift_sys_scratch.trainer:create",
            summary="Trains a small model of our own, from nothing, on executed functions",
            options=ScratchOptions,
        )
    ]
