"""Where the reasoning goes, what it costs, and the hybrid from its file to its verdict."""

from pathlib import Path

from lift_sys_chain_of_thought.plugin import ChainOfThoughtOptions
from lift_sys_chain_of_thought.strategy import ChainOfThought
from ruamel.yaml import YAML

from lift_sys.interfaces import Price, ScorerRef, StrategyRef, StrategyStopped
from lift_sys.pipeline.load import load
from lift_sys.pipeline.strategies import Anytime
from lift_sys.plugins import PluginManager
from lift_sys.testing.conformance.base import TestParts
from lift_sys.testing.pipelines import GivenModels
from lift_sys.testing.providers import ANYTHING, ScriptedProvider
from lift_sys.testing.runs import (
    make_attempt,
    make_context,
    make_implementation,
    make_specification,
)
from lift_sys.testing.samples import IR_TEXT, RIGHT_TEXT, SPECIFICATION, TASK, asks_for_ir
from lift_sys.testing.simulated import SimulatedModel, SimulatedProblem, SimulatedProvider, Skill

EXAMPLE = Path(__file__).parents[4] / "examples/best-of-n-over-chain-of-thought/pipeline.yaml"
SCHEMA_ALONE = ANYTHING.model_copy(
    update={"constraints": frozenset({"json_schema"}), "price": Price(input=1, output=1)}
)
THOUGHT = "Return 'big' for big ones; when it is empty a ValueError is raised."
SHORT = IR_TEXT.replace("result == 2 * x", "result == x * 2 + 1")
"""Another specification, and a wrong one."""


def chain(**options):
    return Anytime(
        "chain-of-thought",
        ChainOfThought(ChainOfThoughtOptions(**options), TestParts.installed()),
    )


def thinking_model(specifications=(IR_TEXT,), code=RIGHT_TEXT):
    """Thinks where it is not held to the schema; its n-th answer is the n-th specification."""
    given = iter(specifications * 50)

    def answer(request):
        if not asks_for_ir(request):
            return f"Zero stays zero.\n{code}"
        if request.constraint is None:
            return [f"{THOUGHT} ({i})" for i in range(request.sampling.n)]
        return next(given)

    return ScriptedProvider(answer, capabilities=SCHEMA_ALONE)


async def test_reasoning_is_kept_apart_and_both_calls_are_paid():
    events = []
    ctx = make_context(thinking_model(), events=events)
    outcome = await chain().run(make_specification(TASK), ctx, 3)
    assert [each.value for each in outcome.winners] == [SPECIFICATION] * 3
    assert len({each.reasoning for each in outcome.winners}) == 3
    assert outcome.stopped == "drew the 3 wanted; 3 of 3 came with reasoning"
    assert outcome.spend.calls == 4
    assert outcome.spend == ctx.budget.spent
    assert (outcome.diversity.drawn, outcome.diversity.textual) == (3, 1)
    (stopped,) = [each for each in events if isinstance(each, StrategyStopped)]
    assert stopped.spend == outcome.spend


async def test_in_one_call_nothing_holds_the_reply():
    provider = ScriptedProvider(
        lambda _: f"REASONING\n{THOUGHT}\nSPECIFICATION\n{IR_TEXT}", capabilities=SCHEMA_ALONE
    )
    outcome = await chain(calls="one").run(make_specification(TASK), make_context(provider))
    assert (outcome.best.value, outcome.best.reasoning) == (SPECIFICATION, THOUGHT)
    assert [request.constraint for request in provider.requests] == [None]


async def test_code_reasons_before_its_block():
    ctx = make_context(thinking_model())
    outcome = await chain().run(make_implementation(TASK, SPECIFICATION), ctx)
    assert outcome.best.reasoning == "Zero stays zero."
    assert "Zero" not in outcome.best.value.source


async def test_what_outer_strategies_vary_reaches_draws_that_reason():
    provider = thinking_model()
    outer = TestParts.installed().strategy(
        StrategyRef(use="best-of-n", n=8, inner="chain-of-thought")
    )
    outcome = await outer.run(make_specification(TASK), make_context(provider))
    thoughts = [request for request in provider.requests if request.constraint is None]
    assert [request.sampling.n for request in thoughts] == [4, 2, 2]
    assert [request.sampling.temperature for request in thoughts] == [None, 1.0, 1.0]
    assert "nothing new after 8 of 8" in outcome.stopped or "drew all 8" in outcome.stopped
    assert outcome.diversity.textual == 1


async def test_a_stage_that_cannot_reason_is_asked_as_ever_and_that_is_said():
    task = TASK.model_copy(update={"request": "Simulated request."})
    provider = SimulatedProvider(SimulatedModel(skill=Skill(success=1)), [task])
    problem = SimulatedProblem(task, variants=("plain",))
    outcome = await chain().run(problem, make_context(provider))
    assert outcome.best.value.right
    assert outcome.stopped.endswith("no prompt called reasoning, so none reasoned first")


def test_the_example_has_no_mistake():
    resolved = load(EXAMPLE, registry=PluginManager.installed(), environ={"OPENAI_API_KEY": "k"})
    assert list(resolved.routes) == ["default"]


async def test_the_hybrid_finds_what_a_single_draw_that_reasons_misses(tmp_path):
    """The example as it is, but for its model: three of four specifications are wrong."""
    models = GivenModels({"model": thinking_model((SHORT, SHORT, IR_TEXT, SHORT))})
    document = YAML(typ="safe").load(EXAMPLE)
    (result,) = await models.solve([TASK], document, tmp_path / "record")
    assert result.status == "pass"
    assert result.solution.ir == SPECIFICATION
    hybrid = next(each for each in models.stops_of("best-of-n") if each.stage == "specify")
    assert (hybrid.distinct, hybrid.distinct_behaviour) == (2, 2)
    assert hybrid.spend.calls > hybrid.drawn, "thoughts are calls too"
    document["stages"]["specify"]["strategy"] = "chain-of-thought"
    models = GivenModels({"model": thinking_model((SHORT, SHORT, IR_TEXT, SHORT))})
    (alone,) = await models.solve([TASK], document, tmp_path / "other")
    assert alone.solution.ir != SPECIFICATION


async def test_scorers_see_the_reasoning_also_of_whole_attempts():
    """The rubric takes off what a draw thought of and did not specify."""
    rubric = TestParts.installed().scorer(ScorerRef(use="rubric"))
    scores = {}
    for thought in ("Zero stays zero.", "Return 'big' for big ones, a ValueError is raised."):
        provider = ScriptedProvider(
            lambda request, thought=thought: (
                thought
                if asks_for_ir(request) and request.constraint is None
                else IR_TEXT
                if asks_for_ir(request)
                else RIGHT_TEXT
            ),
            capabilities=SCHEMA_ALONE,
        )
        for problem in (make_specification(TASK), make_attempt(TASK)):
            ctx = make_context(provider, scorer=rubric)
            outcome = await chain().run(problem, ctx)
            (score,) = await ctx.score(problem, outcome.winners)
            scores.setdefault(thought, []).append(score)
    (kept, kept_too), (lost, lost_too) = scores.values()
    assert kept.value == kept_too.value > lost.value == lost_too.value
    assert "the literal 'big'" in lost.reason
