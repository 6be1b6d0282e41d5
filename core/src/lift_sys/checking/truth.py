"""Whether predicates hold of what code did.

Predicates are hostile input too: they are evaluated in a sandbox, on values that code returned in
another one. Only truth values come back.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final, cast

from ..interfaces import Invocation, Job, Sandbox, SandboxLimits
from ..ir import Predicate, encode
from .inputs import Arguments
from .rounding import HELPER, forgiving

_LIMITS = SandboxLimits(cpu_seconds=1.0, wall_seconds=2.0, job_seconds=10.0)

_EVALUATE = """
def evaluate(places, blocks):
    claims = [_CLAIMS[place] for place in places]
    table = []
    for before, after, results in blocks:
        values = {"old_" + name: value for name, value in zip(_PARAMETERS, before)}
        values.update(zip(_PARAMETERS, before if after is None else after))
        for values["result"] in results:
            truths = []
            for predicate, names in claims:
                try:
                    truths.append(predicate(**{name: values[name] for name in names}))
                except Exception as error:
                    truths.append(type(error).__name__)
            table.append(truths)
    return table
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


_Block = list[Any]
"""Arguments before a call, after it (None: the same), and results, in the codec's JSON form."""


def _blocks(situations: Sequence[Situation]) -> list[_Block]:
    """Arguments with several results one after the other go once."""
    blocks: list[_Block] = []
    last: Situation | None = None
    # The same few results are looked at with each of many arguments.
    results: dict[int, Any] = {}
    for each in situations:
        if last is None or each.before is not last.before or each.after is not last.after:
            before = [encode(value) for value in each.before]
            after = None if each.after is each.before else [encode(value) for value in each.after]
            blocks.append([before, after, []])
        key = id(each.result)
        if key not in results:
            results[key] = encode(each.result)
        blocks[-1][2].append(results[key])
        last = each
    return blocks


@dataclass(frozen=True)
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
        (together,) = await self._evaluate(wanted, [situations], sandbox)
        if together is not None:
            return together
        # One that never comes back must not take the others with it.
        alone = [[situation] for situation in situations]
        columns = [await self._evaluate([place], alone, sandbox) for place in wanted]
        return [
            [None if (table := column[row]) is None else table[0][0] for column in columns]
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
            again = await self._patient.hold([situations[n] for n in doubtful], sandbox, places)
            for number, row in zip(doubtful, again, strict=True):
                rows[number] = row
        return rows

    async def _evaluate(
        self, places: list[int], groups: Sequence[Sequence[Situation]], sandbox: Sandbox
    ) -> list[list[list[Truth]] | None]:
        """For each group, which is one call, its truths; None where nothing came back."""
        job = Job(
            source=self._source,
            invocations=tuple(
                Invocation(function="evaluate", args=(places, _blocks(group))) for group in groups
            ),
            limits=_LIMITS,
        )
        report = await sandbox.run(job)
        if report.loaded is not None:
            return [None for _ in groups]
        return [
            _table(seen.value, len(group), len(places)) if seen.outcome == "returned" else None
            for group, seen in zip(groups, report.observations, strict=True)
        ]

    @cached_property
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
        names = f"_PARAMETERS = {self.parameters!r}"
        return "\n".join([*parts, names, f"_CLAIMS = [{', '.join(table)}]", _EVALUATE])

    @cached_property
    def _patient(self) -> "Predicates":
        return replace(self, forgiving=True)


def _has_float(value: object) -> bool:
    if isinstance(value, dict):
        return any(map(_has_float, cast("dict[object, object]", value).values()))
    if isinstance(value, list | tuple):
        return any(map(_has_float, cast("Sequence[object]", value)))
    return isinstance(value, float)


_TRUTHS: Final = frozenset({bool, str})


def _table(value: object, height: int, width: int) -> list[list[Truth]] | None:
    """What came back, if it is the truths that were asked for: plain data, and so not encoded."""
    if not isinstance(value, list):
        return None
    rows = cast("list[Any]", value)
    if len(rows) != height or not all(type(row) is list and len(row) == width for row in rows):
        return None
    return rows if {type(each) for row in rows for each in row} <= _TRUTHS else None
