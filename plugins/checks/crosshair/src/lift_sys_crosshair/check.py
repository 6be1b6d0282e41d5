"""Asks CrossHair for counter-examples in a sandbox, and believes only those that are confirmed."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple, cast

from lift_sys.checking.claims import Claims
from lift_sys.checking.inputs import Arguments, size
from lift_sys.checking.sandbox import SubprocessSandbox
from lift_sys.checking.trials import Trials
from lift_sys.errors import PluginError, SandboxRefused
from lift_sys.interfaces import (
    Code,
    Failure,
    Finding,
    Invocation,
    Job,
    Observation,
    Parts,
    Report,
    Sandbox,
    SandboxLimits,
    Subject,
)
from lift_sys.ir import decode, encode

from .plugin import CrosshairOptions

_SEARCH = Path(__file__).with_name("search.py")
_PACKAGES = ("crosshair", "z3")
_START_SECONDS = 10.0
"""To import CrossHair on a busy machine."""


class CrosshairCheck:
    """The search runs the code, so it has a sandbox of its own: one that can import CrossHair."""

    def __init__(self, options: CrosshairOptions, parts: Parts | None = None) -> None:
        self._options = options
        self._sandbox = SubprocessSandbox(libraries=_libraries())

    async def examine(self, subject: Subject, sandbox: Sandbox) -> Sequence[Finding]:
        if subject.code is None or not subject.ir.signature.parameters:
            return []
        trials = Trials(subject, subject.code, sandbox)
        goals = list(_goals(trials.claims, await trials.refuted()))
        if not goals:
            return []
        report = await self._search(subject, subject.code, goals)
        searched = [each for each in map(_searched, report.observations) if each is not None]
        suspects = sorted((found for each in searched for found in each.suspects), key=size)
        for arguments in suspects:
            failure = await trials.fails(arguments)
            if failure is not None:
                return [_counterexample(failure)]
        return [_nothing_found(report, len(goals), searched, exact=_exact(subject))]

    async def _search(self, subject: Subject, code: Code, goals: Sequence["_Goal"]) -> Report:
        job = Job(
            source=_SEARCH.read_text(encoding="utf-8"),
            invocations=tuple(self._invocation(subject, code, goal) for goal in goals),
            limits=self._limits(),
        )
        try:
            async with asyncio.timeout(2 * self._options.seconds + _START_SECONDS):
                return await self._sandbox.run(job)
        except TimeoutError:
            return Report()
        except SandboxRefused as error:
            raise SandboxRefused(
                error.cause,
                remedy="leave `crosshair` out of `checks:` here: it runs the code it looks at",
            ) from error

    def _invocation(self, subject: Subject, code: Code, goal: "_Goal") -> Invocation:
        types = {each.name: each.type for each in subject.ir.signature.parameters}
        asked = (
            *(code.source, code.name, types),
            *(goal.premises, goal.claim, goal.answers),
            self._options.condition_seconds,
        )
        return Invocation(function="seek", args=tuple(map(encode, asked)))

    def _limits(self) -> SandboxLimits:
        # CrossHair keeps to its time by itself, between steps; this holds where it does not.
        each = 2 * self._options.condition_seconds + _START_SECONDS
        return SandboxLimits(
            cpu_seconds=each,
            wall_seconds=2 * each,
            job_seconds=self._options.seconds,
            memory_bytes=self._options.memory_mb * 2**20,
        )


_Premise = tuple[str, list[str], bool]


@dataclass(frozen=True, slots=True)
class _Goal:
    """One claim to be refuted, in the form that the search takes."""

    premises: list[_Premise]
    claim: tuple[str, list[str]] | None
    """A predicate over the outcome; None: `answers` are what may come out."""
    answers: list[Any]


def _goals(claims: Claims, refuted: frozenset[int]) -> Iterator[_Goal]:
    def text(place: int) -> tuple[str, list[str]]:
        predicate = claims.predicates.each[place]
        return predicate.compile_source(), sorted(predicate.names)

    def premise(place: int, wanted: bool) -> _Premise:
        return (*text(place), wanted)

    before = [premise(place, True) for place in (*claims.preconditions, *claims.implied)]
    for place in claims.invariants:
        if place not in refuted:
            yield _Goal(before, text(place), [])
    passed: list[_Premise] = []
    for rung in claims.rungs:
        here = [] if rung.condition is None else [premise(rung.condition, True)]
        if rung.answers:
            yield _Goal([*before, *passed, *here], None, list(rung.answers))
        if rung.condition is not None:
            passed.append(premise(rung.condition, False))


class _Searched(NamedTuple):
    """What came of the search for one goal."""

    suspects: list[Arguments]
    every_path: bool


def _searched(seen: Observation) -> _Searched | None:
    """None: it came to no end."""
    told = _as_list(decode(seen.value)) if seen.outcome == "returned" else []
    if len(told) != 2 or not isinstance(told[1], bool):
        return None
    return _Searched([tuple(_as_list(each)) for each in _as_list(told[0])], told[1])


def _as_list(value: object) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else []


def _exact(subject: Subject) -> bool:
    """Whether numbers are what they are in Python: floats are taken for reals."""
    kinds = (subject.ir.signature.returns, *(each.type for each in subject.ir.signature.parameters))
    return not any(inexact in kind for kind in kinds for inexact in ("float", "complex"))


def _counterexample(failure: Failure) -> Finding:
    return Finding(
        code="counterexample",
        severity="error",
        message=f"{failure.message}: expected {failure.expected}, got {failure.got} "
        "(found by crosshair, confirmed by running it)",
        counterexample=failure.input,
    )


def _nothing_found(
    report: Report, goals: int, searched: Sequence[_Searched], *, exact: bool
) -> Finding:
    suspects = sum(len(each.suspects) for each in searched)
    whole = sum(each.every_path for each in searched) if exact else 0
    message = f"crosshair: no counter-example found for {len(searched)} of {goals} claims searched"
    if whole:
        message += f", {whole} of them on every path"
    if suspects:
        message += f"; {suspects} inputs that it suspected show no mistake"
    if report.loaded is not None:
        message += f"; it did not start: {report.loaded.outcome} {report.loaded.detail}".rstrip()
    code = "symbolic-execution" if searched else "nothing-searched"
    return Finding(
        code="every-path-searched" if whole == goals else code, severity="info", message=message
    )


def _libraries() -> tuple[str, ...]:
    """The folders that CrossHair and what it needs are imported from."""
    found: set[str] = set()
    for name in _PACKAGES:
        spec = find_spec(name)
        if spec is None or spec.origin is None:
            raise PluginError(
                f"the package {name} is not installed",
                remedy="install lift-sys-crosshair with what it needs",
            )
        found.add(str(Path(spec.origin).resolve().parent.parent))
    return tuple(sorted(found))
