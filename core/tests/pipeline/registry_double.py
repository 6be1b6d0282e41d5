"""A registry made of a dict, with components of every sort of option, and files that use them."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field, SecretStr, field_validator

from lift_sys.errors import BrokenPlugin, UnknownComponent
from lift_sys.interfaces import (
    ConfigPath,
    ProviderRef,
    RouteRef,
    ScorerRef,
    StrategyRef,
)
from lift_sys.plugins import Component, Options

FULL = """\
version: 1
seed: 3
plugins: {allow: [lift-sys-openai], deny: [evil]}
providers:
  main: {use: openai, model: gpt, api_key: "${KEY}", cassette: tapes/a.jsonl}
  both: {use: fallback, first: main, then: [tape]}
  tape: replay
  idle: {use: gone, model: "${NOT_SET}"}
stages:
  specify:
    provider: both
    strategy: {use: best-of-n, n: 5, inner: chain-of-thought}
    scorers: [schema, {use: judge, weight: 2, gate: true, provider: main, questions: q.txt}]
    stage: specify
    sampling: {temperature: 0.2}
  implement: {provider: main, strategy: single}
  attempt: {strategy: {use: best-of-n, n: "${N:-3}"}}
routes:
  strong: {implement: {provider: tape, strategy: {retries: 2}}, attempt: null}
router: {use: cascade, tiers: [default, strong]}
budget: {usd: 0.05, tokens: 200000, calls: 40, seconds: 1e2}
run_budget: {usd: 5}
concurrency: {tasks: 4}
sandbox: subprocess
observers: [log]
record: runs.db
sampling: {temperature: 0.7, max_tokens: 99}
"""
MINIMAL = """\
version: 1
providers: {main: replay}
stages:
  specify: {provider: main}
  implement: {provider: main}
"""


class OpenAI(Options):
    """An OpenAI-compatible server."""

    model: str
    """The model's name."""
    api_key: SecretStr = SecretStr("")
    timeout: Annotated[float, Field(gt=0)] = 60
    base_url: str = "https://api.example.com"
    cassette: ConfigPath | None = None

    @field_validator("base_url")
    @classmethod
    def _is_url(cls, url: str) -> str:
        if not url.startswith("http"):
            raise ValueError(f"{url!r} is no http address")
        return url


class Fallback(Options):
    first: ProviderRef
    then: tuple[ProviderRef, ...] = ()


class Single(Options):
    retries: Annotated[int, Field(ge=0, le=9)] = 0


class BestOfN(Options):
    n: Annotated[int, Field(ge=1)]
    inner: StrategyRef | None = None
    stop: Literal["first", "never"] | Annotated[int, Field(le=9)] = "never"
    notes: dict[str, int] = {}
    weights: dict[Literal["a", "b"], float] = {}
    rounds: Annotated[tuple[Annotated[int, Field(ge=1)], ...], Field(min_length=1)] = (4,)


class Judge(Options):
    provider: ProviderRef
    questions: ConfigPath | None = None


class Cascade(Options):
    tiers: list[RouteRef]
    scorer: ScorerRef = ScorerRef(use="schema")


class Endless(Options):
    left: StrategyRef = StrategyRef(use="endless")
    right: StrategyRef = StrategyRef(use="endless")


class Raising(Options):
    x: int = 0

    @field_validator("x")
    @classmethod
    def _break(cls, x: int) -> int:
        raise KeyError("a secret")


def _component(name: str, options: type[Options] = Options) -> Component:
    return Component(name, "nowhere:never_built", f"The {name}", options)


COMPONENTS: dict[str, dict[str, Component]] = {
    "providers": {
        "openai": _component("openai", OpenAI),
        "fallback": _component("fallback", Fallback),
        "replay": _component("replay"),
    },
    "strategies": {
        "single": _component("single", Single),
        "best-of-n": _component("best-of-n", BestOfN),
        "chain-of-thought": _component("chain-of-thought"),
        "endless": _component("endless", Endless),
        "raising": _component("raising", Raising),
    },
    "scorers": {"schema": _component("schema"), "judge": _component("judge", Judge)},
    "routers": {"static": _component("static"), "cascade": _component("cascade", Cascade)},
    "sandboxes": {"subprocess": _component("subprocess")},
    "observers": {"log": _component("log")},
    "stages": {"specify": _component("specify")},
}


class DictRegistry:
    """`asked` is what would have been imported."""

    def __init__(self, broken: Sequence[str] = ()) -> None:
        self.asked: list[str] = []
        self._broken = broken

    def component(self, kind: str, name: str) -> Component:
        if name not in COMPONENTS.get(kind, {}):
            raise UnknownComponent(f"nothing is called {name}", remedy="pip install something")
        self.asked.append(name)
        if name in self._broken:
            raise BrokenPlugin(f"{name} raised ImportError", remedy="reinstall it")
        return COMPONENTS[kind][name]

    def names(self, kind: str) -> Sequence[str]:
        return tuple(COMPONENTS.get(kind, {}))
