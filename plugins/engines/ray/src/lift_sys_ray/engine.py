"""Each job is a Ray task that tells what happens as it happens, so what a lost worker told is kept.

Ray itself tries nothing again: it would do so from the start, and pay for all of it once more.
"""

import logging
import math
import os
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Iterable
from functools import partial
from typing import Any, TypeVar, cast

import ray as _ray
from ray import exceptions

from lift_sys.engines import side_by_side
from lift_sys.errors import EngineError
from lift_sys.interfaces import Order, Parts, Told, Work

from .far import obey
from .plugin import RayOptions

R = TypeVar("R")
ray: Any = _ray  # its own types are partly unknown

_LOST = (
    exceptions.WorkerCrashedError,
    exceptions.NodeDiedError,
    exceptions.ObjectLostError,
    exceptions.OutOfMemoryError,
)
_STORE_BYTES = 128 * 2**20
"""What is told is small; Ray's own default is a third of the memory."""


class RayEngine:
    def __init__(self, options: RayOptions, parts: Parts) -> None:
        self._options = options
        self._started = False

    def run(self, work: Work[R], keys: Iterable[str], concurrency: int) -> AsyncGenerator[R]:
        self._connect()
        task = ray.remote(obey).options(
            num_returns="streaming", num_cpus=self._options.cpus, max_retries=0
        )
        return side_by_side(partial(self._done, task, work), keys, concurrency)

    async def aclose(self) -> None:
        if self._started:
            self._started = False
            ray.shutdown()

    def _connect(self) -> None:
        """A program that is connected already stays so."""
        if ray.is_initialized():
            return
        try:
            ray.init(**self._where(), log_to_driver=False, logging_level=logging.ERROR)
        except Exception as error:
            raise EngineError(
                f"there is no Ray at {self._options.address or 'this machine'}: {error}",
                remedy="start it (`ray start --head`), or name another `address`",
            ) from error
        self._started = True

    def _where(self) -> dict[str, Any]:
        options = self._options
        if options.address is not None:
            return {"address": options.address}
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        workers = options.workers or os.cpu_count() or 1
        return {
            "address": "local",
            "num_cpus": math.ceil(workers * options.cpus),
            "include_dashboard": False,
            "object_store_memory": _STORE_BYTES,
        }

    async def _done(self, task: Any, work: Work[R], key: str) -> R:
        lost = ""
        for _ in range(self._options.attempts):
            order = await work.order(key)
            try:
                return await self._obeyed(task, work, order)
            except _LOST as error:
                lost = type(error).__name__
            except exceptions.RayError as error:
                raise EngineError(
                    f"Ray cannot run {key}: {error}",
                    remedy="every machine of the cluster needs the same Python and packages",
                ) from error
        raise EngineError(
            f"{key} lost {self._options.attempts} workers, the last one by {lost}",
            remedy="look for what ended them (often memory); the same command goes on",
        )

    async def _obeyed(self, task: Any, work: Work[R], order: Order) -> R:
        stream: Any = task.remote(order)
        result: R | None = None
        ended = False
        try:
            async for part in cast("AsyncIterator[Awaitable[Told]]", stream):
                heard = work.hear(await part)
                result = heard if result is None else result
            ended = True
        finally:
            if not ended:
                ray.cancel(stream, force=True)
        if result is None:
            raise EngineError(f"{order.key} ended without a last word", remedy="report it")
        return result
