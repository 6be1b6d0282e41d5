"""What the plugin offers; torch is imported at the first call, not here."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from lift_sys.local_models import LocalModelOptions
from lift_sys.plugins import Component, hookimpl


class TransformersOptions(LocalModelOptions):
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = "auto"
    """Of the weights; auto: bfloat16 on a GPU, float32 on a processor."""
    device: str = "auto"
    """Such as cuda, cuda:1, mps or cpu; auto: a GPU where there is one."""
    engine: Literal["xgrammar", "llguidance"] = "xgrammar"
    """What keeps replies to a JSON Schema or a regular expression."""
    n: Annotated[int, Field(ge=1)] = 16
    """The most completions of one request."""
    rows: Annotated[int, Field(ge=1)] = 32
    """The most replies written at once; fewer need less memory."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.device.startswith("gpu"):
            raise ValueError("device: a GPU is called cuda here, or mps on a Mac")
        if self.n > self.rows:
            raise ValueError("n: a request's completions are written at once, so rows >= n")
        return self


@hookimpl
def lift_sys_providers() -> list[Component]:
    return [
        Component(
            name="transformers",
            factory="lift_sys_transformers.provider:create",
            summary="Hugging Face models in this process, with grammars and LoRA adapters",
            options=TransformersOptions,
        )
    ]
