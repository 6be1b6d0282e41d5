"""Everything that knows a suite is done in processes of its own: its tasks are read in one, and a
run is graded in another. A run's own process loads no data source and no grader.

An order goes in as JSON on standard input, and the answer comes out so.
"""

import os
import subprocess
import sys
import traceback
from collections.abc import Callable, Mapping
from typing import Any, Final, Literal, TypeVar

from pydantic import ValidationError

from ..errors import BrokenPlugin, InputError, LiftError
from ..interfaces import Suite, Task
from ..ir import Frozen
from ..pipeline.alone import LOCAL
from ..pipeline.config import PluginRules
from .collecting import seldom
from .results import Evaluation

_DEBUG: Final = "LIFT_SYS_DEBUG"
_INTERRUPTED: Final = 130
_LONGEST: Final = 2_000
"""Characters of what a data source's own errors say."""

Order = TypeVar("Order", bound=Frozen)


Scores = dict[str, dict[str, dict[str, float | None]]]
"""By task, candidate and scorer."""


References = Literal["unseen", "named", "shown"]
"""Of the specifications that a suite holds back: nothing, which tasks have one, or all of it."""


class ReadTasks(Frozen):
    use: str
    """A data source, or the path of a .jsonl file."""
    options: dict[str, Any] = {}
    rules: PluginRules = PluginRules()
    """Those of the pipeline."""
    references: References = "unseen"


class GradeRun(Frozen):
    where: str
    """The store; it may hold a password, and is never an argument of a command."""
    run: str
    allow_unsandboxed: bool = False
    again: bool = False
    """Whether also what these tests have graded before is graded."""
    mutants: bool = False
    """Whether specifications are tried on mistakes."""
    scores: Scores = {}
    """Of other scorers than those of the run."""
    engine: str = LOCAL
    """Where it is done: a name, or `NAME={"option": ...}`."""


class SuiteTasks(Frozen):
    use: str
    options: dict[str, Any]
    """As checked; paths are absolute."""
    suite: Suite
    tasks: tuple[Task, ...]
    specified: frozenset[str] = frozenset()
    """The tasks for which the suite holds a specification back, where that was asked for."""


class Answer(Frozen):
    tasks: SuiteTasks | None = None
    evaluation: Evaluation | None = None
    cause: str = ""
    remedy: str = ""


def read_apart(
    use: str,
    options: Mapping[str, Any],
    rules: PluginRules | None = None,
    references: References = "unseen",
) -> SuiteTasks:
    """Raises InputError with what stood in the way."""
    order = ReadTasks(
        use=use, options=dict(options), rules=rules or PluginRules(), references=references
    )
    answer = _ask("reader", order, f"reading the tasks of {use}", "look at the data source")
    assert answer.tasks is not None, "an answer without a cause has what was asked for"
    return answer.tasks


def grade_apart(
    where: str,
    run: str,
    *,
    allow_unsandboxed: bool = False,
    again: bool = False,
    mutants: bool = False,
    scores: Scores | None = None,
    engine: str = LOCAL,
) -> Evaluation:
    """Raises InputError with what stood in the way."""
    order = GradeRun(
        where=where,
        run=run,
        allow_unsandboxed=allow_unsandboxed,
        again=again,
        mutants=mutants,
        scores=scores or {},
        engine=engine,
    )
    remedy = f"`lift grade {run}` does it again"
    answer = _ask("grader", order, f"grading the run {run}, which is kept,", remedy)
    assert answer.evaluation is not None, "an answer without a cause has what was asked for"
    return answer.evaluation


def _ask(whom: str, order: ReadTasks | GradeRun, doing: str, remedy: str) -> Answer:
    done = subprocess.run(
        [sys.executable, "-P", "-m", f"lift_sys.evaluation.{whom}"],
        input=order.model_dump_json().encode(),
        stdout=subprocess.PIPE,
        check=False,
    )
    if done.returncode == _INTERRUPTED:
        raise KeyboardInterrupt
    try:
        with seldom():
            answer = Answer.model_validate_json(done.stdout)
    except ValidationError:
        raise InputError(
            f"{doing} ended with status {done.returncode} and no answer", remedy=remedy
        ) from None
    if answer.cause:
        raise InputError(answer.cause, remedy=answer.remedy)
    return answer


def serve(model: type[Order], obey: Callable[[Order], Answer]) -> None:
    """The other end, in a process of its own."""
    try:
        order = model.model_validate_json(sys.stdin.buffer.read())
        answers = os.dup(sys.stdout.fileno())
        # What plugins print must not get into the answer.
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        answer = _answered(order, obey)
        with os.fdopen(answers, "wb") as stream:
            stream.write(answer.model_dump_json().encode())
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
    except BrokenPipeError:
        # Whoever asked is gone; what was graded is kept.
        sys.exit(1)


def _answered(order: Order, obey: Callable[[Order], Answer]) -> Answer:
    try:
        try:
            return obey(order)
        except SystemExit as end:
            raise BrokenPlugin(
                f"a data source called sys.exit({end.code!r:.40})",
                remedy="its author should know; LIFT_SYS_DEBUG=1 shows where it happened",
            ) from end
    except LiftError as error:
        _trace()
        return Answer(cause=error.cause, remedy=error.remedy)
    except Exception as error:  # noqa: BLE001 - whatever a data source raises
        _trace()
        cause = f"{type(error).__name__}: {error}"[:_LONGEST]
        return Answer(cause=cause, remedy="LIFT_SYS_DEBUG=1 shows where it happened")


def _trace() -> None:
    if os.environ.get(_DEBUG):
        traceback.print_exc()
