"""Nothing that is generated, to evaluate or to train with, is a task of the phases."""

import random

import pytest
from lift_sys_phases.plugin import PhasesOptions
from lift_sys_phases.source import PhasesSource

from lift_sys.data.contamination import Contamination, Known
from lift_sys.data.families.registry import families
from lift_sys.data.made import dice_for, inputs_of, make
from lift_sys.data.reference import trusted
from lift_sys.data.suite import choose
from lift_sys.data.wording.library import kept, training
from lift_sys.data.wording.render import render


@pytest.fixture(scope="module")
def phases():
    source = PhasesSource(PhasesOptions(), None)
    tasks = list(source.tasks())
    hidden = source.hidden([task.id for task in tasks])
    return Contamination(
        tuple(Known.of(t, hidden[t.id], trusted(hidden[t.id].reference)) for t in tasks)
    )


@pytest.mark.parametrize("seed", range(3))
def test_the_suite_is_free_of_the_phases(phases, seed):
    for chosen in choose(seed, 500):
        inputs = inputs_of(chosen.made, dice_for("phases", chosen.id), 20)
        assert phases.of_behaviour(chosen.made.reference, inputs) is None, chosen.id
        for request in chosen.requests:
            assert phases.of_words(request) is None, request


@pytest.mark.parametrize("library", [training, kept])
def test_no_wording_is_one_of_the_phases(phases, library):
    for family in families():
        if family.name in library():
            for number in range(8):
                made = make(family, 1, number)
                dice = random.Random(f"{family.name}{number}")
                request = render(made.concept, library()[family.name], dice)
                assert phases.of_words(request) is None, request


def test_a_phase_would_be_noticed(phases):
    """By its words, and the families that make the phases' functions by what they do."""
    for known in phases.known:
        assert phases.of_words(known.request) is not None
    told = set()
    for family in families():
        for number in range(40):
            made = make(family, 2, number)
            inputs = inputs_of(made, dice_for("phases", number), 10)
            told.add(phases.of_behaviour(made.reference, inputs))
    assert len(told - {None}) >= 8, told
