"""The other end of `apart`: reads a suite's tasks, or grades a run, and answers in JSON.

python -P -m lift_sys.evaluation.clerk < order.json
"""

import asyncio
import os
import sys
from pathlib import Path

from pydantic import Field, RootModel

from ..checking.sandbox import default_sandbox
from ..errors import LiftError
from ..plugins import PluginManager
from .apart import Answer, GradeRun, ReadTasks, SuiteTasks
from .results import Evaluation
from .run_grades import grade_run
from .sources import named_source


class _Order(RootModel[ReadTasks | GradeRun]):
    root: ReadTasks | GradeRun = Field(discriminator="kind")


def main() -> None:
    order = _Order.model_validate_json(sys.stdin.buffer.read()).root
    answers = os.dup(sys.stdout.fileno())
    # What plugins print must not get into the answer.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        answer = _obey(order)
    except LiftError as error:
        answer = Answer(cause=error.cause, remedy=error.remedy)
    except Exception as error:  # noqa: BLE001 - whatever a data source raises
        answer = Answer(cause=f"{type(error).__name__}: {error}", remedy="look at the data source")
    with os.fdopen(answers, "wb") as stream:
        stream.write(answer.model_dump_json().encode())


def _obey(order: ReadTasks | GradeRun) -> Answer:
    if isinstance(order, GradeRun):
        return Answer(evaluation=asyncio.run(_grade(order)))
    source = named_source(order.use, order.options, PluginManager.installed())
    tasks = SuiteTasks(
        use=source.use, options=source.options, suite=source.suite, tasks=tuple(source.tasks())
    )
    return Answer(tasks=tasks)


async def _grade(order: GradeRun) -> Evaluation:
    sandbox = default_sandbox(allow_unsandboxed=order.allow_unsandboxed)
    try:
        where = order.where if "://" in order.where else Path(order.where)
        return await grade_run(where, order.run, PluginManager.installed(), sandbox)
    finally:
        await sandbox.aclose()


if __name__ == "__main__":
    main()
