"""The result of an evaluation as a document: what was run, on what, and how each task ended.

`lift eval` loads this beside a run: there is nothing in here that grades.
"""

from collections.abc import Iterable
from typing import Any, Final, Literal, get_args

from pydantic import Field, model_validator

from ..errors import InputError
from ..interfaces import Suite
from ..interfaces.verdict import Category
from ..ir import Frozen
from .numbers import Count, Measure, SomeOf, Spent
from .scorers import ScoredSet
from .selection import named

FORM = 1

Ended = Literal["pass", "fail", "unverified", "error", "cancelled", "not run"]


Reached = Literal["nothing", "specification", "code", "loads", "runs", "right"]
"""How far a task came: `loads` is code that can be imported, `runs` is code of which no hidden test
ends in an exception, a timeout or a crash."""
FURTHER: Final[tuple[Reached, ...]] = get_args(Reached)


class Draws(Frozen):
    """What a stage drew for a task, before anything was chosen."""

    stage: str
    drawn: Count
    """In the first attempt, where nothing was known of earlier failures."""
    right: Count
    """Of those: by the hidden tests; of specifications, those that no hidden test denies."""
    valid: Count
    """Those that are values of the stage at all."""
    distinct: Count
    """Of the valid ones, how many are not the same as another to the letter."""
    any_right: bool
    """In any attempt."""
    usd: Measure
    """Of the calls behind all that it drew, also where an earlier run had paid for them."""

    @model_validator(mode="after")
    def _parts_of_a_whole(self) -> "Draws":
        if self.distinct > self.valid or max(self.valid, self.right) > self.drawn:
            raise ValueError("more of its draws are something than there are draws")
        return self


class Chosen(Frozen):
    """How a strategy ended, as it tells it."""

    stage: str
    strategy: str
    why: str
    drawn: Count
    distinct: Count | None = None
    behaviours: Count | None = None


class Audited(Frozen):
    """An answer that passed was held against another one, found by itself."""

    by: str
    """The route that found the other."""
    agrees: bool | None
    """Whether the two do the same; None: there was nothing to compare."""
    usd: Measure


class FromReference(Frozen):
    """What came of a task in the run beside, which was given its reference specification."""

    right: bool
    lost: bool
    """Nothing is known: it was lost, or not run."""
    spend: Spent
    """No part of what the task itself cost."""


class Shown(Frozen):
    """What a person may want to see of a task that went wrong."""

    request: str
    code: str


class Row(Frozen):
    """One task."""

    task: str
    digest: str
    part: str | None = None
    category: str | None = None
    difficulty: str | None = None
    quirks: tuple[str, ...] = ()
    """Of the language, on which the task turns."""
    visible: Ended
    """What the run itself said, before any hidden test."""
    right: bool
    """What the hidden tests say."""
    passed: Count
    total: Count
    failure: Category | None = None
    """Of the first hidden test that does not hold."""
    message: str = ""
    spend: Spent
    seconds: Measure
    reached: Reached = "nothing"
    fault: Literal["specify", "implement", "infrastructure"] | None = None
    """Of a wrong one: `specify` where its specification is missing or hidden tests deny it."""
    attempts: Count = 0
    route: str = ""
    """The last one taken."""
    draws: tuple[Draws, ...] = ()
    strategies: tuple[Chosen, ...] = ()
    audit: Audited | None = None
    sets: tuple[ScoredSet, ...] = ()
    unjudged: Count = 0
    """Scored sets of which the hidden tests say nothing."""
    literals: SomeOf = (0, 0)
    """Texts that the request wants to come out: those that the specification spells out as they
    are, and all."""
    mutants: SomeOf | None = None
    """Wrong mutants of the reference that the specification's claims refute, and how many were
    tried. None: that was not asked for."""
    from_reference: FromReference | None = None
    """None: there is no reference specification, or it was not tried."""
    shown: Shown | None = None
    """Of the first few wrong ones of each sort."""

    def of(self, stage: str) -> Draws | None:
        return next((each for each in self.draws if each.stage == stage), None)

    @property
    def usd(self) -> float:
        """Of the work: also what an earlier run paid for, else doing it again looks free."""
        return self.spend.usd + self.spend.cached_usd

    @property
    def false_accept(self) -> bool:
        return self.visible == "pass" and not self.right

    @property
    def lost(self) -> bool:
        """Counted as wrong, though it says nothing of the code."""
        return self.failure == "infrastructure"


class Head(Frozen):
    """A graded run but for its rows."""

    version: Literal[1] = FORM
    run: str
    label: str = ""
    started: str
    suite: Suite
    tasks: str
    """Digest of the tasks that were given."""
    tests: str
    """Digest of the tests that graded."""
    seed: int
    epoch: int = 0
    config: dict[str, Any] = {}
    """The pipeline as written; empty: graded by a version that did not tell it."""
    distributions: dict[str, str]
    reference_run: str = ""
    """The run beside, which was given the reference specifications; empty: there is none."""


class Evaluation(Head):
    rows: tuple[Row, ...] = Field(min_length=1)

    @classmethod
    def of(cls, head: Head, rows: Iterable[Row]) -> "Evaluation":
        stated = {name: getattr(head, name) for name in Head.model_fields}
        return cls(**stated, rows=tuple(rows))


def check_comparable(one: Evaluation, other: Evaluation) -> None:
    """Raises InputError unless both are grades of the same tasks by the same tests."""
    if one.suite != other.suite:
        cause = f"they are of different suites: {named(one.suite)} and {named(other.suite)}"
    elif one.tasks != other.tasks or _digests(one) != _digests(other):
        common = len({row.digest for row in one.rows} & {row.digest for row in other.rows})
        cause = (
            f"they are of different tasks: {len(one.rows)} and {len(other.rows)}, "
            f"of which {common} are the same"
        )
    elif one.tests != other.tests:
        cause = "they were graded by different hidden tests"
    else:
        return
    raise InputError(
        f"{one.run} and {other.run} cannot be compared: {cause}",
        remedy="run both on the same tasks (--tasks, --part, --limit and --seed), or grade again",
    )


def _digests(found: Evaluation) -> list[str]:
    return sorted(row.digest for row in found.rows)
