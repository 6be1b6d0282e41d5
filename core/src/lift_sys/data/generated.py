"""The generated suite as a data source."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from ..interfaces import Hidden, Sandbox, Suite, Task
from .contamination import Contamination
from .hidden import HiddenTests, choose_tests
from .made import dice_for
from .suite import VERSION, Chosen, Part, choose


class GeneratedSuite:
    """A data source. Its tasks are made at once, its hidden tests when they are asked for."""

    def __init__(
        self,
        sandbox: Callable[[], Sandbox],
        *,
        seed: int = 0,
        count: int = 500,
        wording: int = 1,
        part: Part | None = None,
        contamination: Contamination | None = None,
    ) -> None:
        self._sandbox = sandbox
        self._seed, self._count, self._wording, self._part = seed, count, wording, part
        self._contamination = contamination or Contamination(())
        self._chosen: list[Chosen] | None = None

    @property
    def suite(self) -> Suite:
        settings = f"seed {self._seed}, {self._count} tasks, wording {self._wording}"
        against = self._contamination.digest if self._contamination.known else ""
        parts = (VERSION, settings, self._part, against and f"without {against}")
        return Suite(name="generated", version=", ".join(filter(None, parts)))

    def chosen(self) -> Sequence[Chosen]:
        if self._chosen is None:
            self._chosen = list(choose(self._seed, self._count, self._contamination))
        return self._chosen

    def tasks(self) -> Iterator[Task]:
        for chosen in self.chosen():
            if self._part in (None, chosen.part):
                yield chosen.task(self._wording)

    def hidden(self, ids: Sequence[str]) -> Mapping[str, Hidden]:
        wanted = set(ids)
        asked = {
            name: chosen
            for chosen in self.chosen()
            if self._part in (None, chosen.part)
            and (name := chosen.task(self._wording).id) in wanted
        }
        return hidden_by_id(asked, self._seed, self._sandbox)


def hidden_by_id(
    asked: Mapping[str, Chosen], seed: int, sandbox: Callable[[], Sandbox]
) -> Mapping[str, Hidden]:
    """What grades each of these tasks."""
    if not asked:
        return {}

    async def made() -> Sequence[HiddenTests]:
        opened = sandbox()
        try:
            return await hidden_tests(list(asked.values()), seed, opened)
        finally:
            await opened.aclose()

    # A caller may be inside an event loop already.
    with ThreadPoolExecutor(1) as thread:
        tests = thread.submit(asyncio.run, made()).result()
    return {
        name: Hidden(
            task=name,
            tests=each.tests,
            reference=chosen.made.code,
            ir=chosen.made.ir,
        )
        for (name, chosen), each in zip(asked.items(), tests, strict=True)
    }


async def hidden_tests(
    chosen: Sequence[Chosen], seed: int, sandbox: Sandbox, *, at_once: int = 4
) -> Sequence[HiddenTests]:
    places = asyncio.Semaphore(at_once)

    async def one(each: Chosen) -> HiddenTests:
        async with places:
            dice = dice_for("hidden", each.made.family.name, seed, each.number)
            return await choose_tests(each.made, each.shown, dice, sandbox)

    return await asyncio.gather(*map(one, chosen))
