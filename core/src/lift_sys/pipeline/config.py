"""The models of a pipeline file, version 1. `resolve` fills them; this says what there is."""

from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, TypeAdapter

from ..interfaces import (
    CheckRef,
    ConfigPath,
    DataSourceRef,
    EngineRef,
    Limits,
    ObserverRef,
    ProviderDef,
    ProviderRef,
    RouterRef,
    Sampling,
    SandboxRef,
    ScorerRef,
    StageRef,
    StatedText,
    StrategyRef,
)
from ..ir import Frozen

DEFAULT_ROUTE = "default"
"""The name of the route that `stages` describes."""


class PluginRules(Frozen):
    """Which distributions may be used; None: every one that is installed."""

    allow: tuple[str, ...] | None = None
    """No others; none: all are."""
    deny: tuple[str, ...] = ()
    """Not these, even where they are allowed."""


class SamplingConfig(Frozen):
    """What is asked of a model, where nothing nearer to the call says otherwise."""

    temperature: Annotated[float, Field(ge=0)] | None = None
    """None: the model's own default."""
    max_tokens: Annotated[int, Field(ge=1)] = 2048
    """The longest reply; one that is cut off there is no answer."""
    stop: tuple[str, ...] = ()
    """Texts at which a reply ends."""
    logprobs: bool = False
    """Whether to ask for the log-probabilities of tokens, for strategies that weigh by them."""

    def under(self, nearer: "SamplingConfig | None") -> "SamplingConfig":
        """These settings, with those that `nearer` states laid over them."""
        if nearer is None:
            return self
        stated = {name: getattr(nearer, name) for name in nearer.model_fields_set}
        return self.model_copy(update=stated)

    def sampling(self) -> Sampling:
        fields: dict[str, Any] = dict(self)
        return Sampling(**fields)


class StageConfig(Frozen):
    """How one stage is run."""

    provider: ProviderRef
    """The entry of `providers:` that answers this stage's calls."""
    strategy: StrategyRef | None = None
    """How candidates are drawn and chosen; none: plain draws, as many as are wanted."""
    scorers: tuple[ScorerRef, ...] = ()
    """Who scores the candidates, in order."""
    stage: StageRef | None = None
    """The stage itself; none: the core's own."""
    sampling: SamplingConfig | None = None
    """Laid over the pipeline's `sampling`."""


class AttemptConfig(Frozen):
    """A strategy over whole attempts: both stages in a row, seen as one."""

    strategy: StrategyRef | None = None
    """How attempts are drawn and chosen; none: one."""
    scorers: tuple[ScorerRef, ...] = ()
    """Who scores the attempts, in order."""


class RouteConfig(Frozen):
    """What a task goes through."""

    specify: StageConfig
    """From the request to the IR."""
    implement: StageConfig
    """From the IR to code."""
    attempt: AttemptConfig | None = None
    """Optional: a strategy over whole attempts."""


class ConcurrencyConfig(Frozen):
    """How much is under way at once."""

    tasks: Annotated[int, Field(ge=1)] = 8
    """How many tasks are under way at once."""


class CallSettings(Frozen):
    """How calls are made, whatever the provider."""

    timeout: Annotated[float, Field(gt=0)] = 120.0
    """Seconds that one call may take."""
    attempts: Annotated[int, Field(ge=1)] = 4
    """How often one call is tried in all."""
    backoff: Annotated[float, Field(ge=0)] = 0.5
    """Seconds before the second try; doubled for each one after, with jitter."""
    max_backoff: Annotated[float, Field(ge=0)] = 30.0
    """The longest such pause, unless the provider asks for a longer one."""
    max_wait: Annotated[float, Field(ge=0)] = 600.0
    """The longest pause that a provider may ask for; where it asks for more, the call failed."""


def _record_place(value: Any) -> Any:
    """A path is relative to the file that states it, and a password stands in no file."""
    if not isinstance(value, str) or not value.startswith(("postgresql://", "postgres://")):
        if isinstance(value, str) and "://" in value:
            scheme = value.partition("://")[0]
            raise ValueError(
                f"a store is no {scheme!r} URL: give the path of a file, or a postgresql:// URL"
            )
        path = _PATH.validate_python(value)
        return str(path)
    written = value.written if isinstance(value, StatedText) else value
    if (urlsplit(written).password or "${").startswith("${"):
        return str(value)
    raise ValueError("a password stands in the URL: put it into the environment, as ${NAME}")


_PATH: TypeAdapter[Path] = TypeAdapter(ConfigPath)
RecordPlace = Annotated[str, BeforeValidator(_record_place)]


class Settings(Frozen):
    """All of a pipeline file but its providers and routes."""

    version: Literal[1]
    """Of the form of this file."""
    seed: int = 0
    """The same seed draws the same numbers."""
    plugins: PluginRules = PluginRules()
    """Distributions that may, or may not, be used."""
    router: RouterRef | None = None
    """Who picks the route of a task; none: the default route, once."""
    tasks: DataSourceRef | None = None
    """The tasks that are run where no request is given."""
    budget: Limits = Limits()
    """The most one task may use."""
    run_budget: Limits = Limits()
    """The most the whole run may use."""
    concurrency: ConcurrencyConfig = ConcurrencyConfig()
    """How much is under way at once."""
    prices: ConfigPath | None = None
    """A price list of your own (TOML), laid over the one that comes with lift-sys."""
    calls: CallSettings = CallSettings()
    """How calls to models are made."""
    prompts: dict[str, ConfigPath] = {}
    """Prompt files of your own, by stage, in place of the core's."""
    checks: tuple[CheckRef, ...] = ()
    """Further examiners of specifications and of code, such as `z3` or `hypothesis`."""
    sandbox: SandboxRef | None = None
    """Where code from models runs; none: the strongest one that works here."""
    engine: EngineRef | None = None
    """Where the tasks of a batch are run, and graded; none: in this process, side by side."""
    observers: tuple[ObserverRef, ...] = ()
    """Who watches the events of a run."""
    record: RecordPlace | None = ".lift/store.db"
    """Where runs are kept: a file, or a `postgresql://` URL; null: nowhere."""
    cache: Literal["on", "off"] = "on"
    """Whether a sample that a recorded run has drawn, by the same request and seed, is used again
    instead of being paid for again; off: every one is drawn anew."""
    sampling: SamplingConfig = SamplingConfig()
    """What is asked of every model; a stage may say otherwise."""


class PipelineFile(Settings):
    """A lift-sys pipeline: providers, the stages they run, and what a run may cost."""

    extends: str | tuple[str, ...] = ()
    """Pipeline files this one is laid over, in order, relative to this file."""
    providers: dict[str, ProviderDef] = {}
    """The models, by the names that stages and components call them by."""
    stages: RouteConfig
    """The default route."""
    routes: dict[str, RouteConfig] = {}
    """Named overlays over `stages`, for routers."""
