"""HumanEval: a prompt of code, a test `check(candidate)`, a canonical solution."""

import ast
import doctest
from collections.abc import Iterator, Mapping, Sequence

from lift_sys.interfaces import Code, Example, Hidden, Parts, Suite, Task
from lift_sys.ir import Parameter, Signature, parse_type

from .asserts import exact_examples, literal_call
from .plugin import HumanEvalOptions
from .rows import Row, read_rows

_ASK = "Complete this Python function so that it does what its description says.\n\n"
_CHECK = "check"


def create(options: HumanEvalOptions, parts: Parts) -> "HumanEvalSource":
    return HumanEvalSource(options)


class HumanEvalSource:
    def __init__(self, options: HumanEvalOptions) -> None:
        self._options = options
        self.suite = Suite(name="humaneval", version=options.version)

    def tasks(self) -> Iterator[Task]:
        for row in read_rows(self._options):
            yield _task(row)

    def hidden(self, ids: Sequence[str]) -> Mapping[str, Hidden]:
        wanted = set(ids)
        return {
            hidden.task: hidden
            for row in read_rows(self._options)
            if row.text("task_id") in wanted
            for hidden in [_hidden(row)]
        }


def _task(row: Row) -> Task:
    prompt, name = row.text("prompt"), row.text("entry_point")
    head = _head(row)
    signature = _signature(head)
    return Task(
        id=row.text("task_id"),
        request=f"{_ASK}{prompt.strip()}\n",
        examples=_shown(head),
        signature=signature,
        function=None if signature else name,
    )


def _hidden(row: Row) -> Hidden:
    name, prompt, test = row.text("entry_point"), row.text("prompt"), row.text("test")
    reference = Code(name=name, source=prompt + row.text("canonical_solution"))
    id = row.text("task_id")
    examples = _as_examples(row, test)
    shown = {each.model_dump_json() for each in _shown(_head(row))}
    if examples and not shown & {each.model_dump_json() for each in examples}:
        return Hidden(task=id, tests=tuple(examples), reference=reference)
    # Its helpers are part of the prompt, and tests may use them.
    return Hidden(task=id, program=f"{prompt}\n\n{test}\n", reference=reference)


def _as_examples(row: Row, test: str) -> list[Example] | None:
    for node in _parsed(row, test, "test").body:
        if isinstance(node, ast.FunctionDef) and node.name == _CHECK and node.args.args:
            return exact_examples(node.body, node.args.args[0].arg)
    raise row.wrong("its test has no function check(candidate)")


def _head(row: Row) -> ast.FunctionDef:
    """The function that is asked for."""
    name = row.text("entry_point")
    for node in _parsed(row, row.text("prompt"), "prompt").body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            return node
    raise row.wrong(f"its prompt defines no function {name}")


def _parsed(row: Row, source: str, what: str) -> ast.Module:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError) as error:
        raise row.wrong(f"its {what} is no Python: {error}") from None


def _signature(head: ast.FunctionDef) -> Signature | None:
    """None where it says more than a list of parameters."""
    given = head.args
    if given.posonlyargs or given.vararg or given.kwonlyargs or given.kwarg or given.defaults:
        return None
    parameters = tuple(Parameter(name=each.arg, type=_type(each.annotation)) for each in given.args)
    return Signature(name=head.name, parameters=parameters, returns=_type(head.returns))


def _type(annotation: ast.expr | None) -> str:
    text = "Any" if annotation is None else ast.unparse(annotation)
    try:
        parse_type(text)
    except ValueError:
        return "Any"
    return text


def _shown(head: ast.FunctionDef) -> tuple[Example, ...]:
    """The description's own `>>> f(1)` with their answers."""
    try:
        found = doctest.DocTestParser().get_examples(ast.get_docstring(head) or "")
    except ValueError:
        return ()
    asserts = [f"assert {each.source.strip()} == ({each.want.strip()})" for each in found]
    examples = [_read(text, head.name) for text in asserts]
    return tuple(each for each in examples if each is not None)


def _read(text: str, function: str) -> Example | None:
    try:
        (node,) = ast.parse(text).body
    except (SyntaxError, ValueError):
        return None
    return literal_call(node, function)
