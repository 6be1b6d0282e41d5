"""Limits: the most that something may use."""

from typing import Annotated

from pydantic import Field

from ..ir import Frozen
from .candidate import Spend


class Limits(Frozen):
    """The most a run, a task or a route may use; None: no limit."""

    usd: Annotated[float, Field(ge=0)] | None = None
    """US dollars; every model it pays must have a price."""
    tokens: Annotated[int, Field(ge=0)] | None = None
    """Of input and output together."""
    calls: Annotated[int, Field(ge=0)] | None = None
    """Calls to models, each of which may give several completions."""
    seconds: Annotated[float, Field(ge=0)] | None = None
    """Of wall time."""

    def left(self, spent: Spend, seconds: float) -> "Limits":
        return Limits(
            usd=None if self.usd is None else max(0.0, self.usd - spent.usd),
            tokens=None if self.tokens is None else max(0, self.tokens - spent.tokens),
            calls=None if self.calls is None else max(0, self.calls - spent.calls),
            seconds=None if self.seconds is None else max(0.0, self.seconds - seconds),
        )
