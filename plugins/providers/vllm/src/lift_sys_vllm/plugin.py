"""What the plugin offers; vLLM is imported at the first call, not here."""

from typing import Annotated, Any, Literal

from pydantic import Field

from lift_sys.local_models import LocalModelOptions
from lift_sys.plugins import Component, hookimpl


class VllmOptions(LocalModelOptions):
    engine: Literal["guidance", "xgrammar"] = "guidance"
    """What keeps replies to a JSON Schema or a regular expression; guidance, to a grammar, too."""
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = "auto"
    """Of the weights; auto: as the model's config says."""
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
    n: Annotated[int, Field(ge=1)] = 64
    """The most completions of one request."""
    in_flight: Annotated[int, Field(ge=1)] = 256
    """The most requests under way at once."""


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
