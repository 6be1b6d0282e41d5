import json

import pytest
from click.testing import CliRunner

from lift_sys.cli.ir import command
from lift_sys.errors import InputError
from lift_sys.ir import IR, digest, read

BASE = {
    "intent": {"summary": "Double a number"},
    "signature": {
        "name": "double",
        "parameters": [{"name": "x", "type": "int"}],
        "returns": "int",
    },
    "effects": [{"description": "twice the number"}],
    "assertions": [{"predicate": "result == 2 * x"}],
}


@pytest.fixture
def write(tmp_path):
    def file(name, text=None, **fields):
        path = tmp_path / name
        content = json.dumps({**BASE, **fields}) if text is None else text
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    return file


def lift(*args, stdin=None):
    """Expected failures come out as they reach the program's edge, which words them."""
    return CliRunner().invoke(command, args, input=stdin, catch_exceptions=False)


def fails(*args, stdin=None):
    with pytest.raises(InputError) as caught:
        lift(*args, stdin=stdin)
    return str(caught.value)


def test_show_prints_for_people(write):
    result = lift("show", write("a.json"))
    assert result.exit_code == 0
    assert result.stdout.startswith("def double(x: int) -> int\n")
    assert "`def double(x: int) -> int`" in lift("show", "--markdown", write("a.json")).stdout


def test_show_json_is_the_ir_again(write):
    shown = lift("show", "--json", write("a.json")).stdout
    assert IR.model_validate_json(shown) == IR.model_validate(BASE)


def test_the_result_of_a_run_is_read_for_its_ir(write):
    ran = {"version": 1, "task": "t", "solution": {"ir": BASE, "code": None}}
    shown = lift("show", write("run.json", json.dumps(ran) + "\n")).output
    assert shown == lift("show", write("a.json")).output
    assert "no specification" in fails("show", write("none.json", json.dumps({"solution": None})))
    assert "several tasks" in fails("show", write("two.jsonl", f"{json.dumps(ran)}\n" * 2))


def test_a_dash_is_standard_input_and_repairs_are_told_on_standard_error():
    result = lift("show", "-", stdin="```json\n" + json.dumps(BASE) + "\n```")
    assert result.exit_code == 0
    assert "a code fence was left out" in result.stderr
    assert "fence" not in result.stdout


def test_what_steers_a_terminal_is_not_printed(write):
    shown = lift("show", write("a.json", intent={"summary": "\x1b]0;owned\x07\x1b[2J"})).output
    assert "\x1b" not in shown


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b"\xff\xfe{", "not UTF-8"),
        (b"", "no JSON object"),
        (b'{"intent": {"summary": "s"}', "before its signature is complete"),
        (json.dumps({**BASE, "effect": []}).encode(), "did you mean effects"),
    ],
)
def test_what_is_no_ir_is_an_input_error(write, text, why):
    assert why in fails("show", write("a.json", text))


def test_a_missing_file_and_a_folder_are_input_errors(tmp_path):
    assert "cannot be read: No such file" in fails("show", str(tmp_path / "none.json"))
    assert "cannot be read" in fails("show", str(tmp_path))


def test_validate_tells_every_problem_of_every_file(write):
    good = write("good.json")
    bad = write("bad.json", assertions=[{"predicate": "reslt > 1"}, {"predicate": "open('x')"}])
    broken = write("broken.json", effects=[{}], signature={"name": "f"})
    result = lift("validate", good, bad, broken)
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[0] == f"{good}: no problems"
    assert lines[1].startswith(
        f"{bad}: assertions[0].predicate: `reslt` is not known here; did you mean `result`?"
    )
    assert lines[2].startswith(f"{bad}: assertions[1].predicate")
    assert [line.split(": ")[1] for line in lines[3:]] == [
        "signature.returns",
        "effects[0].description",
    ]
    assert "line 1, column" in lines[3]


def test_validate_passes_what_is_right_and_warnings_count_when_asked(write):
    file = write("a.json", signature={**BASE["signature"], "name": "doubleIt"})
    assert lift("validate", write("good.json")).exit_code == 0
    assert lift("validate", file).exit_code == 0
    assert "warning: doubleIt is not snake_case" in lift("validate", file).stdout
    assert lift("validate", "--strict", file).exit_code == 1


def test_a_file_that_was_cut_off_is_not_valid(write):
    whole = json.dumps(BASE)
    result = lift("validate", write("a.json", whole[: whole.index("result ==")]))
    assert result.exit_code == 1
    assert "the file ends before the IR does" in result.stdout


def test_validate_json_is_versioned(write):
    file = write("a.json", assertions=[{"predicate": "1 +"}])
    found = json.loads(lift("validate", "--json", file).stdout)
    assert found["version"] == 1
    assert found["files"][file][0]["path"] == "assertions[0].predicate"


def test_diff_tells_each_change(write):
    one = write("a.json")
    other = write("b.json", effects=[{"description": "twice the number", "when": "x > 0"}])
    assert lift("diff", one, one).stdout == "no difference\n"
    assert lift("diff", one, other).stdout == "effects[0].when: added: x > 0\n"
    changes = json.loads(lift("diff", "--json", one, other).stdout)
    assert changes == {
        "version": 1,
        "changes": [{"path": "effects[0].when", "kind": "added", "before": None, "after": "x > 0"}],
    }


def test_merge_puts_changes_together(write, tmp_path):
    base = write("base.json")
    ours = write("ours.json", intent={"summary": "Twice"})
    theirs = write("theirs.json", effects=[{"description": "two times the number"}])
    printed = lift("merge", base, ours, theirs)
    assert printed.exit_code == 0
    target = tmp_path / "merged.json"
    assert lift("merge", base, ours, theirs, "-o", str(target)).stdout == ""
    merged = read(target.read_text()).ir
    assert digest(merged) == digest(read(printed.stdout).ir)
    assert (merged.intent.summary, merged.effects[0].description) == (
        "Twice",
        "two times the number",
    )


def test_merge_lists_its_conflicts_and_writes_nothing(write, tmp_path):
    base = write("base.json")
    ours = write("ours.json", intent={"summary": "Twice"})
    theirs = write("theirs.json", intent={"summary": "Two times"})
    target = tmp_path / "merged.json"
    result = lift("merge", base, ours, theirs, "-o", str(target))
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith("conflict at intent.summary: changed on both sides")
    assert not target.exists()


def test_merge_into_a_place_that_cannot_be_written_is_an_input_error(write, tmp_path):
    base = write("base.json")
    assert "cannot be written" in fails(
        "merge", base, base, base, "-o", str(tmp_path / "no" / "x.json")
    )


def test_json_keeps_every_character_and_steers_no_terminal(write):
    summary = "é \x9b31m \u202e 😀"
    shown = lift("show", "--json", write("a.json", intent={"summary": summary})).stdout
    assert shown.isascii()
    assert IR.model_validate_json(shown).intent.summary == summary
