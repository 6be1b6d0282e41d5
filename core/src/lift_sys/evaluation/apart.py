"""Everything that knows a suite is done in processes of its own: its tasks are read in one, and a
run is graded in another. A run's own process loads no data source and no grader.

An order goes in as JSON on standard input, and the answer comes out so.
"""

import os
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any, Final, Literal, TypeVar

from pydantic import ValidationError

from ..errors import BrokenPlugin, InputError, LiftError
from ..interfaces import Suite, Task
from ..ir import Frozen
from ..pipeline.alone import LOCAL
from ..pipeline.config import PluginRules
from .collecting import seldom
from .results import Evaluation, Head, Row

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
    """One of those that an order is answered with; a cause is the last."""

    tasks: SuiteTasks | None = None
    head: Head | None = None
    of: int = 0
    """With the head: how many rows follow."""
    row: Row | None = None
    cause: str = ""
    remedy: str = ""


Tell = Callable[[Answer], None]


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
    for answer in _ask("reader", order, f"reading the tasks of {use}", "look at the data source"):
        if answer.tasks is not None:
            return answer.tasks
    raise AssertionError("an answer without a cause has what was asked for")


def grade_apart(
    where: str,
    run: str,
    *,
    allow_unsandboxed: bool = False,
    again: bool = False,
    mutants: bool = False,
    scores: Scores | None = None,
    engine: str = LOCAL,
    on_row: Callable[[int, int], None] | None = None,
) -> Evaluation:
    """`on_row` hears how many tasks are graded, and of how many. Raises InputError with what stood
    in the way."""
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
    head, of, rows = None, 0, list[Row]()
    with seldom():
        for answer in _ask("grader", order, f"grading the run {run}, which is kept,", remedy):
            if answer.head is not None:
                head, of = answer.head, answer.of
            if answer.row is not None:
                rows.append(answer.row)
                if on_row is not None:
                    on_row(len(rows), of)
    if head is None or len(rows) != of:
        raise InputError(
            f"grading the run {run}, which is kept, ended after {len(rows)} of {of} tasks",
            remedy=remedy,
        )
    return Evaluation.of(head, rows)


def _ask(whom: str, order: ReadTasks | GradeRun, doing: str, remedy: str) -> Iterator[Answer]:
    """As they come. Raises InputError for a cause, and where there is no answer."""
    with subprocess.Popen(
        [sys.executable, "-P", "-m", f"lift_sys.evaluation.{whom}"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            # Where it is gone already, its status tells.
            with suppress(BrokenPipeError), process.stdin:
                process.stdin.write(order.model_dump_json().encode())
            answered = False
            for line in process.stdout:
                answer = Answer.model_validate_json(line)
                if answer.cause:
                    raise InputError(answer.cause, remedy=answer.remedy)
                answered = True
                yield answer
            status = process.wait()
        except ValidationError:
            raise InputError(f"{doing} ended in the middle of an answer", remedy=remedy) from None
        finally:
            process.kill()
    if status == _INTERRUPTED:
        raise KeyboardInterrupt
    if status or not answered:
        raise InputError(f"{doing} ended with status {status} and no answer", remedy=remedy)


def serve(model: type[Order], obey: Callable[[Order, Tell], None]) -> None:
    """The other end, in a process of its own."""
    try:
        order = model.model_validate_json(sys.stdin.buffer.read())
        answers = os.dup(sys.stdout.fileno())
        # What plugins print must not get among the answers.
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        with os.fdopen(answers, "wb") as stream:

            def tell(answer: Answer) -> None:
                stream.write(answer.model_dump_json(exclude_defaults=True).encode() + b"\n")

            answered(order, obey, tell)
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)
    except BrokenPipeError:
        # Whoever asked is gone; what was graded is kept.
        sys.exit(1)


def answered(order: Order, obey: Callable[[Order, Tell], None], tell: Tell) -> None:
    try:
        try:
            obey(order, tell)
        except SystemExit as end:
            raise BrokenPlugin(
                f"a data source called sys.exit({end.code!r:.40})",
                remedy="its author should know; LIFT_SYS_DEBUG=1 shows where it happened",
            ) from end
    except LiftError as error:
        _trace()
        tell(Answer(cause=error.cause, remedy=error.remedy))
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a data source raises
        _trace()
        cause = f"{type(error).__name__}: {error}"[:_LONGEST]
        tell(Answer(cause=cause, remedy="LIFT_SYS_DEBUG=1 shows where it happened"))


def _trace() -> None:
    if os.environ.get(_DEBUG):
        traceback.print_exc()
