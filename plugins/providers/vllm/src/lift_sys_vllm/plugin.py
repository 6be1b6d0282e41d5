"""What the plugin offers; vLLM is imported at the first call, not here."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from lift_sys.interfaces import ConfigPath, Price
from lift_sys.plugins import Component, Options, hookimpl


class VllmOptions(Options):
    model: Annotated[str, Field(min_length=1)]
    """A folder, or a name on the Hugging Face hub."""
    revision: str | None = None
    """Branch, tag or commit of a model on the hub; better a commit."""
    adapters: dict[str, ConfigPath] = {}
    """LoRA adapters by name: folders that PEFT, or `lift train export`, wrote."""
    adapter: str | None = None
    """Name of the one that is used; unset: none."""
    engine: Literal["guidance", "xgrammar"] = "guidance"
    """What keeps replies to a JSON Schema or a regular expression; guidance, to a grammar, too."""
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = "auto"
    """Of the weights; auto: as the model's config says."""
    context: Annotated[int, Field(ge=2)] | None = None
    """Most tokens of prompt and reply together; unset: as the model's config says."""
    gpus: Annotated[int, Field(ge=1)] = 1
    """How many the model is split over."""
    memory: Annotated[float, Field(gt=0, le=1)] | None = None
    """Share of the GPU's memory that vLLM takes; unset: as vLLM says."""
    rows: Annotated[int, Field(ge=1)] | None = None
    """The most replies written at once; unset: as vLLM says."""
    prefix_cache: bool = True
    """Whether what prompts have in common, such as their examples, is read once."""
    arguments: dict[str, Any] = {}
    """Further arguments of vLLM's engine, such as `{quantization: fp8}`; they replace ours."""
    format: Literal["auto", "chat", "plain"] = "auto"
    """Prompts in the model's chat template, or plain; auto: the template where there is one."""
    template: dict[str, Any] = {}
    """Values for the chat template, such as `{enable_thinking: false}`."""
    top_p: Annotated[float, Field(gt=0, le=1)] | None = None
    """Likeliest tokens that are drawn from, by their share; unset: as the model's config says."""
    top_k: Annotated[int, Field(ge=0)] | None = None
    """How many of the likeliest tokens are drawn from, 0: all; unset: as the config says."""
    n: Annotated[int, Field(ge=1)] = 64
    """The most completions of one request."""
    in_flight: Annotated[int, Field(ge=1)] = 256
    """The most requests under way at once."""
    price: Price = Price(input=0, output=0)
    """US dollars per million tokens, where a machine's time is to be counted."""
    dialect: str = "chat"
    """Family of prompt templates the model reads; `tuned` for those of the trainer `lora`."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.adapter is not None and self.adapter not in self.adapters:
            known = ", ".join(self.adapters) or "none"
            raise ValueError(f"adapter: there is no {self.adapter!r} in adapters ({known})")
        return self


@hookimpl
def lift_sys_providers() -> list[Component]:
    return [
        Component(
            name="vllm",
            factory="lift_sys_vllm.provider:create",
            summary="vLLM in this process, with grammars, LoRA adapters and prefix caching",
            options=VllmOptions,
        )
    ]
