import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest
from lift_sys_rubric.calibration import Calibration, fitted
from lift_sys_rubric.plugin import RubricOptions
from lift_sys_rubric.scorer import Rubric
from pydantic import ValidationError

from lift_sys.errors import ConfigError
from lift_sys.interfaces import Candidate, Code, Learnt, Score, Solution, Task, Verdict
from lift_sys.testing.conformance import ScorerConformance
from lift_sys.testing.runs import make_specification

sys.path.insert(0, str(Path(__file__).parent))

from rubric_cases import (
    ASKED,
    EXTREMES,
    HALF_SAID,
    PAIRS,
    PASSWORD,
    RIGHT_EXTREMES,
    RIGHT_PASSWORD,
    WRONG_PASSWORD,
    ir,
    padded,
)


class TestRubric(ScorerConformance):
    component = "rubric"


class TestOriginal(ScorerConformance):
    component = "rubric"
    options = {"preset": "original"}


class ByLength:
    """What must not pass: the longer the text, the higher the score."""

    async def score(self, problem, candidates, ctx):
        lengths = [len(each.value.model_dump_json()) for each in candidates]
        return [Score(length / (length + 1000), "its length") for length in lengths]


def rubric(**options):
    return Rubric(RubricOptions(**options), None)


async def scores(task, *specifications, scorer=None, **options):
    candidates = [Candidate(str(n), "specify", each) for n, each in enumerate(specifications)]
    scorer = scorer or rubric(**options)
    return list(await scorer.score(make_specification(task), candidates, None))


async def values(*arguments, **options):
    return [score.value for score in await scores(*arguments, **options)]


@pytest.mark.parametrize(("task", "right", "wrong"), PAIRS, ids=["password", "extremes"])
async def test_the_first_systems_failure_and_that_the_default_does_not_repeat_it(
    task, right, wrong
):
    terse, verbose = await values(task, right, wrong, preset="original")
    assert verbose > terse, "the first system chose the verbose wrong one"
    terse, verbose = await values(task, right, wrong)
    assert verbose <= terse


async def test_a_rewritten_literal_is_told_and_costs_clearly():
    right, wrong = await scores(PASSWORD, RIGHT_PASSWORD, WRONG_PASSWORD)
    assert right.reason == "every criterion is met in full"
    assert wrong.reason == "literals 0.00 (missing: 'too short', 'no number', 'valid')"
    assert right.value - wrong.value > 0.3


async def length_earns_something(scorer):
    """Whether padding a candidate lifts its score anywhere."""
    for task, specification in ASKED:
        before, after = await values(task, specification, padded(specification), scorer=scorer)
        if after > before:
            return True
    return False


async def test_length_alone_earns_nothing():
    assert not await length_earns_something(rubric())
    assert await length_earns_something(rubric(preset="original"))
    assert await length_earns_something(ByLength()), "the test would not see a scorer by length"


async def test_the_original_points_are_those_of_the_notes():
    (score,) = await scores(PASSWORD, WRONG_PASSWORD, preset="original")
    assert score.reason.startswith("205 points: assertions 50, effects 20, literals 45, ")
    assert score.value == 205 / 305
    (score,) = await scores(EXTREMES, RIGHT_EXTREMES, preset="original")
    assert "assertions 10, effects 0, literals 0, quirks 0, types 20" in score.reason


@pytest.mark.parametrize(
    ("request_text", "specification", "criterion", "value", "reason"),
    [
        ("Size.", HALF_SAID, "assertions", 2 / 3, "2 of 3 claims that code could break"),
        ("Size.", RIGHT_PASSWORD, "assertions", 1.0, "it says for every input what comes out"),
        ("Size.", ir("f", {"x": "int"}, "int"), "assertions", 0.0, "0 of 3"),
        ("Size.", ir("f", {"x": "int"}, "int", (), ["True"] * 3), "assertions", 0.0, "0 of 3"),
        ("Size.", ir("f", {"x": "int"}, "int", (), ["x > 0"]), "assertions", 0.0, "0 of 3"),
        ("Size.", ir("f", {"x": "int"}, "int"), "effects", 0.0, "nothing says what it does"),
        ("Size.", ir("f", {"x": "int"}, "int", [("?", None, [])]), "effects", 0.0, "0 of 1"),
        ("Size.", RIGHT_EXTREMES, "effects", 1.0, "assertions say it"),
        ("Return 'big' or 'small'.", HALF_SAID, "literals", 0.5, "missing: 'small'"),
        ("Size.", HALF_SAID, "literals", None, "the request spells out none"),
        ("Give the largest number of a list.", HALF_SAID, "quirks", 0.0, "empty-extremes"),
        ("Size.", ir("f", {"x": "Any", "y": "list"}, "int"), "types", 0.5, "vague: Any, list"),
        ("Size.", ir("f", {"x": "int"}, "int", (), ["result > x"]), "edges", 0.0, "no border of x"),
        ("Size.", ir("f", {"x": "int"}, "int", (), ["f(0) > 1"]), "edges", 1.0, "border of x"),
        ("Size.", ir("f", {}, "int"), "edges", None, "there are no parameters"),
        ("Check a password.", RIGHT_PASSWORD, "intent", 1.0, "to the point"),
        ("Something else.", ir("f", {}, "int", summary="f"), "intent", 0.0, "1 words, 0 of"),
    ],
)
async def test_each_criterion_and_its_reason(request_text, specification, criterion, value, reason):
    (score,) = await scores(Task(id="t", request=request_text), specification)
    part = dict(score.parts)[criterion]
    assert part.value == value
    assert reason in part.reason


async def test_a_settled_quirk_counts():
    task = Task(id="t", request="Return the type name of a value: 'int' or 'other', bool is other.")
    left_open = ir("f", {"x": "object"}, "str", (), ["result in ('int', 'other')"])
    settled = ir(
        "f", {"x": "object"}, "str", (), ["result in ('int', 'other')", "f(True) == 'other'"]
    )
    for specification, value in ((left_open, 0.0), (settled, 1.0)):
        (score,) = await scores(task, specification)
        assert dict(score.parts)["quirks"].value == value


async def test_weights_say_what_counts():
    only = {"assertions": 0, "effects": 0, "quirks": 0, "types": 0, "edges": 0, "intent": 0}
    assert await values(PASSWORD, WRONG_PASSWORD, weights=only) == [0.0]
    assert await values(EXTREMES, RIGHT_EXTREMES, weights=only) == [None]
    with pytest.raises(ValidationError, match="weights of its own"):
        RubricOptions(preset="original", weights={"types": 1})


async def reasoned(text, specification=RIGHT_PASSWORD, **options):
    candidate = Candidate("a", "specify", specification, reasoning=text)
    (score,) = await rubric(**options).score(make_specification(PASSWORD), [candidate], None)
    return score


@pytest.mark.parametrize(
    ("reasoning", "value", "lost"),
    [
        ("I think about it at length, and then some more.", 1.0, None),
        ("Return 'too short' below 8 characters; otherwise 'valid'.", 1.0, None),
        ("Return 'empty' if it is blank, else 'valid'.", 0.8, "the literal 'empty'"),
        ("With None a TypeError is raised.", 0.5, "the path to TypeError"),
        ("An empty password has len 0.", 1.0, None),
    ],
)
async def test_what_the_reasoning_found_must_reach_the_specification(reasoning, value, lost):
    score = await reasoned(reasoning)
    assert score.value == pytest.approx(value)
    assert (lost or "every criterion is met in full") in score.reason


async def test_reasoning_never_earns_anything_and_can_be_left_out_of_account():
    half = (await values(PASSWORD, HALF_SAID))[0]
    assert (await reasoned("Return 'big' for big ones.", HALF_SAID)).value <= half
    assert (await reasoned("A TypeError is raised.", reasoning=0.0)).value == 1.0


async def test_it_reads_the_specification_of_an_attempt_and_no_code():
    unchecked = Verdict(status="unverified")
    solution = Solution(ir=RIGHT_PASSWORD, specification=unchecked, code=None, verdict=unchecked)
    code = Code(name="f", source="def f(): ...")
    assert await values(PASSWORD, solution, code, None) == [1.0, None, 0.0]


GRADED = [(0.2, False)] * 8 + [(0.5, True), (0.5, False), (0.6, False), (0.6, False)]
GRADED += [(0.9, True)] * 8


def test_a_calibration_is_fitted_without_falling():
    points = fitted(GRADED)
    assert points == (
        (0.2, 0.1),
        (0.5, pytest.approx(1 / 3)),
        (0.6, pytest.approx(1 / 3)),
        (0.9, 0.9),
    )
    calibration = Calibration(points=points)
    chances = [calibration.of(score / 100) for score in range(101)]
    assert chances == sorted(chances)
    assert (chances[0], chances[100]) == (0.1, 0.9)
    assert calibration.of(0.75) == pytest.approx((1 / 3 + 0.9) / 2)
    assert Calibration().of(0.42) == 0.42


def test_a_calibration_file_is_made_used_and_owned_up_to(tmp_path):
    lines = [
        json.dumps({"score": score, "passed": passed, "task": f"digest{place}"})
        for place, (score, passed) in enumerate(GRADED)
    ]
    (tmp_path / "graded.jsonl").write_text("\n".join(lines))
    command = [sys.executable, "-m", "lift_sys_rubric.calibrate", tmp_path / "graded.jsonl"]
    made = subprocess.run(command, capture_output=True, text=True, check=True)
    path = tmp_path / "calibration.json"
    path.write_text(made.stdout)
    scorer = rubric(calibration=path)
    assert isinstance(scorer, Learnt)
    assert scorer.learnt_from == {f"digest{place}" for place in range(len(GRADED))}
    assert asyncio.run(values(PASSWORD, RIGHT_PASSWORD, scorer=scorer)) == [0.9]
    path.write_text('{"points": [[0.5, 0.9], [0.9, 0.1]]}')
    with pytest.raises(ConfigError, match="may fall"):
        rubric(calibration=path)
