"""Provider: text in, n completions out; nothing else.

Whoever implements one does no retrying, no rate limiting, no caching and no counting of money:
the core does these once for all providers.
"""

import math
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal, Protocol, runtime_checkable

from pydantic import AfterValidator, BeforeValidator, Field

from ..errors import ProviderError
from ..ir import Frozen


class Message(Frozen):
    role: Literal["system", "user", "assistant"]
    content: str


class JsonSchema(Frozen):
    """The reply is JSON that this schema accepts."""

    kind: Literal["json_schema"] = "json_schema"
    name: str
    document: dict[str, Any]


class Regex(Frozen):
    kind: Literal["regex"] = "regex"
    pattern: str


class Grammar(Frozen):
    """A context-free grammar in the Lark dialect of llguidance."""

    kind: Literal["grammar"] = "grammar"
    lark: str


Constraint = Annotated[JsonSchema | Regex | Grammar, Field(discriminator="kind")]


class Sampling(Frozen):
    """What a caller may ask of any model."""

    n: Annotated[int, Field(ge=1)] = 1
    max_tokens: Annotated[int, Field(ge=1)] = 1024
    temperature: float | None = None
    """None: the model's own default."""
    stop: tuple[str, ...] = ()
    seed: int | None = None
    logprobs: bool = False


class Request(Frozen):
    messages: tuple[Message, ...]
    sampling: Sampling = Sampling()
    constraint: Constraint | None = None


def _without_surrogates(text: object) -> object:
    """Half a character, as a vendor's JSON may hold, can be neither stored nor sent on."""
    if not isinstance(text, str) or text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


Text = Annotated[str, BeforeValidator(_without_surrogates)]

_LEAST_LOGPROB = -9999.0


def _finite(logprobs: tuple[float, ...] | None) -> tuple[float, ...] | None:
    """No record keeps an infinity: what cannot happen is very unlikely, and what is no number says
    nothing of the others either."""
    if logprobs is None or all(map(math.isfinite, logprobs)):
        return logprobs
    if any(math.isnan(one) or one > 0 for one in logprobs):
        return None
    return tuple(max(_LEAST_LOGPROB, one) for one in logprobs)


Logprobs = Annotated[tuple[float, ...] | None, AfterValidator(_finite)]
Tokens = Annotated[int, Field(ge=0)]


class Completion(Frozen):
    text: Text
    finish: Literal["stop", "length", "filtered", "cut"] = "stop"
    """`cut`: the connection ended before the model did."""
    reasoning: Text | None = None
    logprobs: Logprobs = None


def estimated_tokens(text: str) -> int:
    return -(-len(text.encode("utf-8", "surrogatepass")) // 4)


class Usage(Frozen):
    input_tokens: Tokens = 0
    output_tokens: Tokens = 0
    cached_tokens: Tokens = 0
    """Of the input tokens, those the vendor read from its own cache."""
    written_tokens: Tokens = 0
    """Of the input tokens, those it put into that cache."""
    estimated: bool = False
    """True where the vendor did not say and we counted: of a reply that was lost, the most it can
    have been."""

    @classmethod
    def estimate(cls, messages: Sequence[Message], completions: Sequence[Completion]) -> "Usage":
        """For vendors that do not say: a token for every four bytes of text begun."""
        output = (text for one in completions for text in (one.text, one.reasoning or ""))
        return cls(
            input_tokens=sum(estimated_tokens(message.content) for message in messages),
            output_tokens=sum(estimated_tokens(text) for text in output),
            estimated=True,
        )


class Price(Frozen):
    """US dollars per million tokens."""

    input: Annotated[float, Field(ge=0)]
    output: Annotated[float, Field(ge=0)]
    cached: Annotated[float, Field(ge=0)] | None = None
    """Of input that the vendor reads from its own cache; None: as other input."""
    written: Annotated[float, Field(ge=0)] | None = None
    """Of input that it puts into that cache; None: as other input."""
    batch: Annotated[float, Field(ge=0)] = 1.0
    """What a call in one of the vendor's batches costs of all this: 0.5 is half of it."""
    dated: date | None = None
    """The day on which the vendor asked this."""

    def of(self, usage: Usage) -> float:
        cached = self.input if self.cached is None else self.cached
        written = self.input if self.written is None else self.written
        fresh = max(0, usage.input_tokens - usage.cached_tokens - usage.written_tokens)
        spent = (
            fresh * self.input
            + usage.cached_tokens * cached
            + usage.written_tokens * written
            + usage.output_tokens * self.output
        )
        return spent / 1e6

    def in_batch(self) -> "Price":
        """Of a call in one of the vendor's batches; of these prices again the same."""
        rates = {
            name: None if rate is None else rate * self.batch
            for name, rate in (
                ("input", self.input),
                ("output", self.output),
                ("cached", self.cached),
                ("written", self.written),
            )
        }
        return self.model_copy(update={**rates, "batch": 1.0})


class Reply(Frozen):
    completions: tuple[Completion, ...]
    usage: Usage
    model: Text
    ignored: frozenset[str] = frozenset()
    """Settings that this provider could not honour: told, never hidden."""
    price: Price | None = None
    """Of the model that answered, from a provider that stands for several; None: as in its
    capabilities, which then name the highest."""
    batch: bool = False
    """Whether it came in one of the vendor's batches, and is billed as that: see `Price.batch`."""


class Capabilities(Frozen):
    model: str
    n: Annotated[int, Field(ge=1)] = 1
    """The most completions one request may ask for; the core emulates the rest."""
    requests: Annotated[int, Field(ge=1)] = 1
    """How many different requests one call should carry; above 1 the core fills batches."""
    in_flight: Annotated[int, Field(ge=1)] = 32
    """The most calls to have under way at once."""
    seed: bool = False
    logprobs: bool = False
    temperature: bool = True
    constraints: frozenset[Literal["json_schema", "regex", "grammar"]] = frozenset()
    reasoning: bool = False
    """It thinks before it answers, whatever the prompt says; a constraint holds for its answer
    alone, and what it thought is told apart from that."""
    dialect: str = "chat"
    """Which family of prompt templates the model reads."""
    price: Price | None = None
    """None: as in the price list of its vendor, if there is one. A model that costs nothing says
    Price(input=0, output=0)."""
    vendor: str = ""
    """Whose price list holds for it, such as `api.openai.com`; empty: nobody's."""
    batch: bool = False
    """Whether every call goes into one of the vendor's batches, and is billed as that."""
    timeout: Annotated[float, Field(gt=0)] | None = None
    """Seconds that one call may take, in place of `calls.timeout`: where an answer waits for a
    batch, or for a machine that starts first."""


class Health(Frozen):
    ok: bool
    detail: str = ""


@runtime_checkable
class Provider(Protocol):
    """Made without a call, a connection or a model: `lift check` makes it too. These wait for the
    first call."""

    def capabilities(self) -> Capabilities: ...

    async def complete(self, requests: Sequence[Request]) -> Sequence[Reply | ProviderError]:
        """One reply or error for each request, in order; never raises for a single one."""
        ...

    async def health(self) -> Health:
        """Whether a call would work, found out without paying for one."""
        ...

    async def aclose(self) -> None: ...
