"""The interfaces, proved with doubles before anything is built on them."""

import asyncio
import gc
from collections import deque
from types import FunctionType, ModuleType, SimpleNamespace

import pytest
from doubles import Again, BestOf, Cascade, ChainOfThought, Passes, Refine

from lift_sys.errors import AuthenticationFailed, BudgetExhausted, ProviderUnavailable
from lift_sys.interfaces import (
    AttemptEnded,
    CallMade,
    Context,
    Example,
    Hidden,
    Limits,
    Outcome,
    Price,
    Problem,
    RouteTaken,
    StrategyStopped,
    Suite,
    Task,
)
from lift_sys.pipeline.config import CallSettings
from lift_sys.pipeline.session import RunSettings
from lift_sys.pipeline.strategies import PlainDraws
from lift_sys.testing.providers import ANYTHING, FailingProvider, ScriptedProvider, SlowProvider
from lift_sys.testing.runs import make_context, make_route, make_session
from lift_sys.testing.samples import (
    IR_TEXT,
    RIGHT_TEXT,
    SPECIFICATION,
    TASK,
    WRONG_TEXT,
    asks_for_ir,
    scripted_model,
)


async def test_one_attempt_from_request_to_verdict():
    result = await make_session(scripted_model(lambda i, _: RIGHT_TEXT)).solve(TASK)
    assert result.status == "pass"
    assert result.solution.ir.signature.name == "double"
    assert "return 2 * x" in result.solution.code.source
    assert result.solution.verdict.basis.examples == 2
    assert result.spend.calls == 2


async def test_a_bare_request_is_unverified_never_a_pass():
    bare = TASK.model_copy(update={"examples": ()})
    silent = SPECIFICATION.model_copy(update={"assertions": ()}).model_dump_json()
    provider = scripted_model(lambda i, _: WRONG_TEXT, ir=lambda i, _: silent)
    result = await make_session(provider).solve(bare)
    assert result.status == "unverified"


async def test_without_examples_the_verdict_rests_on_the_assertions():
    bare = TASK.model_copy(update={"examples": ()})
    wrong = await make_session(scripted_model(lambda i, _: WRONG_TEXT)).solve(bare)
    assert wrong.status == "fail"
    right = await make_session(scripted_model(lambda i, _: RIGHT_TEXT)).solve(bare)
    assert right.status == "pass"
    assert right.solution.verdict.basis.assertions == 1
    assert right.solution.verdict.basis.inputs > 20


async def test_best_of_n_over_chain_of_thought_on_whole_attempts():
    """Composition is nesting: no class knows of another, and a batch stays a batch."""
    provider = scripted_model(lambda i, _: RIGHT_TEXT if i == 2 else WRONG_TEXT)
    route = make_route(attempt=BestOf(4, ChainOfThought()), scorer=Passes())
    result = await make_session(provider, routes=route).solve(TASK)
    assert result.status == "pass"
    asked = [request for request in provider.requests if asks_for_ir(request)]
    assert [request.sampling.n for request in asked] == [4], "four drafts, one call"
    assert "REASONING" in asked[0].messages[0].content
    assert provider.calls == 2 + 3, "identical text is one request, each IR has its code drawn"


async def test_reasoning_is_kept_apart_from_the_value():
    events = []
    provider = scripted_model(lambda i, _: RIGHT_TEXT)
    route = make_route(specify=ChainOfThought())
    await make_session(provider, routes=route, events=events).solve(TASK)
    drawn = next(event for event in events if event.kind == "candidate_drawn")
    assert drawn.text.strip() == IR_TEXT


async def test_refine_feeds_the_failure_back_to_the_code_stage():
    def code(i, request):
        told = request.messages[-1].content
        return RIGHT_TEXT if "expected 4, got 5" in told else WRONG_TEXT

    provider = scripted_model(code)
    route = make_route(attempt=Refine(3, PlainDraws()))
    result = await make_session(provider, routes=route).solve(TASK)
    assert result.status == "pass"
    assert sum(asks_for_ir(request) for request in provider.requests) == 1, "the IR was kept"


async def test_refine_works_on_code_alone_by_the_same_class():
    provider = scripted_model(lambda i, _: RIGHT_TEXT if i else WRONG_TEXT)
    route = make_route(implement=Refine(3, PlainDraws()))
    result = await make_session(provider, routes=route).solve(TASK)
    assert result.status == "pass"


async def test_code_that_keeps_failing_puts_the_blame_on_the_ir():
    provider = scripted_model(lambda i, _: WRONG_TEXT)
    events = []
    session = make_session(provider, router=Again(5), events=events)
    result = await session.solve(TASK)
    assert result.status == "fail"
    starts = [event.start for event in events if isinstance(event, RouteTaken)]
    assert starts == ["specify", "implement", "implement", "specify", "implement"]


async def test_a_two_tier_cascade_escalates_with_the_failure_as_context():
    cheap, strong = scripted_model(lambda i, _: WRONG_TEXT), scripted_model(lambda i, _: RIGHT_TEXT)
    routes = {
        "default": make_route(provider="cheap"),
        "cheap": make_route(provider="cheap"),
        "strong": make_route(provider="strong"),
    }
    events = []
    session = make_session(
        {"cheap": cheap, "strong": strong},
        routes=routes,
        router=Cascade("cheap", "strong"),
        events=events,
    )
    result = await session.solve(TASK)
    assert result.status == "pass"
    assert [attempt.route for attempt in result.attempts] == ["cheap", "strong"]
    assert [e.fault for e in events if isinstance(e, AttemptEnded)] == ["implement", None]
    (request,) = strong.requests
    assert "expected 4, got 5" in request.messages[-1].content


async def test_the_cascade_stops_when_the_cheap_tier_passes():
    cheap, strong = scripted_model(lambda i, _: RIGHT_TEXT), scripted_model(lambda i, _: RIGHT_TEXT)
    routes = {"default": make_route(provider="cheap"), "strong": make_route(provider="strong")}
    session = make_session(
        {"cheap": cheap, "strong": strong}, routes=routes, router=Cascade("default", "strong")
    )
    assert (await session.solve(TASK)).status == "pass"
    assert strong.calls == 0


PRICED = ANYTHING.model_copy(update={"price": Price(input=1.0, output=1.0), "n": 1})


@pytest.mark.parametrize("calls", [1, 2, 3, 4, 5, 7])
async def test_an_exhausted_budget_gives_the_best_so_far_and_is_never_overrun(calls):
    provider = scripted_model(lambda i, _: WRONG_TEXT, capabilities=PRICED)
    settings = RunSettings(task_budget=Limits(calls=calls))
    route = make_route(attempt=Refine(10, PlainDraws()))
    result = await make_session(provider, routes=route, settings=settings).solve(TASK)
    assert provider.calls == result.spend.calls == calls
    assert result.solution is not None, "the IR alone is better than nothing"
    assert (result.solution.code is None) == (calls == 1)
    assert "` is used up" in result.why


async def test_parallel_draws_share_one_budget_without_overrunning_it():
    provider = SlowProvider(scripted_model(lambda i, _: WRONG_TEXT, capabilities=PRICED), 0.001)
    settings = RunSettings(task_budget=Limits(calls=6))
    route = make_route(attempt=BestOf(8, PlainDraws()), scorer=Passes())
    result = await make_session(provider, routes=route, settings=settings).solve(TASK)
    assert provider.inner.calls == 6
    assert result.solution is not None


async def test_tokens_and_money_are_reserved_before_the_call():
    provider = scripted_model(lambda i, _: RIGHT_TEXT, capabilities=PRICED)
    settings = RunSettings(task_budget=Limits(usd=1e-6))
    result = await make_session(provider, settings=settings).solve(TASK)
    assert provider.calls == 0
    assert result.status == "error"
    assert "may take" in result.why
    assert "raise budget.usd" in result.why


async def test_the_time_budget_ends_a_call_under_way():
    provider = SlowProvider(scripted_model(lambda i, _: RIGHT_TEXT), 60)
    settings = RunSettings(task_budget=Limits(seconds=0.5))
    result = await make_session(provider, settings=settings).solve(TASK)
    assert result.status == "error"
    assert "time" in result.why


async def test_cancellation_keeps_what_was_done():
    """Stopped while the code is drawn: the IR is there, the record says so, nothing hangs."""
    reached = asyncio.Event()

    class Stuck(ScriptedProvider):
        async def complete(self, requests):
            if not asks_for_ir(requests[0]):
                reached.set()
                await asyncio.Event().wait()
            return await super().complete(requests)

    events = []
    session = make_session(Stuck(lambda _: IR_TEXT), events=events)
    solving = asyncio.create_task(session.solve(TASK))
    async with asyncio.timeout(60):
        await reached.wait()
    solving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await solving
    kept = session.interrupted["double"]
    assert kept.status == "cancelled"
    assert kept.solution.ir.signature.name == "double"
    assert events[-1].kind == "task_ended"
    assert events[-1].status == "cancelled"


async def test_one_failing_draw_of_eight_costs_one_candidate():
    error = ProviderUnavailable("down", remedy="wait")
    capabilities = ANYTHING.model_copy(update={"n": 1})
    provider = FailingProvider(
        scripted_model(lambda i, _: RIGHT_TEXT, capabilities=capabilities), error, times=1
    )
    events = []
    route = make_route(attempt=BestOf(8, PlainDraws()), scorer=Passes())
    session = make_session(provider, routes=route, calls=CallSettings(attempts=1), events=events)
    result = await session.solve(TASK)
    assert result.status == "pass"
    drawn = [e for e in events if e.kind == "candidate_drawn" and e.stage == "specify"]
    assert len(drawn) == 8
    assert sum(event.failure is not None for event in drawn) == 1
    assert sum(e.error is not None for e in events if isinstance(e, CallMade)) == 1


async def test_an_error_that_every_call_would_meet_ends_the_run():
    provider = ScriptedProvider(lambda _: AuthenticationFailed("no key", remedy="set it"))
    session = make_session(provider)
    with pytest.raises(AuthenticationFailed, match="set it"):
        await session.solve(TASK)


class Burglar:
    """Looks for hidden tests in all that a strategy is given, and in all that leads to."""

    def __init__(self) -> None:
        self.looked_at = 0
        self.found: list[object] = []

    async def run(self, problem: Problem[object], ctx: Context, want: int = 1) -> Outcome[object]:
        seen: set[int] = set()
        queue: deque[object] = deque([problem, ctx])
        while queue and len(seen) < 100_000:
            thing = queue.popleft()
            # These lead to the whole program, where no test is stored either.
            if id(thing) in seen or isinstance(thing, type | ModuleType | FunctionType):
                continue
            seen.add(id(thing))
            if isinstance(thing, Hidden):
                self.found.append(thing)
            queue += gc.get_referents(thing)
        self.looked_at = len(seen)
        return await PlainDraws().run(problem, ctx, want)


class WithHidden:
    """A data source whose hidden tests are in memory while the task is solved."""

    suite = Suite(name="double")

    def __init__(self) -> None:
        self.tests = Hidden(task=TASK.id, tests=(Example(args=(7,), expected=14),))

    def tasks(self):
        return iter([TASK])

    def hidden(self, ids):
        return {TASK.id: self.tests}


async def test_a_strategy_that_looks_for_hidden_tests_finds_none():
    source, burglar = WithHidden(), Burglar()
    session = make_session(scripted_model(), routes=make_route(attempt=burglar))
    results = [result async for result in session.solve_all(source.tasks(), concurrency=1)]
    assert [result.status for result in results] == ["pass"]
    assert burglar.looked_at > 100
    assert burglar.found == []
    # And the types leave no door: nothing a task or a context has can carry them.
    assert "hidden" not in Task.model_fields
    assert not [name for name in dir(Context) if "hidden" in name]


async def test_the_search_for_hidden_tests_would_find_one():
    burglar = Burglar()
    problem = SimpleNamespace(task=TASK, leak=WithHidden())
    with pytest.raises(AttributeError):
        await burglar.run(problem, None)
    assert len(burglar.found) == 1


async def test_every_strategy_says_why_it_stopped():
    events = []
    route = make_route(attempt=BestOf(2, PlainDraws()), scorer=Passes())
    await make_session(scripted_model(lambda i, _: RIGHT_TEXT), routes=route, events=events).solve(
        TASK
    )
    (stopped,) = [event for event in events if isinstance(event, StrategyStopped)]
    assert stopped.why == "chose among 2"
    assert stopped.strategy == "BestOf"


async def test_many_tasks_share_a_run_budget():
    provider = scripted_model(lambda i, _: RIGHT_TEXT)
    settings = RunSettings(run_budget=Limits(calls=5))
    session = make_session(provider, settings=settings)
    tasks = [TASK.model_copy(update={"id": f"t{i}"}) for i in range(4)]
    results = [result async for result in session.solve_all(tasks, concurrency=1)]
    assert [result.status for result in results] == ["pass", "pass", "error", "error"]
    assert provider.calls == 5


async def test_budget_exhausted_without_anything_is_raised_to_whoever_asked():
    ctx = make_context(scripted_model(lambda i, _: RIGHT_TEXT), limits=Limits(calls=0))
    problem = make_route().stages.specify_stage.specify(TASK, sandbox=None)
    with pytest.raises(BudgetExhausted, match=r"budget\.calls"):
        await problem.draw(ctx, 1)


async def test_a_verdict_tells_what_looks_wrong_in_the_text_of_the_code():
    rare = "    if x > 10**9:\n        return undefined\n"
    text = f"```python\ndef double(x):\n{rare}    return 2 * x\n```"
    result = await make_session(scripted_model(lambda i, _: text)).solve(TASK)
    assert result.status == "pass", "what the code does is what counts"
    assert any("undefined" in note for note in result.solution.verdict.notes)
