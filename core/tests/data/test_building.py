"""A data set as a folder: what is in it, that it can be killed anywhere, what spoils it."""

import asyncio
import dataclasses
import hashlib
import json
import os
import random
from errno import ENOSPC

import pytest

from lift_sys.checking.examiner import Examiner
from lift_sys.checking.sandbox import default_sandbox
from lift_sys.data.behaviour import do_the_same, kind_of
from lift_sys.data.building import builder
from lift_sys.data.building.builder import build
from lift_sys.data.building.folder import CARD, MANIFEST, PARTS, DataSet, file_of
from lift_sys.data.building.functions import inputs_for, made_again
from lift_sys.data.building.journal import JOURNAL
from lift_sys.data.building.plan import Plan
from lift_sys.data.building.quality import literals_kept, measure, survey_answers
from lift_sys.data.building.review import REVIEW, Decision, Decisions, edited
from lift_sys.data.building.sieve import Sieve
from lift_sys.data.contamination import Contamination, Known
from lift_sys.data.dataset import TrainingExample, cluster_of
from lift_sys.data.splits import split
from lift_sys.errors import InputError
from lift_sys.interfaces import Code, Task

PLAN = Plan(count=36, seed=5, typos=0.05)


class Killed(BaseException):
    pass


@pytest.fixture(autouse=True)
def small_steps(monkeypatch):
    monkeypatch.setattr(builder, "_BATCH", 4)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A data set of four steps; tests that change it work on a copy."""
    folder = tmp_path_factory.mktemp("sets") / "whole"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(builder, "_BATCH", 4)
        built(folder)
    return folder


@pytest.fixture
def copied(whole, tmp_path):
    folder = tmp_path / "copy"
    folder.mkdir()
    for name, data in files(whole).items():
        (folder / name).write_bytes(data)
    return folder


def built(folder, plan=PLAN, **options):
    return in_sandbox(lambda sandbox: build(folder, plan, sandbox, **options))


def in_sandbox(work):
    async def run():
        sandbox = default_sandbox()
        try:
            return await work(sandbox)
        finally:
            await sandbox.aclose()

    return asyncio.run(run())


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_killed_at_any_point_it_goes_on_to_the_very_same_files(whole, tmp_path):
    journal = (whole / JOURNAL).read_bytes()
    lines = journal.splitlines(keepends=True)
    assert len(lines) >= 4
    begun = {
        "before anything was known": journal[:9],
        "in the middle of the second step": lines[0] + lines[1] + lines[2][:2000],
    }
    for told, text in begun.items():
        folder = tmp_path / told
        folder.mkdir()
        (folder / JOURNAL).write_bytes(text)
        built(folder)
        assert files(folder) == files(whole), told

    def kill(progress):
        raise Killed

    folder = tmp_path / "after the first step"
    with pytest.raises(Killed):
        built(folder, tell=kill)
    with pytest.raises(InputError, match="not built to its end"):
        DataSet.open(folder)
    built(folder)
    assert files(folder) == files(whole)


def test_a_full_disk_is_told_and_gone_on_from(whole, tmp_path, monkeypatch):
    def full(_):
        raise OSError(ENOSPC, os.strerror(ENOSPC))

    folder = tmp_path / "full"
    with monkeypatch.context() as patch:
        patch.setattr("lift_sys.data.building.journal.os.fsync", full)
        with pytest.raises(InputError, match="No space left") as told:
            built(folder)
    assert "goes on" in told.value.remedy
    built(folder)
    assert files(folder) == files(whole)


def test_a_spoilt_review_is_told_with_what_to_do(copied):
    (copied / REVIEW).write_text('{"id": 3}\n')
    with pytest.raises(InputError, match=r"review\.jsonl:1") as told:
        built(copied)
    assert "delete that line" in told.value.remedy
    (copied / REVIEW).unlink()
    (copied / JOURNAL).write_text("[]\n")
    with pytest.raises(InputError, match=r"building\.jsonl:1") as told:
        built(copied)
    assert "build it all again" in told.value.remedy


def test_killed_while_it_writes(whole, copied):
    (copied / MANIFEST).unlink()
    (copied / file_of("test")).write_text("old")
    (copied / f"{file_of('train')}.part").write_text("half")
    built(copied)
    assert files(copied) == files(whole)


def test_parts_are_apart_and_are_what_the_manifest_says(whole):
    dataset = DataSet.open(whole)
    manifest = dataset.manifest
    of = {part: list(dataset.examples(part)) for part in PARTS}
    assert {part: len(each) for part, each in of.items()} == manifest.examples
    assert sum(manifest.examples.values()) == PLAN.count
    for part, each in of.items():
        for other in PARTS[: PARTS.index(part)]:
            assert not {e.cluster for e in each} & {e.cluster for e in of[other]}
            assert not {e.request for e in each} & {e.request for e in of[other]}
            assert not any(same(one, two) for one in each for two in of[other])
        for one in dataset.negatives(part):
            assert one.cluster in {e.cluster for e in each}
    for name, digest in manifest.digests.items():
        assert hashlib.sha256((whole / name).read_bytes()).hexdigest() == digest
    every = [e for each in of.values() for e in each]
    assert all(made_again(e).cell == "training" for e in every)
    assert manifest.funnel["distinct"] == len(every)
    assert manifest.funnel["mistakes_found"] == sum(manifest.negatives.values())
    assert {name for names in manifest.mistakes.values() for name in names} - {"wrong_output"}
    card = (whole / CARD).read_text()
    assert manifest.digest in card
    assert manifest.command in card
    assert f"| train | {len(of['train'])} |" in card


def same(one, other):
    made, theirs = made_again(one), made_again(other)
    if kind_of(made) != kind_of(theirs):
        return False
    return do_the_same(made, inputs_for(made, one), theirs, inputs_for(theirs, other))


def test_every_mistake_is_wrong_when_run_and_its_correction_is_right(whole):
    dataset = DataSet.open(whole)
    examples = {example.id: example for example in dataset.examples()}
    negatives = list(dataset.negatives())
    assert {one.stage for one in negatives} == {"specify", "implement"}

    async def check(sandbox):
        for one in negatives[::3]:
            example = examples[one.of]
            assert (one.ir, one.code) == (example.ir, example.code)
            right = Code(name=one.ir.signature.name, source=one.code)
            task = Task(id="t", request=one.request, signature=one.ir.signature)
            verdict = await Examiner(task, one.ir, sandbox).examine(right)
            assert verdict.passed, (one.code, verdict)
            if one.stage == "implement":
                inputs = inputs_for(made_again(example), example)
                inputs += [shown.args for shown in example.examples]
                answers = [
                    await survey_answers(code, right.name, inputs, sandbox)
                    for code in (one.code, one.wrong_code)
                ]
                assert answers[0] != answers[1], one.wrong_code
            else:
                verdict = await Examiner(task, one.wrong_ir, sandbox).examine(right)
                assert verdict.failures[0] == one.failure, one.wrong_ir

    in_sandbox(check)


def test_a_split_never_separates_a_cluster():
    for seed in range(60):
        dice = random.Random(seed)
        clusters = [f"{dice.random():.6f}" for _ in range(dice.randint(1, 120))]
        examples = [
            TrainingExample.model_construct(cluster=dice.choice(clusters), category=category)
            for category in ("a", "b", "c")
            for _ in range(dice.randint(0, 200))
        ]
        parts = split(examples)
        assert sorted(map(id, examples)) == sorted(id(e) for part in parts.values() for e in part)
        where = [{e.cluster for e in part} for part in parts.values()]
        assert len(set.union(*where)) == sum(map(len, where))


def test_the_sieve_knows_a_function_by_what_it_does(whole):
    examples = list(DataSet.open(whole).examples("train"))
    first = examples[0]
    made = made_again(first)
    again = dataclasses.replace(made, parameters="drawn otherwise")
    assert cluster_of(made) != cluster_of(again)
    sieve = Sieve(per_behaviour=2)
    assert sieve.admit(made, first)
    assert not sieve.admit(again, first)
    other = first.model_copy(update={"request": "in entirely different words, done the same way"})
    assert sieve.admit(again, other)
    assert sieve.behaviour(cluster_of(made)) == sieve.behaviour(cluster_of(again))
    third = first.model_copy(update={"request": "some further request which nobody has put so far"})
    assert not sieve.admit(made, third), "there are two of it"
    stranger = next(e for e in examples if not same(e, first))
    asked = stranger.model_copy(update={"request": first.request.upper()})
    assert not sieve.admit(made_again(stranger), asked), "the words ask for something else already"


def test_quality_is_what_can_be_measured(whole):
    example = next(e for e in DataSet.open(whole).examples() if len(e.ir.effects) > 2)
    request = "Give 'pseudoword' for values over 987654, else 'otherwise'"
    assert literals_kept(request, example.ir) == 0
    text = next(v for e in example.ir.effects for v in e.return_values if isinstance(v, str))
    assert literals_kept(f"{request} or '{text}'", example.ir) == 0.25
    empty = example.ir.model_copy(update={"assertions": ()})
    inputs = inputs_for(made_again(example), example)

    async def measured(sandbox):
        return [
            await measure(ir, example.code, inputs, shown, sandbox)
            for ir, shown in ((example.ir, example.examples), (empty, example.examples[:1]))
        ]

    full, little = in_sandbox(measured)
    assert full.denied > 0.9
    assert little.denied == 0
    assert full.branches > little.branches
    assert full.wrong == little.wrong


def test_what_was_decided_is_applied(copied, whole):
    examples = list(DataSet.open(copied).examples())
    rejected, reworded, accepted = examples[0], examples[1], examples[2]
    words = "Do what is written in the specification and in nothing else, please"
    code = f"import math\n\n\n{reworded.code}"
    after = reworded.model_copy(update={"request": words, "code": code})
    kept = in_sandbox(lambda sandbox: edited(reworded, after, sandbox))
    decisions = Decisions.of(copied)
    decisions.record(Decision(id=rejected.id, choice="accept"))
    decisions.record(Decision(id=rejected.id, choice="reject"))
    decisions.record(Decision(id=reworded.id, choice="edit", example=kept))
    decisions.record(Decision(id=accepted.id, choice="accept"))
    manifest = built(copied)
    found = {example.id: example for example in DataSet.open(copied).examples()}
    assert rejected.id not in found
    assert (found[reworded.id].request, found[reworded.id].code) == (words, code)
    assert found[reworded.id].quality.literals == 1
    assert set(found) == {e.id for e in examples} - {rejected.id}
    assert manifest.reviewed == {"accept": 1, "edit": 1, "reject": 1}
    of = {one.of for one in DataSet.open(copied).negatives()}
    assert not of & {rejected.id, reworded.id}
    assert (copied / JOURNAL).read_bytes() == (whole / JOURNAL).read_bytes()
    known = Contamination((Known("k", words),))
    with pytest.raises(InputError, match="built otherwise: known is None"):
        built(copied, contamination=known)


def test_an_edit_that_running_speaks_against_is_refused(whole):
    example = next(DataSet.open(whole).examples())
    name = example.ir.signature.name
    signature = example.ir.signature.model_copy(update={"name": "another"})
    law = example.ir.assertions[0].model_copy(update={"predicate": "result == 'never'"})
    wrong = {
        "signature": {"ir": example.ir.model_copy(update={"signature": signature})},
        "never": {"ir": example.ir.model_copy(update={"assertions": (law,)})},
        "wrong": {"code": example.code.replace("return ", "return 1 + ")},
        f"def {name}": {"code": "def another():\n    return 1\n"},
    }
    for changes in wrong.values():
        after = example.model_copy(update=changes)
        with pytest.raises(InputError) as caught:
            in_sandbox(lambda sandbox, after=after: edited(example, after, sandbox))
        assert caught.value.remedy == "edit it again, or reject the example"


def test_families_that_have_no_more_end_it(tmp_path, monkeypatch):
    monkeypatch.setattr(builder, "_DRY", 2)
    plan = Plan(count=50, families=("count_words",), per_behaviour=1, negatives=0)
    manifest = built(tmp_path / "few", plan)
    assert manifest.asked == 50
    assert sum(manifest.examples.values()) == manifest.funnel["distinct"] < 50
    assert "no more different ones" in (tmp_path / "few" / CARD).read_text()
    with pytest.raises(InputError, match="not one example came through"):
        built(tmp_path / "none", plan, contamination=Contamination((Known("all", "e"),)))


def test_no_example_resembles_a_known_task(whole, tmp_path):
    known = next(DataSet.open(whole).examples("train"))
    plan = PLAN.model_copy(update={"count": 12, "negatives": 0})
    contamination = Contamination((Known("k", known.request),))
    manifest = built(tmp_path / "apart", plan, contamination=contamination)
    assert manifest.checks.known_tasks == 1
    for example in DataSet.open(tmp_path / "apart").examples():
        assert contamination.of_words(example.request) is None


def test_what_spoils_a_folder_is_told(whole, copied, tmp_path):
    def refused(folder, match):
        with pytest.raises(InputError, match=match) as caught:
            DataSet.open(folder)
        assert caught.value.remedy

    refused(tmp_path / "nowhere", "no data set")
    path = copied / file_of("train")
    data = path.read_bytes()
    path.write_bytes(data[:-30])
    refused(copied, "is cut off")
    path.write_bytes(data.replace(b"return", b"Return", 1))
    refused(copied, "digest is another one")
    path.unlink()
    refused(copied, "cannot read")
    (copied / MANIFEST).write_text('{"format": 1}')
    refused(copied, "cannot be read as what describes a data set: command: Field required")
    told = json.loads((whole / MANIFEST).read_text())
    digests = {name: digest for name, digest in told["digests"].items() if "train." not in name}
    for changed in ({"digests": digests}, {"digests": {}}, {"examples": {}}, {"categories": {}}):
        (copied / MANIFEST).write_text(json.dumps({**told, **changed}))
        refused(copied, "cannot be read as what describes a data set: Value error")
    with pytest.raises(InputError, match="seed is 5, not 6"):
        built(copied, PLAN.model_copy(update={"seed": 6}))
    lines = (copied / JOURNAL).read_bytes().splitlines(keepends=True)
    (copied / JOURNAL).write_bytes(lines[0] + b'{"number": 1}\n' + lines[1])
    with pytest.raises(InputError, match=r"building\.jsonl:2"):
        built(copied)
    step = json.loads(lines[1])
    example = {**step["examples"][0], "origin": "no such family:5:0"}
    for changed in ({"family": 999}, {"examples": [example]}, {"funnel": {"x": 1}}):
        (copied / JOURNAL).write_bytes(lines[0] + json.dumps({**step, **changed}).encode() + b"\n")
        with pytest.raises(InputError, match="is not what a building wrote"):
            built(copied)
    (copied / JOURNAL).write_text('{"origin": {}}\n')
    with pytest.raises(InputError, match=r"building\.jsonl:1: origin\.plan: Field required"):
        built(copied)
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "a.txt").write_text("dear")
    with pytest.raises(InputError, match="not empty"):
        built(tmp_path / "letters")
    with pytest.raises(InputError, match="no training family 'clam'"):
        Plan(families=("clam",))
    assert json.loads((whole / MANIFEST).read_text())["format"] == 1
