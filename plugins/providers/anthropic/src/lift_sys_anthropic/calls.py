"""The calls that a batch consists of: it is made, looked at, cancelled, and its results read."""

import asyncio
import json
import logging
import math
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, TypeVar

from lift_sys.errors import ProviderError, ProviderUnavailable, RequestRejected
from lift_sys.model_http import mapping

from .channel import Channel
from .failures import Failures

_PATH = "/v1/messages/batches"
_TRIES = 3
_PAUSE = 0.5

T = TypeVar("T")
Result = Mapping[str, Any]
"""What came of a request: an outcome and what belongs to it."""

_log = logging.getLogger(__name__)


def id_of(place: int) -> str:
    """Of a request in its batch."""
    return f"request-{place}"


class BatchCalls:
    """`unwanted` is set when nobody waits for a batch any more."""

    def __init__(self, channel: Channel, *, poll: float, wait: float) -> None:
        self._channel = channel
        self._poll = poll
        self._wait = wait

    async def made(self, bodies: Sequence[bytes]) -> str:
        """The name of the batch of these requests."""
        requests = (
            b'{"custom_id":"%s","params":%s}' % (id_of(place).encode(), body)
            for place, body in enumerate(bodies)
        )
        response = await self._channel.post(_PATH, b'{"requests":[%s]}' % b",".join(requests))
        name = self._channel.failures.document(response.content).get("id")
        if not isinstance(name, str) or not name.replace("_", "").isalnum():
            raise self._channel.failures.garbled("no batch", response.content)
        return name

    async def ended(self, name: str, unwanted: asyncio.Event) -> bool:
        """Waits for its end, but not for ever; False: it is unwanted, and was cancelled."""
        until = time.monotonic() + self._wait

        async def look() -> bool:
            response = await self._channel.get(f"{_PATH}/{name}")
            document = self._channel.failures.document(response.content)
            return document.get("processing_status") == "ended"

        while not unwanted.is_set() and time.monotonic() < until:
            if await self._insisted(look, unwanted, until):
                return True
            await set_within(unwanted, min(self._poll, max(0.0, until - time.monotonic())))
        await self._cancel(name)
        if unwanted.is_set():
            return False
        raise RequestRejected(
            f"batch {name} had not ended after {self._wait:g} s, and was cancelled",
            remedy="raise the option wait (the vendor may take 24 hours), or leave `batch` out",
            lost=True,  # what was answered by then is billed
        )

    async def results(self, name: str, count: int, unwanted: asyncio.Event) -> dict[str, Result]:
        """By the requests' ids, as far as they can be had."""
        wanted = set(map(id_of, range(count)))
        found: dict[str, Result] = {}

        async def look() -> bytes:
            # By its path and not by `results_url`: the key goes to no other server.
            return (await self._channel.get(f"{_PATH}/{name}/results")).content

        for _ in range(_TRIES):
            content = await self._insisted(look, unwanted)
            if content is None:
                break
            for line in content.split(b"\n"):
                row = _row(line)
                if row.get("custom_id") in wanted and mapping(row.get("result")):
                    found[row["custom_id"]] = row["result"]
            if len(found) == count:
                break
            await set_within(unwanted, min(_PAUSE, self._poll))
        return found

    async def _insisted(
        self,
        call: Callable[[], Awaitable[T]],
        unwanted: asyncio.Event,
        until: float = math.inf,
    ) -> T | None:
        """Whatever passes is waited out, as the batch is paid for; None: nobody waits any more."""
        while not unwanted.is_set() and time.monotonic() < until:
            try:
                return await call()
            except ProviderError as error:
                if not error.retryable:
                    error.lost = True  # it was taken on, and may be billed
                    raise
                await set_within(unwanted, max(error.retry_after or 0.0, self._poll))
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


async def set_within(event: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        pass
