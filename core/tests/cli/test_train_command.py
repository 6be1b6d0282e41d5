"""`lift train` with a trainer that learns nothing but counts its steps."""

import asyncio
import json
import signal
from errno import ENOSPC
from pathlib import Path
from typing import Any

import pytest
from pydantic import Field

from lift_sys.cli._folder_lock import alone_in
from lift_sys.cli.main import main
from lift_sys.errors import InputError
from lift_sys.interfaces import ConfigPath, Estimate, Trained
from lift_sys.plugins import Component, Options, PluginManager
from lift_sys.training_journal import LOG, TrainingJournal


class CountingOptions(Options):
    steps: int = Field(default=3, ge=1)
    """How many."""
    words: ConfigPath | None = None
    """A file."""


class Counting:
    def __init__(self, options: CountingOptions, parts: Any) -> None:
        self.options = options

    def estimate(self) -> Estimate:
        return Estimate(seconds=3720, usd=0.5, steps=self.options.steps, detail="by heart")

    async def train(self, workdir: Path) -> Trained:
        path = workdir / "model"
        path.write_text(str(self.options.steps), encoding="utf-8")
        print("a library prints this")
        return Trained(path=path, metrics={"steps": self.options.steps}, digest="d1")


class Twice(Counting):
    """Somebody begins the same training while it goes on."""

    async def train(self, workdir: Path) -> Trained:
        with pytest.raises(InputError, match="another process is at work"), alone_in(workdir):
            pass
        return await super().train(workdir)


class Garbled(Counting):
    async def train(self, workdir: Path) -> Trained:
        (workdir / LOG).write_text("nonsense\n", encoding="utf-8")
        return await super().train(workdir)


class Stopped(Counting):
    async def train(self, workdir: Path) -> Trained:
        signal.raise_signal(signal.SIGINT)
        await asyncio.sleep(60)
        raise AssertionError


class Exporting(Counting):
    def forms(self) -> dict[str, str]:
        return {"plain": "as it is", "upper": "louder"}

    def export(self, workdir: Path, form: str, to: Path) -> Path:
        if not (workdir / "model").exists():
            raise InputError("there is no model", remedy="train one")
        to.mkdir(parents=True)
        (to / form).write_text((workdir / "model").read_text(encoding="utf-8"), encoding="utf-8")
        return to / form


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    trainers = [
        Component(name="counting", factory=Counting, summary="counts", options=CountingOptions),
        Component(name="journalling", factory=Journalling, summary="more", options=CountingOptions),
        Component(name="twice", factory=Twice, summary="alone", options=CountingOptions),
        Component(name="garbled", factory=Garbled, summary="curves", options=CountingOptions),
        Component(name="stopped", factory=Stopped, summary="not", options=CountingOptions),
        Component(name="exporting", factory=Exporting, summary="too", options=CountingOptions),
    ]
    manager = PluginManager.of(trainers=trainers)
    monkeypatch.setattr(PluginManager, "installed", lambda policy=None: manager)
    return written(tmp_path, "counting")


def written(folder: Path, use: str, more: str = "") -> Path:
    path = folder / "train.yaml"
    text = f"version: 1\ntrainer: {{use: {use}{more}}}\nfolder: out\n"
    path.write_text(text, encoding="utf-8")
    return path


def test_it_tells_the_estimate_trains_and_shows_what_came_of_it(
    file: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["train", str(file)]) == 0
    shown = capsys.readouterr()
    assert "about 1 h 02 min, $0.50, 3 steps (by heart)" in shown.err
    assert "a library prints this" in shown.err
    assert shown.out.split() == [
        "steps",
        "3",
        "digest",
        "d1",
        "model",
        str(file.parent / "out/model"),
    ]


def test_an_estimate_starts_nothing(file: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["train", str(file), "--estimate", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["steps"] == 3
    assert not (file.parent / "out").exists()


def test_values_can_be_changed(file: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["train", str(file), "--set", "trainer.steps=7", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["metrics"] == {"steps": 7.0}


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("version: 1\ntrainer: nobody\nfolder: x\n", "no trainer is called 'nobody'"),
        ("version: 1\ntrainer: {use: counting, stepz: 1}\nfolder: x\n", "no option 'stepz'"),
        ("version: 1\ntrainer: {use: counting, steps: 0}\nfolder: x\n", "steps"),
        ("version: 1\ntrainer: counting\n", "folder"),
        ("version: 2\ntrainer: counting\nfolder: x\n", "version"),
    ],
)
def test_mistakes_are_told_before_anything_starts(
    file: Path, text: str, cause: str, capsys: pytest.CaptureFixture[str]
):
    file.write_text(text, encoding="utf-8")
    assert main(["train", str(file)]) == 2
    assert cause in capsys.readouterr().err


def test_a_model_is_exported_in_the_form_that_is_asked_for(
    file: Path, capsys: pytest.CaptureFixture[str]
):
    file = written(file.parent, "exporting")
    arguments = ["train", "export", str(file), "--to", str(file.parent / "to")]
    assert main(arguments) == 2
    assert "there is no model" in capsys.readouterr().err
    assert main(["train", str(file)]) == 0
    capsys.readouterr()
    assert main(arguments) == 0
    assert capsys.readouterr().out.strip() == str(file.parent / "to" / "plain")
    assert main([*arguments[:-1], str(file.parent / "b"), "--form", "uper"]) == 2
    assert "upper" in capsys.readouterr().err


def test_a_place_that_takes_no_model_is_told(file: Path, capsys: pytest.CaptureFixture[str]):
    file = written(file.parent, "exporting")
    assert main(["train", str(file), "--quiet"]) == 0
    assert main(["train", "export", str(file), "--to", str(file / "inside")]) == 2
    shown = capsys.readouterr().err
    assert "error: cannot use " in shown
    assert "remedy: give yourself the right to it" in shown


def test_one_process_at_a_time_trains_in_a_folder(file: Path, capsys: pytest.CaptureFixture[str]):
    file = written(file.parent, "twice")
    with alone_in(file.parent / "out"):
        assert main(["train", str(file), "--quiet"]) == 2
        assert "another process is at work in" in capsys.readouterr().err
    assert main(["train", str(file), "--quiet"]) == 0
    with alone_in(file.parent / "out"):
        pass


def test_a_garbled_journal_does_not_lose_the_training(
    file: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["train", str(written(file.parent, "garbled"))]) == 0
    told = capsys.readouterr()
    assert "digest  d1" in told.out
    assert told.err.count("error: cannot show how the training goes: ") == 1
    assert "log.jsonl:1" in told.err


def test_who_stops_it_is_told_that_it_goes_on(file: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["train", str(written(file.parent, "stopped"))]) == 130
    assert "the same command goes on with what is in" in capsys.readouterr().err


def test_a_trainer_that_exports_nothing_says_where_its_model_is(
    file: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["train", "export", str(file), "--to", "x"]) == 2
    assert str(file.parent / "out") in capsys.readouterr().err


class Journalling(Counting):
    """Tells each step, and runs out of room where it is given words."""

    async def train(self, workdir: Path) -> Trained:
        journal = TrainingJournal(workdir)
        journal.forget_after(0)
        for step in range(1, self.options.steps + 1):
            journal.tell({"step": step, "loss": 1 / step, "measured": {"unseen": {"right": step}}})
        if self.options.words is not None:
            raise OSError(ENOSPC, "No space left on device")
        return await super().train(workdir)


def test_curves_are_kept_in_the_store_and_shown(file: Path, capsys: pytest.CaptureFixture[str]):
    file = written(file.parent, "journalling")
    file.write_text(f"{file.read_text(encoding='utf-8')}record: kept/s.db\n", encoding="utf-8")
    store = ["--store", str(file.parent / "kept" / "s.db")]
    assert main(["train", "curves", *store]) == 2
    assert "there is no store" in capsys.readouterr().err
    assert main(["train", str(file)]) == 0
    assert "step 3 of 3, loss 0.3333" in capsys.readouterr().err
    # What is told of a step once more takes the place of what was told before.
    assert main(["train", str(file), "--set", "trainer.steps=2", "--quiet"]) == 0
    assert "of 2" not in capsys.readouterr().err
    assert main(["train", "curves", *store]) == 0
    shown = capsys.readouterr().out
    assert str(file.parent / "out") in shown
    assert main(["train", "curves", "out", *store, "--json"]) == 0
    points = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(one["step"], one["value"]) for one in points if one["name"] == "loss"] == [
        (1, 1.0),
        (2, 0.5),
    ]
    assert {one["name"] for one in points} == {"loss", "measured: unseen: right"}
    assert main(["train", "curves", str(file.parent / "out"), *store]) == 0
    [_, curve, _] = capsys.readouterr().out.splitlines()
    assert curve.split() == ["-", "loss", "2", "1", "0.5", "0.5", "1"]
    assert main(["train", "curves", "other", *store]) == 2


def test_a_full_disk_is_told_and_what_was_measured_is_kept(
    file: Path, capsys: pytest.CaptureFixture[str]
):
    file = written(file.parent, "journalling", ", words: train.yaml")
    store = ["--store", str(file.parent / "s.db")]
    assert main(["train", str(file), *store]) == 2
    shown = capsys.readouterr().err
    assert "No space left on device" in shown
    assert "goes on where it stopped" in shown
    assert main(["train", "curves", "out", *store]) == 0
    assert "loss" in capsys.readouterr().out
