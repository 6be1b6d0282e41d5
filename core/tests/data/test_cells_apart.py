"""Unseen parameters, unseen wordings, unseen families: apart from what is learnt, and by how much.

By what functions do, by the words of requests, and by who decides which of them is learnt from.
"""

import collections

import pytest

from lift_sys.data.behaviour import Behaviours
from lift_sys.data.contamination import MinHash, words
from lift_sys.data.curriculum import LATEST
from lift_sys.data.dataset import cluster_of, learnable
from lift_sys.data.families.registry import families
from lift_sys.data.made import dice_for, inputs_of, make
from lift_sys.data.wording.frames import CASUAL, DIVERSE, KEPT, TRAINING
from lift_sys.data.wording.library import kept, training
from lift_sys.data.wording.render import render

LEARNT, EVALUATED = 60, 8
"""Draws of each family."""
ALIKE = 0.8
"""From here on two wordings of one function count as one."""


def telling(made):
    return inputs_of(made, dice_for("cells", made.parameters), 12)


@pytest.fixture(scope="module")
def learnt():
    """Functions of all families, each once."""
    found, seen = Behaviours(), set()
    for family in learnable((), LATEST):
        for number in range(LEARNT):
            made = make(family, 21, number)
            if made.cell == "training" and cluster_of(made) not in seen:
                seen.add(cluster_of(made))
                found.add(f"{family.name}: {made.parameters}", made, telling(made))
    return found


def test_no_task_of_the_suite_does_what_a_training_function_does(learnt, suite):
    for chosen in suite:
        assert learnt.same_as(chosen.made, telling(chosen.made)) == [], chosen.id


def test_no_function_kept_for_evaluation_does_what_a_training_function_does(learnt):
    """As they are drawn for exams: with other seeds, whatever the suite takes of them."""
    cells = collections.Counter()
    for family in families(LATEST):
        for number in range(EVALUATED):
            made = make(family, 33, number)
            if made.cell != "training":
                cells[made.cell] += 1
                assert learnt.same_as(made, telling(made)) == [], (family.name, made.parameters)
    assert cells["held_out"] == EVALUATED * sum(family.held_out for family in families(LATEST))
    assert cells["unseen_parameters"] > 60


def test_the_same_function_would_be_noticed(learnt):
    """Drawn once more, with other names and other inputs to tell it by."""
    for family in learnable((), LATEST):
        made = next(m for m in (make(family, 21, n) for n in range(60)) if m.cell == "training")
        inputs = inputs_of(made, dice_for("otherwise", family.name), 9)
        assert f"{family.name}: {made.parameters}" in learnt.same_as(made, inputs)


def test_parameters_decide_and_nothing_else():
    cells = collections.defaultdict(set)
    for family in families(LATEST):
        for number in range(30):
            made = make(family, 9, number)
            cells[family.name, made.parameters].add(made.cell)
            assert made.is_open or made.cell != "unseen_parameters"
    assert all(len(cell) == 1 for cell in cells.values())
    found = collections.Counter(cell for each in cells.values() for cell in each)
    share = found["unseen_parameters"] / (found["training"] + found["unseen_parameters"])
    assert 0.1 < share < 0.3


def test_wordings_for_evaluation_are_other_sentences():
    """The same function, said both ways: by far not alike, although its phrases are shared."""
    learnt = {frame.before for frame in (*TRAINING, *CASUAL, *DIVERSE)}
    assert not learnt & {frame.before for frame in KEPT}
    nearest = []
    for family in learnable():
        made = make(family, 3, 1)
        dice = dice_for("both ways", family.name)
        ours = [render(made.concept, training(LATEST)[family.name], dice) for _ in range(20)]
        theirs = [render(made.concept, kept()[family.name], dice) for _ in range(6)]
        assert not {" ".join(words(text)) for text in ours} & {
            " ".join(words(text)) for text in theirs
        }
        hashed = [MinHash(text) for text in ours]
        for text in theirs:
            other = MinHash(text)
            likeness = max(one.likeness(other) for one in hashed)
            assert likeness < ALIKE, (family.name, text)
            nearest.append(likeness)
    assert sum(nearest) / len(nearest) < 0.3


def test_families_held_out_have_no_words_to_learn_from(suite):
    """Nor is a request of the suite worded like one for training of any function."""
    assert not set(training(LATEST)) & {
        family.name for family in families(LATEST) if family.held_out
    }
    hashed = []
    for family in learnable((), LATEST):
        made = make(family, 8, 0)
        dice = dice_for("learnt", family.name)
        learnt = training(LATEST)[family.name]
        hashed += [MinHash(render(made.concept, learnt, dice)) for _ in range(3)]
    for chosen in suite[::2]:
        other = MinHash(chosen.requests[0])
        assert max(one.likeness(other) for one in hashed) < ALIKE, chosen.requests[0]
