"""A dictionary by another name of the standard library is told, and compared, as a dictionary."""

import asyncio
from collections.abc import Iterator

import pytest

from lift_sys.checking.examiner import Examiner
from lift_sys.checking.sandbox import default_sandbox
from lift_sys.interfaces import Code, Example, Invocation, Job, Observation, Sandbox, Task
from lift_sys.ir import decode

from ..interpreter.interpreter_specs import spec


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as made:
        yield made


@pytest.fixture(scope="module")
def sandbox(runner: asyncio.Runner) -> Iterator[Sandbox]:
    made = default_sandbox(allow_unsandboxed=True)
    yield made
    runner.run(made.aclose())


def seen(runner: asyncio.Runner, sandbox: Sandbox, body: str) -> Observation:
    source = f"from collections import *\ndef f():\n    {body}\n"
    report = runner.run(sandbox.run(Job(source=source, invocations=(Invocation(function="f"),))))
    return report.observations[0]


@pytest.mark.parametrize(
    ("body", "value"),
    [
        ("return Counter('aab')", {"a": 2, "b": 1}),
        ("d = defaultdict(list); d[1].append(2); return d", {1: [2]}),
        ("return OrderedDict([('b', 1), ('a', 2)])", {"b": 1, "a": 2}),
        ("return [(Counter('a'), {'x': Counter('b')})]", [({"a": 1}, {"x": {"b": 1}})]),
        ("return {'groups': defaultdict(int, a=1)}", {"groups": {"a": 1}}),
        ("return Counter()", {}),
    ],
)
def test_it_is_told_as_a_dictionary(
    runner: asyncio.Runner, sandbox: Sandbox, body: str, value: object
) -> None:
    told = seen(runner, sandbox, body)
    assert told.outcome == "returned", told
    assert repr(decode(told.value)) == repr(value)


@pytest.mark.parametrize(
    "body",
    [
        "class Own(dict): pass\n    return Own(a=1)",
        "class Own(Counter): pass\n    return Own('a')",
        "return Counter(range(20_000))",
        "d = defaultdict(list); d[1] = d; return d",
        "return Counter({object(): 1})",
        "return [Counter('a'), object()]",
        "class Key: pass\n    d = Counter(); d[1, Key()] = 1; return d",
        "Counter.__len__ = lambda self: 1 / 0; return Counter([object()])",
        "Counter.__iter__ = lambda self: 1 / 0; return Counter([object()])",
    ],
)
def test_what_is_no_such_thing_or_too_much_is_refused(
    runner: asyncio.Runner, sandbox: Sandbox, body: str
) -> None:
    assert seen(runner, sandbox, body).outcome == "unencodable"


def test_code_that_counts_with_a_counter_passes(runner: asyncio.Runner, sandbox: Sandbox) -> None:
    ir = spec("count(text: str) -> dict[str, int]", "result == {c: text.count(c) for c in text}")
    task = Task(
        id="t", request="Count", examples=(Example(args=("aab",), expected={"a": 2, "b": 1}),)
    )
    source = "from collections import Counter\ndef count(text): return Counter(text)\n"
    verdict = runner.run(Examiner(task, ir, sandbox).examine(Code(name="count", source=source)))
    assert verdict.passed, verdict
