"""Audits: an accepted answer is held against another one, and stays."""

import pytest
from recorded_world import replay_of, replayed, session_of, started

from lift_sys.interfaces import Route
from lift_sys.ir import Assertion
from lift_sys.pipeline.routing import OneAttempt
from lift_sys.testing.providers import ScriptedProvider
from lift_sys.testing.runs import make_route, make_session
from lift_sys.testing.samples import (
    RIGHT_TEXT,
    SPECIFICATION,
    TASK,
    WRONG_TEXT,
    scripted_model,
)

WEAK_IR = SPECIFICATION.model_copy(
    update={"assertions": (Assertion(predicate="result != x or x == 0"),)}
).model_dump_json(exclude_defaults=True)
FALSELY_ACCEPTED = "return 2 * x if 0 < x < 6 else 3 * x"


class Auditing:
    """Begins weak, escalates once, and audits what passes."""

    def __init__(self, options=None, parts=None):
        pass

    def next(self, task, history, left):
        return None if history else Route(name="default", reason="first")

    def audit(self, task, history, left):
        assert history[-1].verdict.passed
        return Route(name="strong", reason="an audit")


def weak(code=RIGHT_TEXT):
    return scripted_model(lambda place, _: code, ir=lambda place, _: WEAK_IR)


async def audited(weak, strong, task=TASK, router=None):
    events = []
    session = make_session(
        {"weak": weak, "strong": strong},
        routes={"default": make_route(provider="weak"), "strong": make_route(provider="strong")},
        router=router or Auditing(),
        events=events,
    )
    result = await session.solve(task)
    return result, [event for event in events if event.kind == "attempt_audited"], events


def code(body):
    return f"```python\ndef double(x: int) -> int:\n    {body}\n```"


@pytest.mark.parametrize(("first", "agrees"), [("return x + x", True), (FALSELY_ACCEPTED, False)])
async def test_an_accepted_answer_is_held_against_another_one_and_stays(first, agrees):
    result, (told,), events = await audited(weak(code(first)), scripted_model())
    assert result.status == "pass"
    assert first in result.solution.code.source
    assert [attempt.route for attempt in result.attempts] == ["default"]
    assert (told.attempt, told.route, told.by, told.agrees) == (1, "default", "strong", agrees)
    assert told.spend.calls == 2
    assert result.spend.calls == 4, "an audit is paid for"
    taken = [(e.attempt, e.route, e.audit) for e in events if e.kind == "route_taken"]
    assert taken == [(1, "default", False), (2, "strong", True)]


async def test_an_audit_that_passes_nothing_says_nothing():
    result, (told,), _ = await audited(weak(), scripted_model(lambda place, _: WRONG_TEXT))
    assert result.status == "pass"
    assert told.agrees is None
    assert told.why == "the audit's own answer does not pass: fail"
    result, (told,), _ = await audited(weak(), ScriptedProvider(lambda request: "no code"))
    assert (result.status, told.agrees) == ("pass", None)


async def test_only_what_passed_is_audited():
    strong = scripted_model()
    result, told, _ = await audited(weak(code("return x")), strong)
    assert (result.status, told, strong.calls) == ("fail", [], 0)


async def test_a_replay_audits_as_it_was_audited_and_asks_nobody():
    events = []
    routes = {"default": make_route(provider="weak"), "strong": make_route(provider="strong")}
    providers = {"weak": weak(code(FALSELY_ACCEPTED)), "strong": scripted_model()}
    session = session_of(events, providers=providers, routes=routes, router=Auditing())
    known = {name: each.capabilities() for name, each in providers.items()}
    session.begin(started().model_copy(update={"providers": known}))
    result = await session.solve(TASK)
    session.end("done")
    assert [event.agrees for event in events if event.kind == "attempt_audited"] == [False]
    replay = replay_of(events, routes=routes, router=OneAttempt())
    assert await replayed(replay) == [result.to_json()]
    assert replay.differences == []
