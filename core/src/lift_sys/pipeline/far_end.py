"""Tasks solved in another process than that of their run: a worker's end of `Dispatch`."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from typing import Any

from ..interfaces import Event, Limits, RunStarted, Task
from .dispatch import RECORD
from .past import Past
from .pipeline import Pipeline
from .recorded import RunRecord
from .session import Session


class TaskWorker:
    """Implements `Worker`. It has the pipeline's providers and sandbox of its own, no record and no
    observer: all events are told, and nothing else is."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._started = RunStarted.model_validate_json(json.dumps(document["started"]))
        self._workers: int = document["workers"]
        self._pipeline = Pipeline.of_record(
            RunRecord(self._started), allow_unsandboxed=document["allow_unsandboxed"]
        )
        self._parts = AsyncExitStack()
        self._session: Session | None = None
        self._told: asyncio.Queue[Event | None] = asyncio.Queue()

    async def do(self, document: dict[str, Any]) -> AsyncGenerator[dict[str, Any]]:
        told = self._told = asyncio.Queue()
        solving = asyncio.ensure_future(self._solved(document))
        solving.add_done_callback(lambda _: told.put_nowait(None))
        try:
            while (event := await told.get()) is not None:
                yield event.model_dump(mode="json")
            await solving
        finally:
            solving.cancel()
            await asyncio.gather(solving, return_exceptions=True)

    async def aclose(self) -> None:
        await self._parts.aclose()

    async def _solved(self, document: dict[str, Any]) -> None:
        if self._session is None:
            apart = self._pipeline.apart(self._started, self._hear, workers=self._workers)
            self._session = await self._parts.enter_async_context(apart)
        record = RECORD.validate_json(json.dumps(document["past"]))
        task = Task.model_validate_json(json.dumps(document["task"]))
        limits = Limits.model_validate(document["limits"])
        await self._session.under(limits).solve_as(record.label, task, Past(record))

    def _hear(self, event: Event) -> None:
        self._told.put_nowait(event)
