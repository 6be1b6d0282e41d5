"""What hidden tests say of all that a task's run drew, not of its winner alone.

Everything is judged by what it is: equal values once, and those that are judged already not again.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from typing import Any, Final

from ..checking.examiner import Examiner
from ..checking.specification import misfits_of, open_holes
from ..errors import SandboxFailed
from ..interfaces import Basis, Code, Failure, Hidden, Sandbox, Task, Verdict, judge
from ..ir import IR, Frozen
from ..store import Grade
from .drawn import Drawn, TaskDraws
from .grading import TRIES, broke, grade, grader_of, judge_code, lost
from .specifications import mutants_killed
from .winners import Winner

BY: Final = f"lift-sys {version('lift-sys')}"
"""Other versions may name mistakes otherwise, so they grade again."""
_WINNER: Final = "winner"
_CLAIMS: Final = "claims"
_NOTE_CODE, _NOTE_BY = "code", "by"

Values = Callable[[], Mapping[str, Any]]
"""What a task's run drew, by candidate; read only where something is not judged yet."""


def subject(stage: str, digest: str) -> str:
    return f"{stage}:{digest[:32]}"


def digest_of(value: Frozen) -> str:
    return hashlib.sha256(value.model_dump_json().encode()).hexdigest()


@dataclass
class Judged:
    """A task and all that is known of what its run drew."""

    task: Task
    winner: Winner
    draws: TaskDraws
    hidden: Hidden
    grades: dict[str, Grade]
    """By subject."""

    @property
    def of_winner(self) -> Grade:
        return self.grades[_WINNER]

    def right(self, candidate: Drawn) -> bool | None:
        """None: the hidden tests say nothing of it."""
        if self.silent_on(candidate.stage):
            return None
        drawn = self.coded(candidate)
        if drawn is None or not drawn.digest:
            return False
        found = self.grades.get(subject(drawn.stage, drawn.digest))
        return found is not None and found.verdict.passed

    def silent_on(self, stage: str) -> bool:
        """Hidden tests that are a program say nothing of specifications."""
        return stage == "specify" and not self.hidden.tests

    def coded(self, candidate: Drawn) -> Drawn | None:
        """Of a whole attempt: its code. None: there is none."""
        if candidate.stage != "attempt":
            return candidate
        last = candidate.parents[-1] if candidate.parents else ""
        found = self.draws.candidates.get(last)
        return found if found is not None and found.stage == "implement" else None

    @property
    def claims(self) -> Grade | None:
        """What the winner's specification makes of mistakes, where that was tried."""
        return self.grades.get(subject(_CLAIMS, self.ir_digest))

    @property
    def specification(self) -> Grade | None:
        """Of the winner's."""
        return self.grades.get(subject("specify", self.ir_digest))

    @cached_property
    def mark(self) -> str:
        """Of the winner's code."""
        return "none" if self.winner.code is None else digest_of(self.winner.code)

    @cached_property
    def ir_digest(self) -> str:
        """Of the winner's specification; empty: there is none."""
        return "" if self.winner.ir is None else digest_of(self.winner.ir)


async def judge_all(
    task: Task,
    winner: Winner,
    draws: TaskDraws,
    hidden: Hidden,
    kept: Mapping[str, Grade],
    *,
    sandbox: Sandbox,
    values: Values,
    mutants: bool = False,
) -> Judged:
    """`kept` are grades of an earlier time, of this task and these tests; `mutants`: whether the
    winner's specification is tried on mistakes, which takes much longer than all else."""
    judged = Judged(task, winner, draws, hidden, dict(usable(kept)))
    await _judge_winner(judged, sandbox)
    unjudged = dict(missing(judged))
    found: Mapping[str, Any] = values() if unjudged else {}
    for name, candidate in unjudged.items():
        value = found.get(candidate.id)
        if value is None:
            continue
        verdict = await _verdict(judged, candidate.stage, value, sandbox)
        judged.grades[name] = _grade(judged, name, verdict)
    if mutants and winner.ir is not None and _lacks_claims(judged):
        name = subject(_CLAIMS, judged.ir_digest)
        judged.grades[name] = await _of_claims(judged, winner.ir, name, sandbox)
    return judged


def settled(judged: Judged, *, mutants: bool) -> bool:
    """Whether `judge_all` would add nothing to it."""
    return (
        _winner_is_known(judged)
        and not _lacks_specification(judged)
        and not (mutants and _lacks_claims(judged))
        and next(missing(judged), None) is None
    )


def usable(kept: Mapping[str, Grade]) -> Iterator[tuple[str, Grade]]:
    """Those that need not be made again."""
    for name, each in kept.items():
        if each.verdict.category != "infrastructure" and each.notes.get(_NOTE_BY) == BY:
            yield name, each


async def _judge_winner(judged: Judged, sandbox: Sandbox) -> None:
    winner, mark = judged.winner, judged.mark
    if not _winner_is_known(judged):
        made = await grade(judged.task, winner, judged.hidden, sandbox)
        notes = {_NOTE_CODE: mark, _NOTE_BY: BY}
        judged.grades[_WINNER] = made.model_copy(update={"notes": notes})
    own = subject("implement", mark)
    known = own in judged.grades or judged.of_winner.verdict.category == "infrastructure"
    if winner.code is not None and not known:
        judged.grades[own] = judged.of_winner.model_copy(update={"subject": own})
    if winner.ir is not None and _lacks_specification(judged):
        own = subject("specify", judged.ir_digest)
        verdict = await _of_specification(judged, winner.ir, sandbox)
        judged.grades[own] = _grade(judged, own, verdict)


def _winner_is_known(judged: Judged) -> bool:
    kept = judged.grades.get(_WINNER)
    if kept is None or judged.winner.code is None:
        return False
    return kept.notes.get(_NOTE_CODE) == judged.mark


def _lacks_specification(judged: Judged) -> bool:
    """Asked of the winner's where its code is wrong."""
    asked = judged.winner.ir is not None and bool(judged.hidden.tests)
    return asked and not judged.of_winner.verdict.passed and judged.specification is None


def _lacks_claims(judged: Judged) -> bool:
    asked = judged.winner.ir is not None and judged.hidden.reference is not None
    return asked and judged.claims is None


def missing(judged: Judged) -> Iterator[tuple[str, Drawn]]:
    """What was drawn and is not judged yet, by subject."""
    draws = judged.draws
    scored = {name for each in draws.sets for name in each.members}
    of_codes = [*draws.final("implement")]
    of_scored = [draws.candidates[name] for name in scored if name in draws.candidates]
    for candidate in (*of_codes, *of_scored):
        wanted = judged.coded(candidate)
        if wanted is None or not wanted.digest or judged.silent_on(candidate.stage):
            continue
        name = subject(wanted.stage, wanted.digest)
        if name not in judged.grades:
            yield name, wanted


async def _verdict(judged: Judged, stage: str, value: Any, sandbox: Sandbox) -> Verdict:
    text = json.dumps(value)
    if stage == "specify":
        return await _of_specification(judged, IR.model_validate_json(text), sandbox)
    code, broken = Code.model_validate_json(text), lost("the sandbox broke")
    for _ in range(TRIES):
        try:
            verdict, passed = await judge_code(code, judged.hidden, sandbox)
        except SandboxFailed as error:
            broken = lost(f"the sandbox broke: {error}")
            continue
        except Exception as error:  # noqa: BLE001 - whatever a candidate's values set off
            return broke(error)
        total = verdict.basis.examples
        wrong = tuple(
            Failure(category=each.category, message=f"{total - passed} of {total} hidden tests")
            for each in verdict.failures[:1]
        )
        return verdict.model_copy(update={"failures": wrong})
    return broken


async def _of_specification(judged: Judged, ir: IR, sandbox: Sandbox) -> Verdict:
    """Whether a hidden test denies it. What none denies may still say too little."""
    graded = judged.task.model_copy(update={"examples": judged.hidden.tests})
    basis = Basis(examples=len(judged.hidden.tests))
    hole = open_holes(ir)
    failures = [*misfits_of(graded, ir), *([] if hole is None else [hole])]
    if not failures:
        try:
            failures = await Examiner(graded, ir, sandbox).contradictions()
        except SandboxFailed as error:
            return lost(f"the sandbox broke: {error}")
        except Exception as error:  # noqa: BLE001 - whatever its predicates set off
            return broke(error)
    # Which test it was must not be told.
    told = Failure(category="specification", message="hidden tests deny it")
    return judge((told,) if failures else (), basis, sandbox.guards())


async def _of_claims(judged: Judged, ir: IR, name: str, sandbox: Sandbox) -> Grade:
    task, hidden = judged.task, judged.hidden
    try:
        found = await mutants_killed(task, ir, hidden, sandbox)
    except SandboxFailed as error:
        return _grade(judged, name, lost(f"the sandbox broke: {error}"))
    except Exception as error:  # noqa: BLE001 - whatever its predicates set off
        return _grade(judged, name, broke(error))
    told = f"{found.of - found.some} of {found.of} wrong mutants pass its claims"
    lets_pass = Failure(category="specification", message=told)
    failures = (lets_pass,) if found.some < found.of else ()
    verdict = judge(failures, Basis(assertions=found.of), sandbox.guards())
    made = _grade(judged, name, verdict)
    return made.model_copy(update={"passed": found.some, "total": found.of})


def _grade(judged: Judged, name: str, verdict: Verdict) -> Grade:
    return Grade(
        task=judged.task.id,
        grader=grader_of(judged.hidden),
        subject=name,
        verdict=verdict,
        total=verdict.basis.examples,
        notes={_NOTE_BY: BY},
    )
