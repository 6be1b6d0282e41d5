"""What a plugin says of one component it offers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pluggy
from pydantic import BaseModel, ConfigDict

hookimpl = pluggy.HookimplMarker("lift_sys")


class Options(BaseModel):
    """Base of every options model: frozen, and an unknown option is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


def _never(options: Any) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Variable:
    """An environment variable that a component reads by itself, such as a key."""

    name: str
    purpose: str
    """What it holds, in a few words: "the key of an OpenAI account"."""
    unless: Callable[[Any], bool] = _never
    """Whether a component with these options works without it."""


@dataclass(frozen=True, slots=True)
class Starter:
    """How `lift init` uses a provider in a first pipeline, once its variables are set."""

    options: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """As in the config; `${NAME}` may stand in them."""
    request: str | None = None
    """One that it can answer, for a provider that cannot answer every one."""
    examples: tuple[str, ...] = ()
    """Of that request, as `lift run --example` takes them: without any, a pass says little."""


class Remark(NamedTuple):
    """Of options that are allowed and hardly meant: `lift check` tells it, and goes on."""

    cause: str
    remedy: str


def _nothing_to_remark(options: Any) -> Sequence[Remark]:
    return ()


@dataclass(frozen=True, slots=True)
class Component:
    """`name` is the entry point's name and the name in the config."""

    name: str
    factory: str | Callable[..., Any]
    """`module:attribute`, imported only when built; called with the options and the parts.
    In tests a callable will do."""
    summary: str
    options: type[BaseModel] = Options
    variables: tuple[Variable, ...] = ()
    """For `lift check` and `lift doctor`: what it reads beside its options."""
    starter: Starter | None = None
    """None: not what a first pipeline is made with."""
    asks_scorers: bool | None = None
    """Of a strategy: whether it has its draws scored itself; None: that is not told."""
    remarks: Callable[[Any], Sequence[Remark]] = _nothing_to_remark
    """For `lift check`: what a person should know of these options."""
