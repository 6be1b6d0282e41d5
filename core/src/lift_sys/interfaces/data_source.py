"""Data source: yields tasks. A test suite is a data source."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Protocol, runtime_checkable

from pydantic import Field, model_validator

from ..ir import IR, Frozen
from .candidate import Code
from .task import Example, Task


class Suite(Frozen):
    """What tasks belong to. Results name it, beside the digests of the tasks themselves."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    version: str = ""
    """Raised with every change that makes results another thing; empty: nobody keeps count."""


class Assignment(Frozen):
    """What a run that will be graded is given to do. It is recorded when the run begins."""

    suite: Suite
    use: str
    """The data source, as a pipeline names it."""
    options: dict[str, Any]
    """Those it was made with, as JSON; paths in them are absolute."""
    tasks: dict[str, str]
    """Digests by id: all that were meant to be done, also those that never began."""


class Hidden(Frozen):
    """What grades a task and must never select: read by the grader alone, after the run."""

    task: str
    tests: tuple[Example, ...] = ()
    program: str | None = None
    """Tests that no examples say: a module with a function `check(candidate)`, which raises where
    the candidate is wrong. It runs in a process of its own, where only answers come in."""
    reference: Code | None = None
    ir: IR | None = None
    """The specification as it should be."""

    @model_validator(mode="after")
    def _tests_something(self) -> "Hidden":
        if not self.tests and self.program is None:
            raise ValueError("hidden tests that test nothing: give `tests` or a `program`")
        return self

    @property
    def digest(self) -> str:
        """Of what decides a grade."""
        deciding = self.model_dump_json(include={"tests", "program"})
        return hashlib.sha256(deciding.encode()).hexdigest()[:32]


@runtime_checkable
class DataSource(Protocol):
    @property
    def suite(self) -> Suite: ...

    def tasks(self) -> Iterator[Task]:
        """The same ones in the same order every time. `metadata["part"]` says which part of the
        suite a task is of, where results of its parts are to be told apart."""
        ...

    def hidden(self, ids: Sequence[str]) -> Mapping[str, Hidden]:
        """For the grader. Ids without hidden tests are missing from the answer."""
        ...
