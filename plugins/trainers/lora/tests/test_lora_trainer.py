"""The whole trainer on a tiny random model, made here."""

import asyncio
import csv
import json
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: `.ci/heavy lora` runs these")

from lift_sys_lora import comparing, learning, loading
from lift_sys_lora.adapters import read_adapter
from lift_sys_lora.plugin import LoraOptions, ModalOptions, Sweep
from lift_sys_lora.remote import fetched, refusal
from lift_sys_lora.trainer import LoraTrainer
from peft.tuners.lora import LoraModel
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, AutoTokenizer

from lift_sys.errors import AuthenticationFailed, InputError, LiftError, ProviderUnavailable
from lift_sys.testing.conformance import TrainerConformance
from lift_sys.testing.tiny_model import make_tiny_model

torch.set_num_threads(1)


@pytest.fixture(scope="module", autouse=True)
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_model(tmp_path_factory.mktemp("base"))


@pytest.fixture(scope="module", autouse=True)
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("data") / "rows.jsonl"
    rows = [{"prompt": f"Double {n}.", "completion": str(2 * n)} for n in range(20)]
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def options(base: Path, data: Path) -> LoraOptions:
    return LoraOptions(
        base=str(base),
        data=data,
        rank=4,
        dropout=0.1,
        batch=2,
        accumulate=2,
        epochs=2,
        evaluate_steps=3,
        learning_rate=5e-3,
        compared=2,
    )


@pytest.fixture(scope="module", autouse=True)
def conforming(base: Path, data: Path) -> None:
    TestLora.options = {
        "base": str(base),
        "data": str(data),
        "rank": 2,
        "epochs": 1,
        "compared": 1,
        "forgetting": False,
    }


class TestLora(TrainerConformance):
    component = "lora"


def trained(options: LoraOptions, folder: Path) -> dict[str, torch.Tensor]:
    done = asyncio.run(LoraTrainer(options).train(folder))
    return load_file(str(done.path / "adapter_model.safetensors"))


def same(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    assert one.keys() == other.keys()
    return all(torch.equal(one[name], other[name]) for name in one)


class Killed(BaseException):
    pass


@pytest.mark.parametrize("minutes", [0.0, 1e9], ids=["kept every step", "never kept"])
def test_killed_and_begun_again_ends_with_the_same_weights(
    options: LoraOptions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, minutes: float
):
    undisturbed = trained(options, tmp_path / "a")
    step, calls = learning.learn, 0

    def killing(*arguments):
        nonlocal calls
        calls += 1
        if calls in (4, 8):
            raise Killed
        return step(*arguments)

    monkeypatch.setattr(learning, "learn", killing)
    often = options.model_copy(update={"checkpoint_minutes": minutes})
    for _ in range(2):
        with pytest.raises(Killed):
            trained(often, tmp_path / "b")
    assert same(trained(often, tmp_path / "b"), undisturbed)
    for name in ("curves.csv", "training.json"):
        assert (tmp_path / "a" / name).read_text() == (tmp_path / "b" / name).read_text()
    assert not list(tmp_path.rglob("*.part"))


async def test_a_cancelled_training_keeps_what_it_has(
    options: LoraOptions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    step, calls = learning.learn, 0
    running = asyncio.create_task(LoraTrainer(options).train(tmp_path))

    def cancelling(*arguments):
        nonlocal calls
        calls += 1
        if calls == 3:
            running.cancel()
        return step(*arguments)

    monkeypatch.setattr(learning, "learn", cancelling)
    with pytest.raises(asyncio.CancelledError):
        await running
    kept = torch.load(tmp_path / "checkpoint.pt", weights_only=True)
    assert kept["progress"]["step"] == 3


def test_it_learns_and_tells_so(options: LoraOptions, tmp_path: Path):
    done = asyncio.run(LoraTrainer(options).train(tmp_path))
    assert done.metrics["validation loss"] < done.metrics["base: validation loss"]
    assert done.metrics["perplexity on plain code"] > 1
    assert done.metrics["base: perplexity on plain code"] > 1
    result = json.loads((tmp_path / "result.json").read_text())
    assert result["compared"]["merged"] < 1e-3 < result["compared"]["changed"]
    rows = list(csv.DictReader((tmp_path / "curves.csv").read_text().splitlines()))
    measured = [row for row in rows if row["validation"]]
    assert [row["step"] for row in measured] == ["3", "6", "9", "10"]
    again = asyncio.run(LoraTrainer(options).train(tmp_path))
    assert again == done


def test_it_stops_when_it_gets_no_better_and_keeps_the_best(
    options: LoraOptions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    kept: list[dict[str, torch.Tensor]] = []
    losses = iter([3.0, 2.0, 2.5, 2.4])

    def told(model, *_):
        kept.append({name: p.detach().clone() for name, p in model.named_parameters()})
        return next(losses)

    monkeypatch.setattr(learning, "mean_loss", told)
    impatient = options.model_copy(update={"evaluate_steps": 1, "patience": 2, "epochs": 9})
    weights = trained(impatient, tmp_path)
    progress = json.loads((tmp_path / "result.json").read_text())["progress"]
    assert (progress["step"], progress["best_step"], progress["best"]) == (4, 2, 2.0)
    best = {name.replace(".default", ""): value for name, value in kept[1].items()}
    assert all(torch.equal(value, best[name]) for name, value in weights.items())


def test_other_options_or_data_need_another_folder(
    options: LoraOptions, data: Path, tmp_path: Path
):
    trained(options, tmp_path / "run")
    with pytest.raises(InputError, match="another rank"):
        trained(options.model_copy(update={"rank": 8}), tmp_path / "run")
    other = tmp_path / "other.jsonl"
    other.write_text(data.read_text() + '{"prompt": "Double 99.", "completion": "198"}\n')
    with pytest.raises(InputError, match="another data"):
        trained(options.model_copy(update={"data": other}), tmp_path / "run")


@pytest.mark.parametrize("fault", ["merged", "written", "nothing learnt"])
def test_what_would_be_served_otherwise_than_trained_is_not_kept(
    options: LoraOptions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
):
    if fault == "merged":
        whole = LoraModel.merge_and_unload
        monkeypatch.setattr(
            LoraModel, "merge_and_unload", lambda model: spoilt(whole(model), "v_proj.weight")
        )
    elif fault == "written":
        read = comparing.read_adapter
        monkeypatch.setattr(
            comparing, "read_adapter", lambda *given: spoilt(read(*given), "lora_B.default")
        )
    else:
        monkeypatch.setattr(learning, "learn", lambda *_: (1.0, 1))
    with pytest.raises(LiftError, match=r"differs from what was trained|nothing was learnt"):
        trained(options, tmp_path)
    assert not (tmp_path / "adapter").exists()
    assert not (tmp_path / "result.json").exists()


def spoilt(model, name: str):
    for found, parameter in model.named_parameters():
        if name in found:
            parameter.data += 0.05
    return model


def test_a_sweep_trains_every_combination_and_keeps_the_best(options: LoraOptions, tmp_path: Path):
    sweep = Sweep(rank=(2, 4), learning_rate=(1e-5, 5e-3))
    swept = options.model_copy(update={"sweep": sweep, "forgetting": False})
    assert LoraTrainer(swept).estimate().steps == 4 * LoraTrainer(options).estimate().steps
    done = asyncio.run(LoraTrainer(swept).train(tmp_path / "run"))
    rows = list(csv.DictReader((tmp_path / "run" / "sweep.csv").read_text().splitlines()))
    assert {(row["rank"], row["learning_rate"]) for row in rows} == {
        (rank, rate) for rank in ("2", "4") for rate in ("1e-05", "0.005")
    }
    losses = [float(row["validation loss"]) for row in rows]
    assert losses == sorted(losses)
    assert done.metrics["validation loss"] == losses[0] < losses[-1]
    assert done.path.parent.name == rows[0]["folder"]
    written = LoraTrainer(swept).export(tmp_path / "run", "adapter", tmp_path / "adapter")
    assert json.loads((written / "card.json").read_text())["digest"] == done.digest


def test_what_is_exported_says_what_was_trained(options: LoraOptions, tmp_path: Path):
    trainer = LoraTrainer(options)
    with pytest.raises(InputError, match="no trained model"):
        trainer.export(tmp_path / "run", "adapter", tmp_path / "x")
    asyncio.run(trainer.train(tmp_path / "run"))
    folders = {
        form: trainer.export(tmp_path / "run", form, tmp_path / form)
        for form in ("adapter", "merged")
    }
    plain = AutoModelForCausalLM.from_pretrained(options.base)
    adapted = read_adapter(plain, folders["adapter"])
    merged = AutoModelForCausalLM.from_pretrained(str(folders["merged"])).eval()
    asked = AutoTokenizer.from_pretrained(str(folders["merged"]))("Double 3.", return_tensors="pt")
    with torch.no_grad():
        difference = (adapted(**asked).logits - merged(**asked).logits).abs().max()
        with adapted.disable_adapter():
            far = (adapted(**asked).logits - merged(**asked).logits).abs().max()
    assert float(difference) < 1e-3 < float(far)
    card = json.loads((folders["adapter"] / "card.json").read_text())
    assert card["use"].keys() == {"transformers", "vLLM", "Modal", "embedded"}
    assert str(folders["adapter"]) in card["use"]["transformers"]
    with pytest.raises(InputError, match="no form"):
        trainer.export(tmp_path / "run", "gguf", tmp_path / "x")
    with pytest.raises(InputError, match="not empty"):
        trainer.export(tmp_path / "run", "adapter", folders["adapter"])


def test_an_estimate_grows_with_the_work(options: LoraOptions):
    one = LoraTrainer(options).estimate()
    more = LoraTrainer(options.model_copy(update={"epochs": 20})).estimate()
    assert (one.steps, more.steps, one.usd) == (10, 100, 0.0)
    assert more.seconds > one.seconds > 0
    bought = options.model_copy(update={"where": "modal"})
    estimate = LoraTrainer(bought).estimate()
    assert estimate.usd == pytest.approx(estimate.seconds / 3600 * 1.95)
    assert "L40S at $1.95" in estimate.detail


def test_a_base_that_cannot_be_had_is_said_with_a_remedy(options: LoraOptions, tmp_path: Path):
    nowhere = options.model_copy(update={"base": str(tmp_path / "nowhere")})
    with pytest.raises(InputError, match="cannot be loaded") as caught:
        LoraTrainer(nowhere).estimate()
    assert "mend `base`" in caught.value.remedy
    gated = loading._unloadable(
        "meta-llama/x", OSError("You are trying to access a gated repo.\nMake sure to have access")
    )
    assert "ask for access" in gated.remedy


def test_layers_and_devices_that_are_not_there_are_said_with_a_remedy(
    options: LoraOptions, tmp_path: Path
):
    wrong = options.model_copy(update={"targets": ("q_prj",)})
    with pytest.raises(InputError, match="q_prj") as told:
        asyncio.run(LoraTrainer(wrong).train(tmp_path))
    assert "q_proj" in told.value.remedy
    with pytest.raises(InputError, match="'nowhere' cannot be used"):
        LoraTrainer(options.model_copy(update={"device": "nowhere"})).estimate()


@pytest.mark.parametrize("measured", [False, True])
def test_a_loss_that_is_no_number_ends_it(
    options: LoraOptions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, measured: bool
):
    learn, nan = learning.learn, float("nan")
    monkeypatch.setattr(
        learning, "learn", lambda *given: (1.0 if measured else nan, learn(*given)[1])
    )
    monkeypatch.setattr(learning, "mean_loss", lambda *_: nan)
    with pytest.raises(InputError, match="is nan: what was learnt is lost") as told:
        trained(options, tmp_path)
    assert "learning_rate" in told.value.remedy
    assert not (tmp_path / "result.json").exists()


def test_scores_that_are_no_numbers_agree_with_nothing():
    def outputs(*values: float) -> comparing.Outputs:
        return comparing.Outputs(tuple(torch.tensor([value, 0.0, 1.0]) for value in values), ())

    right = outputs(1.0, 2.0)
    comparing.agree(right, right, 1e-3, "it")
    with pytest.raises(LiftError, match="it differs"):
        comparing.agree(right, outputs(1.0, float("nan")), 1e-3, "it")


def test_too_little_memory_is_told(
    options: LoraOptions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def greedy(*_: object):
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB.\nAnd so on")

    monkeypatch.setattr(learning, "learn", greedy)
    with pytest.raises(InputError, match=r"too little memory: .* 2 GiB\.: lower") as told:
        trained(options, tmp_path)
    assert "`batch`" in told.value.remedy


def test_damage_is_told_and_what_is_damaged_is_not_exported(options: LoraOptions, tmp_path: Path):
    short = options.model_copy(update={"epochs": 1})
    trained(short, tmp_path)
    weights = tmp_path / "adapter" / "adapter_model.safetensors"
    data = weights.read_bytes()
    weights.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    with pytest.raises(InputError, match="is not what was trained") as told:
        LoraTrainer(short).export(tmp_path, "adapter", tmp_path / "tuned")
    assert "result.json" in told.value.remedy
    assert not (tmp_path / "tuned").exists()
    for name, remedy in (
        ("result.json", "delete it"),
        ("training.json", "delete it"),
        ("checkpoint.pt", "begin anew"),
    ):
        path = tmp_path / name
        kept = path.read_bytes()
        for spoilt in (kept[: len(kept) // 2], b"hello"):
            path.write_bytes(spoilt)
            with pytest.raises(InputError) as told:
                trained(short, tmp_path)
            assert str(path) in told.value.cause
            assert remedy in told.value.remedy
        path.write_bytes(kept)
        # As the remedy of the export says: without it, the adapter is made from the checkpoint.
        (tmp_path / "result.json").unlink(missing_ok=True)
    trained(short, tmp_path)
    assert weights.read_bytes() == data


def test_four_bits_want_a_gpu(options: LoraOptions, tmp_path: Path):
    four = options.model_copy(update={"load_in_4bit": True, "device": "cpu"})
    with pytest.raises(InputError, match="wants a CUDA device") as caught:
        trained(four, tmp_path)
    assert "where: modal" in caught.value.remedy


def test_bfloat16_and_recomputed_activations(options: LoraOptions, tmp_path: Path):
    spare = options.model_copy(update={"dtype": "bfloat16", "checkpointing": True, "epochs": 1})
    done = asyncio.run(LoraTrainer(spare).train(tmp_path))
    assert done.metrics["validation loss"] < done.metrics["base: validation loss"]


class TestModal:
    """No account: the function that is declared runs here, and the call is a stand-in."""

    # Of no concern: the stand-in writes to no volume.
    @pytest.mark.filterwarnings("ignore:The train function is executing locally")
    def test_what_modal_trains_is_what_is_trained_here(self, options: LoraOptions, tmp_path: Path):
        pytest.importorskip("modal")
        from lift_sys_lora.remote import declared

        remote = options.model_copy(update={"where": "modal"})
        _, function = declared(remote)

        async def call(document, files, folder):
            sent = json.loads(json.dumps(document))
            return await function.local(sent, dict(files), folder)

        kept = str(tmp_path / "kept")
        done = asyncio.run(fetched(remote, tmp_path / "run", call, kept))
        here = trained(options, tmp_path / "here")
        assert same(load_file(str(done.path / "adapter_model.safetensors")), here)
        assert (tmp_path / "run" / "curves.csv").exists()
        exported = LoraTrainer(options).export(tmp_path / "run", "merged", tmp_path / "merged")
        assert (exported / "card.json").exists()

    def test_a_folder_here_is_no_base_there(self, options: LoraOptions, tmp_path: Path):
        remote = options.model_copy(update={"where": "modal"})
        with pytest.raises(InputError, match="Modal cannot read the folder"):
            asyncio.run(LoraTrainer(remote).train(tmp_path))

    def test_what_modal_refuses_is_told_with_a_remedy(self, options: LoraOptions):
        exception = pytest.importorskip("modal.exception")
        remote = options.model_copy(update={"modal": ModalOptions(hours=2, secret="hub")})
        for error, kind, remedy in (
            (exception.AuthError("Token missing."), AuthenticationFailed, "modal setup"),
            (exception.FunctionTimeoutError("late"), InputError, "goes on from its last"),
            (exception.NotFoundError("Secret 'hub' not found"), InputError, "secret create hub"),
            (exception.InvalidError("no such GPU"), InputError, "under `modal`"),
            (exception.ConnectionError("gone"), ProviderUnavailable, "goes on from its last"),
        ):
            told = refusal(error, remote)
            assert type(told) is kind
            assert remedy in told.remedy
            assert "late" in str(error) or str(error) in told.cause

    def test_other_options_do_not_meet_a_checkpoint_there(
        self, options: LoraOptions, tmp_path: Path
    ):
        folders: list[str] = []

        async def call(document, files, folder):
            folders.append(folder)
            return {"trained.json": b'{"path": "adapter", "metrics": {}, "digest": "d"}'}

        for changed in ({}, {"usd_per_hour": 3.0}, {"learning_rate": 1e-3}):
            remote = options.model_copy(update=changed)
            asyncio.run(fetched(remote, tmp_path, call, "kept"))
        first, second, third = folders
        assert first == second != third

    def test_without_modal_the_remedy_is_told(
        self, options: LoraOptions, monkeypatch: pytest.MonkeyPatch
    ):
        from lift_sys_lora import remote

        def absent(name: str):
            raise ImportError(name)

        monkeypatch.setattr(remote, "import_module", absent)
        with pytest.raises(InputError, match="wants the modal package"):
            remote.declared(options)
