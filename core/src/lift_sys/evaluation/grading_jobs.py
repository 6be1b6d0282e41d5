"""The tasks of a run as the jobs of an engine that grades them, here or by workers elsewhere.

Hidden tests go to whoever grades, which is never a process that answered: those belong to another
engine, in another process.
"""

import json
from collections.abc import AsyncGenerator, Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

from pydantic import TypeAdapter

from ..checking.sandbox import default_sandbox
from ..engines import Jobs
from ..interfaces import Hidden, Sandbox, Task, WorkSpec
from ..store import Grade
from .drawn import TaskDraws
from .judging import Judged, judge_all, missing, usable
from .winners import Winner

Fresh = dict[str, Grade]
"""What was graded now, by subject."""

_WINNER = TypeAdapter(Winner)
_DRAWS = TypeAdapter(TaskDraws)
_GRADES = TypeAdapter(Fresh)


class Given(NamedTuple):
    """What is known of a task before it is graded."""

    task: Task
    winner: Winner
    draws: TaskDraws
    hidden: Hidden
    kept: Mapping[str, Grade]
    """Of an earlier time, by subject."""

    def judged(self, fresh: Fresh) -> Judged:
        grades = {**dict(usable(self.kept)), **fresh}
        return Judged(self.task, self.winner, self.draws, self.hidden, grades)

    async def fresh(
        self, sandbox: Sandbox, values: Callable[[], Mapping[str, Any]], *, mutants: bool
    ) -> Fresh:
        judged = await judge_all(*self, sandbox=sandbox, values=values, mutants=mutants)
        known = {id(grade) for grade in self.kept.values()}
        return {name: grade for name, grade in judged.grades.items() if id(grade) not in known}


def grading_jobs(
    given: Mapping[str, Given],
    values: Callable[[str], Mapping[str, Any]],
    sandbox: Sandbox,
    *,
    mutants: bool,
    allow_unsandboxed: bool,
) -> Jobs[Fresh]:
    """By the ids of tasks, as `values` are: what was drawn for each."""

    def document(key: str) -> dict[str, Any]:
        each = given[key]
        unjudged = any(missing(each.judged({})))
        return {
            "task": each.task.model_dump(mode="json"),
            "winner": _WINNER.dump_python(each.winner, mode="json"),
            "draws": _DRAWS.dump_python(each.draws, mode="json"),
            "hidden": each.hidden.model_dump(mode="json"),
            "kept": _GRADES.dump_python(dict(each.kept), mode="json"),
            "values": values(key) if unjudged else {},
        }

    spec = WorkSpec(
        factory="lift_sys.evaluation.grading_jobs:GradingWorker",
        document={"allow_unsandboxed": allow_unsandboxed, "mutants": mutants},
    )
    return Jobs(
        spec,
        Fresh,
        lambda key: given[key].fresh(sandbox, partial(values, key), mutants=mutants),
        document,
    )


class GradingWorker:
    """Implements `Worker`, with a sandbox of its own."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._mutants: bool = document["mutants"]
        self._sandbox = default_sandbox(allow_unsandboxed=document["allow_unsandboxed"])

    async def do(self, document: dict[str, Any]) -> AsyncGenerator[dict[str, Any]]:
        given = Given(
            Task.model_validate_json(json.dumps(document["task"])),
            _WINNER.validate_json(json.dumps(document["winner"])),
            _DRAWS.validate_json(json.dumps(document["draws"])),
            Hidden.model_validate_json(json.dumps(document["hidden"])),
            _GRADES.validate_json(json.dumps(document["kept"])),
        )
        values: dict[str, Any] = document["values"]
        fresh = await given.fresh(self._sandbox, lambda: values, mutants=self._mutants)
        yield _GRADES.dump_python(fresh, mode="json")

    async def aclose(self) -> None:
        await self._sandbox.aclose()
