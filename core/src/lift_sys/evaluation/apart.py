"""Grades a run in a process of its own, which no strategy, scorer or router was ever loaded into.

python -P -m lift_sys.evaluation.apart < order.json
"""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

from pydantic import ValidationError

from ..checking.sandbox import default_sandbox
from ..errors import InputError, LiftError
from ..ir import Frozen
from ..plugins import PluginManager
from .results import Evaluation
from .run_grades import grade_run


class Order(Frozen):
    where: str
    """The store; it may hold a password, and is never an argument of a command."""
    run: str
    allow_unsandboxed: bool = False


class Answer(Frozen):
    evaluation: Evaluation | None = None
    cause: str = ""
    remedy: str = ""


def grade_apart(where: str, run: str, *, allow_unsandboxed: bool = False) -> Evaluation:
    """Raises InputError with what stood in the way."""
    order = Order(where=str(where), run=run, allow_unsandboxed=allow_unsandboxed)
    done = subprocess.run(
        [sys.executable, "-P", "-m", "lift_sys.evaluation.apart"],
        input=order.model_dump_json().encode(),
        stdout=subprocess.PIPE,
        check=False,
    )
    try:
        answer = Answer.model_validate_json(done.stdout)
    except ValidationError:
        raise InputError(
            f"the grader ended with status {done.returncode} and no answer",
            remedy=f"the run is kept: `lift grade {run}` grades it again",
        ) from None
    if answer.evaluation is None:
        raise InputError(answer.cause, remedy=answer.remedy)
    return answer.evaluation


async def _obey(order: Order) -> Evaluation:
    sandbox = default_sandbox(allow_unsandboxed=order.allow_unsandboxed)
    try:
        where = order.where if "://" in order.where else Path(order.where)
        return await grade_run(where, order.run, PluginManager.installed(), sandbox)
    finally:
        await sandbox.aclose()


def main() -> None:
    order = Order.model_validate_json(sys.stdin.buffer.read())
    answers = os.dup(sys.stdout.fileno())
    # What plugins print must not get into the answer.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        answer = Answer(evaluation=asyncio.run(_obey(order)))
    except LiftError as error:
        answer = Answer(cause=error.cause, remedy=error.remedy)
    with os.fdopen(answers, "wb") as stream:
        stream.write(answer.model_dump_json().encode())


if __name__ == "__main__":
    main()
