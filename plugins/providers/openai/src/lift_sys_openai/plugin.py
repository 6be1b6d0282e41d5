"""What the plugin offers; the HTTP client is imported when the provider is built, not here."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from lift_sys.interfaces import Price
from lift_sys.model_http import HeaderNames, HttpUrl, JsonFields, TakesTemperature
from lift_sys.plugins import Component, Options, Starter, Variable, hookimpl
from lift_sys.secrecy import Secret

OPENAI_URL = "https://api.openai.com/v1"


class OpenAIOptions(Options):
    model: Annotated[str, Field(min_length=1)]
    """As the server calls it."""
    base_url: HttpUrl = OPENAI_URL
    """Of the server, up to and with `/v1`."""
    api_key: Secret | None = None
    """Unset: the environment variable OPENAI_API_KEY, read when the first call is made."""
    organization: Annotated[str, Field(pattern=r"^[!-~]+$")] | None = None
    """Of the account, where it has several. Unset: the environment variable OPENAI_ORG_ID."""
    price: Price | None = None
    """US dollars per million tokens: input, output, cached. Unset: as in the price list, where that
    knows the server's model."""
    n: Annotated[int, Field(ge=1, le=128)] = 16
    """The most completions to ask for in one request; 1 for servers that know no n."""
    seed: bool = True
    """Whether the server takes a seed."""
    logprobs: bool = True
    """Whether the server gives log-probabilities."""
    temperature: TakesTemperature = True
    """Whether the model takes a temperature; reasoning models often do not."""
    reasoning: bool = False
    """Whether the model thinks before each answer and the server tells that apart (as
    `reasoning_content`): `chain-of-thought` then asks it as ever."""
    structured: Literal["json_schema", "json_object", "none"] = "json_schema"
    """How a JSON Schema is asked for: enforced by the server, as any JSON, or not at all."""
    timeout: Annotated[float, Field(gt=0)] = 120.0
    """Seconds without a byte from the server."""
    headers: Annotated[dict[str, Secret], HeaderNames] = {}
    """Added to every call; kept secret like the key."""
    extra_body: JsonFields = {}
    """Fields added to every request body; they replace ours of the same name."""
    max_tokens_field: Literal["max_completion_tokens", "max_tokens"] = "max_completion_tokens"
    """Older servers know only `max_tokens`."""
    dialect: str = "chat"
    """Family of prompt templates the model reads."""
    in_flight: Annotated[int, Field(ge=1)] = 32
    """The most calls under way at once."""

    @model_validator(mode="after")
    def _ends_before_the_path(self) -> Self:
        if self.base_url.rstrip("/").endswith("/completions"):
            raise ValueError("base_url: of the server, up to and with /v1")
        return self


def _needs_no_key(options: OpenAIOptions) -> bool:
    """Servers of one's own ask for none."""
    return options.api_key is not None or options.base_url != OPENAI_URL


@hookimpl
def lift_sys_providers() -> list[Component]:
    return [
        Component(
            name="openai",
            factory="lift_sys_openai.provider:create",
            summary="OpenAI, and any server that speaks its chat-completions protocol",
            options=OpenAIOptions,
            variables=(Variable("OPENAI_API_KEY", "the key of an OpenAI account", _needs_no_key),),
            starter=Starter(
                {
                    "model": "gpt-4.1-mini",
                    "api_key": "${OPENAI_API_KEY}",
                    "price": {"input": 0.4, "output": 1.6, "cached": 0.1},
                }
            ),
        )
    ]
