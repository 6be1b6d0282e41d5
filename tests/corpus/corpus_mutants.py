"""Which mutants of the corpus are wrong, and which of them a check catches."""

import asyncio
from collections.abc import Coroutine, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from lift_corpus import Function

from lift_sys.checking.claims import Claims
from lift_sys.checking.examiner import Examiner
from lift_sys.checking.execution import Call
from lift_sys.checking.inputs import generate
from lift_sys.checking.mutants import Behaviour, Mutant, mutants
from lift_sys.checking.truth import Situation
from lift_sys.interfaces import Code, Job, Report, Sandbox, Verdict

T = TypeVar("T")

BASES = ("assertions", "examples", "both")
_INPUTS = 300
_SEED = 4096
"""Not the seed of the checks: other inputs than theirs say what a mutant does."""
_AT_ONCE = 6


@dataclass(frozen=True, slots=True)
class Outcome:
    """A wrong mutant and what each way to check said of it."""

    function: Function
    mutant: Mutant
    shown_by: str
    verdicts: dict[str, Verdict] = field(default_factory=dict[str, Verdict])

    def killed(self, basis: str) -> bool:
        return self.verdicts[basis].status == "fail"


class Hurried:
    """A sandbox with less patience: mutants loop for ever more often than models do."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def guards(self) -> tuple[str, ...]:
        return self._sandbox.guards()

    async def run(self, job: Job) -> Report:
        hurry = {"cpu_seconds": min(job.limits.cpu_seconds, 0.25), "wall_seconds": 5.0}
        limits = job.limits.model_copy(update=hurry)
        return await self._sandbox.run(job.model_copy(update={"limits": limits}))

    async def aclose(self) -> None:
        await self._sandbox.aclose()


def examiners(function: Function, sandbox: Sandbox) -> dict[str, Examiner]:
    """By basis. Examples alone means an IR that says nothing but the signature."""
    bare = function.ir.model_copy(update={"effects": (), "assertions": (), "constraints": ()})
    blind = function.task.model_copy(update={"examples": ()})
    return {
        "assertions": Examiner(blind, function.ir, sandbox),
        "examples": Examiner(function.task, bare, sandbox),
        "both": Examiner(function.task, function.ir, sandbox),
    }


async def wrong_mutants(
    function: Function, sandbox: Sandbox
) -> tuple[list[tuple[Mutant, str]], int]:
    """Those that do something else, each with a call that shows it; and how many do not."""
    behaviour = await _behaviour(function, sandbox)
    made = list(mutants(function.reference.source))
    codes = [Code(name=function.name, source=mutant.source) for mutant in made]
    apart = await together(behaviour.told_apart(code, sandbox) for code in codes)
    found = [
        (mutant, call.text(function.name))
        for mutant, call in zip(made, apart, strict=True)
        if call is not None
    ]
    return found, len(made) - len(found)


async def outcomes(
    function: Function,
    wrong: Sequence[tuple[Mutant, str]],
    sandbox: Sandbox,
    bases: Sequence[str] = BASES,
) -> list[Outcome]:
    by_basis = examiners(function, sandbox)
    for basis in bases:
        await by_basis[basis].admissible()

    async def judge(mutant: Mutant, shown_by: str) -> Outcome:
        code = Code(name=function.name, source=mutant.source)
        verdicts = {basis: await by_basis[basis].examine(code) for basis in bases}
        return Outcome(function, mutant, shown_by, verdicts)

    return await together(judge(mutant, shown_by) for mutant, shown_by in wrong)


async def together(work: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    places = asyncio.Semaphore(_AT_ONCE)

    async def one(each: Coroutine[Any, Any, T]) -> T:
        async with places:
            return await each

    return list(await asyncio.gather(*(one(each) for each in work)))


async def _behaviour(function: Function, sandbox: Sandbox) -> Behaviour:
    claims = Claims.of(function.ir, function.task.examples)
    seeds = [example.args for example in (*function.task.examples, *function.hidden)]
    literals = [*claims.literals, *(value for args in seeds for value in args)]
    inputs = generate(function.ir.signature, literals, seeds=seeds, count=_INPUTS, seed=_SEED)
    situations = [Situation(arguments, arguments) for arguments in inputs]
    kept = await claims.predicates.hold(situations, sandbox, list(claims.preconditions))
    calls = [
        Call(arguments)
        for arguments, row in zip(inputs, kept, strict=True)
        if all(truth is True for truth in row)
    ]
    asked = [Call.of(example) for example in function.hidden]
    return await Behaviour.of(function.reference, calls, sandbox, asked=asked)
