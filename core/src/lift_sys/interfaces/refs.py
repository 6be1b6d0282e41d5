"""Typed references: options that name another component.

Checking, building and the JSON Schema all find them by walking an options model, so a strategy
that takes `inner: StrategyRef` composes with every other one and needs no code for it.
"""

from pathlib import Path
from typing import Annotated, Any, ClassVar, NewType, Protocol

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, RootModel, model_validator

from .check import Check
from .provider import Provider
from .scorer import Scorer
from .strategy import Strategy

ProviderHandle = NewType("ProviderHandle", str)
"""A provider of this pipeline. Calls go through the context, which pays and records them."""


class StatedText(str):
    """Text of a pipeline file: it knows its folder, and shows itself as written, unexpanded."""

    base: Path
    written: str

    def __new__(cls, value: str, base: Path, written: str) -> "StatedText":
        text = super().__new__(cls, value)
        text.base = base
        text.written = written
        return text

    def __reduce__(self) -> tuple[type["StatedText"], tuple[str, Path, str]]:
        return StatedText, (str(self), self.base, self.written)

    def __repr__(self) -> str:
        return repr(self.written)


def _against_its_file(value: Any) -> Any:
    if isinstance(value, StatedText):
        return (value.base / Path(value).expanduser()).absolute()
    return value


ConfigPath = Annotated[Path, BeforeValidator(_against_its_file)]
"""A path in a component's options: relative to the file that states it."""


class ComponentRef(BaseModel):
    """`{use: name, option: ...}`, or just the name. The options stay raw until checked."""

    kind: ClassVar[str]
    model_config = ConfigDict(frozen=True, extra="allow", use_attribute_docstrings=True)

    use: str
    """Its name, or `distribution:name` where two distributions offer that."""

    @model_validator(mode="before")
    @classmethod
    def _from_name(cls, data: Any) -> Any:
        return {"use": data} if isinstance(data, str) else data

    @property
    def options(self) -> dict[str, Any]:
        return self.model_extra or {}


class StrategyRef(ComponentRef):
    kind = "strategies"


class ScorerRef(ComponentRef):
    kind = "scorers"

    weight: float = Field(default=1.0, ge=0, allow_inf_nan=False)
    """How much its scores count beside those of the others; 0: nothing, as of a mere gate."""
    gate: bool = False
    """Candidates this scorer gives 0 are not shown to the scorers after it."""


class RouterRef(ComponentRef):
    kind = "routers"


class DataSourceRef(ComponentRef):
    kind = "data_sources"


class SandboxRef(ComponentRef):
    kind = "sandboxes"


class StageRef(ComponentRef):
    kind = "stages"


class CheckRef(ComponentRef):
    kind = "checks"


class EngineRef(ComponentRef):
    kind = "engines"


class ObserverRef(ComponentRef):
    kind = "observers"


class TrainerRef(ComponentRef):
    kind = "trainers"


class Rate(BaseModel):
    """The most that a vendor lets one account do in a minute; None: no limit is known."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    requests: Annotated[int, Field(ge=1)] | None = None
    """Requests in any 60 seconds."""
    tokens: Annotated[int, Field(ge=1)] | None = None
    """Tokens in any 60 seconds; a call under way counts with the most it can give."""

    def among(self, workers: int) -> "Rate":
        """The share of each one of so many, who do not see each other."""
        requests, tokens = self.requests, self.tokens
        return Rate(
            requests=None if requests is None else max(1, requests // workers),
            tokens=None if tokens is None else max(1, tokens // workers),
        )


class ProviderDef(ComponentRef):
    """An entry of the pipeline's `providers:` table."""

    kind = "providers"

    rate: Rate = Rate()
    """What is kept to of its own accord, so that the vendor need not refuse."""


class ProviderRef(RootModel[str]):
    """The name of an entry of the pipeline's `providers:` table."""

    model_config = ConfigDict(frozen=True)


class RouteRef(RootModel[str]):
    """The name of an entry of the pipeline's `routes:` table."""

    model_config = ConfigDict(frozen=True)


class Parts(Protocol):
    """Given to a component's factory: turns its references into what they name."""

    def strategy(self, ref: StrategyRef | None) -> Strategy:
        """None: plain draws, as many as are wanted."""
        ...

    def scorer(self, ref: ScorerRef) -> Scorer: ...

    def check(self, ref: CheckRef) -> Check: ...

    def provider(self, ref: ProviderRef) -> ProviderHandle:
        """For strategies, scorers and stages, which call models through their context."""
        ...

    def wrapped(self, ref: ProviderRef) -> Provider:
        """For providers made of providers, which hand calls on themselves."""
        ...
