"""Runs without a config, without discovery and without a record: for tests of components."""

from collections.abc import Callable, Mapping

from ..interfaces import (
    Code,
    Event,
    Limits,
    Problem,
    Provider,
    ProviderHandle,
    Router,
    Sandbox,
    Scorer,
    Solution,
    Strategy,
    Task,
)
from ..ir import IR
from ..pipeline.budget import Budget
from ..pipeline.cached import CompletionCache
from ..pipeline.config import CallSettings, SamplingConfig
from ..pipeline.context import RunContext, TaskScope
from ..pipeline.events import EventStream, NoRecord
from ..pipeline.gateway import Gateway
from ..pipeline.loop import BuiltRoute, Plan
from ..pipeline.recorded import RunRecord
from ..pipeline.routing import OneAttempt
from ..pipeline.session import RunSettings, Session
from ..pipeline.stages import (
    AttemptProblem,
    Implement,
    RouteStages,
    Specify,
    StageRunner,
)
from ..pipeline.strategies import Anytime, PlainDraws
from ..prompts import PromptLibrary
from .sandboxes import TrustingSandbox

MODEL = ProviderHandle("model")
"""What `make_context` and `make_route` call the provider where none is named."""


def make_route(
    *,
    specify: Strategy | None = None,
    implement: Strategy | None = None,
    attempt: Strategy | None = None,
    provider: str = MODEL,
    scorer: Scorer | None = None,
    sampling: SamplingConfig | None = None,
) -> BuiltRoute:
    """A route over the core's own stages; what is not given is plain draws."""
    prompts, sampling = PromptLibrary(), sampling or SamplingConfig()
    handle = ProviderHandle(provider)
    return BuiltRoute(
        stages=RouteStages(
            specify_stage=Specify(prompts, sampling),
            specify=StageRunner(_named(specify), handle, scorer),
            implement_stage=Implement(prompts, sampling),
            implement=StageRunner(_named(implement), handle, scorer),
        ),
        strategy=_named(attempt),
        scorer=scorer,
    )


def make_specification(task: Task) -> Problem[IR]:
    """The task as a problem of the stage `specify`."""
    return make_route().stages.specify_stage.specify(task, TrustingSandbox())


def make_implementation(task: Task, ir: IR) -> Problem[Code]:
    """The task and its IR as a problem of the stage `implement`."""
    return make_route().stages.implement_stage.implement(task, ir, TrustingSandbox())


def make_attempt(task: Task, route: BuiltRoute | None = None) -> Problem[Solution]:
    """The task as a problem of both stages in a row."""
    route = route or make_route()
    return AttemptProblem(task=task, stages=route.stages, sandbox=TrustingSandbox())


def make_session(
    providers: Provider | Mapping[str, Provider],
    *,
    routes: BuiltRoute | Mapping[str, BuiltRoute] | None = None,
    router: Router | None = None,
    sandbox: Sandbox | None = None,
    settings: RunSettings | None = None,
    calls: CallSettings | None = None,
    events: list[Event] | None = None,
    past: RunRecord | None = None,
    cache: CompletionCache | None = None,
) -> Session:
    """A run over the given providers; its events are appended to `events`. `past`: it goes on."""
    stream = EventStream(NoRecord(), [("events", _Collector(events))] if events is not None else [])
    plan = make_plan(routes, router=router, sandbox=sandbox)
    gateways = _gateways(providers, calls, stream.emit, cache)
    return Session("test", plan, gateways, stream, settings or RunSettings(), past)


def make_plan(
    routes: BuiltRoute | Mapping[str, BuiltRoute] | None = None,
    *,
    router: Router | None = None,
    sandbox: Sandbox | None = None,
) -> Plan:
    routes = routes or make_route()
    return Plan(
        routes={"default": routes} if isinstance(routes, BuiltRoute) else routes,
        router=router or OneAttempt(),
        sandbox=sandbox or TrustingSandbox(),
    )


def make_context(
    providers: Provider | Mapping[str, Provider],
    *,
    limits: Limits | None = None,
    scorer: Scorer | None = None,
    calls: CallSettings | None = None,
    events: list[Event] | None = None,
    seed: int = 0,
    epoch: int = 0,
    cache: CompletionCache | None = None,
) -> RunContext:
    """The context of one task, to draw from a problem or to run a strategy in."""
    collect = _Collector(events).on_event
    gateways = _gateways(providers, calls, collect, cache)
    scope = TaskScope("task", seed, gateways, collect, epoch)
    return RunContext(scope, Budget("budget", limits or Limits()), provider=MODEL, scorer=scorer)


def _gateways(
    providers: Provider | Mapping[str, Provider],
    calls: CallSettings | None,
    emit: Callable[[Event], None],
    cache: CompletionCache | None = None,
) -> dict[str, Gateway]:
    named = {str(MODEL): providers} if isinstance(providers, Provider) else providers
    # A test must not wait between tries.
    settings = calls or CallSettings(backoff=0.0)
    return {name: Gateway(name, each, settings, emit, cache=cache) for name, each in named.items()}


def _named(strategy: Strategy | None) -> Strategy:
    return PlainDraws() if strategy is None else Anytime(type(strategy).__name__, strategy)


class _Collector:
    def __init__(self, events: list[Event] | None) -> None:
        self._events: list[Event] = [] if events is None else events

    def on_event(self, event: Event) -> None:
        self._events.append(event)

    def close(self) -> None:
        pass
