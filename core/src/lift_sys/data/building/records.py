"""The lines of a data set."""

from typing import Annotated, Literal

from pydantic import Field

from ...interfaces import Failure
from ...ir import IR, Frozen
from ..dataset import TrainingExample

Stage = Literal["specify", "implement"]
STAGES: tuple[Stage, ...] = ("specify", "implement")
Share = Annotated[float, Field(ge=0, le=1)]


class Quality(Frozen):
    """Measured, by running and by comparing; long texts have no advantage."""

    literals: Share
    """Of the request's quoted texts and numbers, those that the specification spells out."""
    assertions: Share
    """Of the wrong variants of the code, those that an assertion of the specification denies."""
    branches: Share
    """Of the code's branches, those that the visible examples run."""

    @property
    def score(self) -> float:
        return round((self.literals + self.assertions + self.branches) / 3, 4)


class DatasetExample(TrainingExample):
    """A request with the right specification and code."""

    quality: Quality


class Negative(Frozen):
    """A mistake with its name and its correction: running showed that it is one."""

    id: str
    of: str
    """The example that it was made from."""
    stage: Stage
    """At fault: `specify`, or `implement`."""
    operator: str
    """The mutation that planted it."""
    place: str
    """What it changed: a path of the specification, or a line of the code."""
    wrong_ir: IR | None = None
    wrong_code: str | None = None
    failure: Failure
    """What was found. Of a wrong specification: how the right code breaks it."""
    request: str
    ir: IR
    """The right one."""
    code: str
    """The right one."""
    family: str
    category: str
    difficulty: str
    cluster: str
