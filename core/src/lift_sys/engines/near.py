"""The near end of work that is done elsewhere: it keeps account of what it is told."""

import json
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

from .. import errors
from ..errors import ConfigError, EngineError, InputError, LiftError
from ..interfaces import Broken, Engine, Order, Told, WorkSpec

R = TypeVar("R")


class Account:
    """Of one batch. Everything that is told counts once, whatever arrives twice or too late."""

    def __init__(self, spec: WorkSpec) -> None:
        self._spec = spec
        self._attempts: dict[str, int] = {}
        self._heard: dict[str, float] = {}
        """How much of the attempt under way; infinity: the job is done."""

    def order(self, key: str, document: dict[str, Any]) -> Order:
        """What others that did it before tell from here on is not listened to."""
        attempt = self._attempts[key] = self._attempts.get(key, 0) + 1
        self._heard[key] = 0
        return Order(key=key, attempt=attempt, spec=self._spec, document=document)

    def is_news(self, told: Told) -> bool:
        """Raises the error that is told, and EngineError where something was not."""
        heard = self._heard.get(told.key, 0)
        if told.attempt != self._attempts.get(told.key) or told.number < heard:
            return False
        if told.number > heard:
            raise EngineError(
                f"the engine lost something of what {told.key} told",
                remedy="the same command goes on with what is recorded; the engine's author"
                " should know",
            )
        if told.error is not None:
            raise _raised(told.error)
        self._heard[told.key] = float("inf") if told.last else heard + 1
        return True


class Jobs(Generic[R]):
    """Work whose jobs tell one thing, their result. Implements `Work`."""

    def __init__(
        self,
        spec: WorkSpec,
        result: type[R],
        here: Callable[[str], Awaitable[R]],
        document: Callable[[str], dict[str, Any]],
    ) -> None:
        """`here` does in this process what a worker does with the `document` of the same key."""
        self._account = Account(spec)
        self._adapter = TypeAdapter[R](result)
        self._here = here
        self._document = document
        self._results: dict[str, R] = {}

    async def __call__(self, key: str) -> tuple[str, R]:
        return key, await self._here(key)

    async def order(self, key: str) -> Order:
        return self._account.order(key, self._document(key))

    def hear(self, told: Told) -> tuple[str, R] | None:
        if not self._account.is_news(told):
            return None
        if told.document is not None:
            self._results[told.key] = self._adapter.validate_json(json.dumps(told.document))
        return (told.key, self._results.pop(told.key)) if told.last else None

    async def done(self, engine: Engine, keys: Sequence[str], concurrency: int) -> list[R]:
        """In the order of the keys."""
        async with aclosing(engine.run(self, keys, concurrency)) as results:
            found = {key: result async for key, result in results}
        return [found[key] for key in keys]


def _raised(broken: Broken) -> LiftError:
    kind = getattr(errors, broken.kind, LiftError)
    if not (isinstance(kind, type) and issubclass(kind, LiftError)):
        kind = LiftError
    if issubclass(kind, ConfigError):
        kind = InputError  # its mistakes are told as text, and lead to the same exit status
    return kind(broken.cause, remedy=broken.remedy)
