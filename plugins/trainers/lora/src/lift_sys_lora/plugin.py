"""Registers the trainer; light on purpose."""

from typing import Annotated, Literal

from pydantic import Field

from lift_sys.interfaces import ConfigPath
from lift_sys.ir import Frozen
from lift_sys.plugins import Component, Options, hookimpl

Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Price = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Rank = Annotated[int, Field(ge=1, le=1024)]
Share = Annotated[float, Field(ge=0, lt=1)]


class Sweep(Frozen):
    """Every combination is trained; what is not named stays as the options say."""

    rank: tuple[Rank, ...] = ()
    learning_rate: tuple[Positive, ...] = ()


class ModalOptions(Frozen):
    """Where and how it runs with `where: modal`."""

    gpu: str = "L40S"
    """As Modal calls it, such as `A100-80GB` or `H100`."""
    hours: Annotated[float, Field(gt=0, le=24)] = 6.0
    """The longest one call runs; the next one goes on from its last checkpoint."""
    volume: str = "lift-sys-lora"
    """Keeps checkpoints and downloaded models."""
    secret: str | None = None
    """Name of a Modal secret with HF_TOKEN, for models that ask for one."""
    usd_per_hour: Price | None = None
    """Of this GPU; unset: from a list of May 2026, where the GPU is in it."""


class LoraOptions(Options):
    base: Annotated[str, Field(min_length=1)]
    """The model to adapt: a folder, or a name on the Hugging Face hub."""
    revision: str | None = None
    """Branch, tag or commit of a model on the hub; better a commit."""
    data: ConfigPath
    """JSONL to learn from: training examples of lift-sys, messages, or prompt and completion."""
    validation: ConfigPath | None = None
    """JSONL to measure on; unset: a share of `data`, whole clusters of it."""
    validation_share: Annotated[float, Field(gt=0, lt=1)] = 0.1
    """That share."""
    stages: tuple[Literal["specify", "implement"], ...] = ("specify", "implement")
    """What training examples teach: request to specification, specification to code, or both."""
    dialect: str = "tuned"
    """The prompts of training examples; give the provider the same one."""
    pinned: Annotated[float, Field(ge=0, le=1)] = 0.8
    """Share of the training examples that state the signature in the request."""
    format: Literal["auto", "chat", "plain"] = "auto"
    """Prompts in the model's chat template, or plain; auto: the template where there is one."""
    rank: Rank = 16
    """Of the adapter's matrices."""
    alpha: Annotated[int, Field(ge=1)] | None = None
    """Weight of the adapter; unset: twice the rank."""
    dropout: Share = 0.05
    """Share of the adapter's inputs that are left out at random."""
    targets: str | tuple[str, ...] = "all-linear"
    """Layers that are adapted: all linear ones, or names such as q_proj."""
    load_in_4bit: bool = False
    """The base in 4 bits while training; wants bitsandbytes and a CUDA device."""
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = "auto"
    """Of the base; auto: bfloat16 on a GPU, float32 on a processor."""
    device: str = "auto"
    """Such as cuda, cuda:1, mps or cpu; auto: a GPU where there is one."""
    checkpointing: bool = False
    """Less memory for a third more time: activations are computed again on the way back."""
    epochs: Annotated[int, Field(ge=1)] = 3
    """Times through the data, at most."""
    batch: Annotated[int, Field(ge=1)] = 4
    """Rows that are computed together."""
    accumulate: Annotated[int, Field(ge=1)] = 4
    """Batches that make one step."""
    longest: Annotated[int, Field(ge=16)] = 2048
    """Rows with more tokens are left out, and counted."""
    learning_rate: Positive = 2e-4
    """At its highest; it rises at first and falls along a cosine."""
    warmup: Share = 0.05
    """Share of the steps over which it rises."""
    weight_decay: float = Field(default=0.0, ge=0, allow_inf_nan=False)
    """Of AdamW."""
    clip: Positive = 1.0
    """The longest gradient; longer ones are shortened."""
    seed: int = 0
    """Decides the adapter's first weights, the order of the rows and the dropout."""
    evaluate_steps: Annotated[int, Field(ge=0)] = 0
    """Steps between measurements of the validation loss; 0: after each epoch."""
    patience: Annotated[int, Field(ge=0)] = 3
    """Measurements without a better one after which it stops; 0: never early."""
    checkpoint_minutes: float = Field(default=5.0, ge=0)
    """Time between checkpoints."""
    compared: Annotated[int, Field(ge=1)] = 8
    """Held-out rows on which base, adapter and merged model are compared at the end."""
    executed: Annotated[int, Field(ge=0)] = 20
    """Held-out functions that base and adapter write at the end, to be run; 0: none."""
    answer_tokens: Annotated[int, Field(ge=1)] = 512
    """The longest answer in that."""
    forgetting: bool = True
    """Whether the perplexity on plain code is measured before and after."""
    sweep: Sweep = Sweep()
    """Ranks and learning rates of which every combination is trained; the best is kept."""
    usd_per_hour: Price = 0.0
    """Of this machine, for the estimate."""
    where: Literal["local", "modal"] = "local"
    """On this machine, or on Modal's with an account there."""
    modal: ModalOptions = ModalOptions()
    """What to use there."""


@hookimpl
def lift_sys_trainers() -> list[Component]:
    return [
        Component(
            name="lora",
            factory="lift_sys_lora.trainer:create",
            summary="Adapts any Hugging Face causal model with a LoRA adapter",
            options=LoraOptions,
        )
    ]
