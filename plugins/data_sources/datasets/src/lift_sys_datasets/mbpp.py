"""MBPP: a sentence, asserts that call a function by its name, a solution."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from lift_sys.interfaces import Code, Example, Hidden, Parts, Suite, Task

from .asserts import exact_examples, literal_call
from .plugin import MbppOptions
from .rows import Row, read_rows


def create(options: MbppOptions, parts: Parts) -> "MbppSource":
    return MbppSource(options)


class _Tests(NamedTuple):
    function: str
    shown: list[Example]
    hidden: list[ast.stmt]


class MbppSource:
    def __init__(self, options: MbppOptions) -> None:
        self._options = options
        self.suite = Suite(name="mbpp", version=options.version)

    def tasks(self) -> Iterator[Task]:
        for row in read_rows(self._options):
            tests = self._tests(row)
            yield Task(
                id=_id(row),
                request=row.text("prompt", "text"),
                examples=tuple(tests.shown),
                function=tests.function,
            )

    def hidden(self, ids: Sequence[str]) -> Mapping[str, Hidden]:
        wanted = set(ids)
        found = (self._hidden(row) for row in read_rows(self._options) if _id(row) in wanted)
        return {hidden.task: hidden for hidden in found if hidden is not None}

    def _hidden(self, row: Row) -> Hidden | None:
        tests = self._tests(row)
        if not tests.hidden:
            return None
        reference = Code(name=tests.function, source=row.text("code"))
        setup = "\n".join([*row.texts("test_imports"), _setup(row)]).strip()
        examples = None if setup else exact_examples(tests.hidden, tests.function)
        if examples is not None:
            return Hidden(task=_id(row), tests=tuple(examples), reference=reference)
        return Hidden(task=_id(row), program=_program(setup, tests), reference=reference)

    def _tests(self, row: Row) -> _Tests:
        asserts = [
            *(_parsed(row, text) for text in row.texts("test_list")),
            *(_parsed(row, text) for text in row.texts("challenge_test_list")),
        ]
        function = _function(row, asserts)
        shown: list[Example] = []
        hidden: list[ast.stmt] = []
        for node in asserts:
            example = literal_call(node, function)
            if example is not None and len(shown) < self._options.visible:
                shown.append(example)
            else:
                hidden.append(node)
        return _Tests(function, shown, hidden)


def _id(row: Row) -> str:
    number = row.values.get("task_id")
    if not isinstance(number, int | str):
        raise row.wrong("there is no task_id")
    return f"mbpp/{number}"


def _setup(row: Row) -> str:
    return row.text("test_setup_code") if row.values.get("test_setup_code") else ""


def _parsed(row: Row, text: str) -> ast.stmt:
    try:
        (node,) = ast.parse(text).body
    except (SyntaxError, ValueError) as error:
        raise row.wrong(f"a test is no single statement of Python ({error}): {text:.100}") from None
    return node


def _function(row: Row, asserts: Sequence[ast.stmt]) -> str:
    """The first function of the solution that the tests call."""
    called = {
        node.func.id
        for test in asserts
        for node in ast.walk(test)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    try:
        solution = ast.parse(row.text("code"))
    except (SyntaxError, ValueError) as error:
        raise row.wrong(f"its code is no Python: {error}") from None
    defined = [node.name for node in solution.body if isinstance(node, ast.FunctionDef)]
    found = [name for name in defined if name in called]
    if not found:
        raise row.wrong("its tests call no function of its code")
    return found[0]


def _program(setup: str, tests: _Tests) -> str:
    """The tests call the function by its name; whoever runs them hands it over."""
    lines = [f"    {line}" for test in tests.hidden for line in ast.unparse(test).splitlines()]
    head = [f"    global {tests.function}", f"    {tests.function} = candidate"]
    return "\n".join([setup, "", "", "def check(candidate):", *head, *lines, ""]).lstrip("\n")
