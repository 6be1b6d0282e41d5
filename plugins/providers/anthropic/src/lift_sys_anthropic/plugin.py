"""What the plugin offers; the SDK is imported at the first call, not here."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from lift_sys.interfaces import ConfigPath, Price
from lift_sys.model_http import HeaderNames, HttpUrl, JsonFields, TakesTemperature
from lift_sys.plugins import Component, Options, Starter, Variable, hookimpl
from lift_sys.secrecy import Secret

ANTHROPIC_URL = "https://api.anthropic.com"
_TOO_LONG = ("/v1", "/v1/messages")
_AT_ONCE = 32
_AT_ONCE_IN_BATCHES = 1000


class AnthropicOptions(Options):
    model: Annotated[str, Field(min_length=1)]
    """As the vendor calls it."""
    base_url: HttpUrl = ANTHROPIC_URL
    """Of the server, without `/v1`."""
    api_key: Secret | None = None
    """Unset: the environment variable ANTHROPIC_API_KEY, read when the first call is made."""
    price: Price | None = None
    """US dollars per million tokens: input, output, cached, written. Unset: as in the price list,
    where that knows the model."""
    structured: Literal["json_schema", "none"] = "json_schema"
    """Whether a JSON Schema is enforced by the server, or not asked for at all."""
    temperature: TakesTemperature = False
    """Whether the model takes a temperature; the newest ones do not."""
    thinking: Literal["adaptive", "disabled"] | Annotated[int, Field(ge=1024)] | None = None
    """As the model thinks fit, not at all, or for so many tokens at most. Unset: as the model does
    by itself."""
    effort: Literal["low", "medium", "high", "xhigh", "max"] | None = None
    """How hard the model tries."""
    cache: bool = True
    """Whether the beginning that prompts share is kept by the vendor, who reads it for less."""
    stream: bool = True
    """Whether a reply comes as it is written: long ones then outlast no timeout."""
    timeout: Annotated[float, Field(gt=0)] = 120.0
    """Seconds without a byte from the server."""
    headers: Annotated[dict[str, Secret], HeaderNames] = {}
    """Added to every call; kept secret like the key."""
    extra_body: JsonFields = {}
    """Fields added to every request body; they replace ours of the same name."""
    dialect: str = "chat"
    """Family of prompt templates the model reads."""
    in_flight: Annotated[int, Field(ge=1)] | None = None
    """The most calls under way at once, and with `batch` the most requests. Unset: 32, and 1000."""
    batch: bool = False
    """Whether requests are gathered into the vendor's message batches: half the price, and answers
    within a day."""
    gather: Annotated[float, Field(ge=0)] = 5.0
    """Seconds in which a batch takes in requests, from its first one."""
    poll: Annotated[float, Field(gt=0)] = 30.0
    """Seconds between two looks at a batch."""
    wait: Annotated[float, Field(gt=0)] = 90_000.0
    """The most seconds that a batch may take, in place of `calls.timeout`: the vendor ends each
    within 24 hours. One that takes longer is cancelled."""
    journal: ConfigPath | None = None
    """A file that knows of batches under way, so that a crash loses none. One run at a time."""

    @model_validator(mode="after")
    def _ends_before_the_version(self) -> Self:
        if self.base_url.rstrip("/").endswith(_TOO_LONG):
            raise ValueError(f"base_url: of the server, without {_TOO_LONG[0]}")
        return self

    @model_validator(mode="after")
    def _some_hold_for_batches_only(self) -> Self:
        stated = {"gather", "journal", "poll", "wait"} & self.model_fields_set
        if stated and not self.batch:
            raise ValueError(f"{', '.join(sorted(stated))}: of use with `batch: true` only")
        return self

    @property
    def at_once(self) -> int:
        return self.in_flight or (_AT_ONCE_IN_BATCHES if self.batch else _AT_ONCE)


def _needs_no_key(options: AnthropicOptions) -> bool:
    """Servers of one's own ask for none."""
    return options.api_key is not None or options.base_url != ANTHROPIC_URL


@hookimpl
def lift_sys_providers() -> list[Component]:
    return [
        Component(
            name="anthropic",
            factory="lift_sys_anthropic.provider:create",
            summary="Anthropic's models, one by one or in message batches at half the price",
            options=AnthropicOptions,
            variables=(
                Variable("ANTHROPIC_API_KEY", "the key of an Anthropic account", _needs_no_key),
            ),
            starter=Starter({"model": "claude-sonnet-4-6", "api_key": "${ANTHROPIC_API_KEY}"}),
        )
    ]
