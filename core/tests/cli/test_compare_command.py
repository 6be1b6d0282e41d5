"""`lift compare`: from result files to a verdict, a page, and nothing half-written."""

import json
import sys
from pathlib import Path

import pytest

pytest.importorskip("statsmodels")

sys.path.insert(0, str(Path(__file__).parent))

from run_world import World

from lift_sys.cli.main import main
from lift_sys.evaluation.results import Evaluation, Row
from lift_sys.interfaces import Spend, Suite


def result(folder, name, rights, **changes):
    rows = tuple(
        Row(task=f"t{n}", digest=f"d{n}", visible="pass", right=right, passed=right, total=1,
            spend=Spend(usd=0.01), seconds=1.0)
        for n, right in enumerate(rights)
    )  # fmt: skip
    fields = {
        "run": name, "started": "2026-01-01T00:00:00+00:00", "seed": 0, "tasks": "t", "tests": "h",
        "suite": Suite(name="s"), "distributions": {}, "rows": rows, "config": {"model": name},
        **changes,
    }  # fmt: skip
    path = folder / f"{name}.json"
    path.write_text(Evaluation(**fields).model_dump_json())
    return path


def test_a_verdict_from_files_and_all_forms(tmp_path, capsys):
    a = result(tmp_path, "a", [False] * 12 + [True] * 8)
    b = result(tmp_path, "b", [True] * 20)
    page, text, kept = (tmp_path / name for name in ("out.html", "out.md", "out.json"))
    files = ["--html", str(page), "--markdown", str(text), "-o", str(kept)]
    assert main(["compare", f"cheap={a}", str(b), "--json", *files]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["verdicts"][0].startswith("b is better than cheap by 60.0 points, 95 % interval ")
    assert told["comparisons"][0]["config"] == [{"what": "model", "before": "a", "after": "b"}]
    assert json.loads(kept.read_text()) == told
    assert page.read_text().startswith("<!doctype html>")
    assert text.read_text().startswith("# s: cheap against b")
    assert main(["compare", f"{a}", f"{b}"]) == 0
    assert "mended: 12" in capsys.readouterr().out


def test_what_cannot_be_compared_leaves_nothing_half_written(tmp_path, capsys):
    a = result(tmp_path, "a", [True] * 4)
    old, cut = tmp_path / "old.json", tmp_path / "cut.json"
    old.write_text(json.dumps({**json.loads(a.read_text()), "version": 0}))
    cut.write_text(a.read_text()[:-40])
    other = result(tmp_path, "other", [True] * 4, suite=Suite(name="s", version="2"))
    page = tmp_path / "out.html"
    deep, infinite, fewer = (tmp_path / f"{name}.json" for name in ("deep", "infinite", "fewer"))
    deep.write_text("[" * 200_000)
    infinite.write_text(a.read_text().replace('"seconds":1.0', '"seconds":1e999', 1))
    edited = json.loads(a.read_text())
    fewer.write_text(json.dumps({**edited, "run": "fewer", "rows": edited["rows"][:2]}))
    causes = {
        old: "no result of this version", cut: "may be cut off", other: "different suites",
        deep: "recursion", infinite: "no result", fewer: "4 and 2, of which 2 are the same",
    }  # fmt: skip
    for path, cause in causes.items():
        assert main(["compare", str(a), str(path), "--html", str(page)]) == 2
        assert cause in capsys.readouterr().err
    assert main(["compare", str(a)]) == 2
    assert main(["compare", str(a), str(a)]) == 2
    assert not page.exists()


def test_advice_is_told_or_that_there_is_none(tmp_path, capsys):
    path = result(tmp_path, "a", [True] * 40, config={"budget": {"usd": 1}})
    assert main(["advise", str(path)]) == 0
    told = capsys.readouterr().out
    assert "lower budget.usd from 1 to 0.02: it never binds\n  why: the most" in told
    assert main(["advise", str(path), "--json"]) == 0
    [found] = json.loads(capsys.readouterr().out)["advice"]
    assert found["numbers"] == {"limit": 1, "most": 0.01, "n": 40}
    assert main(["advise", str(result(tmp_path, "b", [True] * 4))]) == 0
    assert capsys.readouterr().out == "the 4 tasks of run b carry no advice\n"


def test_runs_of_the_store_are_compared_with_what_made_them(tmp_path):
    world = World(tmp_path)
    tests = {"tests": [{"args": [3], "expected": 6}]}
    task = {"request": "Create a function that doubles", "function": "double", "hidden": tests,
            "examples": [{"args": [2], "expected": 4}]}  # fmt: skip
    suite = world.home / "doubles.jsonl"
    suite.write_text("".join(json.dumps({"id": f"t{n}", **task}) + "\n" for n in range(3)))
    for more in ([], ["--set", "seed=4"], ["--set", "calls.attempts=2"]):
        done = world.lift("eval", world.pipeline(), "--tasks", suite, "--quiet", "--new", *more)
        assert done.returncode == 0, done.stderr
    runs = [events[0]["run"] for events in world.records()]
    done = world.lift("compare", f"two={runs[0]},{runs[1]}", runs[2], "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert [side["name"] for side in told["sides"]] == ["two", runs[2]]
    changed = {each["what"]: each["after"] for each in told["comparisons"][0]["config"]}
    assert changed["calls.attempts"] == "2"
    assert "seed" not in changed
    done = world.lift("advise", "last")
    assert done.stdout == f"the 3 tasks of run {runs[2]} carry no advice\n", done.stderr
