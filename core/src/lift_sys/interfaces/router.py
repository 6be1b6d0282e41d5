"""Router: picks the route of a task, and may escalate after a failed verdict."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from ..ir import Frozen
from .candidate import Fault, Spend
from .limits import Limits
from .task import Task
from .verdict import Verdict


class Route(Frozen):
    name: str
    """A key of the pipeline's `routes:` table."""
    reason: str
    budget: Limits | None = None
    """Of this attempt alone, within what is left."""
    start: Fault | None = None
    """Where to begin; None: at the stage at fault of the attempt before."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of one route. `fault` is the stage the failure is blamed on."""

    route: str
    verdict: Verdict
    fault: Fault | None
    spend: Spend


@runtime_checkable
class Router(Protocol):
    def next(self, task: Task, history: Sequence[Attempt], left: Limits) -> Route | None:
        """Pure: the same arguments give the same route. None: stop."""
        ...


@runtime_checkable
class Auditor(Protocol):
    """What a router may be too: one that has a share of what passed solved again, apart from it, so
    that checks which accept wrong answers are seen. The answer stays the one that passed."""

    def audit(self, task: Task, history: Sequence[Attempt], left: Limits) -> Route | None:
        """Asked once, after an attempt that passed. Pure. None: no audit."""
        ...
