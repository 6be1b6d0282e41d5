"""Which functions do the same, by their answers to each other's inputs."""

from collections.abc import Sequence

from ..ir import normalise_type
from .families.concept import Args
from .made import Made
from .reference import same_answer


def kind_of(made: Made) -> str:
    """Its parameters' types: functions of other kinds cannot do the same."""
    return ", ".join(normalise_type(param.type) for param in made.concept.params)


def do_the_same(one: Made, inputs: Sequence[Args], other: Made, theirs: Sequence[Args]) -> bool:
    """On all inputs of both that both are for."""
    return all(
        same_answer(one.reference.answer(args), other.reference.answer(args))
        for args in (*inputs, *theirs)
        if one.reference.admits(args) and other.reference.admits(args)
    )
