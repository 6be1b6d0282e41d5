"""A pipeline made again from the record of its run: paths, environment, versions."""

import asyncio
import json
from pathlib import Path

import pytest
from registry_double import DictRegistry

from lift_sys.errors import ConfigError, InputError
from lift_sys.interfaces import ConfigPath, RunStarted
from lift_sys.pipeline.load import load, load_recorded
from lift_sys.pipeline.pipeline import Pipeline
from lift_sys.pipeline.recorded import RunRecord
from lift_sys.plugins import Component, Options, PluginManager
from lift_sys.store import Store
from lift_sys.testing.providers import ANYTHING
from lift_sys.testing.samples import TASK, scripted_model

BASE = """\
version: 1
providers:
  main: {use: openai, model: gpt, cassette: ../tapes/base.jsonl}
"""
FILE = """\
extends: ../shared/base.yaml
providers:
  own: {use: openai, model: gpt, cassette: own.jsonl}
stages:
  specify: {provider: main}
  implement: {provider: own}
"""


def started(resolved) -> RunStarted:
    return RunStarted(
        run="r",
        started="",
        config=json.loads(json.dumps(resolved.raw)),
        distributions={},
        seed=0,
        base=str(resolved.base),
        bases=dict(resolved.bases),
    )


def cassette(resolved, name) -> Path:
    return resolved.of(resolved.providers[name]).options.cassette.resolve()


def test_paths_stay_where_they_were_wherever_the_run_is_taken_up(tmp_path, monkeypatch):
    for folder in ("mine", "shared", "elsewhere"):
        (tmp_path / folder).mkdir()
    (tmp_path / "shared" / "base.yaml").write_text(BASE)
    (tmp_path / "mine" / "p.yaml").write_text(FILE)
    monkeypatch.chdir(tmp_path / "mine")
    resolved = load("p.yaml", registry=DictRegistry(), environ={})
    record = started(resolved)
    monkeypatch.chdir(tmp_path / "elsewhere")
    again = load_recorded(record, registry=DictRegistry())
    assert cassette(again, "main") == tmp_path / "tapes" / "base.jsonl"
    assert cassette(again, "own") == tmp_path / "mine" / "own.jsonl"
    assert again.raw == resolved.raw


def test_for_a_replay_no_provider_is_looked_at(tmp_path):
    file = tmp_path / "q.yaml"
    file.write_text(
        BASE + "  gone: {use: openai, model: gpt}\n"
        "stages:\n  specify: {provider: main}\n  implement: {provider: gone}\n"
        "router: {use: cascade, tiers: [default]}\nobservers: [log]\n"
    )
    record = started(load(file, registry=DictRegistry(), environ={}))
    registry = DictRegistry(broken=["openai", "cascade", "log"])
    resolved = load_recorded(record, registry=registry, providers=False)
    assert registry.asked == []
    assert resolved.providers == {}
    with pytest.raises(ConfigError, match="openai raised ImportError"):
        load_recorded(record, registry=registry)


class ModelOptions(Options):
    word: str = ""
    notes: ConfigPath | None = None


def make_pipeline(folder: Path, **changes) -> tuple[Pipeline, PluginManager]:
    component = Component(
        "scripted",
        lambda options, parts: scripted_model(capabilities=ANYTHING),
        "Says it",
        ModelOptions,
    )
    plugins = PluginManager.of(providers=[component])
    document = {
        "version": 1,
        "providers": {"model": {"use": "scripted", "word": "${WORD}"}},
        "stages": {"specify": {"provider": "model"}, "implement": {"provider": "model"}},
        "record": str(folder / "store.db"),
        **changes,
    }
    return Pipeline.load(document, plugins=plugins), plugins


def record_in(folder: Path) -> RunRecord:
    with Store.open(folder / "store.db") as store:
        return RunRecord.of(store.events(store.runs()[0].id))


async def replayed(record):
    pipeline = Pipeline.of_record(record, providers=False, plugins=PluginManager.of())
    async with pipeline.replay(record) as replay:
        found = [pipeline.redact_data(r.to_json()) async for r in replay.results()]
        return found, replay.differences


async def test_a_value_of_the_environment_in_a_request_is_what_it_was(tmp_path, monkeypatch):
    """The record has its name in its place, and what the model was asked was the value."""
    monkeypatch.setenv("WORD", "doubles")
    pipeline, _ = make_pipeline(tmp_path)
    result = await asyncio.to_thread(pipeline.run, TASK)
    record = record_in(tmp_path)
    assert record.tasks["double"].task.request == "Create a function that ${WORD} a number"
    found, differences = await replayed(record)
    assert found == [pipeline.redact_data(result.to_json())]
    assert differences == []


async def test_a_run_says_what_it_was_made_of(tmp_path, monkeypatch):
    monkeypatch.setenv("WORD", "w")
    pipeline, _ = make_pipeline(tmp_path, seed=5)
    async with pipeline.open(label="mine", epoch=2) as session:
        await session.solve(TASK)
    begun = record_in(tmp_path).started
    assert (begun.seed, begun.epoch, begun.label) == (5, 2, "mine")
    assert begun.providers == {"model": ANYTHING}
    assert set(begun.prompts) == {"specify/chat", "implement/chat"}
    assert begun.config["providers"]["model"]["word"] == "${WORD}"


async def test_a_run_goes_on_through_the_pipeline_of_its_record(tmp_path, monkeypatch):
    monkeypatch.setenv("WORD", "w")
    pipeline, plugins = make_pipeline(tmp_path)
    tasks = [TASK.model_copy(update={"id": f"t{i}"}) for i in range(3)]
    async with pipeline.open() as session:
        await session.solve(tasks[0])
    with Store.open(tmp_path / "store.db") as store:
        record = RunRecord.of(store.events(store.runs()[0].id))
        again = Pipeline.of_record(record, plugins=plugins)
        async with again.resume(record, store) as resumed:
            results = [r async for r in resumed.results(tasks[1:], 2)]
        assert results[0].task.id == "t0"
        assert {r.status for r in results} == {"pass"}
        (run,) = store.runs()
        assert (run.tasks, run.state) == (3, "ended")
        kinds = [told.event.kind for told in store.events(run.id)]
        assert kinds.count("run_resumed") == 1
    found, differences = await replayed(record_in(tmp_path))
    assert [each["task"] for each in found] == [r.task.id for r in results]
    assert differences == []


def test_a_pipeline_given_as_data_has_no_file_to_name(tmp_path, monkeypatch):
    monkeypatch.setenv("WORD", "w")
    pipeline, _ = make_pipeline(tmp_path, record=None)
    assert pipeline.record is None
    with pytest.raises(InputError, match="nothing to run"):
        pipeline.tasks()
