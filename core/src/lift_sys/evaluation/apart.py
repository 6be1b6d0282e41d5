"""Everything that knows a suite is done in processes of its own: its tasks are read in one, and a
run is graded in another. A run's own process loads no data source and no grader."""

import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from ..errors import InputError
from ..interfaces import Suite, Task
from ..ir import Frozen
from .results import Evaluation


class ReadTasks(Frozen):
    use: str
    """A data source, or the path of a .jsonl file."""
    options: dict[str, Any] = {}


class GradeRun(Frozen):
    where: str
    """The store; it may hold a password, and is never an argument of a command."""
    run: str
    allow_unsandboxed: bool = False


class SuiteTasks(Frozen):
    use: str
    options: dict[str, Any]
    """As checked; paths are absolute."""
    suite: Suite
    tasks: tuple[Task, ...]


class Answer(Frozen):
    tasks: SuiteTasks | None = None
    evaluation: Evaluation | None = None
    cause: str = ""
    remedy: str = ""


def read_apart(use: str, options: Mapping[str, Any]) -> SuiteTasks:
    """Raises InputError with what stood in the way."""
    order = ReadTasks(use=use, options=dict(options))
    answer = _ask("reader", order, f"reading the tasks of {use}")
    assert answer.tasks is not None, "an answer without a cause has what was asked for"
    return answer.tasks


def grade_apart(where: str, run: str, *, allow_unsandboxed: bool = False) -> Evaluation:
    """Raises InputError with what stood in the way."""
    order = GradeRun(where=where, run=run, allow_unsandboxed=allow_unsandboxed)
    answer = _ask("grader", order, f"grading the run {run}, which is kept,")
    assert answer.evaluation is not None, "an answer without a cause has what was asked for"
    return answer.evaluation


def _ask(whom: str, order: ReadTasks | GradeRun, doing: str) -> Answer:
    done = subprocess.run(
        [sys.executable, "-P", "-m", f"lift_sys.evaluation.{whom}"],
        input=order.model_dump_json().encode(),
        stdout=subprocess.PIPE,
        check=False,
    )
    try:
        answer = Answer.model_validate_json(done.stdout)
    except ValidationError:
        raise InputError(
            f"{doing} ended with status {done.returncode} and no answer",
            remedy="what was printed above may say why",
        ) from None
    if answer.cause:
        raise InputError(answer.cause, remedy=answer.remedy)
    return answer
