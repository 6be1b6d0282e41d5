import collections
import dataclasses
import hashlib
import os
import subprocess
import sys

import pytest

from lift_sys.checking.mutants import mutants
from lift_sys.checking.sandbox import default_sandbox
from lift_sys.data.behaviour import Behaviours
from lift_sys.data.contamination import Contamination, Known
from lift_sys.data.families.registry import family_named
from lift_sys.data.generated import GeneratedSuite, hidden_tests
from lift_sys.data.made import dice_for, inputs_of
from lift_sys.data.suite import VERSION, choose
from lift_sys.data.survey import survey
from lift_sys.errors import InputError, LiftError
from lift_sys.interfaces import DataSource

SMALL = 42
PRINT = f"""
from lift_sys.data.suite import VERSION, choose
from lift_sys.data.survey import survey
for chosen in choose(3, {SMALL}):
    print(chosen.task(1).model_dump_json(), chosen.task(3).request, chosen.made.ir)
"""


@pytest.fixture
async def sandbox():
    made = default_sandbox()
    yield made
    await made.aclose()


def test_five_hundred_tasks_in_balance(suite):
    cells = collections.Counter((c.made.family.category, c.made.family.difficulty) for c in suite)
    assert len(suite) == 500
    assert len(cells) == 21
    assert set(cells.values()) <= {23, 24}
    assert len({chosen.id for chosen in suite}) == 500
    parts = collections.Counter(chosen.part for chosen in suite)
    assert 150 <= parts["held_out"] <= 170
    assert len({chosen.made.family.name for chosen in suite}) >= 85


def test_a_smaller_suite_is_the_beginning_of_a_larger_one(suite):
    assert [c.task() for c in choose(0, SMALL)] == [c.task() for c in suite[:SMALL]]
    assert [c.task() for c in choose(1, SMALL)] != [c.task() for c in suite[:SMALL]]


def test_the_same_seed_gives_the_same_bytes_in_every_process():
    printed = {
        subprocess.run(
            [sys.executable, "-c", PRINT],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "77")
    }
    assert len(printed) == 1
    assert len(printed.pop()) > 10_000


def test_parts_are_what_they_say(suite):
    for chosen in suite:
        assert chosen.part == ("held_out" if chosen.made.family.held_out else "in_family")
        assert chosen.made.cell == (
            "held_out" if chosen.part == "held_out" else "unseen_parameters"
        )


def test_wordings_and_examples(suite):
    for chosen in suite:
        task = chosen.task()
        assert len(set(chosen.requests)) == 3
        assert 2 <= len(task.examples) <= 4
        assert "«" not in task.request
        assert "{" not in task.request.replace("'{'", "").replace('"{"', "")
        assert chosen.task(2).id == f"{task.id}~2"
        assert chosen.task(2).request == chosen.requests[1]


def test_no_two_tasks_do_the_same(suite):
    known = Behaviours()
    for chosen in suite:
        inputs = inputs_of(chosen.made, dice_for("alike", chosen.id), 8)
        assert known.same_as(chosen.made, inputs) == [], chosen.id
        known.add(chosen.id, chosen.made, inputs)
        assert known.same_as(chosen.made, inputs) == [chosen.id]


async def test_hidden_tests_catch_every_mutant_that_differs(suite, sandbox):
    """Held against other inputs than those the tests were chosen from."""
    sample = suite[3:500:12]
    found = await hidden_tests(sample, 0, sandbox)
    alive = wrong = 0
    for chosen, hidden in zip(sample, found, strict=True):
        assert hidden.killed == hidden.different
        assert 8 <= len(hidden.tests) <= 25
        shown = [repr(example.args) for example in chosen.shown]
        assert not [test for test in hidden.tests if repr(test.args) in shown]
        source, name = chosen.made.code.source, chosen.made.code.name
        sources = [source, *(mutant.source for mutant in mutants(source))]
        others = [list(args) for args in inputs_of(chosen.made, dice_for("others"), 100)]
        tests = [list(test.args) for test in hidden.tests]
        differ = survey(sources, name, others, [], [])["different"]
        caught = survey(sources, name, tests, [], [])["different"]
        wrong += sum(map(bool, differ))
        alive += sum(bool(d) and not c for d, c in zip(differ, caught, strict=True))
    assert wrong > 500
    assert alive <= 0.01 * wrong


async def test_a_family_that_contradicts_itself_is_found_out(suite, sandbox):
    chosen = suite[0]
    concept = dataclasses.replace(chosen.made.concept, laws=("result == 'nonsense'",))
    broken = dataclasses.replace(chosen, made=dataclasses.replace(chosen.made, concept=concept))
    with pytest.raises(LiftError, match="breaks the assertion result == 'nonsense'"):
        await hidden_tests([broken], 0, sandbox)


def test_as_a_data_source():
    source = GeneratedSuite(default_sandbox, seed=2, count=SMALL, part="held_out", wording=2)
    assert isinstance(source, DataSource)
    tasks = list(source.tasks())
    assert {task.metadata["part"] for task in tasks} == {"held_out"}
    first = tasks[0]
    hidden = source.hidden([first.id, "none"])
    assert set(hidden) == {first.id}
    assert hidden[first.id].reference.name == first.signature.name
    assert hidden[first.id].ir.signature == first.signature
    assert "seed 2" in source.suite.version
    assert source.hidden([]) == {}


async def test_hidden_tests_can_be_asked_for_inside_a_loop():
    source = GeneratedSuite(default_sandbox, count=1)
    (task,) = source.tasks()
    assert len(source.hidden([task.id])[task.id].tests) >= 8


def test_too_many_tasks_are_refused():
    known = Contamination((Known("everything", "e"),))
    with pytest.raises(InputError, match=r"no more different .* ask for fewer"):
        list(choose(0, 1, known))


def test_known_requests_and_behaviours_are_left_out(suite):
    first, second = suite[0], suite[1]
    by_words = Contamination((Known("w", first.task().request),))
    by_deeds = Contamination((Known("d", "entirely different words", second.shown),))
    assert by_words.of_words(first.task().request)
    assert first.task().request not in [c.task().request for c in choose(0, 5, by_words)]
    assert second.made.code.source not in [c.made.code.source for c in choose(0, 5, by_deeds)]


@pytest.mark.parametrize(
    ("known", "request_", "told"),
    [
        ("Return the sum of all the even numbers in a list", "sum of all the even numbers", "part"),
        (
            "please now give me back the total of every odd number found in it",
            "I say: give me back the total of every odd number found there",
            "in a row",
        ),
        (
            "Count the words of a text that have more than five letters or digits",
            "Count the words of a text that own more than five letters or digits",
            "alike",
        ),
        ("Return the largest number", "Is this text a palindrome?", None),
    ],
)
def test_words_that_are_known(known, request_, told):
    found = Contamination((Known("k", known),)).of_words(request_)
    assert (found is None) if told is None else (told in (found or "")), found


def test_families_are_found_by_name():
    assert family_named("clamp").category == "edge_cases"


def test_a_seed_that_gives_other_tasks_is_another_version(suite):
    """Where this fails on purpose, raise VERSION and write the new digest down."""
    tasks = [chosen.task(wording) for chosen in suite for wording in (1, 2, 3)]
    told = [task.model_dump_json(exclude={"specification"}) for task in tasks]
    told += [chosen.made.ir.model_dump_json() + chosen.made.code.source for chosen in suite]
    assert (VERSION, hashlib.sha256("".join(told).encode()).hexdigest()[:16]) == (
        "2",
        "e74392b681766379",
    )
