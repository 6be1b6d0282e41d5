import json
import tracemalloc

import pytest
from lift_sys_jsonl.plugin import JsonlOptions, lift_sys_data_sources
from lift_sys_jsonl.source import create

from lift_sys.errors import InputError
from lift_sys.interfaces import DataSource, Example, Suite, Task

ADD = {
    "id": "add",
    "request": "add two numbers",
    "examples": [{"args": [1, {"$": "tuple", "v": [2]}], "expected": {"$": "float", "v": "nan"}}],
    "category": "mathematical",
}
SUB = {"id": "sub", "request": "subtract"}
TESTS = {"tests": [{"args": [2, 2], "expected": 4}], "reference": {"name": "f", "source": "x"}}


@pytest.fixture
def source(tmp_path):
    def make(*lines, hidden=None, raw=None):
        path = tmp_path / "tasks.jsonl"
        text = "".join(json.dumps(one) + "\n" for one in lines).encode()
        path.write_bytes(text if raw is None else raw)
        if hidden is not None:
            beside = tmp_path / "tasks.hidden.jsonl"
            beside.write_text("".join(json.dumps(one) + "\n" for one in hidden))
        return create(JsonlOptions(path=path), None)

    return make


def test_the_component():
    (component,) = lift_sys_data_sources()
    assert (component.name, component.options) == ("jsonl", JsonlOptions)


def test_tasks_come_in_order_with_their_values_decoded(source):
    made = source(ADD, SUB)
    assert isinstance(made, DataSource)
    add, sub = made.tasks()
    assert type(add) is Task
    assert add.examples[0].args == (1, (2,))
    assert add.examples[0].expected != add.examples[0].expected, "nan"
    assert add.category == "mathematical"
    assert sub == Task(id="sub", request="subtract")
    assert [task.id for task in made.tasks()] == ["add", "sub"], "it can be read again"


def test_a_task_never_carries_its_hidden_tests(source):
    (task,) = source({**SUB, "hidden": TESTS}).tasks()
    assert task == Task(id="sub", request="subtract")
    assert not hasattr(task, "hidden")
    assert "hidden" not in repr(task) + task.model_dump_json()
    assert "hidden" not in task.model_fields_set


def test_tasks_are_read_even_where_hidden_tests_are_broken(source):
    made = source({**SUB, "hidden": "nonsense"})
    assert [task.id for task in made.tasks()] == ["sub"]
    with pytest.raises(InputError, match=r"tasks\.jsonl:1: hidden"):
        made.hidden(["sub"])


def test_hidden_tests_from_the_line_and_from_the_file_beside(source):
    made = source({**SUB, "hidden": TESTS}, ADD, hidden=[{"task": "add", **TESTS}])
    found = made.hidden(["add", "sub", "unheard of"])
    assert set(found) == {"add", "sub"}
    for name in found:
        assert found[name].task == name
        assert found[name].tests == (Example(args=(2, 2), expected=4),)
        assert found[name].reference.source == "x"
    assert set(made.hidden(["add"])) == {"add"}
    assert source(SUB).hidden([]) == {}


def test_hidden_tests_from_a_named_file(tmp_path):
    (tmp_path / "tasks.jsonl").write_text(json.dumps(SUB))
    (tmp_path / "grade.jsonl").write_text(json.dumps({"task": "sub", **TESTS}))
    options = JsonlOptions(path=tmp_path / "tasks.jsonl", hidden=tmp_path / "grade.jsonl")
    assert set(create(options, None).hidden(["sub"])) == {"sub"}


def test_two_sets_of_hidden_tests_for_one_task(source):
    made = source({**SUB, "hidden": TESTS}, hidden=[{"task": "sub", **TESTS}])
    with pytest.raises(InputError, match=r"tasks\.hidden\.jsonl:1: a second set .* 'sub'"):
        made.hidden(["sub"])


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b"add two numbers\n", "not JSON"),
        (b'"add two numbers"\n', "not a JSON object"),
        (b"[1, 2]\n", "not a JSON object"),
        (b'{"id": "x"}\n', "request: Field required"),
        (b'{"id": "", "request": "r"}\n', "id: "),
        (b'{"id": "x", "request": ""}\n', "request: "),
        (b'{"id": "x", "request": "r", "examlpes": []}\n', "examlpes: "),
        (
            b'{"id": "x", "request": "r", "examples": [{"args": [{"$": "no"}]}]}\n',
            "examples.0.args",
        ),
        (b'{"id": "add", "request": "again"}\n', "already that of line 1"),
        (b'{"id": "x", "request": "\xff"}\n', "not JSON"),
        (b'{"id": "x", "requ', "cut off"),
        (b"[" * 100_000 + b"\n", "not JSON"),
    ],
)
def test_bad_lines_are_located(source, line, told):
    made = source(raw=json.dumps(ADD).encode() + b"\n\n" + line)
    tasks = made.tasks()
    assert next(tasks).id == "add"
    with pytest.raises(InputError) as caught:
        next(tasks)
    assert "tasks.jsonl:3: " in str(caught.value)
    assert told in str(caught.value)
    assert len(str(caught.value)) < 1000


def test_a_whole_last_line_needs_no_line_end(source):
    assert [task.id for task in source(raw=json.dumps(SUB).encode()).tasks()] == ["sub"]


@pytest.mark.parametrize("raw", [b"", b"\n \n", b"\xef\xbb\xbf"])
def test_an_empty_file(source, raw):
    with pytest.raises(InputError, match="holds no task"):
        list(source(raw=raw).tasks())


def test_no_file(tmp_path):
    with pytest.raises(InputError, match="cannot read"):
        create(JsonlOptions(path=tmp_path / "none.jsonl"), None)


def test_a_large_file_is_never_in_memory_at_once(source):
    line = json.dumps({"request": "r", "metadata": {"note": "n" * 90_000}}).encode()[1:]
    made = source(raw=b"".join(b'{"id": "%d", %s\n' % (number, line) for number in range(200)))
    tracemalloc.start()
    assert sum(1 for _ in made.tasks()) == 200
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5_000_000, "18 MB were read"


def test_the_suite_is_named_after_the_file_or_as_one_says(tmp_path):
    path = tmp_path / "my.tasks.jsonl"
    path.write_text(json.dumps(SUB))
    assert create(JsonlOptions(path=path), None).suite == Suite(name="my")
    options = JsonlOptions(path=path, name="mine", version="3")
    assert create(options, None).suite == Suite(name="mine", version="3")


def test_hidden_tests_may_be_a_program(source):
    program = {"program": "def check(candidate):\n    assert candidate(1) == 1\n"}
    made = source({**SUB, "hidden": program}, ADD, hidden=[{"task": "add", **program}])
    found = made.hidden(["sub", "add"])
    assert {each.program for each in found.values()} == {program["program"]}


@pytest.mark.parametrize("hidden", [{}, {"tests": []}, {"reference": TESTS["reference"]}])
def test_hidden_tests_that_test_nothing(source, hidden):
    with pytest.raises(InputError, match=r"tasks\.jsonl:1: .*hidden tests that test nothing"):
        source({**SUB, "hidden": hidden}).hidden(["sub"])
