"""Whether predicates hold of what code did.

Predicates are hostile input too: they are evaluated in a sandbox, on values that code returned in
another one. Only truth values come back.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from ..interfaces import Invocation, Job, Sandbox, SandboxLimits
from ..ir import Predicate, decode, encode
from .inputs import Arguments
from .rounding import HELPER, forgiving

_LIMITS = SandboxLimits(cpu_seconds=1.0, wall_seconds=2.0, job_seconds=10.0)

_EVALUATE = """
def evaluate(places, values):
    truths = []
    for place in places:
        predicate, names = _CLAIMS[place]
        try:
            truths.append(predicate(**{name: values[name] for name in names}))
        except Exception as error:
            truths.append(type(error).__name__)
    return truths
"""

Truth = bool | str | None
"""Of a predicate on one set of values: true, false, the exception it ended with, or None: nothing
came back."""


@dataclass(frozen=True, slots=True)
class Situation:
    """A call and what came of it, as predicates see it."""

    before: Arguments
    after: Arguments
    result: Any = None

    def values(self, parameters: Sequence[str]) -> dict[str, Any]:
        named = dict(zip(parameters, self.after, strict=False))
        old = {f"old_{n}": v for n, v in zip(parameters, self.before, strict=False)}
        return {"result": self.result, **named, **old}


@dataclass(frozen=True, slots=True)
class Predicates:
    """Predicates of one IR, by place."""

    parameters: tuple[str, ...]
    each: tuple[Predicate, ...]
    forgiving: bool = False
    """Whether floats that are nearly equal count as equal."""

    async def hold(
        self, situations: Sequence[Situation], sandbox: Sandbox, places: Sequence[int] | None = None
    ) -> list[list[Truth]]:
        """For each situation the truth of each predicate, in the order of `places` (None: all)."""
        wanted = list(range(len(self.each)) if places is None else places)
        if not wanted or not situations:
            return [[] for _ in situations]
        together = await self._evaluate(situations, wanted, sandbox)
        if all(truths is not None for truths in together):
            return [truths or [] for truths in together]
        # One that never comes back must not take the others with it.
        columns = [await self._evaluate(situations, [place], sandbox) for place in wanted]
        return [
            [None if (truths := column[row]) is None else truths[0] for column in columns]
            for row in range(len(situations))
        ]

    async def hold_nearly(
        self, situations: Sequence[Situation], sandbox: Sandbox, places: Sequence[int]
    ) -> list[list[Truth]]:
        """The same, but the rounding of floats is forgiven."""
        rows = await self.hold(situations, sandbox, places)
        doubtful = [
            number
            for number, (situation, row) in enumerate(zip(situations, rows, strict=True))
            if False in row and _has_float(situation.result)
        ]
        if doubtful:
            patient = replace(self, forgiving=True)
            again = await patient.hold([situations[n] for n in doubtful], sandbox, places)
            for number, row in zip(doubtful, again, strict=True):
                rows[number] = row
        return rows

    async def _evaluate(
        self, situations: Sequence[Situation], places: Sequence[int], sandbox: Sandbox
    ) -> list[list[Truth] | None]:
        job = Job(
            source=self._source(),
            invocations=tuple(
                Invocation(
                    function="evaluate",
                    args=(list(places), encode(situation.values(self.parameters))),
                )
                for situation in situations
            ),
            limits=_LIMITS,
        )
        report = await sandbox.run(job)
        if report.loaded is not None:
            return [None for _ in situations]
        return [
            _truths(decode(seen.value), len(places)) if seen.outcome == "returned" else None
            for seen in report.observations
        ]

    def _source(self) -> str:
        parts: list[str] = [HELPER] if self.forgiving else []
        table: list[str] = []
        for place, predicate in enumerate(self.each):
            name = f"claim_{place}"
            told = predicate
            if self.forgiving and not predicate.is_example:
                told = replace(predicate, source=forgiving(predicate.source))
            parts.append(told.compile_source(name))
            names = ["result"] if predicate.example else sorted(predicate.names)
            table.append(f"({name}, {names!r})")
        return "\n".join([*parts, f"_CLAIMS = [{', '.join(table)}]", _EVALUATE])


def _has_float(value: object) -> bool:
    if isinstance(value, dict):
        return any(map(_has_float, cast("dict[object, object]", value).values()))
    if isinstance(value, list | tuple):
        return any(map(_has_float, cast("Sequence[object]", value)))
    return isinstance(value, float)


def _truths(value: object, count: int) -> list[Truth] | None:
    if not isinstance(value, list):
        return None
    truths = [each for each in cast("list[object]", value) if isinstance(each, bool | str)]
    return list(truths) if len(truths) == count else None
