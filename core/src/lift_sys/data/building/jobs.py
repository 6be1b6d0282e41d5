"""What takes long in a building as the jobs of an engine: functions measured, mistakes planted."""

import json
from collections.abc import AsyncGenerator, Sequence
from typing import Any

from pydantic import TypeAdapter

from ...checking.sandbox import default_sandbox
from ...engines import Jobs
from ...interfaces import Engine, Sandbox, WorkSpec
from ...ir import Frozen
from ..dataset import TrainingExample
from ..made import Made
from .functions import made_again, measure_made
from .negatives import Planted, negatives_of
from .quality import Measured
from .records import DatasetExample, Negative

_AT_ONCE = 4
_MEASURED = TypeAdapter(Measured)


class Mistakes(Frozen):
    """Of one function."""

    negatives: tuple[Negative, ...]
    tried: int
    found: int


class Building:
    """Done here, in `sandbox`, or wherever else the engine has its workers."""

    def __init__(self, engine: Engine, sandbox: Sandbox, *, allow_unsandboxed: bool) -> None:
        self._engine = engine
        self._sandbox = sandbox
        self._spec = WorkSpec(
            factory="lift_sys.data.building.jobs:BuildingWorker",
            document={"allow_unsandboxed": allow_unsandboxed},
        )

    async def measured(self, functions: Sequence[tuple[Made, TrainingExample]]) -> list[Measured]:
        given = {example.id: (made, example) for made, example in functions}
        work = Jobs(
            self._spec,
            Measured,
            lambda key: measure_made(*given[key], self._sandbox),
            lambda key: {"example": given[key][1].model_dump(mode="json")},
        )
        return await work.done(self._engine, [*given], _AT_ONCE)

    async def mistakes(
        self, examples: Sequence[tuple[DatasetExample, Measured]], count: int
    ) -> list[Mistakes]:
        """Up to `count` for each stage of each example."""
        given = {example.id: (example, measured) for example, measured in examples}

        def document(key: str) -> dict[str, Any]:
            example, measured = given[key]
            told = _MEASURED.dump_python(measured, mode="json")
            return {"example": example.model_dump(mode="json"), "measured": told, "count": count}

        work = Jobs(
            self._spec,
            Mistakes,
            lambda key: _mistakes(*given[key], count, self._sandbox),
            document,
        )
        return await work.done(self._engine, [*given], _AT_ONCE)


class BuildingWorker:
    """Implements `Worker`, with a sandbox of its own."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._sandbox = default_sandbox(allow_unsandboxed=document["allow_unsandboxed"])

    async def do(self, document: dict[str, Any]) -> AsyncGenerator[dict[str, Any]]:
        text = json.dumps(document["example"])
        if "measured" in document:
            example = DatasetExample.model_validate_json(text)
            measured = _MEASURED.validate_json(json.dumps(document["measured"]))
            found = await _mistakes(example, measured, document["count"], self._sandbox)
            yield found.model_dump(mode="json")
        else:
            example = TrainingExample.model_validate_json(text)
            measured = await measure_made(made_again(example), example, self._sandbox)
            yield _MEASURED.dump_python(measured, mode="json")

    async def aclose(self) -> None:
        await self._sandbox.aclose()


async def _mistakes(
    example: DatasetExample, measured: Measured, count: int, sandbox: Sandbox
) -> Mistakes:
    planted = Planted()
    negatives = await negatives_of(example, measured.wrong, count, sandbox, planted)
    return Mistakes(negatives=tuple(negatives), tried=planted.tried, found=planted.found)
