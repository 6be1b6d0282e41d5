"""Nothing that is generated, to evaluate or to train with, is a task of the phases."""

import random

import pytest
from lift_sys_phases.plugin import PhasesOptions
from lift_sys_phases.source import PhasesSource

from lift_sys.data.contamination import Contamination, Known
from lift_sys.data.families.registry import families
from lift_sys.data.made import make
from lift_sys.data.reference import same_answer
from lift_sys.data.suite import choose
from lift_sys.data.wording.library import kept, training
from lift_sys.data.wording.render import render


@pytest.fixture(scope="module")
def phases():
    source = PhasesSource(PhasesOptions(), None)
    tasks = list(source.tasks())
    hidden = source.hidden([task.id for task in tasks])
    return Contamination(tuple(Known.of(task, hidden[task.id]) for task in tasks))


@pytest.mark.parametrize("seed", range(3))
def test_the_suite_is_free_of_the_phases(phases, seed):
    for chosen in choose(seed, 500):
        reference = chosen.made.reference

        def does(args, call, reference=reference):
            return reference.takes(args) and same_answer(reference.answer(args), call)

        assert phases.of_behaviour(len(chosen.made.concept.params), does) is None, chosen.id
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
    for known in phases.known:
        assert phases.of_words(known.request) is not None
        answers = {repr(call.args): call for call in known.calls}

        def does(args, call, answers=answers):
            return repr(args) in answers and same_answer(answers[repr(args)], call)

        width = len(known.calls[0].args)
        if all(len(call.args) == width and not call.kwargs for call in known.calls):
            assert phases.of_behaviour(width, does) is not None
