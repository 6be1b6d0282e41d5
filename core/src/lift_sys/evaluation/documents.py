"""From a run and its grades to the document of a result."""

import hashlib
from collections.abc import Mapping

from ..store import Grade
from .results import Evaluation, Row
from .winners import FinishedRun


def evaluation_of(run: FinishedRun, grades: Mapping[str, Grade]) -> Evaluation:
    rows = tuple(
        Row(
            task=winner.id,
            digest=run.assignment.tasks[winner.id],
            part=winner.part,
            category=winner.category,
            difficulty=winner.difficulty,
            visible=winner.status,
            right=grades[winner.id].verdict.passed,
            passed=grades[winner.id].passed,
            total=grades[winner.id].total,
            failure=grades[winner.id].verdict.category,
            message=_message(grades[winner.id]),
            spend=winner.spend,
            seconds=winner.seconds,
        )
        for winner in run.winners
    )
    return Evaluation(
        run=run.id,
        label=run.started.label,
        started=run.started.started,
        suite=run.assignment.suite,
        tasks=digest_of(run.assignment.tasks),
        tests=digest_of({name: grade.grader for name, grade in grades.items()}),
        seed=run.started.seed,
        distributions=run.started.distributions,
        rows=rows,
    )


def digest_of(digests: Mapping[str, str]) -> str:
    """Of what they are digests of, whatever it is called and in whichever order."""
    return hashlib.sha256("\n".join(sorted(digests.values())).encode()).hexdigest()[:32]


def _message(grade: Grade) -> str:
    return "" if grade.verdict.passed else grade.verdict.failures[0].message
