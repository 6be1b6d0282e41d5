"""HumanEval and MBPP: what is shown, what grades, and that it grades right."""

import sys
from pathlib import Path

import pytest
import pytest_asyncio
from lift_sys_datasets.humaneval import HumanEvalSource
from lift_sys_datasets.mbpp import MbppSource
from lift_sys_datasets.plugin import HumanEvalOptions, MbppOptions

sys.path.insert(0, str(Path(__file__).parent))

from benchmark_files import EVEN, HUMANEVAL, MBPP, SHOUT, lines

from lift_sys.checking.sandbox import default_sandbox
from lift_sys.errors import InputError
from lift_sys.evaluation import judge_code
from lift_sys.interfaces import Code, Example

on_one_loop = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sandbox():
    made = default_sandbox()
    yield made
    await made.aclose()


@pytest.fixture
def humaneval(tmp_path):
    def make(*rows):
        path = tmp_path / "HumanEval.jsonl"
        path.write_bytes(lines(rows or HUMANEVAL))
        return HumanEvalSource(HumanEvalOptions(path=path))

    return make


@pytest.fixture
def mbpp(tmp_path):
    def make(*rows, visible=1):
        path = tmp_path / "mbpp.jsonl"
        path.write_bytes(lines(rows or MBPP))
        return MbppSource(MbppOptions(path=path, visible=visible))

    return make


def graders(source):
    return source.hidden([task.id for task in source.tasks()])


def test_what_humaneval_shows(humaneval):
    shout, decode, scale = humaneval().tasks()
    assert shout.id == "Own/0"
    assert shout.request.endswith(SHOUT["prompt"].strip() + "\n")
    assert "canonical" not in shout.model_dump_json()
    assert shout.examples == (Example(args=("hi",), expected="HI!"),)
    assert shout.signature.returns == "str"
    assert [each.type for each in decode.signature.parameters] == ["List[int]"]
    assert decode.name == "decode"
    assert (scale.signature, scale.function) == (None, "scale")


def test_what_mbpp_shows(mbpp):
    even, area, pairs = mbpp().tasks()
    assert (even.id, even.request, even.name) == ("mbpp/1", EVEN["text"], "is_even")
    assert even.examples == (Example(args=(2,), expected=True),)
    assert area.examples == (Example(args=(0,), expected=0),)
    assert pairs.examples == (Example(args=([],), expected=0),)
    assert [len(task.examples) for task in mbpp(visible=0).tasks()] == [0, 0, 0]


def test_asserts_become_examples_only_where_that_says_the_same(humaneval, mbpp):
    found = {**graders(humaneval()), **graders(mbpp())}
    assert found["Own/0"].tests == (
        Example(args=("ok",), expected="OK!"),
        Example(args=("",), expected="!"),
    )
    assert [len(found["mbpp/1"].tests), found["mbpp/1"].program] == [3, None]
    for name in ("Own/1", "Own/2", "mbpp/2", "mbpp/3"):
        assert found[name].tests == ()
        assert "def check(candidate):" in found[name].program


def test_a_task_whose_tests_are_all_shown_has_none_that_are_hidden(mbpp):
    assert graders(mbpp(EVEN, visible=9)) == {}


@pytest.mark.parametrize("name", ["Own/0", "Own/1", "Own/2", "mbpp/1", "mbpp/2"])
@on_one_loop
async def test_solutions_are_right_and_others_wrong(name, humaneval, mbpp, sandbox):
    hidden = {**graders(humaneval()), **graders(mbpp())}[name]
    verdict, _ = await judge_code(hidden.reference, hidden, sandbox)
    assert verdict.passed, verdict
    wrong = Code(name=hidden.reference.name, source=f"{hidden.reference.name} = lambda *a: a\n")
    assert (await judge_code(wrong, hidden, sandbox))[0].category == "wrong_output"


@on_one_loop
async def test_equality_is_pythons_where_the_test_is_pythons(humaneval, sandbox):
    hidden = graders(humaneval())["Own/2"]
    code = Code(name="scale", source="def scale(x, by=2):\n    return float(x * by)\n")
    assert (await judge_code(code, hidden, sandbox))[0].passed


@on_one_loop
async def test_what_cannot_cross_to_another_process_is_told(mbpp, sandbox):
    hidden = graders(mbpp())["mbpp/3"]
    verdict, _ = await judge_code(hidden.reference, hidden, sandbox)
    assert verdict.category == "infrastructure"
    message = verdict.failures[0].message
    assert "cannot be handed to another process" in message
    assert "Pair" in message


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"prompt": "def shout(:\n"}, "its prompt is no Python"),
        ({"entry_point": "other"}, "its prompt defines no function other"),
        ({"test": "def test(candidate): pass\n"}, "its test has no function check(candidate)"),
        ({"test": 5}, "test is a int, not a text"),
    ],
)
def test_broken_rows_of_humaneval(change, told, humaneval):
    with pytest.raises(InputError, match=r"HumanEval\.jsonl, row 2: ") as caught:
        graders(humaneval(SHOUT, {**SHOUT, "task_id": "x", **change}))
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"test_list": ["assert is_even(2"]}, "a test is no single statement"),
        ({"test_list": "assert"}, "test_list is no list of texts"),
        ({"test_list": ["assert other(2)"]}, "its tests call no function of its code"),
        ({"code": "def"}, "its code is no Python"),
        ({"task_id": None}, "there is no task_id"),
    ],
)
def test_broken_rows_of_mbpp(change, told, mbpp):
    row = {**EVEN, "challenge_test_list": [], **change}
    with pytest.raises(InputError, match=r"mbpp\.jsonl, row 1: ") as caught:
        graders(mbpp(row))
    assert told in str(caught.value)


def test_a_column_that_is_missing(humaneval, mbpp):
    with pytest.raises(InputError, match="there is no column prompt"):
        list(humaneval({"task_id": "a", "entry_point": "f"}).tasks())
    with pytest.raises(InputError, match="there is no column prompt or text"):
        list(mbpp({key: EVEN[key] for key in ("task_id", "code", "test_list")}).tasks())
