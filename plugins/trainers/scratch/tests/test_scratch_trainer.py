import asyncio
import hashlib
import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: `.ci/heavy train` runs these")

from lift_sys_scratch import measuring, trainer
from lift_sys_scratch.checkpoint import CHECKPOINT, network_of
from lift_sys_scratch.decoding import Drawn
from lift_sys_scratch.exams import Exam, exams
from lift_sys_scratch.export import exported
from lift_sys_scratch.measuring import Measuring, tally
from lift_sys_scratch.network import Network, sizes
from lift_sys_scratch.plugin import ScratchOptions
from lift_sys_scratch.trainer import ScratchTrainer

from lift_sys.data.dialect import (
    Prompt,
    Vocabulary,
    ask_code,
    ask_specification,
    code_answer,
    specification_answer,
)
from lift_sys.data.families.registry import family_named
from lift_sys.data.made import make
from lift_sys.errors import InputError
from lift_sys.pipeline.alone import NoParts
from lift_sys.testing.conformance import TrainerConformance
from lift_sys.testing.sandboxes import TrustingSandbox

TINY = {
    "shape": "tiny",
    "steps": 12,
    "lessons": 24,
    "families": ("filter_numbers", "average", "find_index"),
    "batch_tokens": 512,
    "vocabulary": 900,
    "phrases": 20,
    "warmup": 2,
    "measure_steps": 0,
    "final_tasks": 2,
    "draws": 1,
}


class TestScratch(TrainerConformance):
    component = "scratch"
    options = TINY


def trained(folder: Path, **changed: object) -> dict[str, torch.Tensor]:
    options = ScratchOptions.model_validate({**TINY, "final_tasks": 0, **changed})
    asyncio.run(ScratchTrainer(options).train(folder))
    return network_of(folder / CHECKPOINT)[0].state_dict()


class Killed(BaseException):
    pass


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("done") / "folder"
    trained(folder)
    return folder


@pytest.fixture
def copied(done: Path, tmp_path: Path) -> Path:
    return shutil.copytree(done, tmp_path / "copied")


@pytest.mark.parametrize("saved_at", [0.0, 1e9])
def test_killed_and_resumed_ends_as_undisturbed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, saved_at: float
):
    undisturbed = trained(tmp_path / "a")
    step, calls = trainer._step, 0

    def killing(*arguments: object) -> float:
        nonlocal calls
        calls += 1
        if calls in (6, 11):
            raise Killed
        return step(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(trainer, "_step", killing)
    for _ in range(2):
        with pytest.raises(Killed):
            trained(tmp_path / "b", checkpoint_minutes=saved_at)
    resumed = trained(tmp_path / "b", checkpoint_minutes=saved_at)
    assert all(torch.equal(undisturbed[name], resumed[name]) for name in undisturbed)
    steps = [json.loads(text) for text in (tmp_path / "b" / "log.jsonl").read_text().splitlines()]
    assert [told["step"] for told in steps] == [12]
    assert not list((tmp_path / "b").glob("*.part"))


def test_a_cancelled_training_keeps_what_it_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    undisturbed = trained(tmp_path / "a")
    options = ScratchOptions.model_validate({**TINY, "final_tasks": 0})
    step = trainer._step

    async def interrupted() -> None:
        task = asyncio.create_task(ScratchTrainer(options).train(tmp_path / "b"))
        taken = 0

        def counting(*arguments: object) -> float:
            nonlocal taken
            taken += 1
            if taken == 5:
                task.cancel()
            return step(*arguments)  # type: ignore[arg-type]

        monkeypatch.setattr(trainer, "_step", counting)
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(interrupted())
    assert network_of(tmp_path / "b" / CHECKPOINT)[1]["step"] == 5
    resumed = trained(tmp_path / "b")
    assert all(torch.equal(undisturbed[name], resumed[name]) for name in undisturbed)


def test_other_options_need_another_folder(tmp_path: Path):
    trained(tmp_path)
    with pytest.raises(InputError, match="other options"):
        trained(tmp_path, seed=4)
    with pytest.raises(InputError, match=r"muon 0\.02, not 0\.05"):
        trained(tmp_path, muon=0.05)


def test_what_was_measured_at_the_end_is_not_measured_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    options = ScratchOptions.model_validate(TINY)
    first = asyncio.run(ScratchTrainer(options).train(tmp_path))
    monkeypatch.setattr(ScratchTrainer, "_measure", None)
    again = asyncio.run(ScratchTrainer(options).train(tmp_path))
    assert again == first


def test_a_training_may_begin_with_an_earlier_one(tmp_path: Path):
    trained(tmp_path / "a")
    begun = trained(tmp_path / "b", start_from=tmp_path / "a", steps=1, warmup=1, seed=9)
    earlier = network_of(tmp_path / "a" / CHECKPOINT)[0].state_dict()
    far = max(float((begun[name] - earlier[name]).abs().max()) for name in begun)
    assert 0 < far < 0.3
    assert Vocabulary.load(tmp_path / "b" / "vocabulary.json") == Vocabulary.load(
        tmp_path / "a" / "vocabulary.json"
    )


def test_what_cannot_be_started_from_is_told_before_lessons_are_made(
    copied: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(trainer, "school", None)

    def refused(match: str, **changed: object) -> None:
        with pytest.raises(InputError, match=match) as told:
            trained(tmp_path / "b", start_from=copied, **changed)
        assert told.value.remedy
        assert "delete" not in told.value.remedy

    refused("another shape than small", shape="small")
    (copied / "vocabulary.json").write_text("half")
    refused(r"vocabulary\.json is damaged")
    words = json.dumps({"tokens": ["a"], "merges": [], "phrases": []})
    (copied / "vocabulary.json").write_text(words)
    refused("is not that of its checkpoint")
    (copied / CHECKPOINT).write_bytes(b"half")
    refused("cannot be read as a checkpoint")
    (copied / CHECKPOINT).unlink()
    refused("no training to start from in")


def test_a_family_that_there_is_not_is_told_before_anything_starts():
    with pytest.raises(InputError, match="no training family 'averag'"):
        trainer.create(ScratchOptions(families=("averag",)), NoParts("trainer", "scratch", ""))


def halved(data: bytes) -> bytes:
    return data[: len(data) // 2]


@pytest.mark.parametrize("spoilt", [halved, lambda data: b"", lambda data: b"hello", None])
def test_damage_is_told_with_what_to_do(copied: Path, spoilt: Callable[[bytes], bytes] | None):
    names = [CHECKPOINT, "lessons.bin", "lessons.starts.npy", "lessons.json", "vocabulary.json"]
    names += ["lessons.options.json", "training.options.json"]
    for name in names:
        path = copied / name
        data = path.read_bytes()
        path.write_bytes(spoilt(data)) if spoilt else path.unlink()
        # Without its note a folder is as one before anything was made; the same comes of it.
        if spoilt or name not in (CHECKPOINT, *names[-2:]):
            with pytest.raises(InputError) as told:
                trained(copied)
            assert str(path) in told.value.cause
            assert "delete" in told.value.remedy
        path.write_bytes(data)


def test_what_the_remedies_delete_is_made_again_as_it_was(copied: Path):
    before = {path.name: path.read_bytes() for path in copied.iterdir()}
    for name in ("lessons.bin", "lessons.options.json", CHECKPOINT):
        (copied / name).unlink()
    trained(copied)
    kept = [name for name in before if name.startswith(("lessons.", "vocabulary."))]
    assert all((copied / name).read_bytes() == before[name] for name in kept)


def test_a_loss_that_is_no_number_ends_it(tmp_path: Path):
    with pytest.raises(InputError, match=r"loss of step \d+ is (nan|inf)") as told:
        trained(tmp_path, muon=1e30, warmup=0)
    assert "lower `muon`" in told.value.remedy
    assert not (tmp_path / CHECKPOINT).exists()


def test_an_export_that_is_cut_short_leaves_no_card(
    done: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    options = ScratchOptions.model_validate(TINY)
    folder = ScratchTrainer(options).export(done, "int8", tmp_path / "model")
    assert (folder / "card.json").exists()

    def killed(*_: object, **arrays: object) -> None:
        raise Killed

    monkeypatch.setattr("numpy.savez", killed)
    with pytest.raises(Killed):
        ScratchTrainer(options).export(done, "int8", tmp_path / "model")
    assert not (folder / "card.json").exists()


def test_what_is_exported_is_nearly_what_was_trained(tmp_path: Path):
    trained(tmp_path / "a")
    options = ScratchOptions.model_validate(TINY)
    for form, allowed in (("int8", 0.05), ("float32", 0.0)):
        to = ScratchTrainer(options).export(tmp_path / "a", form, tmp_path / form)
        network, again = network_of(tmp_path / "a" / CHECKPOINT)[0], exported(to)
        tokens = torch.randint(0, 300, (2, 20))
        with torch.no_grad():
            far = (network.scores(network(tokens)) - again.scores(again(tokens))).abs().max()
        assert float(far) <= allowed
        card = json.loads((to / "card.json").read_text())
        assert card["lessons"]["digest"]
        assert card["trained"]["step"] == 12
        for name, digest in card["files"].items():
            assert hashlib.sha256((to / name).read_bytes()).hexdigest() == digest
    assert (tmp_path / "int8" / "weights.npz").stat().st_size < 150_000
    with pytest.raises(InputError, match="no form"):
        ScratchTrainer(options).export(tmp_path / "a", "int3", tmp_path / "x")
    with pytest.raises(InputError, match="no trained model"):
        ScratchTrainer(options).export(tmp_path, "int8", tmp_path / "x")


class Reciting:
    """Gives the reference's answers in place of the network, or spoilt code."""

    def __init__(self, chosen: Sequence[Exam], vocabulary: Vocabulary, *, spoilt: bool) -> None:
        self._encode = vocabulary.encode
        self._answers: dict[tuple[int, ...], list[str]] = {}
        for exam in chosen:
            family = family_named(exam.task.metadata["family"])
            made = make(family, SEED, int(exam.task.id.rpartition("/")[2]))
            asked = ask_specification(exam.task.request, exam.task.signature)
            said = specification_answer(asked, made.ir)
            asked_next = ask_code(exam.task.request, asked.specification(said))
            code = ["return", "object"] if spoilt else code_answer(asked_next, made.code)[:-1]
            self._answers |= {self._key(asked): said, self._key(asked_next): code}

    def _key(self, prompt: Prompt) -> tuple[int, ...]:
        return tuple(self._encode(prompt.words))

    def __call__(self, network: object, prompts: Sequence[Sequence[int]], *_: object, **__: object):
        answers = (self._answers[tuple(prompt)] for prompt in prompts)
        return [Drawn(tuple(self._encode(answer)), -1.0, True) for answer in answers]


SEED = 7


@pytest.mark.parametrize("spoilt", [False, True])
def test_right_answers_pass_and_wrong_ones_do_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, spoilt: bool
):
    trained(tmp_path)
    vocabulary = Vocabulary.load(tmp_path / "vocabulary.json")
    chosen = [exam for exam in exams(SEED, 20) if exam.task.metadata["family"] != "label_text"]
    monkeypatch.setattr(measuring, "draw", Reciting(chosen, vocabulary, spoilt=spoilt))
    network = Network(sizes(len(vocabulary))["tiny"])
    measure = Measuring(network, vocabulary, TrustingSandbox()).measure(chosen, draws=1)
    for one in tally(asyncio.run(measure)).values():
        assert one.valid == one.tasks
        assert {one.greedy, one.best, one.any} == {0 if spoilt else one.tasks}


def test_what_an_earlier_language_taught_is_kept():
    earlier, later = ("a", "b", "c"), ("b", "new", "a")
    taught, network = (Network(sizes(3)["tiny"]) for _ in range(2))
    new = network.embedding.weight.detach()[1].clone()
    network.take_over(taught, earlier, later)
    old = taught.embedding.weight.detach()
    assert torch.equal(network.embedding.weight, torch.stack([old[1], new, old[0]]))
    assert torch.equal(network.layers[0].qkv.weight, taught.layers[0].qkv.weight)
