"""Bad input to `lift`: one clear sentence, a remedy, a non-zero exit; nothing recorded is lost."""

import json
import shlex
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "core" / "tests" / "cli"))

from run_world import EXAMPLES, LIFT, REQUEST, World, one_sentence, plant

from lift_sys.cli import main
from lift_sys.store.blobs import unpacked
from lift_sys.testing.samples import IR_TEXT

STEERING = "\x1b[31mred\x1b]0;owned\x07\u202e\x9b2J\rx[bold]y[/nope]\x00"
CONTROLS = {*map(chr, range(32)), *map(chr, range(0x7F, 0xA0)), "\u202e"} - {"\n", "\t"}
SECRET = 'sk-Very/Secret+é"x'


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


# The request


@pytest.mark.parametrize(
    ("request_text", "cause"),
    [
        ("", "the request is empty"),
        (" \n\t ", "the request is empty"),
        ("x" * 1_000_000, "1,000,000 characters, 100,000 are allowed"),
        ("a\x07b", "the unprintable character U+0007 at place 2"),
        ("a\x1b[31mb", "the unprintable character U+001B at place 2"),
        ("a\ud800b", "the unprintable character U+D800 at place 2"),
        ("a\udcffb", "the request is not UTF-8 text (byte 2)"),
    ],
)
def test_a_request_that_is_no_text(
    capsys: pytest.CaptureFixture[str], request_text: str, cause: str
):
    assert main(["run", "no.yaml", request_text]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert cause in shown.err
    assert "\nremedy: " in shown.err
    assert len(shown.err) < 300


@pytest.mark.parametrize("source", ["-", "--file"])
@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (b"", "the request is empty"),
        (b"a\0b", "U+0000 at place 2"),
        (b"ab\xff", "is not UTF-8 text (byte 3)"),
        ("é".encode() * 600_000, "is larger than 1 MiB"),
    ],
)
def test_a_request_from_elsewhere_that_is_no_text(
    world: World, source: str, content: bytes, cause: str
):
    (world.home / "request").write_bytes(content)
    arguments = ["-"] if source == "-" else ["--file", "request"]
    done = world.lift("run", world.pipeline(), *arguments, input=content)
    one_sentence(done, cause, "remedy: ")
    assert world.records() == []


@pytest.mark.parametrize("file", ["gone.txt", ".", "", "x" * 300, STEERING.replace("\0", "")])
def test_a_request_file_that_is_none(capsys: pytest.CaptureFixture[str], file: str):
    assert main(["run", "no.yaml", "--file", file]) == 2
    told = capsys.readouterr().err
    assert "cannot read " in told
    assert "remedy: check the path given to --file" in told
    assert not CONTROLS & set(told)


# The pipeline file


def _extends_itself(folder: Path) -> None:
    (folder / "p.yaml").write_text("version: 1\nextends: p.yaml\n")


def _bomb(folder: Path) -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    lines += [f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]" for a, b in zip("abcdef", "bcdefg")]
    (folder / "p.yaml").write_text("\n".join(lines))


FILES: dict[str, tuple[Callable[[Path], object] | str | bytes, str]] = {
    "missing": (lambda folder: None, "the file does not exist (check the path)"),
    "folder": (lambda folder: (folder / "p.yaml").mkdir(), "the file is a folder"),
    "empty": ("", "the file is empty (begin with `version: 1`"),
    "blank": ("\n \n", "the file is empty (begin with `version: 1`"),
    "large": ("x: " + "y" * 10_000_000, "is larger than 1 MiB (keep data in files of its own"),
    "binary": (bytes(range(256)) * 20, "is not UTF-8 text (save it as UTF-8)"),
    "no YAML": ("a: [", "this is not YAML"),
    "no mapping": ("[1, 2]", "is not a mapping of keys to values (begin with"),
    "itself": (_extends_itself, "the file extends itself"),
    "bomb": (_bomb, "more than 100000 values"),
    "deep": ("a: " + "[" * 5000, "nested more than 200 levels deep"),
    "tag": ("a: !!python/object/apply:os.getcwd []", "does not fit here (leave it out)"),
}


@pytest.mark.parametrize("case", FILES)
def test_a_pipeline_file_that_is_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], case: str
):
    content, cause = FILES[case]
    path = tmp_path / "p.yaml"
    if callable(content):
        content(tmp_path)
    else:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert main(["run", str(path), REQUEST]) == 2
    run = capsys.readouterr()
    assert run.out == ""
    assert f"error: {path}" in run.err
    assert cause in run.err
    assert main(["check", str(path)]) == 2
    assert cause in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        ({"sead": 1}, "unknown key 'sead' (did you mean 'seed'?)"),
        ({"model": {"kye": 1}}, "the provider 'fake' has no option 'kye' (did you mean 'key'?)"),
        ({"model": {"key": "${UNSET_VARIABLE}"}}, "UNSET_VARIABLE is not set (set it, or write"),
        ({"router": "statik"}, "no router is called 'statik' (did you mean 'static'?)"),
        ({"stages": {"specfy": {}}}, "there is no stage 'specfy' (did you mean 'specify'?)"),
        ({"providers": {}}, "no provider is called 'model'"),
        ({"budget": {"calls": -1}}, "budget.calls: must be at least 0, not -1"),
        ({"prompts": {"specify": "gone.toml"}}, "gone.toml: the file cannot be read"),
        ({STEERING: 1}, "unknown key "),
        ({"seed": STEERING}, "expected a whole number"),
    ],
)
def test_run_and_check_tell_the_same_mistakes(world: World, change: dict[str, object], cause: str):
    path = world.pipeline(**change)
    run, check = world.lift("run", path, REQUEST), world.lift("check", path)
    one_sentence(run, cause)
    assert (run.returncode, check.returncode) == (2, 2)
    told = run.stderr.removeprefix("error: ").splitlines()
    assert told == check.stdout.splitlines()[: len(told)]
    assert not CONTROLS & set(run.stderr + check.stdout)
    assert world.records() == []


# Plugins


BREAKS = {
    "raises": ("raise RuntimeError('boom \\x1b[31m')", "raises RuntimeError (boom )"),
    "syntax": ("def (", "raises SyntaxError"),
    "exits": ("import sys; sys.exit(0)", "calls sys.exit(0)"),
    "leaves": ("import os; os._exit(0)", "calls os._exit(0)"),
    "hangs": ("import time; time.sleep(600)", "does not end within 1 s"),
}


def _with_strategy(world: World, name: str) -> Path:
    stage = {"provider": "model"}
    return world.pipeline(stages={"specify": {**stage, "strategy": name}, "implement": stage})


@pytest.mark.parametrize("name", BREAKS)
def test_a_plugin_that_breaks_on_import(world: World, name: str):
    body, cause = BREAKS[name]
    plant(world.site, "bad", name=name, plugin=body)
    world.environ["LIFT_SYS_IMPORT_TIMEOUT"] = "1"
    path = _with_strategy(world, name)
    run, check = world.lift("run", path, REQUEST), world.lift("check", path)
    one_sentence(run, f"bad 1.0 {cause}", "when it is imported")
    assert run.stderr.removeprefix("error: ").strip() in check.stdout
    assert check.returncode == run.returncode == 2
    assert world.lift("run", world.pipeline(), REQUEST).returncode == 0  # others are not touched


@pytest.mark.parametrize("how", ["raise ValueError('oh')", "raise SystemExit(0)", "return 7"])
def test_a_strategy_that_breaks_in_the_run_is_no_pass(world: World, how: str):
    factory = f"""
    class Strategy:
        async def run(self, problem, ctx, want=1): {how}
    def make(options, parts): return Strategy()
    """
    plant(world.site, "bad", name="bad", factory=factory)
    done = world.lift("run", _with_strategy(world, "bad"), REQUEST)
    assert done.returncode in (3, 12)
    assert "error: " in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    [events] = world.records()
    assert events[-1]["kind"] == "run_ended"


def test_what_a_plugin_prints_is_no_result(world: World):
    factory = """
    print("loaded")
    class Strategy:
        async def run(self, problem, ctx, want=1):
            print("at work")
            from lift_sys.interfaces import Outcome
            return Outcome(tuple(await problem.draw(ctx, want)), "done")
    def make(options, parts): return Strategy()
    """
    plant(world.site, "chatty", name="chatty", factory=factory)
    done = world.lift("run", _with_strategy(world, "chatty"), REQUEST, "--json", "--quiet")
    assert json.loads(done.stdout)["status"] == "pass"
    assert done.stderr == "loaded\nat work\n"


# Where it writes to


@pytest.mark.parametrize("path", ["/dev/null/x", "p.yaml", "/proc/nowhere", '"a\\0b"'])
def test_a_record_that_cannot_be_kept(world: World, path: str):
    done = world.run("--set", f"record={path}")
    assert done.returncode == 7
    one_sentence(done, "the store", "remedy: ")
    assert done.stdout == ""


def in_a_shell(world: World, rest: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = shlex.join([*LIFT, "run", str(world.pipeline()), REQUEST, *map(str, arguments)])
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", f"{command} {rest}"],
        env=world.environ,
        cwd=world.home,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize(
    ("rest", "statuses"),
    [
        ("| head -1", {0, 141}),
        ("| true", {141}),
        ("--json | head -c 1", {0, 141}),
        ("2>&1 | head -1", {0, 141}),
        (">&-", {0}),
        ("2>&-", {0}),
        ("<&- >&- 2>&-", {0}),
        ("2> /dev/full", {0}),
    ],
)
def test_a_stream_that_ends_early_loses_nothing(world: World, rest: str, statuses: set[int]):
    done = in_a_shell(world, rest)
    assert done.returncode in statuses, done
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr
    [events] = world.records()
    assert events[-2]["status"] == "pass"
    assert events[-1]["kind"] == "run_ended"


def test_a_full_disk_under_stdout(world: World):
    done = in_a_shell(world, "> /dev/full")
    one_sentence(done, "cannot write to standard output: No space left", "remedy: make room")
    assert "Exception ignored" not in done.stderr
    assert world.records()[0][-1]["kind"] == "run_ended"


# Surroundings


@pytest.mark.parametrize(
    "environ",
    [
        {"LANG": "C", "LC_ALL": "C"},
        {"PYTHONIOENCODING": "ascii"},
        {"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    ],
)
def test_what_a_terminal_cannot_encode_is_escaped(world: World, environ: dict[str, str]):
    world.environ |= environ
    done = world.run("-o", "out.py", code="def double(x):\n    'é数'\n    return 2 * x\n")
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    assert "'é数'" in done.stdout or "'\\xe9\\u6570'" in done.stdout
    assert "'é数'" in (world.home / "out.py").read_text(encoding="utf-8")


def test_neither_home_nor_a_folder_to_write_to_is_needed(world: World, tmp_path: Path):
    world.environ = {"PYTHONPATH": str(world.site)}
    path = world.pipeline(record=str(tmp_path / "runs.db"))
    sealed = Path("/proc/self")  # not even root writes here
    done = world.lift("run", path, REQUEST, cwd=sealed)
    assert done.returncode == 0, done.stderr


def test_a_folder_that_is_gone(world: World):
    script = 'mkdir gone; cd gone; rmdir ../gone; exec "$@"'
    command = ["bash", "-c", script, "-", *LIFT, "run", str(world.pipeline()), REQUEST]
    done = subprocess.run(
        command, env=world.environ, cwd=world.home, capture_output=True, text=True, check=False
    )
    one_sentence(done, "the folder you are in does not exist any more", "remedy: `cd`")


# What models and files say


def _steering_ir() -> str:
    ir = json.loads(IR_TEXT)
    ir["intent"] |= {"summary": "Double " + STEERING, "rationale": STEERING}
    ir["signature"]["parameters"][0]["description"] = STEERING
    ir["effects"] = [{"description": STEERING}]
    return json.dumps(ir)


@pytest.mark.parametrize(
    "model",
    [
        {"ir": _steering_ir()},
        {"ir": "no JSON " + STEERING},
        {"code": f"def double(x):\n    '''{STEERING}'''\n    return 2 * x\n"},
        {"code": f"def double(x):\n    raise ValueError({STEERING!r})\n"},
        {"code": f"def double(x):\n    return {STEERING!r}\n"},
        {"code": STEERING},
        {"fails": "RequestRejected", "says": STEERING},
        {"fails": "AuthenticationFailed", "says": STEERING},
        {"fails": "raise", "says": STEERING},
        {"breaks": STEERING},
    ],
)
def test_nothing_steers_the_terminal(world: World, model: dict[str, str]):
    done = world.run(*EXAMPLES, **model)
    assert not CONTROLS & set(done.stdout + done.stderr)
    assert "broke and is left out" not in done.stderr
    assert "lift-sys itself failed" not in done.stderr


def test_json_is_ascii_alone(world: World):
    done = world.run("--json", ir=_steering_ir())
    assert done.stdout.isascii()
    assert not CONTROLS & set(done.stdout)
    assert "\x1b" in json.loads(done.stdout)["solution"]["ir"]["intent"]["summary"]


def test_a_message_cannot_fake_a_verdict(world: World):
    code = "def double(x):\n    raise ValueError('no\\npass: the code passes its checks')\n"
    done = world.run(*EXAMPLES, code=code)
    assert done.returncode == 10
    assert not [line for line in done.stdout.splitlines() if line.startswith("pass: ")]


@pytest.mark.parametrize(("which", "sign"), [("ir_file", "{"), ("code_file", "x")])
def test_a_model_that_says_far_too_much(world: World, which: str, sign: str):
    reply = sign * 5_000_000
    (world.home / "reply.txt").write_text(reply)
    done = world.run(**{which: "reply.txt"})
    assert done.returncode == 10
    assert len(done.stdout + done.stderr) < 5000
    assert "5,000,00" in done.stdout or "500000" in done.stdout


# Secrets


def kept_texts(world: World) -> list[bytes]:
    """What the store has compressed, as it reads: in the file's bytes nothing would be found."""
    place = world.home / ".lift" / "store.db"
    if not place.exists():
        return []
    with closing(sqlite3.connect(place)) as connection:
        rows = connection.execute("SELECT form, data FROM blobs").fetchall()
    return [unpacked(form, data).encode() for form, data in rows]


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize(
    "model",
    [
        {"fails": "RequestRejected", "says": "bad key ${SECRET}"},
        {"fails": "AuthenticationFailed", "says": "bad key ${SECRET}"},
        {"fails": "raise", "says": "cannot use ${SECRET}"},
        {"breaks": "cannot use ${SECRET}"},
        {"ir": "no JSON ${SECRET}"},
        {"code": "def double(x):\n    '''${SECRET}'''\n    return 2 * x\n"},
        {"code": "${SECRET} ("},
    ],
)
def test_a_secret_is_shown_nowhere(world: World, model: dict[str, str], form: str):
    # With the tracebacks, which show most.
    world.environ |= {"SECRET": SECRET, "LIFT_SYS_DEBUG": "1"}
    path = world.pipeline(model={"key": "${SECRET}", **model}, calls={"attempts": 1})
    done = world.lift("run", path, REQUEST, "-o", "out.py", *(["--json"] if form == "json" else []))
    written = [file.read_bytes() for file in world.home.rglob("*") if file.is_file()]
    for text in (done.stdout.encode(), done.stderr.encode(), *written):
        assert b"sk-Very" not in text
    if (world.home / "out.py").exists() and "SECRET" in (world.home / "out.py").read_text():
        assert any(b"${SECRET}" in text for text in kept_texts(world)), "it looks where texts are"
        assert "note: the code holds a secret" in done.stderr


@pytest.mark.parametrize("secret", ["null", "true", "8080", "status", "25"])
def test_a_variable_that_looks_like_json_breaks_no_form(world: World, secret: str):
    world.environ["SECRET"] = secret
    done = world.lift("run", world.pipeline(model={"key": "${SECRET}"}), REQUEST, "--json")
    assert json.loads(done.stdout)["status"] == "pass"
    [events] = world.records()  # each line is JSON
    assert events[-2]["status"] == "pass"


# Odds and ends


@pytest.mark.parametrize(
    ("arguments", "cause"),
    [
        (["rnu"], "there is no command 'rnu'"),
        (["run"], "PIPELINE"),
        (["run", "p.yaml", "x", "--quite"], "--quiet"),
        (["run", "p.yaml", "two", "requests"], "requests"),
        (["--nonsense"], "there is no option '--nonsense'"),
        ([STEERING], "there is no command "),
        (["run", "p.yaml", "x", "--" + STEERING], "No such option"),
        (["run", "p.yaml", "x", STEERING], "unexpected extra argument"),
    ],
)
def test_wrong_usage(capsys: pytest.CaptureFixture[str], arguments: list[str], cause: str):
    assert main(arguments) == 2
    told = capsys.readouterr().err
    assert cause in told
    assert not CONTROLS & set(told)
