"""What an IR claims of any code for it, in a form that can be held against what code did.

Predicates are hostile input too: they are evaluated in a sandbox, on values that code returned in
another one. Only truth values come back.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from ..interfaces import Invocation, Job, Sandbox, SandboxLimits
from ..ir import (
    IR,
    ExampleCall,
    Predicate,
    assertions,
    conditions,
    decode,
    encode,
)
from .inputs import Arguments, generate

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
class Rung:
    """A branch of the effects: where its condition is the first to hold, these are the answers."""

    path: str
    condition: int | None
    """Place of its predicate; None: where no other condition holds."""
    answers: tuple[Any, ...]
    description: str


@dataclass(frozen=True, slots=True)
class ExampleClaim:
    """An example call among the assertions."""

    path: str
    call: ExampleCall
    condition: int | None
    """Place of the predicate over its result; None: the call says its answer or exception."""


@dataclass(frozen=True, slots=True)
class Claims:
    """All that an IR says which can be checked."""

    parameters: tuple[str, ...]
    predicates: tuple[tuple[str, Predicate], ...]
    """Invariants, then preconditions, then the effects' conditions, then those of examples."""
    invariants: range
    preconditions: range
    examples: tuple[ExampleClaim, ...]
    rungs: tuple[Rung, ...]
    literals: tuple[object, ...]
    """Numbers and strings that the task and the IR name."""
    inputs: tuple[Arguments, ...]

    @classmethod
    def of(cls, ir: IR, literals: Sequence[object] = ()) -> "Claims":
        """`literals` are the values that the task itself names."""
        parsed, whens = assertions(ir), conditions(ir)
        invariants = [each for each in parsed if not each[1].example and not _is_precondition(each)]
        before = [each for each in parsed if _is_precondition(each)]
        shown = [(path, each.example) for path, each in parsed if each.example is not None]
        conditioned = [each for each in parsed if each[1].example and each[1].example.condition]
        predicates = (*invariants, *before, *whens, *conditioned)
        places = {path: place for place, (path, _) in enumerate(predicates)}
        named = [value for _, each in (*parsed, *whens) for value in each.literals]
        answers = [value for effect in ir.effects for value in effect.return_values]
        scalars = tuple(_scalars((*literals, *named, *answers)))
        return cls(
            parameters=tuple(parameter.name for parameter in ir.signature.parameters),
            predicates=predicates,
            invariants=range(len(invariants)),
            preconditions=range(len(invariants), len(invariants) + len(before)),
            examples=tuple(ExampleClaim(path, call, places.get(path)) for path, call in shown),
            rungs=tuple(_rungs(ir, places)),
            literals=scalars,
            inputs=tuple(generate(ir.signature, scalars)),
        )

    def __bool__(self) -> bool:
        return bool(self.invariants or self.examples or any(r.answers for r in self.rungs))

    async def hold(
        self, situations: Sequence[Situation], sandbox: Sandbox, places: Sequence[int] | None = None
    ) -> list[list[Truth]]:
        """For each situation the truth of each predicate, in the order of `places` (None: all)."""
        wanted = list(range(len(self.predicates)) if places is None else places)
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
        parts: list[str] = []
        table: list[str] = []
        for place, (_, predicate) in enumerate(self.predicates):
            name = f"claim_{place}"
            parts.append(predicate.compile_source(name))
            names = ["result"] if predicate.example else sorted(predicate.names)
            table.append(f"({name}, {names!r})")
        return "\n".join([*parts, f"_CLAIMS = [{', '.join(table)}]", _EVALUATE])


def _is_precondition(claim: tuple[str, Predicate]) -> bool:
    return claim[1].about_inputs_only


def _rungs(ir: IR, places: Mapping[str, int]) -> Iterator[Rung]:
    """The ladder that the effects make. A condition that cannot be read ends it."""
    otherwise = [e for e in ir.effects if e.when is None and e.return_values]
    conditional = False
    for number, effect in enumerate(ir.effects):
        if effect.when is None:
            continue
        conditional = True
        path = f"effects[{number}]"
        place = places.get(f"{path}.when")
        if place is None:
            return
        yield Rung(path, place, effect.return_values, effect.description)
    # Several unconditional effects are steps, not the rest of a ladder.
    if conditional and len(otherwise) == 1:
        effect = otherwise[0]
        number = ir.effects.index(effect)
        yield Rung(f"effects[{number}]", None, effect.return_values, effect.description)


def _truths(value: object, count: int) -> list[Truth] | None:
    if not isinstance(value, list):
        return None
    truths = [each for each in cast("list[object]", value) if isinstance(each, bool | str)]
    return list(truths) if len(truths) == count else None


def _scalars(values: Iterable[object]) -> Iterator[object]:
    """The numbers and strings in literals, however they are nested."""
    for value in values:
        if isinstance(value, list | tuple | set | frozenset):
            yield from _scalars(cast("Collection[object]", value))
        elif isinstance(value, dict):
            members = cast("dict[object, object]", value)
            yield from _scalars((*members.keys(), *members.values()))
        else:
            yield value
