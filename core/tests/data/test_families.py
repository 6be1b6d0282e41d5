import ast
import itertools
import random

import pytest

from lift_sys.checking.examiner import Examiner
from lift_sys.checking.sandbox import default_sandbox
from lift_sys.checking.specification import check_specification
from lift_sys.data.curriculum import LATEST
from lift_sys.data.families.concept import CATEGORIES, DIFFICULTIES
from lift_sys.data.families.registry import families
from lift_sys.data.made import dice_for, inputs_of, make
from lift_sys.data.wording.grammar import parse
from lift_sys.data.wording.library import kept, training
from lift_sys.data.wording.render import render
from lift_sys.interfaces import Task
from lift_sys.ir import check

DRAWS = 2
each_family = pytest.mark.parametrize("family", families(LATEST), ids=lambda family: family.name)


@pytest.fixture
async def sandbox():
    sandbox = default_sandbox()
    yield sandbox
    await sandbox.aclose()


class Impatient:
    """Some laws would take minutes on the largest inputs: a moment tells that, too."""

    def __init__(self, sandbox):
        self.sandbox = sandbox

    def guards(self):
        return self.sandbox.guards()

    async def run(self, job):
        limits = job.limits.model_copy(update={"cpu_seconds": min(0.2, job.limits.cpu_seconds)})
        return await self.sandbox.run(job.model_copy(update={"limits": limits}))


@each_family
def test_each_skeleton_has_only_places_that_its_family_fills(family):
    concept = make(family, 1, 0).concept
    known = {f"p{place}" for place in range(len(concept.params))} | set(concept.words)
    known |= {"name", "call"}
    for library in (training(LATEST), kept()):
        if family.name in library:
            for text in library[family.name].skeletons:
                for place in parse(text).places():
                    assert place.partition(".")[0] in known, (place, text)


@each_family
def test_wordings_for_evaluation_are_not_those_for_training(family):
    evaluation = kept()[family.name].skeletons if family.name in kept() else ()
    if family.held_out:
        assert family.name not in training(LATEST)
        assert len(set(evaluation)) >= 4
    else:
        learnt = training(LATEST)[family.name].skeletons
        assert len(set(learnt)) == len(learnt) >= {1: 30, 2: 24, 3: 12}[family.since]
        assert len(set(evaluation)) >= (0 if family.since > 1 else 3)
        assert not set(learnt) & set(evaluation)


@each_family
def test_the_same_draw_is_the_same_function(family):
    one, other = make(family, 3, 5), make(family, 3, 5)
    assert one.ir == other.ir
    assert one.code == other.code
    assert inputs_of(one, dice_for("x"), 5) == inputs_of(other, dice_for("x"), 5)


@each_family
def test_every_draw_is_readable_python_a_sound_specification_and_inputs_it_is_for(family):
    for number in range(20):
        made = make(family, 11, number)
        ast.parse(made.code.source)
        assert max(map(len, made.code.source.splitlines())) <= 110, made.code.source
        assert not check(made.ir), (check(made.ir), made.ir)
        for args in inputs_of(made, dice_for("inputs", number), 20):
            assert made.reference.admits(args), (made.code.source, args)
            assert len(args) == len(made.concept.params)
            made.reference.answer(args)


@pytest.mark.parametrize("difficulty", DIFFICULTIES)
@pytest.mark.parametrize("category", CATEGORIES)
async def test_reference_and_specification_agree(category, difficulty, sandbox):
    """By execution, on inputs that neither was made for; the interpreter finds no error."""
    of = [f for f in families(LATEST) if (f.category, f.difficulty) == (category, difficulty)]
    for family, number in itertools.product(of, range(DRAWS)):
        made = make(family, 17, number)
        task = Task(id=family.name, request=_any_request(made), signature=made.signature)
        if number == 0:  # of all that is done here it takes longest
            hasty = Examiner(task, made.ir, Impatient(sandbox))
            specified = await check_specification(task, made.ir, hasty)
            assert not specified.failures, (made.ir, specified)
        verdict = await Examiner(task, made.ir, sandbox).examine(made.code)
        assert verdict.passed, (made.code.source, verdict)
        wrong = [note for note in verdict.notes if "nothing says what" not in note]
        assert not wrong, (made.code.source, wrong)


def _any_request(made):
    wordings = {**training(LATEST), **kept()}
    return render(made.concept, wordings[made.family.name], random.Random(0))
