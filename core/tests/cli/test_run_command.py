"""`lift run`: where the request comes from, what is printed where, and with which exit status."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from run_world import EXAMPLES, LIFT, REQUEST, World, one_sentence, plant

from lift_sys.cli import main

DOUBLE = "def double(x):\n    return 2 * x\n"
WRONG = "def double(x):\n    return x + 3\n"
UNCHECKED = json.dumps(
    {
        "intent": {"summary": "Double"},
        "signature": {
            "name": "double",
            "parameters": [{"name": "x", "type": "int"}],
            "returns": "int",
        },
    }
)
TASKS = [
    {"id": "a", "request": "Double it", "examples": [{"args": [2], "expected": 4}]},
    {"id": "b", "request": "Triple it", "examples": [{"args": [2], "expected": 6}]},
]


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_the_result_is_on_stdout_and_progress_on_stderr(world: World):
    done = world.run(*EXAMPLES, code=DOUBLE)
    assert done.returncode == 0
    assert "def double(x: int) -> int:\n    return 2 * x\n" in done.stdout
    assert "pass: the code passes its checks" in done.stdout
    assert "checked by: 2 examples, 1 assertion" in done.stdout
    assert "2 calls, " in done.stdout
    assert "attempt 1" not in done.stdout
    assert "attempt 1: pass" in done.stderr
    assert "\x1b" not in done.stdout + done.stderr
    (events,) = world.records()
    assert done.stderr.splitlines()[-1] == f"record: {events[0]['run']} in .lift/store.db"
    assert [events[0]["kind"], events[-1]["kind"]] == ["run_started", "run_ended"]


def test_quiet_prints_the_result_alone(world: World):
    assert world.run("--quiet").stderr == ""


@pytest.mark.parametrize("where", ["argument", "file", "stdin", "file from stdin"])
def test_where_the_request_comes_from(world: World, where: str):
    text = "Verdopple eine Zahl é 数\n"
    (world.home / "request.txt").write_text(text, encoding="utf-8")
    arguments = {
        "argument": [text],
        "file": ["--file", "request.txt"],
        "stdin": ["-"],
        "file from stdin": ["--file", "-"],
    }[where]
    done = world.lift("run", world.pipeline(), *arguments, "--json", "--quiet", input=text.encode())
    assert done.returncode == 0
    assert json.loads(done.stdout)["request"] == text


def test_the_request_survives_a_locale_that_knows_ascii_alone(world: World):
    world.environ |= {"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    typed = ["Verdopple é", "--example", "double('é') == 'é'"]
    done = world.lift("run", world.pipeline(), "--json", *(text.encode() for text in typed))
    assert done.stdout.isascii()
    told = json.loads(done.stdout)
    assert told["request"] == "Verdopple é"
    assert told["solution"]["verdict"]["failures"][0]["input"] == "double('é')"


def test_json_has_the_documented_fields(world: World):
    done = world.run("--json", *EXAMPLES, code=DOUBLE)
    told = json.loads(done.stdout)
    assert done.stdout.isascii()
    documented = {
        "version", "task", "request", "status", "why", "solution", "attempts", "spend", "seconds",
    }  # fmt: skip
    assert documented <= set(told)
    assert (told["version"], told["status"]) == (1, "pass")
    assert {"ir", "code", "verdict", "fault"} <= set(told["solution"])
    assert {"status", "basis", "failures", "guards", "notes"} <= set(told["solution"]["verdict"])
    assert told["solution"]["verdict"]["basis"]["examples"] == 2
    assert set(told["attempts"][0]) >= {"route", "verdict", "fault", "spend"}
    calls = {"calls", "input_tokens", "output_tokens", "usd", "unpriced_calls", "seconds"}
    assert calls <= set(told["spend"])
    assert told["spend"]["calls"] == 2


@pytest.mark.parametrize(
    ("status", "model", "more"),
    [
        (0, {"code": DOUBLE}, {}),
        (10, {"code": WRONG}, {}),
        (10, {"ir": "no specification"}, {}),
        (11, {"ir": UNCHECKED}, {}),
        (12, {"fails": "ProviderUnavailable"}, {"calls": {"attempts": 1}}),
        (12, {"fails": "raise"}, {}),
        (12, {}, {"budget": {"calls": 0}}),
        (12, {}, {"budget": {"calls": 1}}),
        (4, {"fails": "AuthenticationFailed"}, {}),
        (3, {"breaks": "on purpose"}, {}),
        (2, {"nonsense": 1}, {}),
        (2, {"fails": "RateLimited"}, {"budget": {"usd": 1}}),
    ],
)
def test_exit_status(world: World, status: int, model: dict[str, str], more: dict[str, object]):
    done = world.lift("run", world.pipeline(model=model, **more), REQUEST)
    assert done.returncode == status, done.stderr
    assert "Traceback" not in done.stderr
    for events in world.records():
        assert events[-1]["kind"] == "run_ended"


def test_an_error_is_not_told_over_and_over(world: World):
    done = world.run(fails="AuthenticationFailed", says="no such key")
    assert done.stderr.count("no such key") == 2  # as it happens, and as what ended the run
    assert "record: " in done.stderr


@pytest.mark.parametrize("code", [DOUBLE, WRONG])
def test_the_code_is_written_whatever_the_verdict(world: World, code: str):
    done = world.run(*EXAMPLES, "-o", "out.py", code=code)
    assert done.returncode == (0 if code == DOUBLE else 10)
    written = (world.home / "out.py").read_text()
    assert compile(written, "out.py", "exec")
    assert written.strip() in done.stdout


def test_where_there_is_no_code_that_is_said(world: World):
    done = world.run("-o", "out.py", ir="no specification")
    assert done.returncode == 10
    assert "note: there is no code to write to out.py" in done.stderr
    assert not (world.home / "out.py").exists()


def test_a_full_disk_loses_the_file_and_not_the_result(world: World):
    done = world.run("-o", "/dev/full", code=DOUBLE)
    one_sentence(done, "cannot write '/dev/full': No space left on device", "remedy: ")
    assert "pass: the code passes its checks" in done.stdout


@pytest.mark.parametrize("path", [".", "no/such/folder.py", "", "x" * 300, "a\x1bb/c"])
def test_a_file_that_cannot_be_written_is_told_before_anything_is_paid(world: World, path: str):
    done = world.run("-o", path)
    one_sentence(done, "cannot write ", "remedy: give -o a file you may write to")
    assert done.stdout == ""
    assert world.records() == []


def test_values_are_set_for_one_run(world: World):
    done = world.run("--set", "budget.calls=1", "--set", "record=null", "--json")
    assert json.loads(done.stdout)["spend"]["calls"] == 1
    assert world.records() == []
    assert "record: " not in done.stderr


def test_a_wrong_value_is_told_by_its_path(world: World):
    one_sentence(
        world.run("--set", "budgt.calls=1"), "--set budgt.calls: ", "did you mean 'budget'?"
    )


def test_the_name_in_the_examples_is_the_functions(world: World):
    done = world.run("--json", "--example", "twice(2) == 4")
    told = json.loads(done.stdout)
    assert told["request"] == REQUEST
    assert told["status"] == "fail"
    assert "exactly this function name: twice" in done.stderr


def test_an_example_of_an_exception(world: World):
    done = world.run("--json", "--quiet", "--example", "double('x') raises TypeError", code=DOUBLE)
    failure = json.loads(done.stdout)["solution"]["verdict"]["failures"][0]
    assert failure["input"] == "double('x')"


@pytest.mark.parametrize(
    ("arguments", "cause"),
    [
        (["--example", "f(1) == 1", "--example", "g(1) == 1"], "different functions: f, g"),
        (["--example", "f(1"], "the example 'f(1' cannot be used"),
        (["--example", "f(1) > 1"], "does not say what one call returns or raises"),
        (["--file", "x"], "two requests"),
    ],
)
def test_a_mistake_in_the_arguments(
    capsys: pytest.CaptureFixture[str], arguments: list[str], cause: str
):
    assert main(["run", "no.yaml", "Double it", *arguments]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert cause in shown.err
    assert "\nremedy: " in shown.err


@pytest.mark.parametrize("option", [["--example", "f(1) == 1"], ["-o", "x.py"]])
def test_what_goes_with_a_request_alone(capsys: pytest.CaptureFixture[str], option: list[str]):
    assert main(["run", "no.yaml", *option]) == 2
    assert f"{option[0]} goes with a request" in capsys.readouterr().err


def with_tasks(world: World, lines: list[object], **model: str) -> Path:
    text = "".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines)
    (world.home / "t.jsonl").write_text(text)
    return world.pipeline(model=model, tasks={"use": "jsonl", "path": "t.jsonl"})


def test_without_a_request_the_tasks_of_the_pipeline_are_run(world: World):
    done = world.lift("run", with_tasks(world, TASKS))
    assert done.returncode == 10  # the highest of theirs
    assert "task a\n" in done.stdout
    assert "expected 6, got 4" in done.stdout
    (summary,) = [line for line in done.stderr.splitlines() if line.startswith("2 tasks: ")]
    assert {"1 pass", "1 fail"} == set(summary.removeprefix("2 tasks: ").split("; ")[0].split(", "))
    assert "; 4 calls, " in summary


def test_code_that_fails_is_shown_with_what_was_expected(world: World):
    done = world.run(*EXAMPLES, code=WRONG)
    assert "double(2): expected 4, got 5" in done.stderr
    assert "\n    def double(x: int) -> int:\n        return x + 3\n" in done.stderr
    assert [line for line in done.stdout.splitlines() if line.startswith("== ")] == [
        "== specification ==",
        "== code ==",
        "== verdict ==",
    ]


def test_tasks_as_json_are_one_line_each(world: World):
    done = world.lift("run", with_tasks(world, TASKS), "--json")
    told = {each["task"]: each["status"] for each in map(json.loads, done.stdout.splitlines())}
    assert told == {"a": "pass", "b": "fail"}


def test_no_request_and_no_tasks(world: World):
    done = world.lift("run", world.pipeline())
    one_sentence(done, "there is nothing to run", "give a request, or name a data source")
    assert world.records() == []


def test_no_task_is_no_pass(world: World):
    one_sentence(world.lift("run", with_tasks(world, [])), "holds no task")
    factory = """
    class Nothing:
        suite = None
        def tasks(self): return iter(())
        def hidden(self, ids): return {}
    def make(options, parts): return Nothing()
    """
    plant(world.site, "no-tasks", name="nothing", kind="data_sources", factory=factory)
    one_sentence(world.lift("run", world.pipeline(tasks="nothing")), "there is no task to run")


def on_a_terminal(world: World, columns: int, *arguments: object, **environ: str):
    """What comes on stdout, and what on a terminal that is stderr."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*LIFT, *map(str, arguments)],
        env={**world.environ, "TERM": "xterm", "COLUMNS": str(columns), **environ},
        cwd=world.home,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    with os.fdopen(ours, "rb", buffering=0) as terminal:
        try:
            while part := terminal.read(4096):
                shown += part
        except OSError:  # its other end is closed
            pass
    out, _ = process.communicate(timeout=120)
    assert process.returncode == 0, (out, shown)
    return out.decode(), shown.decode()


@pytest.mark.parametrize("columns", [80, 20, 3])
def test_a_terminal_shows_one_live_line(world: World, columns: int):
    request = "[red]Double[/nope] " + "a number " * 20
    out, shown = on_a_terminal(world, columns, "run", world.pipeline(), request)
    assert "pass: the code passes its checks" in out
    assert "\x1b" not in out
    assert " in .lift/store.db" in shown
    assert shown.count("\n") <= 3  # cut to the width, never wrapped
    assert "broke and is left out" not in shown
    assert shown.endswith("\n")


def test_a_dumb_terminal_gets_plain_lines(world: World):
    _, shown = on_a_terminal(world, 80, "run", world.pipeline(), REQUEST, TERM="dumb")
    assert "\x1b" not in shown
    assert "attempt 1: pass" in shown
