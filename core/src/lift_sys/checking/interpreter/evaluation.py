"""Evaluates an IR's predicates, and parts of them, in a sandbox: only plain data comes back.

One invocation for each predicate, so that one which never ends costs its own answers only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from ...interfaces import Invocation, Job, Sandbox, SandboxLimits
from ...ir import Predicate, ValueCodecError, decode, encode
from ..inputs import Arguments
from ..truth import Truth

Block = tuple[Arguments, Sequence[object]]
"""An input, and the results to look at it with."""

_LIMITS: Final = SandboxLimits(cpu_seconds=1.0, wall_seconds=2.0, job_seconds=20.0)

_INSIDE: Final = """
def _named(arguments, result=None):
    values = dict(zip(_PARAMETERS, arguments))
    values.update(("old_" + name, value) for name, value in zip(_PARAMETERS, arguments))
    values["result"] = result
    return values


def truths(place, blocks):
    predicate, names = _PREDICATES[place]
    table = []
    for arguments, results in blocks:
        row = []
        for result in results:
            values = _named(arguments, result)
            try:
                row.append(predicate(**{name: values[name] for name in names}))
            except Exception as error:
                row.append(type(error).__name__)
        table.append(row)
    return table


def _plain(value, room=200):
    if type(value) in (list, tuple):
        return len(value) <= room and all(_plain(item, 20) for item in value)
    if type(value) is int:
        return value.bit_length() <= 512
    return value is None or type(value) in (bool, float) or (
        type(value) in (str, bytes) and len(value) <= 500
    )


def values(place, inputs):
    guards, expression, names = _PINS[place]
    found = []
    for arguments in inputs:
        named = _named(arguments)
        try:
            holds = all(
                bool(guard(**{name: named[name] for name in own})) is wanted
                for guard, own, wanted in guards
            )
            value = expression(**{name: named[name] for name in names}) if holds else None
        except Exception:
            holds = False
        found.append([value] if holds and _plain(value) else [])
    return found
"""


@dataclass(frozen=True, slots=True)
class Pin:
    """Where every guard has its truth, an assertion demands this very result."""

    place: int
    """Of the assertion it was read from."""
    guards: tuple[tuple[str, frozenset[str], bool], ...]
    """Expression, the names in it, and the truth it must have."""
    expression: str
    names: frozenset[str]
    identity: bool
    """Said with `is`: 1 will then not do for True."""


@dataclass(frozen=True, slots=True)
class Evaluator:
    parameters: tuple[str, ...]
    predicates: tuple[Predicate, ...]
    sandbox: Sandbox

    async def truths(
        self, blocks: Mapping[int, Sequence[Block]]
    ) -> dict[int, list[list[Truth]] | None]:
        """By place of a predicate the truth for each block and result; None: nothing came back."""
        wanted = [place for place in blocks if blocks[place]]
        codec = _Codec()
        calls = [(place, codec.encoded(blocks[place])) for place in wanted]
        answers = await self._run("truths", calls)
        found = dict(zip(wanted, map(_table, answers), strict=True))
        return {place: found.get(place, []) for place in blocks}

    async def values(
        self, pins: Sequence[Pin], inputs: Sequence[Arguments]
    ) -> list[list[list[Any]]]:
        """For each pin and input the value it demands as a list of one; an empty list: none."""
        data = encode([list(arguments) for arguments in inputs])
        answers = await self._run("values", [(number, data) for number in range(len(pins))], pins)
        nothing: list[list[Any]] = [[] for _ in inputs]
        return [
            cast("list[list[Any]]", answer) if isinstance(answer, list) else nothing
            for answer in answers
        ]

    async def _run(
        self, function: str, calls: Sequence[tuple[int, Any]], pins: Sequence[Pin] = ()
    ) -> list[object]:
        if not calls:
            return []
        job = Job(
            source=self._source(pins),
            invocations=tuple(Invocation(function=function, args=call) for call in calls),
            limits=_LIMITS,
        )
        report = await self.sandbox.run(job)
        if report.loaded is not None:
            return [None for _ in calls]
        return [
            decode(seen.value) if seen.outcome == "returned" else None
            for seen in report.observations
        ]

    def _source(self, pins: Sequence[Pin]) -> str:
        parts: list[str] = ["import math", "from collections import Counter"]
        predicates: list[str] = []
        for place, predicate in enumerate(self.predicates):
            parts.append(predicate.compile_source(f"claim_{place}"))
            names = ["result"] if predicate.example else sorted(predicate.names)
            predicates.append(f"(claim_{place}, {names!r})")
        pinned: list[str] = []
        for number, pin in enumerate(pins):
            guards: list[str] = []
            for place, (text, names, wanted) in enumerate(pin.guards):
                parts.append(_function(f"guard_{number}_{place}", text, names))
                guards.append(f"(guard_{number}_{place}, {sorted(names)!r}, {wanted})")
            parts.append(_function(f"pin_{number}", pin.expression, pin.names))
            pinned.append(f"([{', '.join(guards)}], pin_{number}, {sorted(pin.names)!r})")
        tables = [
            f"_PARAMETERS = {self.parameters!r}",
            f"_PREDICATES = [{', '.join(predicates)}]",
            f"_PINS = [{', '.join(pinned)}]",
        ]
        return "\n".join([*parts, *tables, _INSIDE])


def _function(name: str, text: str, names: frozenset[str]) -> str:
    keywords = f"*, {', '.join(sorted(names))}" if names else ""
    return f"def {name}({keywords}):\n    return ({text})\n"


class _Codec:
    """Encodes once what stands in many blocks: the same input, the same results."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Sequence[object], list[Any]]] = {}

    def encoded(self, blocks: Sequence[Block]) -> list[list[list[Any]]]:
        return [[self._each(arguments), self._each(results)] for arguments, results in blocks]

    def _each(self, values: Sequence[object]) -> list[Any]:
        known = self._known.get(id(values))
        if known is None:
            # Held, so that no other takes its identity.
            known = self._known[id(values)] = (values, [encode(value) for value in values])
        return known[1]


def _table(answer: object) -> list[list[Truth]] | None:
    return cast("list[list[Truth]]", answer) if isinstance(answer, list) else None


def encodable(values: Sequence[object]) -> bool:
    try:
        encode(list(values))
    except ValueCodecError:
        return False
    return True
