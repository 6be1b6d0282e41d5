"""From a family and a number to one function: specification, reference code, inputs."""

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ..interfaces import Code, Example
from ..ir import IR, Assertion, Intent, Parameter, Provenance, Signature
from .families.concept import Args, Concept, Family
from .families.draw import Draw
from .reference import Reference

Cell = Literal["training", "unseen_parameters", "held_out"]
_KEPT_OF_FIVE = 1
"""How many of five parameter sets are kept for evaluation."""


@dataclass(frozen=True, slots=True)
class Made:
    family: Family
    concept: Concept
    parameters: str
    """Everything the behaviour depends on, as text."""
    is_open: bool
    """A parameter came from so large a space that most of it is never seen."""
    cell: Cell
    ir: IR
    reference: Reference

    @property
    def code(self) -> Code:
        return self.reference.code

    @property
    def signature(self) -> Signature:
        return self.ir.signature


def make(family: Family, seed: int, number: int) -> Made:
    """The same three, the same function, on every machine."""
    draw = Draw(dice_for(family.name, seed, number))
    concept = family.make(draw)
    reference = Reference(concept)
    return Made(
        family=family,
        concept=concept,
        parameters=draw.record,
        is_open=draw.is_open,
        cell=_cell(family, draw),
        ir=specification(concept, reference),
        reference=reference,
    )


def dice_for(*parts: object) -> random.Random:
    """Seeded by text, so that neither hash seeds nor the order of work matter."""
    return random.Random(":".join(map(str, parts)))


def _cell(family: Family, draw: Draw) -> Cell:
    """By the parameters alone. What has none that are open can only be known to all."""
    if family.held_out:
        return "held_out"
    digest = hashlib.sha256(f"{family.name}:{draw.record}".encode()).digest()
    kept = draw.is_open and digest[0] % 5 < _KEPT_OF_FIVE
    return "unseen_parameters" if kept else "training"


def specification(concept: Concept, reference: Reference) -> IR:
    parameters = tuple(
        Parameter(name=param.name, type=param.type, description=param.note)
        for param in concept.params
    )
    asked = (call_text(reference.answer(args), concept.name) for args in _distinct(concept.ask))
    return IR(
        intent=Intent(summary=concept.summary),
        signature=Signature(name=concept.name, parameters=parameters, returns=concept.returns),
        effects=concept.effects,
        assertions=tuple(
            Assertion(predicate=text) for text in (*concept.needs, *concept.laws, *asked)
        ),
        constraints=concept.constraints,
        provenance=Provenance(source="person"),
    )


def call_text(example: Example, name: str) -> str:
    """As an assertion of the specification says it."""
    call = example.call(name)
    if example.raises is not None:
        return f"{call} raises {example.raises}"
    if example.expected is None or isinstance(example.expected, bool):
        return f"{call} is {example.expected}"
    return f"{call} == {example.expected!r}"


def inputs_of(made: Made, dice: random.Random, ordinary: int) -> list[Args]:
    """Boundaries first, then ordinary ones, each once."""
    drawn = (made.concept.ordinary(dice) for _ in range(ordinary))
    return list(_distinct((*made.concept.edges, *made.concept.ask, *drawn)))


def _distinct(inputs: tuple[Args, ...]) -> Iterator[Args]:
    seen: set[str] = set()
    for args in inputs:
        text = repr(args)
        if text not in seen:
            seen.add(text)
            yield args


__all__ = ["Cell", "Made", "call_text", "dice_for", "inputs_of", "make", "specification"]
