"""Grades a run that has ended.

python -P -m lift_sys.evaluation.grader < order.json
"""

import asyncio
from pathlib import Path

from ..checking.sandbox import default_sandbox
from ..plugins import PluginManager
from .apart import Answer, GradeRun
from .clerk import serve
from .results import Evaluation
from .run_grades import grade_run


def grade(order: GradeRun) -> Answer:
    return Answer(evaluation=asyncio.run(_graded(order)))


async def _graded(order: GradeRun) -> Evaluation:
    sandbox = default_sandbox(allow_unsandboxed=order.allow_unsandboxed)
    try:
        where = order.where if "://" in order.where else Path(order.where)
        return await grade_run(where, order.run, PluginManager.installed(), sandbox)
    finally:
        await sandbox.aclose()


if __name__ == "__main__":
    serve(GradeRun, grade)
