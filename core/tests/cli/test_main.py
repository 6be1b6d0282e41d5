"""`lift` itself: what it imports, what it says, and with which exit code."""

import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "plugins"))

from planting import plant

from lift_sys.cli import main
from lift_sys.cli._terminal import columns, line, plain
from lift_sys.errors import ConfigError, Mistake

COMMAND = """
import sys, click
@click.group()
def make():
    "Does it."
@make.command()
@click.argument("what")
def fail(what):
    if what == "budget":
        from lift_sys.errors import BudgetExhausted
        raise BudgetExhausted("too \\x1b[31mdear\\x1b[0m", remedy="spend less")
    if what == "bug":
        raise KeyError("a\\x1b]0;title\\x07b")
    if what == "ctrl-c":
        raise KeyboardInterrupt
    if what == "abort":
        raise click.Abort
    if what == "sys.exit":
        sys.exit(9)
    if what == "exit":
        click.get_current_context().exit(8)
    if what == "number":
        return 7
    if what == "surrogate":
        click.echo("half \\ud800 character")
    if what == "flood":
        for _ in range(100_000):
            click.echo("x" * 80)
@make.command(no_args_is_help=True)
@click.option("--n", type=int)
def parse(n): ...
"""


@pytest.fixture
def environ(tmp_path):
    (tmp_path / "site").mkdir()
    return {
        **{k: v for k, v in os.environ.items() if not k.startswith("LIFT_SYS_")},
        "PYTHONPATH": str(tmp_path / "site"),
        "LIFT_SYS_CACHE_DIR": str(tmp_path / "cache"),
    }


@pytest.fixture
def planted(environ):
    plant(Path(environ["PYTHONPATH"]), "dist-a", name="tool", kind="commands", factory=COMMAND)
    return environ


def lift(environ, *arguments):
    code = "import sys; from lift_sys.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, env=environ, capture_output=True, text=True, check=False)


def imported(environ, *arguments):
    """The modules that a run of `lift` has loaded when it ends."""
    code = (
        "import sys; from lift_sys.cli import main; code = main();"
        "sys.stderr.write(' '.join(sys.modules)); sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stderr.split())


@pytest.mark.parametrize("arguments", [(), ("--help",), ("--version",), ("plugins",)])
def test_what_is_installed_is_shown_without_importing_it(planted, arguments):
    plant(Path(planted["PYTHONPATH"]), "dist-b", name="idea")
    modules = imported(planted, *arguments)
    assert not modules & {"dist_a", "dist_a_impl", "dist_b", "dist_b_impl"}
    if arguments != ("plugins",):
        assert not modules & {"click", "pydantic", "rich", "pluggy", "importlib.metadata"}


def test_help_names_the_commands_of_core_and_plugins(planted):
    done = lift(planted, "--help")
    assert done.returncode == 0
    assert "  run " in done.stdout
    assert re.search(r"tool +from dist-a", done.stdout)


def test_help_names_no_command_of_a_denied_plugin(planted):
    assert "tool" not in lift({**planted, "LIFT_SYS_PLUGINS_DENY": "dist-a"}, "--help").stdout
    done = lift({**planted, "LIFT_SYS_PLUGINS_DENY": "dist-a"}, "tool")
    assert done.returncode == 3
    assert "on the deny list" in done.stderr


def test_a_plugin_takes_no_name_from_the_core(environ):
    plant(Path(environ["PYTHONPATH"]), "dist-a", name="plugins", kind="commands", factory=COMMAND)
    assert "dist-a:plugins  from dist-a" in lift(environ, "--help").stdout
    assert "Does it." in lift(environ, "dist-a:plugins", "--help").stdout
    assert "DISTRIBUTION" in lift(environ, "plugins").stdout


def test_the_version_is_that_of_the_distribution(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("lift-sys 0.")


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["rum"], 2, "remedy: did you mean 'run'?"),
        (["too"], 2, "remedy: did you mean 'tool'?"),
        (["--verbos"], 2, "there is no option '--verbos'"),
        (["\x1b[31mrun"], 2, "there is no command"),
        (["tool", "fial"], 2, "remedy: see `lift tool --help`"),
        (["tool", "parse", "--n", "x"], 2, "remedy: see `lift tool parse --help`"),
        (["tool", "parse"], 2, "Usage: lift tool parse"),
        (["tool", "fail", "budget"], 5, "error: too dear\nremedy: spend less\n"),
        (["tool", "fail", "bug"], 70, "KeyError: 'a\\x1b]0;title\\x07b'"),
        (["tool", "fail", "ctrl-c"], 130, "interrupted"),
        (["tool", "fail", "abort"], 130, "interrupted"),
        (["tool", "fail", "sys.exit"], 9, ""),
        (["tool", "fail", "exit"], 8, ""),
        (["tool", "fail", "number"], 7, ""),
        (["tool", "fail", "nothing"], 0, ""),
    ],
)
def test_each_end_has_its_exit_code(planted, arguments, code, told):
    done = lift(planted, *arguments)
    assert done.returncode == code, done.stderr
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert "\x1b" not in done.stderr


def test_the_traceback_is_shown_on_request(planted):
    for what, code in (("bug", 70), ("budget", 5)):
        done = lift({**planted, "LIFT_SYS_DEBUG": "1"}, "tool", "fail", what)
        assert done.returncode == code
        assert "Traceback" in done.stderr
        assert "\x1b" not in done.stderr


def test_half_a_character_can_be_printed(planted):
    done = lift(planted, "tool", "fail", "surrogate")
    assert (done.returncode, done.stderr) == (0, "")
    assert "half" in done.stdout
    done = lift({**planted, "PYTHONIOENCODING": "ascii"}, "tool", "--help")
    assert done.returncode == 0


def test_a_reader_that_leaves_is_no_error(planted):
    code = "import sys; from lift_sys.cli import main; sys.exit(main())"
    with subprocess.Popen(
        [sys.executable, "-c", code, "tool", "fail", "flood"],
        env=planted,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        running.stdout.readline()
        running.stdout.close()
        told = running.stderr.read()
    assert told == b""
    assert running.returncode == 141


def test_a_broken_command_of_a_plugin_is_told(environ):
    plant(Path(environ["PYTHONPATH"]), "dist-a", name="tool", kind="commands", plugin="1 / 0")
    done = lift(environ, "tool")
    assert done.returncode == 3
    assert done.stderr.startswith("error: dist-a 1.0 raises ZeroDivisionError")
    assert "remedy: " in done.stderr


def test_a_message_of_several_mistakes_keeps_its_lines(monkeypatch, capsys):
    @click.command()
    def command():
        raise ConfigError([Mistake("a.yaml", 1, "x", "wrong"), Mistake("a.yaml", 2, "y", "too")])

    monkeypatch.setattr(sys.modules["lift_sys.cli.main"], "_attribute", _only(command))
    assert main(["run"]) == 2
    assert capsys.readouterr().err == "error: a.yaml:1: x: wrong\na.yaml:2: y: too\n"


def _only(command):
    from lift_sys.cli._click import run

    return lambda target: run if target.endswith(":run") else command


@pytest.mark.parametrize(
    ("foreign", "shown"),
    [
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x9b31mred", "red"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1bPq#0\x1b\\sixel", "sixel"),
        ("\x1b(Bascii\x1bc", "ascii"),
        ("back\x08\x08\x7fspace\rover", "backspaceover"),
        ("windows\r\nline", "windows\nline"),
        ("\u202edesrever\u2066", "desrever"),
        ("half \ud83d", "half ?"),
        ("unended \x1b[", "unended "),
        ("unended \x1b]0;x", "unended 0;x"),
        ("tab\tand\nline é 漢 🎉", "tab\tand\nline é 漢 🎉"),
        ("nul\x00", "nul"),
    ],
)
def test_foreign_text_cannot_steer_the_terminal(foreign, shown):
    assert plain(foreign) == shown


def test_no_text_is_slow_to_clean():
    """Linear in its length: a quadratic one would not end."""
    for piece in ("\x1b]", "\x1b[", "\x1bP", "\x9d0;"):
        assert "\x1b" not in plain(piece * 300_000)


def test_columns_are_aligned_on_one_line_each():
    assert columns([["a", "long\nname"], ["\x1b[1mlonger\x1b[0m", "b"]]) == [
        "  a       long name",
        "  longer  b",
    ]
    assert columns([]) == []
    assert line(" a \n b ") == "a b"
