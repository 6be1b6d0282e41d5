"""What is written of a graded run: as a page, as Markdown and as JSON Lines."""

import json
import re
from html.parser import HTMLParser

import pytest

from lift_sys.cli._reporting import Reporting
from lift_sys.errors import InputError
from lift_sys.evaluation.html_report import html_report
from lift_sys.evaluation.markdown_report import markdown_report, safe
from lift_sys.evaluation.reports import report_of
from lift_sys.evaluation.results import Chosen, Draws, Evaluation, Row, Shown
from lift_sys.evaluation.scorers import ScoredSet
from lift_sys.interfaces import Spend, Suite

HOSTILE = "<script>alert(1)</script>\"'&|`**x**\x1b[31mred\x1b]0;title\x07\u202egnp.exe\x00"


def row(number, **more):
    right = number % 3 == 0
    fields = {
        "task": f"t{number}", "digest": f"d{number}", "visible": "pass", "right": right,
        "category": ["texts", "lists"][number % 2], "difficulty": ["easy", "hard"][number % 2],
        "passed": 2 * right, "total": 2, "failure": None if right else "wrong_output",
        "message": "" if right else "1 of 2 hidden tests", "seconds": float(number),
        "spend": Spend(calls=4, input_tokens=900, output_tokens=100, usd=0.004),
        "reached": "right" if right else "runs", "fault": None if right else "implement",
        "draws": (Draws(stage="specify", drawn=1, right=1, valid=1, distinct=1, any_right=True,
                        usd=0.001),
                  Draws(stage="implement", drawn=3, right=1, valid=3, distinct=2, any_right=True,
                        usd=0.003)),
        "strategies": (Chosen(stage="implement", strategy="best-of-n", why="drew 3", drawn=3),),
        "sets": (ScoredSet(task=f"t{number}", stage="implement", right=(False, True, False),
                           scores={"execution": (0.2, 0.9, None)}, chosen=0),),
        "shown": None if right else Shown(request="double", code="def double(x): ..."),
        **more,
    }  # fmt: skip
    return Row(**fields)


def evaluation(rows=None, **changes):
    fields = {
        "run": "r1", "label": "mine", "started": "2026-01-01T00:00:00+00:00", "seed": 3,
        "suite": Suite(name="s", version="2"), "tasks": "t1", "tests": "h1",
        "rows": rows or tuple(map(row, range(12))), "distributions": {"lift-sys": "0.1.0"},
        **changes,
    }  # fmt: skip
    return Evaluation(**fields)


def hostile():
    told = {"category": HOSTILE, "difficulty": HOSTILE, "route": HOSTILE, "message": HOSTILE}
    shown = Shown(request=HOSTILE, code=f"</pre></details>{HOSTILE}")
    stopped = (Chosen(stage=HOSTILE, strategy=HOSTILE, why=HOSTILE, drawn=1),)
    scored = ScoredSet(
        task=HOSTILE, stage=HOSTILE, right=(True, False), scores={HOSTILE: (0.1, 0.9)}
    )
    rows = (
        row(1, task=HOSTILE, shown=shown, strategies=stopped, sets=(scored,), **told),
        row(2, failure="infrastructure", **told),
        row(4, visible="not run", **(told | {"route": "b", "category": None})),
    )
    return evaluation(rows, label=HOSTILE, suite=Suite(name=HOSTILE), distributions={HOSTILE: "1"})


class Elements(HTMLParser):
    VOID = ("meta",)

    def __init__(self):
        super().__init__()
        self.open, self.seen, self.text = [], [], ""

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def elements(page):
    found = Elements()
    found.feed(page)
    found.close()
    assert found.open == []
    return found


def test_the_page_says_what_was_counted_and_loads_nothing():
    page = html_report(report_of(evaluation()))
    found = elements(page)
    assert "33.3 % right on s 2" in found.text
    assert "of the codes drawn first" in found.text
    assert "wrong_output: 8" in found.text
    assert "def double(x): ..." in found.text
    assert sum(tag == "svg" for tag, _ in found.seen) >= 3
    for tag, attrs in found.seen:
        assert tag not in ("script", "link", "img", "iframe", "object", "a", "form")
        assert not any(name.startswith("on") or name in ("src", "href") for name in attrs)
    assert "url(" not in page
    assert "http" not in page.replace("http-equiv", "")
    assert "prefers-color-scheme: dark" in page
    assert "default-src 'none'" in page


def test_hostile_text_stays_text():
    page = html_report(report_of(hostile()))
    page.encode("utf-8")
    found = elements(page)
    assert "<script>alert(1)</script>" in found.text, "as text"
    assert not {tag for tag, _ in found.seen} & {"script", "b1"}
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", page)
    assert "\u241b[31mred" in found.text, "an escape is seen, and does nothing"
    for _, attrs in found.seen:
        assert set(attrs) <= {
            "class", "style", "lang", "charset", "http-equiv", "content", "name", "role",
            "aria-label", "viewbox", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "width",
            "height", "points",
        }  # fmt: skip


def test_markdown_has_the_same_tables_and_no_foreign_markup():
    text = markdown_report(report_of(evaluation()))
    assert text.startswith("# s 2: 33.3 % \\[13.8, 60.9\\] (4/12) right\n")
    assert "|  | easy | hard | all |\n| --- | --- | --- | --- |" in text
    assert "pass@1: 33.3 %" in text
    rows = re.findall(r"^\|.*\|$", text, re.M)
    assert len(rows) > 12
    told = markdown_report(report_of(hostile()))
    told.encode("utf-8")
    assert "<script" not in told.replace("\\<script", "")
    assert "\x1b" not in told
    assert safe("half \ud800") == "half ?"
    assert safe("a|b\n`c`") == "a\\|b \\`c\\`"


def written(found, folder, **more):
    settings = {"as_json": True, "against": None, "fail_under": None, **more}
    files = {form: str(folder / f"out.{form}") for form in ("html", "markdown", "jsonl", "output")}
    return Reporting.of(**settings, **files).show(found)


def test_files_hold_every_task_whatever_it_says(tmp_path, capsys):
    assert written(hostile(), tmp_path) == 0
    head, *rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert (head["kind"], head["summary"]["right"]["n"], len(rows)) == ("run", 3, 3)
    assert rows[0]["task"] == HOSTILE
    assert head["summary"]["lost"] == 1
    assert json.loads(capsys.readouterr().out)["summary"] == head["summary"]
    assert (tmp_path / "out.html").read_text(encoding="utf-8").endswith("</html>\n")
    assert (tmp_path / "out.markdown").exists()


def test_foreign_text_can_neither_steer_a_terminal_nor_begin_a_line(tmp_path, capsys):
    found = hostile()
    lines = dict.fromkeys(("task", "category", "route", "message"), f"{HOSTILE}\n# forged")
    rows = tuple(each.model_copy(update=lines) for each in found.rows)
    right = tuple(each.model_copy(update={"right": True}) for each in rows)
    earlier = found.model_copy(update={"run": "r0\n# forged", "rows": right})
    (tmp_path / "r0.json").write_text(earlier.model_dump_json())
    told = found.model_copy(update={"rows": rows, "label": "mine\n# forged"})
    assert written(told, tmp_path, as_json=False, against=tmp_path / "r0.json") == 0
    said = capsys.readouterr().out
    assert "broken: 3" in said
    for text in (said, (tmp_path / "out.markdown").read_text(encoding="utf-8")):
        assert "forged" in text
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]|^# forged", text, re.M)


def test_flips_against_another_run_broken_first(tmp_path, capsys):
    before = evaluation(
        tuple(row(number, right=number in (0, 1)) for number in range(12)), run="r0"
    )
    written(before, tmp_path)
    capsys.readouterr()
    assert written(evaluation(), tmp_path, against=tmp_path / "out.output") == 0
    said = json.loads(capsys.readouterr().out)["comparison"]
    assert [each["task"] for each in said["broken"]] == ["t1"]
    page = elements((tmp_path / "out.html").read_text()).text
    assert "Against r0" in page
    assert page.index("Broken: 1t1 (lists)") < page.index("Mended: 3t3 (lists)")


def test_the_threshold_is_held_against_the_interval(tmp_path, capsys):
    sure = evaluation(tuple(row(0, task=f"t{n}", digest=f"d{n}") for n in range(40)))
    assert written(sure, tmp_path, fail_under=0.9) == 0
    nearly = evaluation(tuple(row(0, task=f"t{n}", digest=f"d{n}") for n in range(30)))
    assert written(nearly, tmp_path, fail_under=0.9) == 10, "30 of 30 may be 88.6 %"
    assert "the interval begins under 90.0 %" in capsys.readouterr().err


def test_nothing_is_written_where_runs_cannot_be_compared(tmp_path):
    written(evaluation(run="r0", tasks="others"), tmp_path)
    (tmp_path / "new").mkdir()
    with pytest.raises(InputError, match="cannot be compared"):
        written(evaluation(), tmp_path / "new", against=tmp_path / "out.output")
    assert list((tmp_path / "new").iterdir()) == []
