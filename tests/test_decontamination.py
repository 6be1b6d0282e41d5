"""Nothing that is generated, to evaluate or to train with, is a task of the phases."""

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest
from lift_sys_phases.plugin import PhasesOptions
from lift_sys_phases.source import PhasesSource

from lift_sys.checking.sandbox import default_sandbox
from lift_sys.data.building.functions import made_again
from lift_sys.data.contamination import Contamination, Known
from lift_sys.data.curriculum import LATEST, Curriculum
from lift_sys.data.dataset import training_examples
from lift_sys.data.families.registry import families
from lift_sys.data.made import dice_for, inputs_of, make
from lift_sys.data.reference import trusted
from lift_sys.data.suite import choose
from lift_sys.data.wording.library import kept, training
from lift_sys.data.wording.render import Wording, render


@pytest.fixture(scope="module")
def phases():
    source = PhasesSource(PhasesOptions(), None)
    tasks = list(source.tasks())
    hidden = source.hidden([task.id for task in tasks])
    return Contamination(
        tuple(Known.of(t, hidden[t.id], trusted(hidden[t.id].reference)) for t in tasks)
    )


@pytest.mark.parametrize(("seed", "count"), [(0, 500), (1, 126), (2, 126)])
def test_the_suite_is_free_of_the_phases(phases, seed, count):
    """The whole of the suite as it comes; of others the beginning, which has all cells in it."""
    for chosen in choose(seed, count):
        inputs = inputs_of(chosen.made, dice_for("phases", chosen.id), 20)
        assert phases.of_behaviour(chosen.made.reference, inputs) is None, chosen.id
        for request in chosen.requests:
            assert phases.of_words(request) is None, request


def added(curriculum: Curriculum, before: Curriculum) -> dict[str, Wording]:
    """What the later one has beside the skeletons of the one before it."""
    known = {line for wording in training(before).values() for line in wording.skeletons}
    return {
        name: replace(one, skeletons=tuple(line for line in one.skeletons if line not in known))
        for name, one in training(curriculum).items()
        if name not in training(before)
        or len(one.skeletons) > len(training(before)[name].skeletons)
    }


@pytest.mark.parametrize(
    "library", [training(), added(2, 1), added(3, 2), kept()], ids=["1", "2", "3", "kept"]
)
def test_no_wording_is_one_of_the_phases(phases, library):
    for family in families(LATEST):
        if family.name in library:
            for number in range(8):
                made = make(family, 1, number)
                dice = random.Random(f"{family.name}{number}")
                request = render(made.concept, library[family.name], dice)
                assert phases.of_words(request) is None, request


def test_no_wording_is_one_of_the_phases_in_a_strangers_words():
    """Which nobody who writes wordings has read."""
    file = Path(__file__).parents[1] / "benchmarks" / "embedded_model" / "phases_reworded.jsonl"
    told = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    known = Contamination(tuple(Known(one["task"], one["request"]) for one in told))
    for family in families(LATEST):
        if not family.held_out:
            for number in range(6):
                made = make(family, 6, number)
                dice = random.Random(f"{family.name}{number}")
                request = render(made.concept, training(LATEST)[family.name], dice)
                assert known.of_words(request) is None, request


@pytest.mark.parametrize("curriculum", [1, LATEST])
async def test_training_examples_are_free_of_the_phases(phases, curriculum):
    """A function of the phases may be learnt where it has no open parameter: it is everybody's."""
    sandbox = default_sandbox()
    examples = training_examples(1, sandbox, contamination=phases, curriculum=curriculum)
    try:
        for _ in range(160):
            example = await anext(examples)
            assert phases.of_words(example.request) is None, example.request
            made = made_again(example)
            if made.is_open:
                inputs = inputs_of(made, dice_for("phases", example.id), 20)
                assert phases.of_behaviour(made.reference, inputs) is None, example.code
    finally:
        await examples.aclose()
        await sandbox.aclose()


def test_a_phase_would_be_noticed(phases):
    """By its words, and the families that make the phases' functions by what they do."""
    for known in phases.known:
        assert phases.of_words(known.request) is not None
    told = set()
    for family in families():
        for number in range(15):
            made = make(family, 2, number)
            inputs = inputs_of(made, dice_for("phases", number), 10)
            told.add(phases.of_behaviour(made.reference, inputs))
    assert len(told - {None}) >= 8, told
