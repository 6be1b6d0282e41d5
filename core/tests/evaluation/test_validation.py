"""What `lift tasks validate` finds wrong with a suite."""

import json

import pytest

from lift_sys.checking.sandbox import default_sandbox
from lift_sys.evaluation.sources import named_source
from lift_sys.evaluation.validation import validate
from lift_sys.plugins import PluginManager

GOOD = {
    "id": "good",
    "request": "double",
    "examples": [{"args": [1], "expected": 2}],
    "signature": {
        "name": "double",
        "parameters": [{"name": "x", "type": "int"}],
        "returns": "int",
    },
    "hidden": {
        "tests": [{"args": [2], "expected": 4}, {"args": [0], "expected": 0}],
        "reference": {"name": "double", "source": "def double(x):\n    return x * 2\n"},
    },
}


def with_hidden(name, **hidden):
    return {**GOOD, "id": name, "hidden": {**GOOD["hidden"], **hidden}}


SUITE = (
    GOOD,
    {key: value for key, value in GOOD.items() if key != "hidden"} | {"id": "none"},
    with_hidden("wrong", tests=[{"args": [2], "expected": 5}, {"args": [3], "expected": 6}]),
    with_hidden("shown", tests=GOOD["examples"]),
    with_hidden("renamed", reference={"name": "two", "source": "two = lambda x: x * 2"}),
    {**GOOD, "id": "visible", "examples": [{"args": [1], "expected": 3}]},
    with_hidden("broken", program="def check(candidate):\n    candidate(object())\n"),
    with_hidden("weak", tests=[{"args": [2], "expected": 4}]),
    with_hidden("bare", reference=None),
)
EXPECTED = {
    "good": "",
    "none": "it has no hidden tests",
    "wrong": "its own reference fails a hidden test: double(2)",
    "shown": "a hidden test is visible too: double(1)",
    "renamed": "it asks for double, and its reference is called two",
    "visible": "its own reference fails a visible example: double(1)",
    "broken": "the hidden tests cannot be run",
    "weak": "",
    "bare": "",
}


@pytest.fixture
async def reports(tmp_path):
    path = tmp_path / "suite.jsonl"
    path.write_text("".join(json.dumps(task) + "\n" for task in SUITE))
    source = named_source(str(path), {}, PluginManager.installed())
    sandbox = default_sandbox()
    try:
        found = [each async for each in validate(source, source.tasks(), sandbox, mutants=True)]
    finally:
        await sandbox.aclose()
    return {each.task: each for each in found}


async def test_each_fault_is_found_and_nothing_else(reports):
    assert list(reports) == list(EXPECTED)
    for name, told in EXPECTED.items():
        problems = reports[name].problems
        assert bool(problems) == bool(told), (name, problems)
        assert any(told in problem for problem in problems) or not told, (name, problems)
    assert reports["good"].mutants.survivors == ()
    assert reports["good"].mutants.killed >= 4
    survivors = reports["weak"].mutants.survivors
    assert survivors, "x ** 2 and x + 2 give 4 for 2"
    assert survivors[0].shown_by.startswith("double(")
    assert reports["bare"].mutants is None
