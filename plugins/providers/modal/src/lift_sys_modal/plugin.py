"""What the plugin offers; modal is imported when the provider is built or a command is called."""

import re
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from lift_sys.interfaces import ConfigPath, Price
from lift_sys.ir import Frozen
from lift_sys.plugins import Component, Options, hookimpl
from lift_sys.secrecy import Secret

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
Positive = Annotated[float, Field(gt=0)]
_GPU = re.compile(r"[A-Za-z0-9+-]+!?(?::([1-8]))?")


class Serving(Frozen):
    """How `lift modal deploy` has the model served."""

    gpu: str = "L40S"
    """As Modal calls it, such as `A100-80GB`; `H100:2` splits the model over two."""
    vllm: str = "0.32.0"
    """Version of vLLM in the image."""
    volume: Name = "lift-sys-models"
    """Modal volume that keeps weights, adapters and compiled kernels; made where there is none."""
    secret: Name | None = None
    """Name of a Modal secret with HF_TOKEN, for models that ask for one."""
    engine: Literal["xgrammar", "guidance"] = "xgrammar"
    """What keeps replies to a schema, a regular expression or a grammar."""
    context: Annotated[int, Field(ge=16)] | None = None
    """Most tokens of prompt and reply together; unset: as the model's config says."""
    dtype: Literal["auto", "bfloat16", "float16", "float32"] = "auto"
    """Of the weights; auto: as the model's config says."""
    memory: Annotated[float, Field(gt=0, le=1)] = 0.9
    """Share of the GPU's memory that vLLM takes."""
    arguments: tuple[str, ...] = ()
    """Further arguments of vLLM's server, such as `--quantization=fp8`."""
    idle_seconds: Annotated[int, Field(ge=2, le=3600)] = 300
    """Time without a call after which a container ends: nothing is paid for then."""
    least: Annotated[int, Field(ge=0)] = 0
    """Containers that stay up all the time, and are paid for."""
    most: Annotated[int, Field(ge=1)] = 1
    """Containers under a high load."""
    calls: Annotated[int, Field(ge=1, le=1000)] = 64
    """Calls that one container works on at once."""
    start_minutes: Annotated[float, Field(gt=0, le=60)] = 20.0
    """The longest start, with the download of the weights where they are not on the volume."""
    call_minutes: Annotated[float, Field(gt=0, le=60)] = 10.0
    """The longest a container works on one call."""
    snapshot: bool = False
    """Whether containers start from a snapshot of a loaded model's memory, GPU and all, which
    Modal calls an alpha feature."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if not _GPU.fullmatch(self.gpu):
            raise ValueError("gpu: a name of Modal's, such as L40S, or with a number: H100:2")
        if self.snapshot and self.gpus > 1:
            raise ValueError("snapshot: there is none of several GPUs: say `snapshot: false`")
        return self

    @property
    def gpus(self) -> int:
        found = _GPU.fullmatch(self.gpu)
        return int(found[1] or 1) if found else 1


class ModalOptions(Options):
    model: Annotated[str, Field(min_length=1)]
    """Name on the Hugging Face hub of the model that is served, or its path on the volume, which
    stands at `/models`."""
    revision: str | None = None
    """Its branch, tag or commit; better a commit."""
    app: Name = "lift-sys"
    """Name of the app on Modal; one for each model."""
    environment: Name | None = None
    """Of the workspace on Modal; unset: its default one."""
    token_id: Secret | None = None
    """Unset, with `token_secret`: as `modal setup` left it, or MODAL_TOKEN_ID."""
    token_secret: Secret | None = None
    """Unset: as `modal setup` left it, or MODAL_TOKEN_SECRET."""
    adapters: dict[Name, ConfigPath] = {}
    """LoRA adapters by name, put on the volume by `lift modal deploy`: folders that PEFT, or
    `lift train export`, wrote."""
    adapter: Name | None = None
    """Name of the one that is used; unset: none."""
    template: dict[str, Any] = {}
    """Values for the model's chat template, such as `{enable_thinking: false}`."""
    price: Price | None = None
    """US dollars per million tokens, of the GPU's seconds; unset: not known."""
    n: Annotated[int, Field(ge=1, le=128)] = 32
    """The most completions of one request."""
    in_flight: Annotated[int, Field(ge=1)] = 64
    """The most calls under way at once."""
    timeout: Positive = 1500.0
    """Seconds until an answer, a cold start included."""
    dialect: str = "chat"
    """Family of prompt templates the model reads; `tuned` for adapters of the trainer `lora`."""
    serve: Serving = Serving()
    """How `lift modal deploy` has it served."""

    @model_validator(mode="after")
    def _both(self) -> Self:
        if (self.token_id is None) != (self.token_secret is None):
            raise ValueError("token_id and token_secret: give both, or none")
        return self


@hookimpl
def lift_sys_providers() -> list[Component]:
    return [
        Component(
            name="modal",
            factory="lift_sys_modal.provider:create",
            summary="A model of your own on Modal, served by vLLM with XGrammar and LoRA adapters",
            options=ModalOptions,
        )
    ]


@hookimpl
def lift_sys_commands() -> list[Component]:
    return [
        Component(
            name="modal",
            factory="lift_sys_modal.command:command",
            summary="Deploy, look at and stop a pipeline's model on Modal",
        )
    ]
