"""Engine: where a batch of tasks runs."""

from collections.abc import AsyncIterator, Iterable
from typing import Any, Protocol, TypeVar, runtime_checkable

from ..ir import Frozen
from .task import Task

R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)


class JobSpec(Frozen):
    """All that another process needs to do the same work: plain data, safe to send."""

    factory: str
    """`module:attribute` of a callable that makes the work from `document`."""
    document: dict[str, Any]


class Work(Protocol[R_co]):
    @property
    def spec(self) -> JobSpec: ...

    async def __call__(self, task: Task) -> R_co: ...


@runtime_checkable
class Engine(Protocol):
    def run(self, work: Work[R], tasks: Iterable[Task], concurrency: int) -> AsyncIterator[R]:
        """Each task's result once, as it becomes ready; a lost worker's tasks are done again."""
        ...

    async def aclose(self) -> None: ...
