"""The function of an example, made once more from where it came."""

from ...interfaces import Sandbox
from ..dataset import TrainingExample
from ..families.concept import Args
from ..families.registry import family_named
from ..made import Made, dice_for, inputs_of, make
from .quality import Measured, measure

_INPUTS = 24
"""Ordinary ones, beside the boundaries."""


def made_again(example: TrainingExample) -> Made:
    family, seed, number = example.origin.split(":")
    return make(family_named(family), int(seed), int(number))


def inputs_for(made: Made, example: TrainingExample) -> list[Args]:
    return inputs_of(made, dice_for("quality", example.origin), _INPUTS)


async def measure_made(made: Made, example: TrainingExample, sandbox: Sandbox) -> Measured:
    inputs = inputs_for(made, example)
    return await measure(example.ir, example.code, inputs, example.examples, sandbox)
