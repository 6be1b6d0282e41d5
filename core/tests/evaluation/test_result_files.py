"""Result files with numbers that nothing can have measured: told as a mistake, or reported."""

import copy
import json
import math
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lift_sys.errors import InputError
from lift_sys.evaluation.advice import advice_on
from lift_sys.evaluation.choosing import pass_at
from lift_sys.evaluation.contest_html import contest_html
from lift_sys.evaluation.contests import contest
from lift_sys.evaluation.html_report import html_report
from lift_sys.evaluation.markdown_report import markdown_report
from lift_sys.evaluation.reports import report_of
from lift_sys.evaluation.result_files import document_lines, read_evaluation
from lift_sys.evaluation.results import Evaluation
from lift_sys.evaluation.summaries import summary_of

SPEND = {"calls": 3, "input_tokens": 10, "output_tokens": 5, "usd": 0.5, "seconds": 2.0,
         "cached_calls": 1, "cached_usd": 0.25}  # fmt: skip
DRAWS = {"drawn": 3, "right": 1, "valid": 3, "distinct": 2, "any_right": True, "usd": 0.25}


def row(name, right):
    return {
        "task": name,
        "digest": f"d{name}",
        "category": "lists",
        "difficulty": "easy",
        "visible": "pass",
        "right": right,
        "passed": 3 if right else 1,
        "total": 3,
        "failure": None if right else "wrong_output",
        "spend": SPEND,
        "seconds": 1.5,
        "reached": "right" if right else "runs",
        "attempts": 1,
        "draws": [{"stage": "specify", **DRAWS}, {"stage": "implement", **DRAWS}],
        "strategies": [{"stage": "implement", "strategy": "best", "why": "drew 3", "drawn": 3}],
        "audit": {"by": "other", "agrees": True, "usd": 0.125},
        "sets": [{"task": name, "stage": "implement", "right": [True, False, False],
                  "scores": {"a": [0.5, 0.25, None], "b": [0.75, 0.0, 1.0]}, "chosen": 0}],
        "literals": [1, 2],
        "mutants": [3, 4],
        "from_reference": {"right": True, "lost": False, "spend": SPEND},
    }  # fmt: skip


DOCUMENT = {
    "version": 1,
    "run": "r1",
    "started": "2026-01-01T00:00:00+00:00",
    "suite": {"name": "s", "version": "2"},
    "tasks": "t",
    "tests": "h",
    "seed": 0,
    "distributions": {},
    "reference_run": "reference-r1",
    "rows": [row(str(n), n % 3 > 0) for n in range(6)],
}
SOUND = Evaluation.model_validate_json(json.dumps(DOCUMENT))


def numbers(value, path=()):
    """Where they are."""
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        return [found for key, each in items for found in numbers(each, (*path, key))]
    return [path] if isinstance(value, int | float) and not isinstance(value, bool) else []


def changed(changes):
    document = copy.deepcopy(DOCUMENT)
    for path, value in changes:
        place = document
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = value
    return document


ODD = st.one_of(
    st.sampled_from(
        [1e308, -1e308, 5e-324, math.inf, -math.inf, math.nan, -1, 10**12, 10**18, 10**400, 0]
    ),
    st.floats(),
    st.integers(),
)
CHANGES = st.lists(
    st.tuples(st.sampled_from(numbers(DOCUMENT["rows"], ("rows",))), ODD), min_size=1, max_size=3
)


def read_or_refused(path):
    try:
        return read_evaluation(path)
    except InputError as error:
        return error.cause


@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(CHANGES)
def test_any_number_is_refused_in_one_sentence_or_reported(tmp_path, changes):
    path = tmp_path / "result.json"
    path.write_text(json.dumps(changed(changes)))
    found = read_or_refused(path)
    if isinstance(found, str):
        assert "result.json is no" in found
        return
    report = report_of(found)
    json.dumps(summary_of(report), allow_nan=False)
    assert "<svg" in html_report(report)
    assert markdown_report(report)
    advice_on(found)
    path.write_text("\n".join(document_lines(found, {})))
    assert read_evaluation(path) == found


@pytest.mark.parametrize("value", [1e15, 1e-15, 0.0])
def test_the_most_and_the_least_that_is_read_can_be_compared(tmp_path, value):
    pytest.importorskip("scipy")
    places = [("rows", n, *rest) for n in range(3) for rest in (("seconds",), ("spend", "usd"))]
    path = tmp_path / "result.json"
    path.write_text(json.dumps({**changed([(place, value) for place in places]), "run": "r2"}))
    page = contest_html(contest([("", [SOUND]), ("", [read_evaluation(path)])]))
    assert "nan" not in page.lower().replace("finance", "")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ([(("rows", 0, "spend", "usd"), 1e308)], "rows.0.spend: Value error, 1e+308 is nothing"),
        ([(("rows", 2, "draws", 1, "right"), 4)], "rows.2.draws.1: Value error, more of its draws"),
        ([(("rows", 1, "literals", 0), 3)], "rows.1.literals: Value error, 3 of 2 is no share"),
        ([(("rows", 1, "sets", 0, "chosen"), 3)], "rows.1.sets.0: Value error, the candidate 3"),
        ([(("rows", 1, "sets", 0, "right"), [True])], "other than 1 scores of 1 candidates"),
        ([(("rows",), [])], "it has no rows"),
    ],
)
def test_what_no_run_can_have_told(tmp_path, changes, told):
    path = tmp_path / "result.json"
    path.write_text(json.dumps(changed(changes)))
    with pytest.raises(InputError) as caught:
        read_evaluation(path)
    assert told in str(caught.value)


@pytest.mark.parametrize("kept", [0.2, 0.5, 0.9, 0.999])
def test_a_file_that_is_cut_off_anywhere(tmp_path, kept):
    path = tmp_path / "result.json"
    text = "\n".join(document_lines(SOUND, {"summary": summary_of(report_of(SOUND))})) + "\n"
    path.write_text(text[: int(kept * len(text))])
    with pytest.raises(InputError, match="is no JSON") as caught:
        read_evaluation(path)
    assert "cut off" in caught.value.remedy


@pytest.mark.parametrize(("k", "drawn", "right"), [(5, 1_001, 7), (512, 3_000, 3), (64, 1_200, 0)])
def test_very_many_draws_are_counted_as_few_are(k, drawn, right):
    exact = 1 - math.comb(drawn - right, k) / math.comb(drawn, k)
    assert pass_at(k, drawn, right) == pytest.approx(exact, rel=1e-9, abs=1e-12)
    assert 0 <= pass_at(10**9, 10**12, 10**6) <= 1


def test_a_pipelines_file_is_no_run(tmp_path: Path):
    with pytest.raises(InputError, match="a pipeline's file, and a run is wanted") as caught:
        read_evaluation(tmp_path / "pipeline.yaml")
    assert "lift eval" in caught.value.remedy
