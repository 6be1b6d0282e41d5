import asyncio
import json
import random
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: `.ci/heavy train` runs these")

from lift_sys_scratch.batches import Position, batches
from lift_sys_scratch.exams import exams
from lift_sys_scratch.lessons import Case, Lesson, Mix, lesson
from lift_sys_scratch.shelf import LEARNT, Shelf, fill
from lift_sys_scratch.suites import Suites
from lift_sys_scratch.vocabulary import make_vocabulary

from lift_sys.checking.sandbox import default_sandbox
from lift_sys.data.dataset import learnable, training_examples
from lift_sys.data.dialect import Vocabulary, ask_code, ask_specification, take_out
from lift_sys.data.dialect.marks import (
    BAD,
    CODE,
    REQUEST,
    SIGNATURE,
    SPECIFICATION,
    UNKNOWN,
)
from lift_sys.data.dialect.vocabulary import BORDERS
from lift_sys.data.wording.library import kept
from lift_sys.errors import InputError
from lift_sys.ir import canonical_json


async def drawn(count: int) -> list[Case]:
    sandbox = default_sandbox()
    try:
        examples = training_examples(5, sandbox, wordings=1)
        return [Case.of(await anext(examples)) for _ in range(count)]
    finally:
        await sandbox.aclose()


CASES = asyncio.run(drawn(400))


def taught(mix: Mix) -> list[Lesson]:
    dice = random.Random(1)
    return [lesson(case, dice, mix) for case in CASES]


PLAIN = taught(Mix(0, 0, 0))
LESSONS = [*PLAIN, *taught(Mix(1, 0, 0)), *taught(Mix(0, 1, 0)), *taught(Mix(0, 0, 1))]


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return make_vocabulary(LESSONS, 1400, 100)


def test_a_lesson_begins_with_the_prompts_of_its_task():
    for case, one in zip(CASES, PLAIN, strict=True):
        asked = ask_specification(case.request, case.ir.signature)
        assert one.given == asked.words
        ir = asked.specification(one.learnt)
        assert ir.signature == case.ir.signature
        second = ask_code(case.request, ir)
        assert (*one.given, *one.learnt)[: len(second.words)] == second.words
        place = one.learnt.index(CODE) + 1
        assert second.code(one.learnt[place:]).name == case.code.name


def test_a_lesson_without_a_signature_teaches_to_find_one():
    for case, one in zip(CASES, taught(Mix(1, 0, 0)), strict=True):
        assert one.given[-1] == SIGNATURE
        ir = ask_specification(case.request).specification(one.learnt)
        assert ir.signature == case.ir.signature


def test_what_is_mended_was_wrong_and_is_right_afterwards():
    specifications = codes = 0
    for case, one in zip(CASES, taught(Mix(0, 1, 0)), strict=True):
        if BAD not in one.given:
            continue  # nothing in it can be mistaken
        place = one.given.index(BAD)
        bad = one.given[: place + 1]
        asked = ask_specification(case.request, case.ir.signature)
        if one.given[-1] == SPECIFICATION:
            specifications += 1
            assert bad[len(asked.words) : -1] != one.learnt[:-1]
            assert len(bad) - len(asked.words) == len(one.learnt)
        else:
            codes += 1
            assert one.given[-1] == CODE
            assert bad[bad.index(CODE) + 1 : -1] != one.learnt[:-1]
    assert specifications > 20
    assert codes > 20


def test_no_lesson_gives_an_example_that_must_be_computed():
    for case, one in zip(CASES, PLAIN, strict=True):
        asked = ask_specification(case.request, case.ir.signature)
        told = asked.specification(one.learnt)
        kept_ones = {assertion.predicate for assertion in told.assertions}
        assert len(kept_ones) <= len(case.ir.assertions)
        laws = [a for a in told.assertions if not a.predicate.startswith(case.code.name + "(")]
        assert len(laws) == len(
            [a for a in case.ir.assertions if not a.predicate.startswith(case.code.name + "(")]
        ), canonical_json(case.ir)


def test_exams_are_of_their_cells_and_of_no_lesson():
    found = list(exams(990_001, 24))
    assert set(Counter(exam.cell for exam in found)) == {
        "unseen parameters",
        "unseen wordings",
        "unseen wordings, no signature",
        "held-out families",
        "held-out compositions",
    }
    assert all((e.task.signature is None) == (e.cell.endswith("no signature")) for e in found)
    names = {family.name for family in learnable()}
    requests = {case.request for case in CASES}
    for exam in found:
        assert (exam.task.metadata["family"] in names) == (exam.cell[:8] != "held-out")
        assert exam.task.request not in requests
        assert exam.tests
        shown = {repr(one.args) for one in exam.task.examples}
        assert shown.isdisjoint(repr(one.args) for one in exam.tests)
    assert kept().keys() >= {e.task.metadata["family"] for e in found if e.cell[0] == "h"}


def test_the_vocabulary_says_every_lesson(vocabulary: Vocabulary):
    for one in LESSONS:
        if all(map(str.isascii, one.learnt)):
            assert vocabulary.decode(vocabulary.encode(one.learnt)) == list(one.learnt)
    assert vocabulary.decode(vocabulary.encode(["é", "naive"])).count(UNKNOWN) == 1


def test_the_same_lessons_give_the_same_vocabulary(vocabulary: Vocabulary):
    assert make_vocabulary(LESSONS, 1400, 100) == vocabulary
    assert len(vocabulary) <= 1400


def test_pairs_are_joined_in_the_order_of_their_frequency():
    lessons = [Lesson((SIGNATURE, *["abab"] * 9, *["abc"] * 5, *["xy"] * 4, "zz"), ())]
    found = make_vocabulary(lessons, 2000, 0)
    assert found.merges == (
        ("a", "##b"),
        ("##a", "##b"),
        ("ab", "##ab"),
        ("ab", "##c"),
        ("x", "##y"),
    )
    assert found.encode(["abab", "abc", "ababc"]) == [
        *(found.tokens.index("abab"), found.tokens.index("abc")),
        *(found.tokens.index("abab"), found.tokens.index("##c")),
    ]


def test_phrases_cross_no_border_and_enter_no_request(vocabulary: Vocabulary):
    assert vocabulary.phrases
    assert all(BORDERS.isdisjoint(phrase) for phrase in vocabulary.phrases)
    assert all("<s1>" not in phrase for phrase in vocabulary.phrases)
    phrase = vocabulary.phrases[0]
    assert len(vocabulary.encode([SIGNATURE, *phrase])) == 2
    in_request = vocabulary.encode([REQUEST, *phrase, SIGNATURE])
    assert all(number < len(vocabulary.tokens) for number in in_request)


def test_it_is_read_as_it_was_written(vocabulary: Vocabulary, tmp_path: Path):
    vocabulary.save(tmp_path / "v.json")
    assert Vocabulary.load(tmp_path / "v.json") == vocabulary


@pytest.fixture(scope="module")
def shelf(vocabulary: Vocabulary, tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    return fill(tmp_path_factory.mktemp("shelf"), LESSONS, vocabulary, 384)


def test_the_shelf_holds_the_lessons_and_what_is_learnt(shelf: Shelf, vocabulary: Vocabulary):
    first = np.array(shelf.lesson(0))
    learnt = [int(token) & (LEARNT - 1) for token in first if token & LEARNT]
    assert vocabulary.decode(learnt) == list(LESSONS[0].learnt)
    given = [int(token) for token in first if not token & LEARNT]
    assert given == vocabulary.encode(LESSONS[0].given)


def test_what_no_token_says_is_not_taught(vocabulary: Vocabulary, tmp_path: Path):
    lessons = [Lesson((SIGNATURE,), ("né",)), Lesson((SIGNATURE, "né"), ("a",))]
    assert len(fill(tmp_path, lessons, vocabulary, 384)) == 1
    assert json.loads((tmp_path / "lessons.json").read_text())["left_out"] == 1
    with pytest.raises(InputError, match="not one of 1 lessons") as told:
        fill(tmp_path / "none", lessons[:1], vocabulary, 384)
    assert "longest" in told.value.remedy


def first_lessons(shelf: Shelf, epochs: int) -> list[torch.Tensor]:
    rows: list[torch.Tensor] = []
    for position, tokens, _ in batches(shelf, 3, 2048, Position()):
        if position.epoch == epochs:
            return rows
        assert tokens.numel() <= 2048
        rows += tokens
    raise AssertionError


def test_an_epoch_has_every_lesson_once_and_little_padding(shelf: Shelf):
    rows = first_lessons(shelf, 1)
    expected = Counter(
        tuple((shelf.lesson(place) & (LEARNT - 1)).tolist()) for place in range(len(shelf))
    )
    assert Counter(tuple(token for token in row.tolist() if token) for row in rows) == expected
    assert sum(int((row == 0).sum()) for row in rows) < 0.1 * sum(len(row) for row in rows)


def test_batches_go_on_from_any_position(shelf: Shelf):
    stream = batches(shelf, 3, 1024, Position())
    told = [next(stream) for _ in range(40)]
    again = batches(shelf, 3, 1024, told[24][0])
    for place in range(25, 40):
        position, tokens, counts = next(again)
        assert position == told[place][0]
        assert torch.equal(tokens, told[place][1])
        assert torch.equal(counts, told[place][2])


def test_literals_travel_in_slots():
    request = "Say 'blorp' above 40, 'snivet' above 17, else 'quax'"
    values = set(take_out(request).slots.values.values())
    assert values == {"blorp", 40, "snivet", 17, "quax"}


def test_a_suite_is_measured_and_kept_out_of_the_lessons() -> None:
    suites = Suites.named(["phases"])
    chosen = [*suites.exams()]
    assert len(chosen) == len({exam.task.id for exam in chosen}) == 18
    assert {exam.cell for exam in chosen} == {"phases"}
    assert all(exam.tests for exam in chosen)
    known = suites.contamination()
    assert all(known.of_words(exam.task.request) is not None for exam in chosen)
