"""`lift runs`: what was recorded, listed, shown, compared, replayed, exported and thrown away."""

import asyncio
import json
import os
from pathlib import Path

import pytest

from lift_sys.cli.main import main
from lift_sys.interfaces import Price
from lift_sys.pipeline.pipeline import Pipeline
from lift_sys.plugins import Component, PluginManager
from lift_sys.testing.providers import ANYTHING
from lift_sys.testing.samples import RIGHT_TEXT, TASK, WRONG_TEXT, scripted_model

STAGE = {"provider": "model"}
PRICED = ANYTHING.model_copy(update={"price": Price(input=1, output=1)})


def run(folder: Path, *, seed: int = 0, code: str = RIGHT_TEXT, tasks=(TASK,), label: str = ""):
    """Recorded as any run is; what models it had is installed nowhere."""

    def make(options, parts):
        return scripted_model(lambda place, request: code, capabilities=PRICED)

    component = Component("scripted", make, "Says what the test wants")
    document = {
        "version": 1,
        "providers": {"model": {"use": "scripted"}},
        "stages": {"specify": STAGE, "implement": STAGE},
        "record": str(folder / ".lift" / "store.db"),
        "seed": seed,
    }
    plugins = PluginManager.of(providers=[component])
    pipeline = Pipeline.load(document, plugins=plugins)

    async def go():
        async with pipeline.open(label=label) as session:
            done = session.solve_all(tasks, 1)
            return session.run, [result.to_json() async for result in done]

    return asyncio.run(go())


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs")
    many = [TASK.model_copy(update={"id": f"t{i}"}) for i in range(5)]
    runs = {
        "right": run(folder, label="first"),
        "wrong": run(folder, seed=1, code=WRONG_TEXT),
        "many": run(folder, seed=2, tasks=many),
    }
    return folder, runs


@pytest.fixture
def lift(made, monkeypatch, capsys):
    folder, _ = made
    monkeypatch.chdir(folder)

    def call(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(list(arguments))
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return call


def ids(made) -> dict[str, str]:
    return {name: run for name, (run, _) in made[1].items()}


def test_runs_are_listed_the_latest_first(lift, made):
    code, shown, _ = lift("runs")
    assert code == 0
    rows = shown.splitlines()
    assert rows[0].split() == ["RUN", "STARTED", "STATE", "TASKS", "COST", "PIPELINE", "LABEL"]
    assert [row.split()[0] for row in rows[1:]] == list(reversed(ids(made).values()))
    assert "5 pass" in rows[1]
    assert "1 fail" in rows[2]
    assert rows[3].endswith("first")


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        (["--status", "fail"], ["wrong"]),
        (["--label", "first"], ["right"]),
        (["--limit", "1"], ["many"]),
        (["--state", "broken-off"], []),
        (["--state", "ended", "--since", "1d"], ["many", "wrong", "right"]),
        (["--since", "2100-01-01"], []),
        (["--pipeline", "nope.yaml"], []),
    ],
)
def test_the_list_is_filtered(lift, made, filters, names):
    code, shown, _ = lift("runs", "list", "--json", *filters)
    document = json.loads(shown)
    assert (code, document["version"]) == (0, 1)
    assert [each["id"] for each in document["runs"]] == [ids(made)[name] for name in names]
    if not names:
        assert lift("runs", *filters)[1] == "no run\n"


def test_a_time_that_is_none_is_told(lift):
    code, _, error = lift("runs", "--since", "yesterday")
    assert code == 2
    assert "'yesterday' is no time" in error
    assert "30d" in error


def test_the_tree_of_a_run(lift, made):
    code, shown, _ = lift("runs", "show", ids(made)["wrong"])
    assert code == 0
    for part in (
        "ended (all tasks done)",
        "seed 1",
        "models: model (scripted)",
        "attempt 1 by route default: the only route",
        "    specify\n      - specify/1 (scripted, plain)",
        "verdict: fail, implement is at fault",
        "wrong_output: ",
        "fail: the router stopped after one attempt",
    ):
        assert part in shown, part


def test_many_tasks_are_a_table_and_one_is_a_tree(lift, made):
    run = ids(made)["many"]
    shown = lift("runs", "show", run, "--limit", "2")[1]
    assert "t0" in shown
    assert "t1" in shown
    assert "t2" not in shown
    assert "and 3 further tasks" in shown
    assert "attempt 1" not in shown
    tree = lift("runs", "show", "last", "--task", "t3")[1]
    assert "task t3" in tree
    assert "attempt 1" in tree
    assert "task t2" not in tree
    code, _, error = lift("runs", "show", run, "--task", "t9")
    assert code == 2
    assert "no task 't9'" in error
    document = json.loads(lift("runs", "show", run, "--task", "t3", "--json")[1])
    (attempt,) = document["trees"][0]["attempts"]
    assert attempt["ended"]["verdict"]["status"] == "pass"
    assert [each["stage"] for each in attempt["candidates"]] == ["specify", "implement", "attempt"]
    assert len(document["tasks"]) == 5


def test_runs_are_compared_and_what_is_broken_comes_first(lift, made):
    first, second = ids(made)["right"], ids(made)["wrong"]
    code, shown, _ = lift("runs", "diff", first, second)
    assert code == 0
    assert "config:\n  seed  0 -> 1" in shown
    assert "broken: 1\n  double  pass -> fail" in shown
    assert "mended: 1" in lift("runs", "diff", second, first)[1]
    document = json.loads(lift("runs", "diff", first, "last", "--json")[1])
    assert document["only_before"] == ["double"]
    assert document["only_after"] == [f"t{i}" for i in range(5)]
    assert lift("runs", "diff", first, first)[1].endswith("unchanged: 1\n")


@pytest.mark.parametrize("name", ["right", "wrong", "many"])
def test_a_replay_prints_the_same_bytes_without_any_model(lift, made, name):
    run, results = made[1][name]
    code, shown, error = lift("runs", "replay", run, "--json")
    assert shown == "".join(json.dumps(result) + "\n" for result in results)
    assert code == 0
    assert f"of run {run}: as recorded" in error


def test_an_exported_run_is_whole_and_can_be_replayed(lift, made, tmp_path):
    run = ids(made)["wrong"]
    file = tmp_path / "run.jsonl"
    code, shown, error = lift("runs", "export", run, "-o", str(file))
    assert (code, shown) == (0, "")
    assert f"events of run {run} in {file}" in error
    assert file.read_text() == lift("runs", "export", run)[1]
    events = [json.loads(line) for line in file.read_text().splitlines()]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert (events[0]["kind"], events[-1]["kind"]) == ("run_started", "run_ended")
    assert lift("runs", "replay", str(file), "--quiet")[0] == 0
    assert [path.name for path in tmp_path.iterdir()] == ["run.jsonl"]
    code, _, error = lift("runs", "export", run, "-o", str(tmp_path / "no" / "run.jsonl"))
    assert code == 2
    assert "No such file" in error


def test_an_export_keeps_what_its_target_is(lift, tmp_path):
    (tmp_path / "real.jsonl").write_text("old")
    (tmp_path / "link.jsonl").symlink_to(tmp_path / "real.jsonl")
    assert lift("runs", "export", "last", "-o", str(tmp_path / "link.jsonl"))[0] == 0
    assert (tmp_path / "link.jsonl").is_symlink()
    assert (tmp_path / "real.jsonl").read_text() == lift("runs", "export", "last")[1]
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        assert lift("runs", "export", "last", "-o", str(pipe))[0] == 0
        assert pipe.is_fifo()
        assert os.read(reader, 1 << 20).decode() == lift("runs", "export", "last")[1]
    finally:
        os.close(reader)


def test_an_empty_name_names_no_run(lift):
    code, _, error = lift("runs", "prune", "--run", "", "--yes")
    assert code == 2
    assert "there is no run ''" in error


def edited(lift, run, tmp_path, edit):
    """The exported run with every line as `edit` leaves it; None leaves it out."""
    lines = [edit(json.loads(line)) for line in lift("runs", "export", run)[1].splitlines()]
    file = tmp_path / "edited.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines if line is not None))
    return str(file)


def test_a_replay_that_comes_out_otherwise_says_so(lift, made, tmp_path):
    def lie(event):
        if event["kind"] == "attempt_ended":
            event["verdict"] |= {"status": "pass", "failures": []}
        if event["kind"] == "run_started":
            event["distributions"]["lift-sys"] = "0.0.1"
            event["prompts"]["specify/chat"] = "other"
        return event

    file = edited(lift, ids(made)["wrong"], tmp_path, lie)
    code, _, error = lift("runs", "replay", file, "--quiet")
    assert code == 13
    assert "difference: double: the verdict of attempt 1 was status 'pass'" in error
    assert "1 difference" in error
    assert "note: lift-sys was 0.0.1, and is " in error
    assert "note: the prompt specify/chat was other, and is " in error


def test_what_the_record_lacks_is_named(lift, made, tmp_path):
    file = edited(
        lift,
        ids(made)["right"],
        tmp_path,
        lambda event: None if event["kind"] == "call_made" else event,
    )
    code, _, error = lift("runs", "replay", file)
    assert code == 7
    assert "the record has no sample 0 of the request" in error
    assert "lift plugins freeze" in error


def test_a_record_that_was_cut_off_is_to_be_resumed(lift, made, tmp_path):
    run = ids(made)["right"]
    file = edited(
        lift, run, tmp_path, lambda event: None if event["kind"] == "run_ended" else event
    )
    code, _, error = lift("runs", "replay", file)
    assert code == 7
    assert "was broken off" in error
    assert f"lift runs resume {run}" in error


@pytest.mark.parametrize("text", ["{", '{"seq": 1, "at": 0, "kind": "nothing"}', "[]", "7"])
def test_a_file_that_is_no_record_is_told(lift, tmp_path, text):
    file = tmp_path / "x.jsonl"
    file.write_text(text)
    code, _, error = lift("runs", "replay", str(file))
    assert code == 7
    assert "line 1 of" in error
    assert "is no event of a run" in error


def test_the_distributions_of_a_run_are_lines_for_pip(lift, made):
    code, shown, _ = lift("plugins", "freeze", ids(made)["right"])
    lines = shown.splitlines()
    assert code == 0
    assert lines[0] == f"# run {ids(made)['right']}"
    assert lines[1].startswith("lift-sys==")


def test_a_run_whose_plugin_is_gone_is_not_resumed(lift, made):
    code, _, error = lift("runs", "resume", ids(made)["right"])
    assert code == 2
    assert "scripted" in error
    assert "lift plugins freeze" in error


@pytest.mark.parametrize("command", ["show", "replay", "resume", "export"])
def test_a_run_that_is_not_there_is_told(lift, command):
    code, _, error = lift("runs", command, "nope")
    assert code == 2
    assert "there is no run 'nope'" in error
    assert "lift runs" in error


def test_an_ambiguous_beginning_is_told(lift, made):
    code, _, error = lift("runs", "show", ids(made)["right"][:4])
    assert code == 2
    assert "several runs begin with" in error
    assert "give more of its id" in error


@pytest.mark.parametrize(
    "arguments", [["runs"], ["runs", "show", "last"], ["plugins", "freeze", "x"]]
)
def test_a_store_that_is_not_there_is_told_and_not_made(tmp_path, monkeypatch, capsys, arguments):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 7
    error = capsys.readouterr().err
    assert "there is no store" in error
    assert "--store" in error
    assert list(tmp_path.iterdir()) == []


def test_foreign_text_cannot_steer_the_terminal(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    task = TASK.model_copy(update={"id": "red\x1b[31m"})
    run(tmp_path, tasks=[task], label="\x1b]0;title\x07label")
    for arguments in (["runs"], ["runs", "show", "last"], ["runs", "replay", "last"]):
        assert main(arguments) == 0
        shown = capsys.readouterr()
        assert "\x1b" not in shown.out + shown.err
        assert "\x07" not in shown.out + shown.err


def test_runs_are_pruned_only_when_somebody_agrees(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    old, _ = run(tmp_path)
    new, _ = run(tmp_path, seed=1)
    assert main(["runs", "prune"]) == 2
    assert "--before, --keep or --run" in capsys.readouterr().err
    assert main(["runs", "prune", "--keep", "1", "--dry-run"]) == 0
    assert capsys.readouterr().out == f"{old}\n1 run would go\n"
    assert main(["runs", "prune", "--keep", "1"]) == 2
    assert "give --yes" in capsys.readouterr().err
    assert main(["runs", "prune", "--keep", "1", "--yes"]) == 0
    assert "deleted 1 run" in capsys.readouterr().out
    assert main(["runs", "prune", "--before", "2000-01-01", "--yes"]) == 0
    main(["runs", "--json"])
    left = json.loads(capsys.readouterr().out.splitlines()[-1])["runs"]
    assert [each["id"] for each in left] == [new]
