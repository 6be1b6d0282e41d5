"""What an IR claims of any code for it, in a form that can be held against what code did."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, cast

from ..interfaces import Example
from ..ir import IR, ExampleCall, assertions, conditions
from .implied import implied
from .inputs import Arguments, generate
from .truth import Predicates

_INPUTS = 240
"""How many are made; those that are used are chosen among them."""


@dataclass(frozen=True, slots=True)
class Rung:
    """A branch of the effects: what comes out where its condition is the first to hold."""

    path: str
    condition: int | None
    """Place of its predicate; None: where no other condition holds."""
    answers: tuple[Any, ...]
    raises: str | None
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

    predicates: Predicates
    """Invariants, preconditions, what is implied, the effects' conditions, those of examples."""
    paths: tuple[str, ...]
    """Of each predicate; empty for what is implied."""
    invariants: range
    preconditions: range
    implied: range
    """Preconditions nobody wrote: where one is false, no result is right."""
    examples: tuple[ExampleClaim, ...]
    rungs: tuple[Rung, ...]
    literals: tuple[object, ...]
    """Numbers and strings that the task and the IR name, examples left out."""
    inputs: tuple[Arguments, ...]

    @classmethod
    def of(cls, ir: IR, shown: Sequence[Example] = ()) -> "Claims":
        """`shown` are the task's visible examples: inputs are made around them too.

        Made once: the stages, the checks and each repair ask for those of the same IR.
        """
        text = "\n".join(each.model_dump_json() for each in (ir, *shown))
        return _made(_Source(text, ir, tuple(shown)))

    def __bool__(self) -> bool:
        return bool(self.invariants or self.examples or any(r.answers for r in self.rungs))

    def source(self, place: int) -> str:
        return self.predicates.each[place].source

    @property
    def changes_arguments(self) -> bool:
        """Whether it speaks of what an argument was before the call."""
        return any(name.startswith("old_") for each in self.predicates.each for name in each.names)


@dataclass(frozen=True, slots=True)
class _Source:
    text: str
    """Says all there is to the rest."""
    ir: IR = field(compare=False)
    shown: tuple[Example, ...] = field(compare=False)


@lru_cache(maxsize=64)
def _made(source: _Source) -> Claims:
    ir, shown = source.ir, source.shown
    parsed, whens = assertions(ir), conditions(ir)
    plain = [each for each in parsed if each[1].example is None]
    before = [each for each in plain if each[1].about_inputs_only]
    invariants = [each for each in plain if each not in before]
    needed = [("", each) for each in implied(ir, [each for _, each in invariants])]
    calls = [(path, each.example) for path, each in parsed if each.example is not None]
    conditioned = [each for each in parsed if each[1].example and each[1].example.condition]
    predicates = (*invariants, *before, *needed, *whens, *conditioned)
    places = {path: place for place, (path, _) in enumerate(predicates)}
    named = [value for _, each in (*plain, *whens) for value in each.literals]
    answers = [value for effect in ir.effects for value in effect.return_values]
    seeds = [*(e.args for e in shown), *(call.args for _, call in calls)]
    around = _scalars((*(e.args for e in shown), *named, *answers, *seeds))
    first, second = len(invariants), len(invariants) + len(before)
    return Claims(
        predicates=Predicates(
            tuple(parameter.name for parameter in ir.signature.parameters),
            tuple(predicate for _, predicate in predicates),
        ),
        paths=tuple(path for path, _ in predicates),
        invariants=range(first),
        preconditions=range(first, second),
        implied=range(second, second + len(needed)),
        examples=tuple(ExampleClaim(path, call, places.get(path)) for path, call in calls),
        rungs=tuple(_rungs(ir, places)),
        literals=tuple(_scalars((*named, *answers))),
        inputs=tuple(generate(ir.signature, around, seeds=seeds, count=_INPUTS)),
    )


def _rungs(ir: IR, places: Mapping[str, int]) -> Iterator[Rung]:
    """The ladder that the effects make. A condition that cannot be read ends it."""
    otherwise = [
        (number, effect)
        for number, effect in enumerate(ir.effects)
        if effect.when is None and (effect.return_values or effect.raises)
    ]
    conditional = False
    for number, effect in enumerate(ir.effects):
        if effect.when is None:
            continue
        conditional = True
        path = f"effects[{number}]"
        place = places.get(f"{path}.when")
        if place is None:
            return
        yield Rung(path, place, effect.return_values, effect.raises, effect.description)
    # Several unconditional effects are steps, not the rest of a ladder.
    if conditional and len(otherwise) == 1:
        number, effect = otherwise[0]
        answers, raises = effect.return_values, effect.raises
        yield Rung(f"effects[{number}]", None, answers, raises, effect.description)


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
