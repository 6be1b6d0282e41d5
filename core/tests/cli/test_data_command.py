"""`lift data`: from building to reviewing in a terminal."""

import io
import json
import os
import pty
import subprocess
import sys

import pytest

from lift_sys.cli._data_review import as_text, from_text
from lift_sys.cli._folder_lock import alone_in
from lift_sys.cli.main import main
from lift_sys.data.building.folder import DataSet
from lift_sys.data.building.review import Decisions
from lift_sys.data.curriculum import LATEST
from lift_sys.data.families.registry import families
from lift_sys.data.made import make

OPTIONS = ["--count", "9", "--seed", "4", "--family", "clamp", "--family", "first_match"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sets") / "small"
    assert main(["data", "build", str(folder), *OPTIONS, "--quiet"]) == 0
    return folder


def told(capsys, *arguments):
    code = main(["data", *map(str, arguments)])
    seen = capsys.readouterr()
    return code, seen.out, seen.err


def test_what_was_built_is_told(folder, capsys):
    code, text, _ = told(capsys, "build", folder)
    assert code == 0
    assert "9 examples" in text
    assert "functions drawn from the families" in text
    code, text, _ = told(capsys, "stats", folder)
    assert "made by: lift data build FOLDER --count 9 --seed 4 " in text
    assert "--family clamp --family first_match" in text
    code, text, _ = told(capsys, "stats", folder, "--json")
    document = json.loads(text)
    assert sum(document["examples"].values()) == 9
    assert document["digest"] == DataSet.open(folder).manifest.digest


def test_examples_and_mistakes_are_shown(folder, capsys):
    example, *_ = DataSet.open(folder).examples()
    mistake, *_ = DataSet.open(folder).negatives()
    _, text, _ = told(capsys, "show", folder, "--family", example.family, "--limit", 2)
    assert example.id in text
    _, text, _ = told(capsys, "show", folder, example.id[:12])
    assert example.request in text
    assert example.code.strip() in text
    _, text, _ = told(capsys, "show", folder, "--negatives", mistake.id)
    assert f"{mistake.failure.category}: " in text
    _, text, _ = told(capsys, "show", folder, "--json", "--limit", 1)
    assert json.loads(text)["id"] == example.id


@pytest.mark.parametrize(
    ("arguments", "cause"),
    [
        (["build", "FOLDER", "--seed", "5"], "is built otherwise: count is 9, not 1000"),
        (["build", "other", "--count", "0"], "--count: "),
        (["build", "other", "--family", "clam"], "no training family 'clam'"),
        (["build", "other", "--against", "nothing"], "nothing"),
        (["stats", "other"], "is no data set"),
        (["show", "FOLDER", "zzz"], "nothing in "),
        (["show", "FOLDER", ""], "9 ids begin with"),
        (["review", "FOLDER"], "standard input is no terminal"),
    ],
)
def test_what_cannot_be_done_is_told(folder, capsys, tmp_path, monkeypatch, arguments, cause):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    code, text, wrong = told(capsys, *[folder if a == "FOLDER" else a for a in arguments])
    assert code in (2, 3)
    assert cause in wrong
    assert "remedy: " in wrong
    assert not text
    assert not (tmp_path / "other").exists()


def test_one_process_at_a_time_builds_in_a_folder(folder, capsys):
    with alone_in(folder):
        code, text, wrong = told(capsys, "build", folder)
    assert (code, text) == (2, "")
    assert "another process is at work in" in wrong


def test_what_is_edited_comes_back_as_it_was(folder):
    example, *_ = DataSet.open(folder).examples()
    for family in families(LATEST):
        made = make(family, 1, 0)
        one = example.model_copy(update={"ir": made.ir, "code": made.code.source})
        assert from_text(as_text(one), one) == one


def test_a_person_reviews_in_a_terminal(folder, tmp_path, capsys):
    copy = tmp_path / "copy"
    copy.mkdir()
    for path in folder.iterdir():
        (copy / path.name).write_bytes(path.read_bytes())
    editor = tmp_path / "editor.py"
    editor.write_text(
        f"#!{sys.executable}\n"
        "import pathlib, sys\n"
        "path = pathlib.Path(sys.argv[1])\n"
        "text = path.read_text()\n"
        "begin, _, rest = text.partition('== code ==')\n"
        "words = '== request ==\\nDo as the specification says, no less\\n'\n"
        "path.write_text(words + '== code ==' + rest)\n"
    )
    editor.chmod(0o755)
    seen = terminal(copy, "e\nq\n", tmp_path / "no editor")
    assert "error: the editor cannot be used" in seen
    assert "remedy: quit, and set EDITOR" in seen
    seen = terminal(copy, "e\nr\ns\na\nq\n", editor)
    assert "3 decided, 6 left" in seen
    decided = Decisions.of(copy).each
    assert sorted(decision.choice for decision in decided.values()) == ["accept", "edit", "reject"]
    assert told(capsys, "build", copy)[0] == 0
    found = {example.id: example for example in DataSet.open(copy).examples()}
    for name, decision in decided.items():
        assert (name in found) == (decision.choice != "reject")
        if decision.choice == "edit":
            assert found[name].request == "Do as the specification says, no less"


def terminal(folder, typed, editor):
    """What `lift data review` showed to whoever typed this."""
    ours, theirs = pty.openpty()
    program = "import sys; from lift_sys.cli.main import main; sys.exit(main(sys.argv[1:]))"
    with subprocess.Popen(
        [sys.executable, "-c", program, "data", "review", str(folder)],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, "EDITOR": str(editor), "VISUAL": str(editor)},
    ) as process:
        os.write(ours, typed.encode())
        seen, _ = process.communicate()
    os.close(ours)
    os.close(theirs)
    assert process.returncode == 0, seen
    return seen.decode()
