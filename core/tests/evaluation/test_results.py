"""Documents of results, their tables, and when two may be compared."""

import json

import pytest

from lift_sys.cli._reporting import Reporting
from lift_sys.errors import InputError
from lift_sys.evaluation import summaries, tables
from lift_sys.evaluation.flips import flips_against
from lift_sys.evaluation.flips_told import lines_against
from lift_sys.evaluation.reports import report_of
from lift_sys.evaluation.result_files import read_evaluation
from lift_sys.evaluation.results import Evaluation, Row, check_comparable
from lift_sys.interfaces import Spend, Suite


def row(name, right=True, visible="pass", **more):
    failure = None if right else more.pop("failure", "wrong_output")
    return Row(
        task=name,
        digest=f"d{name}",
        visible=visible,
        right=right,
        passed=3 if right else 1,
        total=3,
        failure=failure,
        reached="right" if right else "runs",
        spend=Spend(calls=2, input_tokens=10, usd=0.5),
        **{"category": "lists", "difficulty": "easy", "seconds": 1.0, **more},
    )


ROWS = (
    row("a", part="in"),
    row("b", right=False, part="in", seconds=3.0),
    row("c", visible="fail", category="texts", difficulty="hard", part="out"),
    row("d", right=False, visible="error", failure="infrastructure", part="out",
        message="there is no code: gone", category="texts"),
)  # fmt: skip


def evaluation(rows=ROWS, **changes):
    fields = {
        "run": "r1", "started": "2026-01-01T00:00:00+00:00", "seed": 3, "rows": rows,
        "suite": Suite(name="s", version="2"), "tasks": "t1", "tests": "h1",
        "distributions": {"lift-sys": "0.1.0"}, **changes,
    }  # fmt: skip
    return Evaluation(**fields)


def columns(table):
    return [" | ".join(cells) for cells in table]


def lines_of(found, columns):
    return tables.lines_of(report_of(found), columns)


def written(found, **files):
    reporting = Reporting.of(as_json=False, against=None, fail_under=None, **files)
    return reporting.show(found)


def summary_of(found):
    return summaries.summary_of(report_of(found))


def test_the_lines():
    lines = list(lines_of(evaluation(), columns))
    assert lines[0] == "suite s 2, 4 tasks (digest t1, tests h1)"
    assert "right: 50.0 % [15.0, 85.0] (2/4)" in lines
    assert " | in | 50.0 % [9.5, 90.5] (1/2)" in lines
    assert " | easy | hard | all" in lines
    assert "texts | 0 % (0/1) | 100 % (1/1) | 50.0 % [9.5, 90.5] (1/2)" in lines
    assert "lists | 50 % (1/2) | - (n=0) | 50.0 % [9.5, 90.5] (1/2)" in lines
    assert " | right code | 50.0 % [15.0, 85.0] (2/4)" in lines
    assert "cost: $2.0000" in lines
    assert "  a task $0.5000 [0.5000, 0.5000], a specification $0.0000 [0.0000, 0.0000]" in lines
    [gained] = [line for line in lines if line.startswith("  a right one $1.0000 [")]
    assert gained.endswith("...]"), "of four tasks, nobody knows how dear it may be"
    assert "seconds a task: median 1.0, p90 3.0, p95 3.0, p99 3.0" in lines
    assert " | texts | - (n=0)" in lines, "false accepts by category"
    assert "pass | 1 | 1" in lines
    assert "fail | 1 | 0" in lines
    assert "error | 0 | 1" in lines
    assert "false accepts: 50.0 % [9.5, 90.5] (1/2) of those that passed in the run" in lines
    assert "false rejects: 50.0 % [9.5, 90.5] (1/2) of those that are right" in lines
    assert lines[-5:] == [
        "what was wrong, in 2 of 4",
        "  wrong_output 1: b",
        "  infrastructure 1: d",
        "    there is no code: gone",
        "  at fault: the code (no hidden test denies its specification) 100 % (2/2)",
    ]


def test_what_was_paid_for_before_is_no_gain():
    spend = Spend(calls=1, usd=0.25, cached_calls=3, cached_usd=0.75)
    again = evaluation((ROWS[0].model_copy(update={"spend": spend}),))
    lines = "\n".join(lines_of(again, columns))
    assert "cost: $1.0000" in lines
    assert "3 calls answered from the store: $0.7500 of the cost was paid before" in lines
    assert (summary_of(again)["usd"], summary_of(again)["usd_paid_before"]) == (1.0, 0.75)


def test_what_was_not_run_says_how_to_go_on():
    stopped = evaluation((ROWS[0], row("e", False, "not run", failure="infrastructure")))
    assert (
        "`lift runs resume r1` goes on, then `lift grade r1`" in [*lines_of(stopped, columns)][-1]
    )


def test_the_summary_counts_everything_in():
    summary = summary_of(evaluation())
    assert (summary["right"]["right"], summary["right"]["n"]) == (2, 4)
    assert sum(cell["n"] for cell in summary["cells"]) == 4
    assert [part["part"] for part in summary["parts"]] == ["in", "out"]
    assert (summary["lost"], summary["usd"], summary["usd_per_right"]["value"]) == (1, 2.0, 1.0)
    assert summary["false_accepts_by_category"]["lists"]["n"] == 2
    nothing = summary_of(evaluation((row("a", right=False),)))
    assert nothing["usd_per_right"] is None
    assert nothing["false_rejects"]["rate"] is None


def test_a_document_is_read_as_it_was_written(tmp_path):
    path = tmp_path / "result.json"
    written(evaluation(), output=str(path))
    assert read_evaluation(path) == evaluation()
    document = json.loads(path.read_text())
    summary = json.loads(json.dumps(summary_of(evaluation())))
    assert document == {**evaluation().model_dump(mode="json"), "summary": summary}
    again = tmp_path / "again.json"
    for text in (json.dumps(document), json.dumps(document, indent=1), path.read_text()):
        again.write_text(text)
        assert read_evaluation(again) == evaluation(), "in any layout"
    again.unlink()
    assert [each.name for each in tmp_path.iterdir()] == ["result.json"]


def test_a_file_that_cannot_be_written(tmp_path):
    with pytest.raises(InputError, match="cannot write"):
        written(evaluation(), output=str(tmp_path / "none" / "result.json"))


def test_two_runs_on_the_same_tasks():
    other = evaluation(
        tuple(each.model_copy(update={"right": each.task in "bc"}) for each in ROWS), run="r2"
    )
    found = flips_against(other, earlier=evaluation())
    assert (found.both, found.neither) == (1, 1)
    assert ([each.task for each in found.broken], [each.task for each in found.mended]) == (
        ["a"],
        ["b"],
    )
    told = list(lines_against(found))
    assert told.index("broken: 1") < told.index("mended: 1") < told.index("  b (lists)")


def test_a_run_is_not_compared_with_itself():
    with pytest.raises(InputError, match="the run r1 is named twice"):
        flips_against(evaluation(), evaluation())


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"suite": Suite(name="other")}, "of different suites: s 2 and other"),
        ({"suite": Suite(name="s", version="3")}, "of different suites: s 2 and s 3"),
        ({"tasks": "t2", "rows": ROWS[:3]}, "of different tasks: 4 and 3, of which 3 are the same"),
        ({"tests": "h2"}, "graded by different hidden tests"),
    ],
)
def test_what_is_not_compared(changes, told):
    with pytest.raises(InputError, match="r1 and r2 cannot be compared") as caught:
        check_comparable(evaluation(), evaluation(run="r2", **changes))
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"version": 2}', "its form is 2, not 1"),
        ("[]", "its form is None"),
        ('{"version": 1, "run": "x"', "may be cut off"),
        ('{"version": 1, "run": "x"}', "is no result: started"),
    ],
)
def test_a_result_file_that_is_none(tmp_path, text, told):
    (tmp_path / "old.json").write_text(text)
    with pytest.raises(InputError) as caught:
        read_evaluation(tmp_path / "old.json")
    assert told in str(caught.value)


def test_quirks_are_counted_where_tasks_name_them():
    text = "\n".join(lines_of(evaluation(), columns))
    assert "quirks handled: not known, no task of the suite says" in text
    quirky = (row("a", quirks=("bool-is-int",)), row("b", right=False, quirks=("bool-is-int", "x")))
    report = report_of(evaluation((*quirky, row("c"))))
    assert (report.quirks, report.by_quirk) == ((1, 2), (("bool-is-int", (1, 2)), ("x", (0, 1))))
    assert summary_of(evaluation((*quirky, row("c"))))["right_by_quirk"]["x"]["n"] == 1
