"""The JSON Schema: what an editor takes for right is right, nested components included."""

from typing import Any, Literal

import pytest
from jsonschema import Draft202012Validator
from registry_double import COMPONENTS, FULL, MINIMAL, DictRegistry
from ruamel.yaml import YAML

from lift_sys.interfaces import StrategyRef
from lift_sys.ir import Frozen
from lift_sys.pipeline.schema import pipeline_schema
from lift_sys.plugins import Component, Options


class Tier(Frozen):
    """One step of a ladder."""

    at: float
    strategy: StrategyRef


class StageConfig(Frozen):
    """Named as a model of the core is."""

    kind: Literal["mine"] = "mine"


class Ladder(Options):
    """Climbs."""

    tiers: list[Tier]
    stage: StageConfig = StageConfig()


class Unschemable(Options):
    model_config = {"arbitrary_types_allowed": True}

    x: DictRegistry | None = None


@pytest.fixture(scope="module", name="validator")
def _validator() -> Draft202012Validator:
    patch = pytest.MonkeyPatch()
    ladder = Component("ladder/1", "nowhere:x", "A ladder", Ladder)
    patch.setitem(COMPONENTS["strategies"], "ladder/1", ladder)
    patch.setitem(COMPONENTS["scorers"], "odd", Component("odd", "nowhere:x", "Odd", Unschemable))
    try:
        schema, notes = pipeline_schema(DictRegistry(broken=["replay"]))
    finally:
        patch.undo()
    assert [note.partition(":")[0] for note in notes] == [
        "left out the scorer 'odd'",
        "left out the provider 'replay'",
    ]
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def parsed(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text)


def minimal(**changes: Any) -> dict[str, Any]:
    main = {"use": "openai", "model": "m"}
    document = {**parsed(MINIMAL), "providers": {"main": main}, **changes}
    return {key: value for key, value in document.items() if value is not ...}


def with_strategy(strategy: Any) -> dict[str, Any]:
    stages = {
        "specify": {"provider": "main", "strategy": strategy},
        "implement": {"provider": "main"},
    }
    return minimal(stages=stages)


@pytest.mark.parametrize(
    "document",
    [
        minimal(),
        minimal(seed="${SEED}", concurrency={"tasks": "${N:-4}"}),
        minimal(router="static"),
        minimal(router={"use": "cascade", "tiers": ["default"], "scorer": "schema"}),
        minimal(routes={"a": {"implement": {"strategy": {"n": 3}}, "attempt": None}}),
        minimal(routes={"a": {"attempt": {"strategy": {"use": "best-of-n", "n": 2}}}}),
        {"extends": "base.yaml"},
        {"extends": ["a.yaml"], "stages": {"specify": {"strategy": {"n": 5}}}},
        {"extends": "a.yaml", "providers": {"main": {"model": "other"}}, "router": {"tiers": []}},
        with_strategy(None),
        with_strategy("single"),
        with_strategy("${STRATEGY}"),
        with_strategy({"use": "single"}),
        with_strategy({"use": "best-of-n", "n": 5}),
        with_strategy({"use": "best-of-n", "n": "${N}", "stop": 3}),
        with_strategy(
            {"use": "best-of-n", "n": 5, "inner": {"use": "best-of-n", "n": 2, "inner": "single"}}
        ),
        with_strategy(
            {"use": "ladder/1", "tiers": [{"at": 0.5, "strategy": {"use": "single", "retries": 1}}]}
        ),
    ],
)
def test_good_files_pass(validator: Draft202012Validator, document: Any) -> None:
    assert list(validator.iter_errors(document)) == []


@pytest.mark.parametrize(
    "document",
    [
        minimal(version=...),
        minimal(version=2),
        minimal(stages=...),
        minimal(sead=1),
        minimal(seed="x"),
        minimal(seed=1.5),
        minimal(budget={"usd": -1}),
        minimal(concurrency={"tasks": 0}),
        minimal(observers="log"),
        minimal(stages={"specify": {}, "implement": {"provider": "main"}}),
        minimal(stages={"specify": {"provider": "main"}}),
        minimal(providers={"main": "openai"}),
        minimal(providers={"main": {"use": "openai", "modle": "m"}}),
        minimal(providers={"main": {"use": "openai", "model": "m", "timeout": 0}}),
        minimal(router={"use": "cascade"}),
        minimal(router={"tiers": []}),
        minimal(routes={"a": {"plan": {}}}),
        minimal(routes={"a": {"implement": {"scorers": [{"weight": 2}]}}}),
        {"extends": "base.yaml", "sead": 1},
        {"extends": "base.yaml", "seed": "x"},
        with_strategy("nope"),
        with_strategy("best-of-n"),
        with_strategy({"n": 5}),
        with_strategy({"use": "nope"}),
        with_strategy({"use": "best-of-n", "n": "five"}),
        with_strategy({"use": "best-of-n", "n": 5, "m": 1}),
        with_strategy({"use": "best-of-n", "n": 5, "inner": {"use": "single", "retries": 10}}),
        with_strategy({"use": "best-of-n", "n": 5, "inner": {"retries": 1}}),
        with_strategy(
            {"use": "best-of-n", "n": 5, "inner": {"use": "best-of-n", "n": 2, "inner": "nope"}}
        ),
        with_strategy({"use": "ladder/1", "tiers": [{"at": 0.5, "strategy": "best-of-n"}]}),
        with_strategy({"use": "ladder/1", "tiers": [], "stage": {"provider": "main"}}),
    ],
)
def test_bad_files_fail(validator: Draft202012Validator, document: Any) -> None:
    assert list(validator.iter_errors(document))


def test_a_full_file_passes() -> None:
    schema, notes = pipeline_schema(DictRegistry())
    document = parsed(FULL)
    del document["providers"]["idle"]
    assert notes == ()
    assert list(Draft202012Validator(schema).iter_errors(document)) == []


def test_it_tells_what_components_and_options_are() -> None:
    schema, _ = pipeline_schema(DictRegistry())
    openai = schema["$defs"]["ProviderDef.openai"]
    assert openai["description"] == "The openai\nAn OpenAI-compatible server."
    assert openai["properties"]["model"]["description"] == "The model's name."
    assert openai["additionalProperties"] is False
    assert schema["$defs"]["ScorerRef.schema"]["properties"].keys() == {"use", "weight", "gate"}


def test_every_reference_in_it_has_its_definition(validator: Draft202012Validator) -> None:
    seen: set[str] = set()

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            if isinstance(value.get("$ref"), str):
                seen.add(value["$ref"].removeprefix("#/$defs/"))
            for inner in value.values():
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    walk(validator.schema)
    assert seen <= validator.schema["$defs"].keys()
    assert "StrategyRef.ladder-1.StageConfig" in seen
