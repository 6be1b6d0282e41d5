"""Runs of strategies whose calls depend on one another, replayed from their record alone."""

import asyncio
import json
from typing import Any, NamedTuple

import pytest

from lift_sys.interfaces import CandidateDrawn, Price, Request, RunStarted, StrategyRef
from lift_sys.pipeline.again import Replay
from lift_sys.pipeline.identity import request_digest
from lift_sys.pipeline.recorded import RunRecord
from lift_sys.pipeline.session import RunSettings
from lift_sys.pipeline.strategies import Anytime
from lift_sys.testing.conformance.base import TestParts
from lift_sys.testing.providers import ANYTHING, ScriptedProvider
from lift_sys.testing.runs import make_plan, make_route, make_session
from lift_sys.testing.samples import IR_TEXT, RIGHT_TEXT, TASK, WRONG_TEXT, asks_for_ir
from lift_sys.testing.simulated import ByVisibleChecks

CAN = ANYTHING.model_copy(
    update={
        "n": 2,
        "constraints": frozenset({"json_schema"}),
        "price": Price(input=1.0, output=1.0),
    }
)
CRITIQUE = '{"issues": [{"category": "logic", "description": "odd", "fix": "x"}], "quality": %d}'


class Told(NamedTuple):
    event: Any
    at: float = 0.0


class Jittery(ScriptedProvider):
    """What it says depends on what it is asked; answers overtake one another."""

    def __init__(self) -> None:
        super().__init__(self.answer, capabilities=CAN)

    async def complete(self, requests):
        for _ in range(int(request_digest(requests[0])[:1], 16)):
            await asyncio.sleep(0)
        return await super().complete(requests)

    def answer(self, request: Request) -> list[str]:
        dice = int(request_digest(request)[:6], 16) + (request.sampling.seed or 0)
        return [self.text(request, dice + place) for place in range(request.sampling.n)]

    def text(self, request: Request, dice: int) -> str:
        if request.messages[0].content.startswith("You review"):
            return "no critique" if dice % 5 == 0 else CRITIQUE % (dice % 10)
        if not asks_for_ir(request):
            return (RIGHT_TEXT if dice % 3 == 0 else WRONG_TEXT) + f"\n{dice % 4}"
        if request.constraint is None:
            return f"thought {dice % 7}"
        return IR_TEXT.replace("2 * x", ("2 * x", "x + x", "x * 3")[dice % 3])


def strategy(use: str, **options: Any) -> Anytime:
    ref = StrategyRef.model_validate({"use": use, **options})
    return Anytime(use, TestParts.installed().strategy(ref))


ROUTES: dict[str, dict[str, Any]] = {
    "hybrid": {
        "specify": lambda: strategy("best-of-n", n=6, inner="chain-of-thought"),
        "implement": lambda: strategy("refine"),
    },
    "refined": {
        "specify": lambda: strategy("refine", model="always"),
        "implement": lambda: strategy("best-of-n", n=4, inner={"use": "refine", "patience": 1}),
    },
    "attempts": {"attempt": lambda: strategy("refine", inner="chain-of-thought")},
}


@pytest.mark.parametrize("name", list(ROUTES))
async def test_a_replay_gives_what_the_run_gave(name: str):
    def routes():
        made = {stage: make() for stage, make in ROUTES[name].items()}
        return make_route(**made, scorer=ByVisibleChecks())

    events: list[Any] = []
    session = make_session(Jittery(), routes=routes(), events=events)
    session.begin(
        RunStarted(
            run="test",
            started="2026-01-01T00:00:00+00:00",
            config={},
            distributions={},
            seed=0,
            providers={"model": CAN},
        )
    )
    tasks = [
        TASK.model_copy(update={"id": f"t{i}", "request": f"{TASK.request} ({i})"}) for i in (1, 2)
    ]
    expected = [(await session.solve(task)).to_json() for task in tasks]
    session.end("done")
    assert any(isinstance(event, CandidateDrawn) for event in events)
    replay = Replay(RunRecord.of(map(Told, events)), make_plan(routes()), RunSettings())
    async with asyncio.timeout(60):
        found = [result.to_json() async for result in replay.results()]
    assert json.dumps(found) == json.dumps(expected)
    assert replay.differences == []
