"""What an engine must do, whether it calls the work here or sends orders elsewhere."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from typing import Any, ClassVar

from ...engines import Account
from ...errors import InputError, LiftError
from ...interfaces import Engine, Order, Told, WorkSpec
from .base import ComponentConformance, run

_PARTS = 3
"""How often a job tells something."""


class Shouts:
    """The far end of `Shouting`."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._mark = document["mark"]

    async def do(self, document: dict[str, Any]) -> AsyncGenerator[dict[str, Any]]:
        if document["text"] == "bad":
            raise InputError("nobody shouts that", remedy="shout something else")
        for place in range(document["done"], _PARTS):
            await asyncio.sleep(0)
            yield {"part": f"{document['text']}{self._mark}{place}"}

    async def aclose(self) -> None:
        pass


class Shouting:
    """Work whose results say what was done for them, part by part."""

    def __init__(self) -> None:
        spec = WorkSpec(
            factory="lift_sys.testing.conformance.engine:Shouts", document={"mark": "!"}
        )
        self._account = Account(spec)
        self._parts: dict[str, list[str]] = {}
        self.begun: list[str] = []
        self.under_way = 0

    async def __call__(self, key: str) -> str:
        self.begun.append(key)
        self.under_way += 1
        try:
            told = Shouts({"mark": "!"}).do({"text": key, "done": 0})
            return " ".join([part["part"] async for part in told])
        finally:
            self.under_way -= 1

    async def order(self, key: str) -> Order:
        if key not in self.begun:
            self.begun.append(key)
        parts = self._parts.setdefault(key, [])
        return self._account.order(key, {"text": key, "done": len(parts)})

    def hear(self, told: Told) -> str | None:
        if not self._account.is_news(told):
            return None
        if told.document is not None:
            self._parts[told.key].append(told.document["part"])
        return " ".join(self._parts.pop(told.key)) if told.last else None


def expected(key: str) -> str:
    return " ".join(f"{key}!{place}" for place in range(_PARTS))


class EngineConformance(ComponentConformance):
    kind = "engines"
    seconds: ClassVar[float] = 120.0
    """What a batch may take; engines on other machines may need more."""

    def batches(self, *batches: tuple[list[str], int]) -> list[list[str]]:
        """The results of each batch, one after the other on one engine: keys, and how many at
        once."""

        async def collect() -> list[list[str]]:
            engine: Engine = self.make()
            try:
                return [
                    [done async for done in engine.run(Shouting(), keys, at_once)]
                    for keys, at_once in batches
                ]
            finally:
                await engine.aclose()

        return run(collect(), seconds=self.seconds)

    def test_each_job_is_done_exactly_once(self) -> None:
        sizes = ((0, 4), (1, 4), (9, 4), (3, 1))
        batches = [([f"k{place}" for place in range(size)], most) for size, most in sizes]
        for (keys, _), results in zip(batches, self.batches(*batches), strict=True):
            assert sorted(results) == sorted(map(expected, keys))

    def test_an_error_of_the_work_ends_the_batch_as_it_is(self) -> None:
        found = self._error_of(["k0", "bad", "k1"])
        assert isinstance(found, InputError), f"the error was lost, there is {found!r}"
        assert found.cause == "nobody shouts that"
        assert found.remedy == "shout something else"

    def _error_of(self, keys: list[str]) -> LiftError | None:
        try:
            self.batches((keys, 1))
        except LiftError as error:
            return error
        return None

    def test_it_takes_no_more_jobs_than_it_may_have_under_way(self) -> None:
        """The keys may have no end; closed early, the engine leaves nothing running."""
        work = Shouting()

        def endless() -> Iterator[str]:
            place = 0
            while True:
                yield f"k{place}"
                place += 1

        async def first() -> None:
            engine: Engine = self.make()
            try:
                async with aclosing(engine.run(work, endless(), 2)) as results:
                    assert await anext(results) in map(expected, work.begun)
            finally:
                await engine.aclose()

        run(first(), seconds=self.seconds)
        assert work.under_way == 0
        assert len(work.begun) <= 4, "it reads keys ahead of what it has under way"
