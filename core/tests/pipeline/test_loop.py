"""The loop across stages: what the router says is done, and the best of all attempts is kept."""

import pytest
from doubles import Again, BestOf, Cascade

from lift_sys.errors import PluginError, ProviderUnavailable
from lift_sys.interfaces import Limits, Outcome, Route
from lift_sys.pipeline.config import CallSettings
from lift_sys.pipeline.session import RunSettings
from lift_sys.pipeline.strategies import PlainDraws
from lift_sys.testing.providers import FailingProvider, ScriptedProvider
from lift_sys.testing.runs import make_route, make_session
from lift_sys.testing.samples import IR_TEXT, RIGHT_TEXT, TASK, WRONG_TEXT, scripted_model

NO_CODE = "I would rather not"
WORSE_TEXT = "```python\ndef double(x: int) -> int:\n    return [][0]\n```"


class Says:
    """A router that gives these routes in turn, and remembers what it was told."""

    def __init__(self, *routes: Route) -> None:
        self.routes = routes
        self.told: list[tuple[int, Limits]] = []

    def next(self, task, history, left):
        self.told.append((len(history), left))
        return self.routes[len(history)] if len(history) < len(self.routes) else None


def go(**settings) -> Route:
    return Route(name="default", reason="the test says so", **settings)


async def test_a_router_that_stops_at_once_costs_nothing():
    provider = scripted_model()
    result = await make_session(provider, router=Says()).solve(TASK)
    assert provider.calls == 0
    assert result.status == "error"
    assert result.why == "the router stopped after 0 attempts"
    assert result.solution is None


async def test_a_route_that_there_is_not_is_the_routers_fault():
    session = make_session(scripted_model(), router=Cascade("nowhere"))
    with pytest.raises(PluginError, match=r"route 'nowhere'.*name one of: default"):
        await session.solve(TASK)


async def test_a_pass_ends_it_whatever_the_router_would_say():
    provider = scripted_model()
    result = await make_session(provider, router=Again(5)).solve(TASK)
    assert (result.status, len(result.attempts)) == ("pass", 1)
    assert result.why == "the code passes its checks"


async def test_the_best_attempt_is_kept_not_the_last():
    texts = [WRONG_TEXT, NO_CODE, NO_CODE]
    provider = scripted_model(lambda i, _: texts[i])
    result = await make_session(provider, router=Again(3)).solve(TASK)
    assert result.status == "fail"
    assert "x + 3" in result.solution.code.source
    assert len(result.attempts) == 3


async def test_of_equal_attempts_the_one_with_fewer_failures_and_then_the_first_is_kept():
    provider = scripted_model(lambda i, _: [WRONG_TEXT, WRONG_TEXT.replace("3", "4")][i])
    result = await make_session(provider, router=Again(2)).solve(TASK)
    assert "x + 3" in result.solution.code.source


async def test_a_route_may_begin_anew():
    starts = []
    provider = scripted_model(lambda i, _: WRONG_TEXT)
    events = []
    router = Says(go(), go(start="specify"), go())
    await make_session(provider, router=router, events=events).solve(TASK)
    starts = [event.start for event in events if event.kind == "route_taken"]
    assert starts == ["specify", "specify", "implement"]


async def test_the_router_is_told_what_is_left():
    router = Says(go(), go())
    settings = RunSettings(task_budget=Limits(calls=10), run_budget=Limits(calls=7))
    provider = scripted_model(lambda i, _: WRONG_TEXT)
    await make_session(provider, router=router, settings=settings).solve(TASK)
    assert [(count, left.calls) for count, left in router.told] == [(0, 7), (1, 5), (2, 4)]


async def test_a_route_keeps_to_its_own_budget_within_the_tasks():
    provider = scripted_model(lambda i, _: WRONG_TEXT)
    router = Says(go(budget=Limits(calls=1)), go())
    result = await make_session(provider, router=router).solve(TASK)
    assert provider.calls == 1
    assert "`route default` is used up" in result.why
    assert result.solution.code is None, "the IR is there"


async def test_spend_is_told_of_each_attempt_and_in_all():
    provider = scripted_model(lambda i, _: WRONG_TEXT)
    result = await make_session(provider, router=Again(2)).solve(TASK)
    assert [attempt.spend.calls for attempt in result.attempts] == [2, 1]
    assert result.spend.calls == 3


async def test_a_provider_that_never_answers_is_an_error_not_a_failure_of_the_code():
    provider = FailingProvider(scripted_model(), ProviderUnavailable("down"), times=99)
    calls = CallSettings(attempts=1)
    result = await make_session(provider, calls=calls, router=Again(2)).solve(TASK)
    assert result.status == "error"
    assert {a.verdict.category for a in result.attempts} == {"infrastructure"}
    assert len(result.attempts) == 2
    assert {a.fault for a in result.attempts} == {None}
    assert result.why == "the router stopped after 2 attempts: down"


async def test_no_stage_is_blamed_and_nothing_fed_back_where_the_server_was_down():
    provider = scripted_model()
    answers = iter([provider.complete, FailingProvider(provider, times=1).complete])
    flaky = scripted_model()

    async def complete(requests):
        return await next(answers, provider.complete)(requests)

    flaky.complete = complete
    result = await make_session(flaky, calls=CallSettings(attempts=1), router=Again(2)).solve(TASK)
    assert [a.fault for a in result.attempts] == [None, None]
    assert [a.verdict.category for a in result.attempts] == ["infrastructure", None]
    assert result.status == "pass"
    assert len(provider.requests) == 2, "the specification is kept"
    assert "fails" not in provider.requests[-1].messages[-1].content


async def test_replies_that_are_no_specification_are_a_failure():
    result = await make_session(ScriptedProvider(lambda _: "hello")).solve(TASK)
    assert result.status == "fail"
    (attempt,) = result.attempts
    assert (attempt.verdict.category, attempt.fault) == ("invalid", "specify")
    assert result.solution is None


async def test_a_strategy_that_gives_nothing_is_told_as_nothing():
    class Nothing:
        async def run(self, problem, ctx, want=1):
            return Outcome((), "did not feel like it")

    result = await make_session(scripted_model(), routes=make_route(attempt=Nothing())).solve(TASK)
    assert result.status == "error"
    assert result.attempts[0].verdict.failures[0].message == "nothing was drawn"


async def test_code_that_raises_and_code_that_is_wrong_both_have_categories():
    for text, category in ((WORSE_TEXT, "exception"), (WRONG_TEXT, "wrong_output")):
        result = await make_session(scripted_model(lambda i, _, t=text: t)).solve(TASK)
        assert result.solution.verdict.category == category
        assert result.solution.fault == "implement"


async def test_a_broken_specification_is_blamed_where_it_contradicts_an_example():
    wrong = IR_TEXT.replace("result == 2 * x", "result == 3 * x")
    provider = scripted_model(lambda i, _: WRONG_TEXT, ir=lambda i, _: wrong if i == 0 else IR_TEXT)
    result = await make_session(provider, router=Again(1)).solve(TASK)
    assert result.attempts[0].fault == "specify"


async def test_what_a_cut_short_attempt_found_is_the_answer():
    """Four drafts are drawn and the first is coded before the calls are used up."""
    provider = scripted_model(
        lambda i, _: RIGHT_TEXT, ir=lambda i, _: IR_TEXT.replace("Double", f"Double {i},")
    )
    settings = RunSettings(task_budget=Limits(calls=2))
    route = make_route(attempt=BestOf(4, PlainDraws()))
    result = await make_session(provider, routes=route, settings=settings).solve(TASK)
    assert result.status == "pass"
    assert "` is used up" in result.why


async def test_the_result_as_json_is_versioned_and_plain():
    result = await make_session(scripted_model(lambda i, _: RIGHT_TEXT)).solve(TASK)
    document = result.to_json()
    assert document["version"] == 1
    assert document["status"] == "pass"
    assert document["solution"]["code"]["name"] == "double"
    assert document["attempts"][0]["verdict"]["status"] == "pass"
    assert document["spend"]["calls"] == 2
