"""How good an example is, from what running it shows."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from ...checking.compare import fingerprint
from ...checking.constants import constants_of_ir, same_constant
from ...checking.mutants import Mutant, mutants
from ...errors import LiftError
from ...interfaces import Example, Invocation, Job, Sandbox, SandboxLimits
from ...ir import IR, assertions, decode, encode
from ..dialect.slots import take_out
from ..families.concept import Args
from .records import Quality

_LIMITS = SandboxLimits(cpu_seconds=20, wall_seconds=60, job_seconds=90)


@dataclass(frozen=True, slots=True)
class Measured:
    """One function: what its specification and its examples notice."""

    wrong: tuple[Mutant, ...]
    """Variants of the code that do something else on some input, and end."""
    denied: float
    """The share of those that an assertion denies."""
    branches: float
    """The share of branches that the visible examples run."""

    def quality(self, request: str, ir: IR) -> Quality:
        return Quality(
            literals=literals_kept(request, ir),
            assertions=round(self.denied, 4),
            branches=round(self.branches, 4),
        )


async def measure(
    ir: IR, code: str, inputs: Sequence[Args], shown: Sequence[Example], sandbox: Sandbox
) -> Measured:
    """`inputs` are some that the function is for, `shown` the visible examples."""
    planted = [*mutants(code)]
    name, names = ir.signature.name, [param.name for param in ir.signature.parameters]
    stated = [predicate for _, predicate in assertions(ir)]
    laws = [each for each in stated if each.example is None and not each.about_inputs_only]
    asked = [each.example.args for each in stated if each.example and not each.example.kwargs]
    sources = [code, *(mutant.source for mutant in planted)]
    told = _told([*asked, *inputs])
    survey = Invocation(
        function="survey",
        args=(encode(sources), name, told, [law.compile_source() for law in laws], names),
    )
    calls = _told([example.args for example in shown])
    lines_run = Invocation(function="lines_run", args=(code, name, calls))
    found, lines = await _run((survey, lines_run), name, sandbox)
    columns = zip(planted, found["different"], found["denied"], found["hangs"], strict=True)
    different = [
        (mutant, denied or any(place < len(asked) for place in places), hangs)
        for mutant, places, denied, hangs in columns
        if places
    ]
    return Measured(
        # Waiting for one that runs for ever takes as long as all else.
        wrong=tuple(mutant for mutant, _, hangs in different if not hangs),
        denied=_share(sum(denied for _, denied, _ in different), len(different)),
        branches=_run_share(code, set(lines)),
    )


async def survey_answers(code: str, name: str, inputs: Sequence[Args], sandbox: Sandbox) -> object:
    """What the code gives for these, to be compared with what other code gives."""
    survey = Invocation(function="survey", args=(encode([code]), name, _told(inputs), [], []))
    (found,) = await _run((survey,), name, sandbox)
    return [fingerprint(answer) for answer in found["answers"]]


async def _run(invocations: tuple[Invocation, ...], name: str, sandbox: Sandbox) -> list[Any]:
    program = (files("lift_sys.data") / "survey.py").read_text(encoding="utf-8")
    job = Job(source=program, invocations=invocations, limits=_LIMITS)
    report = await sandbox.run(job)
    for seen in (report.loaded, *report.observations):
        if seen is not None and seen.outcome != "returned":
            raise LiftError(
                f"the variants of {name} could not be tried: "
                f"{seen.outcome} {seen.exception or ''} {seen.detail}",
                remedy="begin again on a machine with more memory or patience, or report it",
            )
    return [decode(seen.value) for seen in report.observations]


def literals_kept(request: str, ir: IR) -> float:
    """A number may stand there with its neighbour: `x > 4` is as good as `x >= 5`."""
    values = take_out(request, ir.signature).slots.values
    asked = [value for mark, value in values.items() if mark[1] in "sn"]
    there = constants_of_ir(ir).every
    texts = " ".join(map(repr, there))

    def is_there(value: str | float) -> bool:
        if isinstance(value, str):
            return repr(value)[1:-1] in texts
        near = (value - 1, value, value + 1) if isinstance(value, int) else (value,)
        return any(same_constant(one, other) for one in near for other in there)

    return round(_share(sum(map(is_there, asked)), len(asked)), 4)


def _told(inputs: Sequence[Args]) -> object:
    return encode([list(args) for args in inputs])


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def _run_share(source: str, lines: set[int]) -> float:
    branches = {*branch_lines(source)}
    return _share(len(branches & lines), len(branches))


def branch_lines(source: str) -> Iterator[int]:
    """The first line of every block that need not run, and each function's last statement."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            yield node.body[-1].lineno
        if isinstance(node, ast.If | ast.For | ast.While | ast.Try):
            handlers = node.handlers if isinstance(node, ast.Try) else []
            for block in (node.body, node.orelse, *(each.body for each in handlers)):
                if block:
                    yield block[0].lineno
