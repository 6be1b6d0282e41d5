"""What every provider of a model in this process is told."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from ..interfaces import ConfigPath, Price
from ..plugins import Options


class LocalModelOptions(Options):
    model: Annotated[str, Field(min_length=1)]
    """A folder, or a name on the Hugging Face hub."""
    revision: str | None = None
    """Branch, tag or commit of a model on the hub; better a commit."""
    adapters: dict[str, ConfigPath] = {}
    """LoRA adapters by name: folders that PEFT, or `lift train export`, wrote."""
    adapter: str | None = None
    """Name of the one that is used; unset: none."""
    format: Literal["auto", "chat", "plain"] = "auto"
    """Prompts in the model's chat template, or plain; auto: the template where there is one."""
    template: dict[str, Any] = {}
    """Values for the chat template, such as `{enable_thinking: false}`."""
    context: Annotated[int, Field(ge=2)] | None = None
    """Most tokens of prompt and reply together; unset: as the model's config says."""
    top_p: Annotated[float, Field(gt=0, le=1)] | None = None
    """Likeliest tokens that are drawn from, by their share; unset: as the model's config says."""
    top_k: Annotated[int, Field(ge=0)] | None = None
    """How many of the likeliest tokens are drawn from, 0: all; unset: as the config says."""
    price: Price = Price(input=0, output=0)
    """US dollars per million tokens, where a machine's time is to be counted."""
    dialect: str = "chat"
    """Family of prompt templates the model reads; `tuned` for those of the trainer `lora`."""

    @model_validator(mode="after")
    def _adapter_is_named(self) -> Self:
        if self.adapter is not None and self.adapter not in self.adapters:
            known = ", ".join(self.adapters) or "none"
            raise ValueError(f"adapter: there is no {self.adapter!r} in adapters ({known})")
        return self
