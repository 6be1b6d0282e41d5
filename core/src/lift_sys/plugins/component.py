"""What a plugin says of one component it offers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pluggy
from pydantic import BaseModel, ConfigDict

hookimpl = pluggy.HookimplMarker("lift_sys")


class Options(BaseModel):
    """Base of every options model: frozen, and an unknown option is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


@dataclass(frozen=True, slots=True)
class Component:
    """`name` is the entry point's name and the name in the config."""

    name: str
    factory: str | Callable[..., Any]
    """`module:attribute`, imported only when built; called with the options and the parts.
    In tests a callable will do."""
    summary: str
    options: type[BaseModel] = Options
