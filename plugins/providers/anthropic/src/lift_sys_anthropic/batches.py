"""Message batches: requests gathered for a while, sent as one, looked at until they have ended.

Nobody is interrupted in the middle of a call: who waits for nothing any more says so, and the batch
is cancelled at its next step. Else a batch could be made that nobody knows of.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from lift_sys.errors import MalformedReply, ProviderError, ProviderUnavailable, RequestRejected
from lift_sys.model_http import mapping

from .channel import Channel
from .failures import Failures

_PATH = "/v1/messages/batches"
_MOST_REQUESTS = 100_000
_MOST_BYTES = 200_000_000  # the vendor's limit is 256 MB of all in all
_TRIES = 3
_PAUSE = 0.5

T = TypeVar("T")
Result = Mapping[str, Any]
"""What came of a request: an outcome and what belongs to it."""

_log = logging.getLogger(__name__)


def _result() -> "asyncio.Future[Result]":
    return asyncio.get_running_loop().create_future()


@dataclass(slots=True, eq=False)
class _Asked:
    params: bytes
    result: "asyncio.Future[Result]" = field(default_factory=_result)


@dataclass(slots=True, eq=False)
class _Batch:
    asked: list[_Asked] = field(default_factory=list[_Asked])
    size: int = 0
    full: asyncio.Event = field(default_factory=asyncio.Event)
    unwanted: asyncio.Event = field(default_factory=asyncio.Event)
    """Nobody waits for any of it."""

    def add(self, asked: _Asked) -> None:
        self.asked.append(asked)
        self.size += len(asked.params)
        if len(self.asked) >= _MOST_REQUESTS or self.size >= _MOST_BYTES:
            self.full.set()
        asked.result.add_done_callback(self._look)

    def waiting(self) -> list[_Asked]:
        return [each for each in self.asked if not each.result.done()]

    def _look(self, _: object) -> None:
        if not self.waiting():
            self.unwanted.set()
            self.full.set()


class Batches:
    def __init__(self, channel: Channel, *, gather: float, poll: float) -> None:
        self._channel = channel
        self._gather = gather
        self._poll = poll
        self._open: _Batch | None = None
        self._work: dict[_Batch, asyncio.Task[None]] = {}

    async def ask(self, params: bytes) -> Result:
        """Raises ProviderError where the batch as a whole fails."""
        asked = _Asked(params)
        if self._open is None or self._open.full.is_set():
            self._open = _Batch()
            self._work[self._open] = asyncio.create_task(self._carry(self._open))
        self._open.add(asked)
        return await asked.result

    async def aclose(self) -> None:
        """What is under way is cancelled at the vendor's too."""
        for batch in self._work:
            for asked in batch.waiting():
                asked.result.cancel()
        await asyncio.gather(*self._work.values(), return_exceptions=True)

    async def _carry(self, batch: _Batch) -> None:
        try:
            await _set_within(batch.full, self._gather)
            if self._open is batch:
                self._open = None
            waiting = batch.waiting()
            if waiting:
                await self._through(batch, waiting)
        except ProviderError as error:
            for each in batch.waiting():
                each.result.set_exception(error)
        finally:
            for each in batch.waiting():
                each.result.cancel()
            self._work.pop(batch, None)

    async def _through(self, batch: _Batch, asked: Sequence[_Asked]) -> None:
        ids = {f"request-{number}": each for number, each in enumerate(asked)}
        name = await self._made(ids)
        while not batch.unwanted.is_set():
            if await self._ended(name, batch):
                break
            await _set_within(batch.unwanted, self._poll)
        else:
            await self._cancel(name)
            return
        for custom_id, result in (await self._results(name, batch, set(ids))).items():
            future = ids[custom_id].result
            if not future.done():
                future.set_result(result)
        for each in batch.waiting():
            each.result.set_exception(
                MalformedReply(
                    f"{self._channel.where} gave no result for a request of batch {name}",
                    remedy="look at the batch in the vendor's console",
                )
            )

    async def _made(self, asked: Mapping[str, _Asked]) -> str:
        requests = (
            b'{"custom_id":"%s","params":%s}' % (custom_id.encode(), each.params)
            for custom_id, each in asked.items()
        )
        body = b'{"requests":[%s]}' % b",".join(requests)
        response = await self._channel.post(_PATH, body)
        name = self._channel.failures.document(response.content).get("id")
        if not isinstance(name, str) or not name.replace("_", "").isalnum():
            raise self._channel.failures.garbled("no batch", response.content)
        return name

    async def _ended(self, name: str, batch: _Batch) -> bool:
        async def look() -> bool:
            response = await self._channel.get(f"{_PATH}/{name}")
            document = self._channel.failures.document(response.content)
            return document.get("processing_status") == "ended"

        return bool(await self._insisted(look, batch))

    async def _results(self, name: str, batch: _Batch, wanted: set[str]) -> dict[str, Result]:
        found: dict[str, Result] = {}

        async def look() -> bytes:
            # By its path and not by `results_url`: the key goes to no other server.
            return (await self._channel.get(f"{_PATH}/{name}/results")).content

        for _ in range(_TRIES):
            content = await self._insisted(look, batch)
            if content is None:
                break
            for line in content.split(b"\n"):
                row = _row(line)
                if row.get("custom_id") in wanted and mapping(row.get("result")):
                    found[row["custom_id"]] = row["result"]
            if len(found) == len(wanted):
                break
            await _set_within(batch.unwanted, min(_PAUSE, self._poll))
        return found

    async def _insisted(self, call: Callable[[], Awaitable[T]], batch: _Batch) -> T | None:
        """Whatever passes is waited out, as the batch is paid for; None: nobody waits any more."""
        while not batch.unwanted.is_set():
            try:
                return await call()
            except ProviderError as error:
                if not error.retryable:
                    error.lost = True  # it was taken on, and may be billed
                    raise
                await _set_within(batch.unwanted, max(error.retry_after or 0.0, self._poll))
        return None

    async def _cancel(self, name: str) -> None:
        for attempt in range(_TRIES):
            try:
                await self._channel.post(f"{_PATH}/{name}/cancel", b"{}")
                return
            except ProviderError as error:
                if not error.retryable or attempt == _TRIES - 1:
                    _log.warning("batch %s is not cancelled, and will be billed: %s", name, error)
                    return
                await asyncio.sleep(min(_PAUSE, self._poll))


def failure(result: Result, failures: Failures) -> ProviderError:
    """Why there is no message in it; none of these is billed."""
    match result.get("type"):
        case "errored":
            return failures.told(mapping(result.get("error")))
        case "expired":
            return ProviderUnavailable(
                "the batch expired before the vendor came to this request",
                remedy="it is asked again in another batch; or leave `batch` out",
            )
        case "canceled":
            return RequestRejected(
                "somebody cancelled the batch at the vendor's",
                remedy="run it again, or without `batch`",
            )
        case _:
            return failures.garbled("no result", json.dumps(result).encode())


def _row(line: bytes) -> Mapping[str, Any]:
    """Nothing for what is no object: its request is then one without a result."""
    try:
        return mapping(json.loads(line))
    except (ValueError, RecursionError):
        return {}


async def _set_within(event: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        pass
