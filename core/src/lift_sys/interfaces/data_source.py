"""Data source: yields tasks. A test suite is a data source."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol, runtime_checkable

from ..ir import Frozen
from .candidate import Code
from .task import Example, Task


class Hidden(Frozen):
    """What grades a task and must never select: read by the grader alone, after the run."""

    task: str
    tests: tuple[Example, ...]
    reference: Code | None = None


@runtime_checkable
class DataSource(Protocol):
    def tasks(self) -> Iterator[Task]: ...

    def hidden(self, ids: Sequence[str]) -> Mapping[str, Hidden]:
        """For the grader. Ids without hidden tests are missing from the answer."""
        ...
