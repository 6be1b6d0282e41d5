"""The corpora of correct and of broken functions, and a check that runs them a bounded while."""

import ast
import builtins
import contextlib
import io
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

from lift_sys.interfaces import Basis, Code, Example, Failure, Verdict
from lift_sys.interfaces.verdict import judge
from lift_sys.ir import Parameter, Signature

_FOLDER = Path(__file__).parent / "corpus"
MAX_STEPS = 20_000


@dataclass(frozen=True)
class Case:
    label: str
    code: Code
    signature: Signature
    examples: tuple[Example, ...]


def correct() -> list[Case]:
    return [
        _case(entry["feature"], entry, _defined(entry["source"]))
        for entry in tomllib.loads((_FOLDER / "correct.toml").read_text())["function"]
    ]


def broken() -> list[Case]:
    return [
        _case(entry["fault"], entry, ast.parse(f"def {entry['signature']}: ...").body[-1])
        for entry in tomllib.loads((_FOLDER / "broken.toml").read_text())["function"]
    ]


def _defined(source: str) -> ast.stmt:
    return ast.parse(source).body[-1]


def _case(label: str, entry: dict, node: ast.FunctionDef) -> Case:
    signature = Signature(
        name=node.name,
        parameters=tuple(
            Parameter(name=one.arg, type=ast.unparse(one.annotation)) for one in node.args.args
        ),
        returns=ast.unparse(node.returns),
    )
    return Case(
        f"{node.name}, {label}",
        Code(name=node.name, source=entry["source"].lstrip("\n")),
        signature,
        tuple(_example(text) for text in entry["examples"]),
    )


def _example(text: str) -> Example:
    call, raises, name = text.partition(" raises ")
    if raises:
        return Example(args=_args(ast.parse(call, mode="eval").body), raises=name)
    compared = ast.parse(text, mode="eval").body
    return Example(args=_args(compared.left), expected=ast.literal_eval(compared.comparators[0]))


def _args(call: ast.Call) -> tuple:
    return tuple(ast.literal_eval(argument) for argument in call.args)


class OutOfSteps(BaseException):
    """What the code of a test does not catch."""


def run(case: Case, code: Code) -> Verdict:
    """In this very process: the code is the test's own, changed by passes that add no calls."""
    basis = Basis(examples=len(case.examples))
    namespace: dict = {}
    try:
        exec(compile(code.source, "<corpus>", "exec"), namespace)
    except (SyntaxError, NameError, TypeError) as error:
        category = "invalid" if isinstance(error, SyntaxError) else "exception"
        return judge((Failure(category=category, message=str(error)),), basis, ())
    failures = [_failure(namespace, code.name, example) for example in case.examples]
    return judge(tuple(filter(None, failures)), basis, ())


def checker(case: Case):
    async def check(code: Code) -> Verdict:
        return run(case, code)

    return check


def _failure(namespace: dict, name: str, example: Example) -> Failure | None:
    call = example.call(name)
    args = [ast.literal_eval(repr(value)) for value in example.args]
    try:
        got = _bounded(lambda: namespace[name](*args))
    except OutOfSteps:
        return Failure(category="timeout", message="too many steps", input=call)
    except Exception as error:
        wanted = getattr(builtins, example.raises or "", ())
        if isinstance(error, wanted):
            return None
        return Failure(category="exception", message=repr(error), input=call)
    if example.raises is None and type(got) is type(example.expected) and got == example.expected:
        return None
    return Failure(category="wrong_output", message="wrong", input=call, got=repr(got))


def _bounded(call):
    left = MAX_STEPS

    def step(frame, event, arg):
        nonlocal left
        left -= 1
        if left < 0:
            raise OutOfSteps
        return step

    before = sys.gettrace()
    sys.settrace(step)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            return call()
    finally:
        sys.settrace(before)
