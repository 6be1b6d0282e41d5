"""Good files: what comes of them."""

import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from registry_double import (
    FULL,
    MINIMAL,
    BestOfN,
    Cascade,
    DictRegistry,
    Fallback,
    Judge,
    OpenAI,
)

from lift_sys.errors import BrokenPlugin, ConfigError
from lift_sys.interfaces import Limits, ProviderRef, Sampling, ScorerRef, StrategyRef
from lift_sys.pipeline.config import PluginRules
from lift_sys.pipeline.load import ResolvedPipeline, load, load_mapping


def resolved(
    path: Path,
    text: str = FULL,
    *,
    overrides: tuple[str, ...] = (),
    environ: Mapping[str, str] | None = None,
) -> ResolvedPipeline:
    path = path / "p.yaml"
    path.write_text(text)
    environ = {"KEY": "sk-very-secret"} if environ is None else environ
    return load(path, overrides=overrides, registry=DictRegistry(), environ=environ)


def test_settings(tmp_path: Path) -> None:
    settings = resolved(tmp_path).settings
    assert settings.seed == 3
    assert settings.plugins == PluginRules(allow=("lift-sys-openai",), deny=("evil",))
    assert settings.budget == Limits(usd=0.05, tokens=200_000, calls=40, seconds=100)
    assert settings.run_budget == Limits(usd=5)
    assert settings.concurrency.tasks == 4
    assert settings.record == str(tmp_path / "runs.db")


def test_every_reference_has_its_component_and_checked_options(tmp_path: Path) -> None:
    pipeline = resolved(tmp_path)
    specify = pipeline.routes["default"].specify
    assert specify.strategy
    best = pipeline.of(specify.strategy)
    assert best.component.name == "best-of-n"
    assert isinstance(best.options, BestOfN)
    assert best.options.n == 5
    assert best.options.inner
    assert pipeline.of(best.options.inner).component.name == "chain-of-thought"
    assert specify.stage
    assert pipeline.of(specify.stage).component.name == "specify"

    schema, judge = specify.scorers
    assert pipeline.of(schema).component.name == "schema"
    assert (judge.weight, judge.gate) == (2, True)
    options = pipeline.of(judge).options
    assert isinstance(options, Judge)
    assert options.provider == ProviderRef("main")
    assert options.questions == tmp_path / "q.txt"

    fallback = pipeline.of(pipeline.providers["both"]).options
    assert isinstance(fallback, Fallback)
    assert fallback.then == (ProviderRef("tape"),)
    settings = pipeline.settings
    assert settings.sandbox
    assert pipeline.of(settings.sandbox).component.name == "subprocess"
    assert [pipeline.of(ref).component.name for ref in settings.observers] == ["log"]
    assert settings.router
    router = pipeline.of(settings.router).options
    assert isinstance(router, Cascade)
    # A reference that is an option's default is resolved too.
    assert pipeline.of(router.scorer).component.name == "schema"


def test_routes_are_overlays_of_the_stages(tmp_path: Path) -> None:
    pipeline = resolved(tmp_path)
    assert list(pipeline.routes) == ["default", "strong"]
    strong = pipeline.routes["strong"]
    assert strong.specify.provider == ProviderRef("both")
    assert strong.implement.provider == ProviderRef("tape")
    assert strong.implement.strategy == StrategyRef.model_validate({"use": "single", "retries": 2})
    assert strong.attempt is None
    attempt = pipeline.routes["default"].attempt
    assert attempt
    assert attempt.strategy
    assert pipeline.of(attempt.strategy).options == BestOfN(n=3)


def test_a_provider_that_nobody_uses_is_neither_imported_nor_expanded(tmp_path: Path) -> None:
    pipeline = resolved(tmp_path)
    assert set(pipeline.providers) == {"main", "both", "tape"}
    with pytest.raises(ConfigError) as caught:
        load(
            tmp_path / "p.yaml",
            registry=DictRegistry(),
            environ={"KEY": "sk-very-secret"},
            every_provider=True,
        )
    assert [(told.line, told.path) for told in caught.value.mistakes] == [
        (8, "providers.idle"),
        (8, "providers.idle.model"),
    ]


def test_exactly_what_is_named_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text(MINIMAL)
    registry = DictRegistry()
    load(path, registry=registry, environ={})
    assert set(registry.asked) == {"replay"}


def test_secrets_are_used_and_not_shown(tmp_path: Path) -> None:
    pipeline = resolved(tmp_path)
    options = pipeline.of(pipeline.providers["main"]).options
    assert isinstance(options, OpenAI)
    assert options.api_key.get_secret_value() == "sk-very-secret"
    assert pipeline.secrets.redact("key=sk-very-secret") == "key=${KEY}"
    assert pipeline.raw["providers"]["main"]["api_key"] == "${KEY}"
    assert "sk-very-secret" not in repr(pipeline)
    assert "sk-very-secret" not in repr(pipeline.providers) + repr(pipeline.raw) + repr(options)


def test_a_secret_that_is_written_out_is_masked_in_the_record(tmp_path: Path) -> None:
    text = MINIMAL.replace(
        "main: replay",
        "main: {use: openai, model: m, api_key: sk-literal}, idle: {use: x, key: sk-other}",
    )
    pipeline = resolved(tmp_path, text)
    assert pipeline.raw["providers"] == {
        "main": {"use": "openai", "model": "m", "api_key": "**********"}
    }
    assert pipeline.secrets.redact("sk-literal!") == "**********!"
    options = pipeline.of(pipeline.providers["main"]).options
    assert isinstance(options, OpenAI)
    assert options.api_key.get_secret_value() == "sk-literal"


def test_the_record_can_be_loaded_again(tmp_path: Path) -> None:
    first = resolved(tmp_path)
    again = load_mapping(
        first.raw, tmp_path, registry=DictRegistry(), environ={"KEY": "sk-very-secret"}
    )
    assert again.raw == first.raw
    assert again.routes == first.routes
    assert again.settings == first.settings


@pytest.mark.parametrize(
    "url",
    ["postgresql://a@h/runs", "postgresql://a:${KEY}@h/runs", "postgres://h/runs?sslmode=require"],
)
def test_a_record_in_postgresql(tmp_path: Path, url: str) -> None:
    pipeline = resolved(tmp_path, f"{MINIMAL}record: {url}\n")
    assert pipeline.settings.record == url.replace("${KEY}", "sk-very-secret")
    assert pipeline.raw["record"] == url


def test_a_password_stands_in_no_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"record: a password .* environment") as caught:
        resolved(tmp_path, f"{MINIMAL}record: postgresql://a:hush@h/runs\n")
    assert "hush" not in str(caught.value)


def test_a_url_of_another_database_is_no_path(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no 'mysql' URL: .* postgresql://"):
        resolved(tmp_path, f"{MINIMAL}record: mysql://x/y\n")


def test_defaults(tmp_path: Path) -> None:
    pipeline = resolved(tmp_path, MINIMAL, environ={})
    assert pipeline.settings.record == ".lift/store.db"
    assert pipeline.settings.router is None
    assert pipeline.settings.sandbox is None
    assert pipeline.settings.budget == Limits()
    assert pipeline.routes["default"].specify.strategy is None


def test_sampling_lies_in_layers(tmp_path: Path) -> None:
    pipeline = resolved(tmp_path)
    route = pipeline.routes["default"]
    common = pipeline.settings.sampling
    assert common.under(route.specify.sampling).sampling() == Sampling(
        temperature=0.2, max_tokens=99
    )
    assert common.under(route.implement.sampling).sampling() == Sampling(
        temperature=0.7, max_tokens=99
    )


def test_values_from_the_command_line(tmp_path: Path) -> None:
    pipeline = resolved(
        tmp_path,
        overrides=(
            "stages.specify.strategy.n=7",
            "stages.implement.strategy.retries=4",
            "stages.specify.scorers.0.weight=3",
        ),
    )
    route = pipeline.routes["default"]
    assert route.specify.strategy
    assert pipeline.of(route.specify.strategy).options == BestOfN(
        n=7, inner=StrategyRef(use="chain-of-thought")
    )
    assert route.implement.strategy
    assert pipeline.of(route.implement.strategy).options.model_dump() == {"retries": 4}
    assert route.specify.scorers[0].weight == 3
    assert pipeline.raw["stages"]["specify"]["strategy"]["n"] == 7


def test_paths_are_relative_to_the_file_that_states_them(tmp_path: Path) -> None:
    (tmp_path / "base").mkdir()
    (tmp_path / "base/b.yaml").write_text(
        "version: 1\n"
        "providers: {main: {use: openai, model: m, cassette: here.jsonl}}\n"
        "record: runs.db\n"
    )
    pipeline = resolved(
        tmp_path,
        "extends: base/b.yaml\n"
        "stages: {specify: {provider: main}, implement: {provider: main}}\n"
        "record: runs.db",
        environ={},
    )
    options = pipeline.of(pipeline.providers["main"]).options
    assert isinstance(options, OpenAI)
    assert options.cassette == tmp_path / "base/here.jsonl"
    assert pipeline.settings.record == str(tmp_path / "runs.db")
    assert pipeline.files == (tmp_path / "p.yaml", tmp_path / "base/b.yaml")


def test_a_changed_use_drops_inherited_options(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text(FULL)
    pipeline = resolved(
        tmp_path,
        "extends: b.yaml\nstages: {specify: {strategy: {use: single, retries: 1}}}",
    )
    strategy = pipeline.routes["default"].specify.strategy
    assert strategy
    assert pipeline.of(strategy).options.model_dump() == {"retries": 1}


def test_a_mapping_from_python(tmp_path: Path) -> None:
    data: dict[str, Any] = {
        "version": 1,
        "providers": {"main": {"use": "openai", "model": "m", "cassette": Path("x.jsonl")}},
        "stages": {"specify": {"provider": "main"}, "implement": {"provider": "main"}},
    }
    pipeline = load_mapping(data, tmp_path, registry=DictRegistry(), environ={})
    options = pipeline.of(pipeline.providers["main"]).options
    assert isinstance(options, OpenAI)
    assert options.cassette == tmp_path / "x.jsonl"
    assert pipeline.files == ()


def test_the_registry_may_depend_on_the_files_own_rules(tmp_path: Path) -> None:
    seen: list[PluginRules] = []

    def registry(rules: PluginRules) -> DictRegistry:
        seen.append(rules)
        return DictRegistry()

    path = tmp_path / "p.yaml"
    path.write_text(FULL.replace("[evil]", "['${EVIL}']"))
    load(path, registry=registry, environ={"KEY": "x", "EVIL": "evil"})
    assert seen == [PluginRules(allow=("lift-sys-openai",), deny=("evil",))]


def test_a_reference_that_no_options_hold_is_refused(tmp_path: Path) -> None:
    pipeline = resolved(tmp_path)
    with pytest.raises(BrokenPlugin, match="asks for the scorer 'schema'"):
        pipeline.of(ScorerRef(use="schema"))


def test_stated_text_survives_a_trip_to_another_process(tmp_path: Path) -> None:
    definition = resolved(tmp_path).providers["main"]
    again = pickle.loads(pickle.dumps(definition))
    assert again == definition
    assert "sk-very-secret" not in repr(again)


def test_a_strategy_may_be_nested_to_the_bound(tmp_path: Path) -> None:
    inner: Any = "single"
    for _ in range(49):
        inner = {"use": "best-of-n", "n": 1, "inner": inner}
    data = {
        "version": 1,
        "providers": {"main": "replay"},
        "stages": {
            "specify": {"provider": "main", "strategy": inner},
            "implement": {"provider": "main"},
        },
    }
    assert load_mapping(data, tmp_path, registry=DictRegistry(), environ={}).routes
    data["stages"]["specify"]["strategy"] = {"use": "best-of-n", "n": 1, "inner": inner}
    with pytest.raises(ConfigError, match="nested more than 50 deep"):
        load_mapping(data, tmp_path, registry=DictRegistry(), environ={})
