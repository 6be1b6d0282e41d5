"""Bad files: every mistake at once, where it stands, in plain words, and no secret in any."""

import traceback
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError, field_validator
from registry_double import COMPONENTS, DictRegistry

from lift_sys.errors import ConfigError, Mistake
from lift_sys.pipeline.load import load, load_mapping
from lift_sys.plugins import Component, Options

HEAD = "version: 1\nproviders: {main: replay, gpt: {use: openai, model: m}}\n"
STAGES = "stages: {specify: {provider: main}, implement: {provider: main}}\n"


def told(
    path: Path,
    text: str,
    *,
    overrides: tuple[str, ...] = (),
    environ: dict[str, str] | None = None,
    registry: DictRegistry | None = None,
) -> list[Mistake]:
    path = path / "p.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        load(path, overrides=overrides, registry=registry or DictRegistry(), environ=environ or {})
    assert {mistake.file for mistake in caught.value.mistakes} <= {
        str(path),
        str(path.parent / "base.yaml"),
        *(f"--set {override.partition('=')[0]}" for override in overrides),
    }
    return list(caught.value.mistakes)


def in_stage(value: str) -> str:
    return f"{HEAD}stages:\n  implement: {{provider: main}}\n  specify: {{provider: main, {value}}}"


@pytest.mark.parametrize(
    ("text", "line", "path", "cause", "remedy"),
    [
        (HEAD + STAGES + "sead: 3", 4, "sead", "unknown key 'sead'", "'seed'"),
        (HEAD + STAGES + "provider: 3", 4, "provider", "unknown key 'provider'", "'providers'"),
        (HEAD + STAGES + "attempt: {strategy: single}", 4,
         "attempt", "unknown key 'attempt'", "below `stages:`"),
        (HEAD + STAGES + "budget: {usd: lots}", 4,
         "budget.usd", "expected a number, not 'lots'", ""),
        (HEAD + STAGES + "budget: {usd: -1}", 4, "budget.usd", "must be at least 0, not -1", ""),
        (HEAD + STAGES + "budget: {eur: 1}", 4, "budget.eur", "unknown key 'eur'", "usd"),
        (HEAD + STAGES + "budget: 5", 4,
         "budget", "expected a mapping of keys to values, not 5", ""),
        (HEAD + STAGES + "budget:", 4, "budget", "not nothing", ""),
        (HEAD + STAGES + "budget: {calls: 1.5}", 4, "budget.calls", "a whole number, not 1.5", ""),
        (HEAD + STAGES + "concurrency: {tasks: 0}", 4, "concurrency.tasks", "at least 1", ""),
        (HEAD + STAGES + "seed: true", 4, "seed", "expected a number, not true", ""),
        (HEAD + STAGES + "budget: {usd: false}", 4, "budget.usd", "a number, not false", ""),
        (HEAD.replace("model: m", "model: 4.1") + STAGES.replace("main", "gpt"), 2,
         "providers.gpt.model", "expected text, not 4.1", "quotes"),
        (HEAD + STAGES + "seed: [1]", 4, "seed", "expected a whole number, not a list", ""),
        (HEAD + STAGES + "observers: log", 4, "observers", "expected a list, not 'log'", ""),
        (HEAD + STAGES + "router: {tiers: []}", 4, "router", "`use` is missing", "name"),
        (HEAD + STAGES + "router: [x]", 4, "router", "a name, or a mapping with `use`", ""),
        (HEAD + STAGES + "router: statik", 4, "router", "no router is called 'statik'", "'static'"),
        (HEAD + STAGES + "sandbox: zz", 4, "sandbox", "no sandbox is called 'zz'", "pip install"),
        (HEAD + STAGES + "version_: 1", 4, "version_", "unknown key", "'version'"),
        (HEAD + STAGES.replace("{specify", "{specfy: {}, specify"), 3, "stages.specfy",
         "there is no stage 'specfy'", "'specify'"),
        (HEAD + STAGES.replace("{specify", "{plan: {}, specify"), 3, "stages.plan",
         "there is no stage 'plan'", "attempt, implement, specify"),
        (HEAD, 1, "", "`stages` is missing", "`specify`"),
        (HEAD + "stages: {specify: {provider: main}}", 3, "stages", "`implement` is missing", ""),
        (HEAD + "stages: 5", 3, "stages", "expected a mapping of keys to values, not 5", ""),
        (HEAD + "stages: {implement: {provider: main}, specify: {}}", 3, "stages.specify",
         "`provider` is missing", "`providers:`"),
        ("providers: {main: replay}\n" + STAGES, 1, "", "`version` is missing", "version: 1"),
        ("version: 2\nproviders: {main: replay}\n" + STAGES, 1, "version", "expected 1, not 2", ""),
        ("version: 1\nproviders: {main: 5}\n" + STAGES, 2, "providers.main", "a name, or", ""),
        (HEAD + STAGES + "routes: {default: {}}", 4,
         "routes.default", "`stages` describes", "another"),
        (HEAD + STAGES + "routes: [x]", 4, "routes", "expected a mapping", ""),
        (HEAD + STAGES + "routes: {a: {attempts: {}}}", 4, "routes.a.attempts",
         "there is no stage 'attempts'", "'attempt'"),
        (HEAD + STAGES + "router: {use: cascade, tiers: [strog]}\nroutes: {strong: {}}", 4,
         "router.tiers.0", "no route is called 'strog'", "'strong'"),
        (in_stage("strategy: {use: best-of-n}"), 5,
         "stages.specify.strategy", "`n` is missing", ""),
        (in_stage("strategy: {use: best-of-n, n: many}"), 5, "stages.specify.strategy.n",
         "expected a whole number, not 'many'", ""),
        (in_stage("strategy: {use: best-of-n, n: 0}"), 5, "stages.specify.strategy.n",
         "must be at least 1, not 0", ""),
        (in_stage("strategy: {use: best-of-n, n: 1, stop: no}"), 5, "stages.specify.strategy.stop",
         "expected 'first' or 'never' or a whole number, not 'no'", ""),
        (in_stage("strategy: {use: best-of-n, n: 1, stop: 10}"), 5, "stages.specify.strategy.stop",
         "must be at most 9, not 10", ""),
        (in_stage("strategy: {use: best-of-n, n: 1, weights: {c: 3}}"), 5,
         "stages.specify.strategy.weights.c", "expected 'a' or 'b' as a key, not 'c'", ""),
        (in_stage("strategy: {use: best-of-n, n: 1, rounds: [0]}"), 5,
         "stages.specify.strategy.rounds.0", "must be at least 1, not 0", ""),
        (in_stage("strategy: {use: best-of-n, n: 1, rounds: []}"), 5,
         "stages.specify.strategy.rounds", "must not be empty", ""),
        (in_stage("strategy: {use: single, retires: 1}"), 5, "stages.specify.strategy.retires",
         "the strategy 'single' has no option 'retires'", "'retries'"),
        (in_stage("strategy: {use: best-of-n, n: 1, notes: {a: x}}"), 5,
         "stages.specify.strategy.notes.a", "expected a whole number", ""),
        (in_stage("scorers: [{use: schema, wieght: 2}]"), 5, "stages.specify.scorers.0.wieght",
         "the scorer 'schema' has no option 'wieght'", "'weight'"),
        (in_stage("scorers: [{use: schema, weight: heavy}]"), 5, "stages.specify.scorers.0.weight",
         "expected a number, not 'heavy'", ""),
        (in_stage("scorers: [{use: schema, weight: -1}]"), 5, "stages.specify.scorers.0.weight",
         "must be at least 0, not -1", ""),
        (in_stage("scorers: [{use: judge, provider: maim}]"), 5,
         "stages.specify.scorers.0.provider",
         "no provider is called 'maim'", "'main'"),
        (in_stage("strategy: {use: best-of-n, n: 1, inner: {use: singel}}"), 5,
         "stages.specify.strategy.inner", "no strategy is called 'singel'", "'single'"),
        (in_stage("strategy: endless"), 5, "stages.specify.strategy" + ".left" * 50,
         "nested more than 50 deep", "default"),
        (in_stage("strategy: {use: raising, x: 1}"), 5, "stages.specify.strategy",
         "Raising broke on these options: KeyError", "author"),
    ],
)  # fmt: skip
def test_one_mistake(
    tmp_path: Path, text: str, line: int, path: str, cause: str, remedy: str
) -> None:
    (mistake,) = told(tmp_path, text)
    assert cause in mistake.cause
    assert remedy in mistake.remedy
    assert (mistake.line, mistake.path) == (line, path)
    assert "pydantic" not in str(mistake)
    assert "Input" not in str(mistake)


def test_all_mistakes_come_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = """\
version: 1
sead: 1
providers:
  main: {use: openai, modle: x, timeout: 0}
stages:
  specify:
    provider: mian
    strategy:
      use: best-of-n
      n: x
      inner:
        use: best-of-n
        n: 0
        inner: {use: nope}
    scorers:
      - {use: schema, weight: x, extra: 1}
      - {use: judge, provider: nobody}
  implement:
    provider: main
    strategy: single
budget: {usd: -1}
"""
    found = [(m.line, m.path.rpartition(".")[2]) for m in told(tmp_path, text)]
    assert found == [
        (2, "sead"),
        (4, "main"),
        (4, "modle"),
        (4, "timeout"),
        (7, "provider"),
        (10, "n"),
        (13, "n"),
        (14, "inner"),
        (16, "weight"),
        (16, "extra"),
        (17, "provider"),
        (21, "usd"),
    ]


@pytest.mark.parametrize("providers", ["", "providers: {}\n"])
def test_no_providers_at_all(tmp_path: Path, providers: str) -> None:
    mistakes = told(tmp_path, f"version: 1\n{providers}{STAGES}")
    assert [m.path for m in mistakes] == ["stages.specify.provider", "stages.implement.provider"]
    assert {m.cause for m in mistakes} == {"no provider is called 'main'"}
    assert {m.remedy for m in mistakes} == {"there is none yet"}


@pytest.mark.parametrize("providers", ["providers: [x]\n", "providers:\n", "providers: x\n"])
def test_of_a_table_that_is_none_nothing_else_is_told(tmp_path: Path, providers: str) -> None:
    (mistake,) = told(tmp_path, f"version: 1\n{providers}{STAGES}")
    assert (mistake.path, mistake.line) == ("providers", 2)
    assert "`name: {use: ...}`" in mistake.remedy


def test_what_routes_inherit_is_told_once(tmp_path: Path) -> None:
    text = (
        HEAD
        + "stages:\n  specify: {provider: nope, strategy: {use: best-of-n, n: x}}\n"
        + "  implement: {provider: main}\n"
        + "routes:\n  a: {}\n  b: {specify: {strategy: {inner: gone}}}\n  c: {}"
    )
    found = [(m.line, m.path) for m in told(tmp_path, text)]
    assert found == [
        (4, "stages.specify.provider"),
        (4, "stages.specify.strategy.n"),
        (8, "routes.b.specify.strategy.inner"),
    ]


def test_an_inherited_mistake_is_told_in_the_file_that_states_it(tmp_path: Path) -> None:
    base = tmp_path / "base.yaml"
    base.write_text(
        HEAD + "stages:\n  specify:\n    provider: main\n    strategy: {use: single, x: 1}"
    )
    text = "extends: base.yaml\n\nstages:\n  implement: {provider: gone}\n"
    first, second = told(tmp_path, text)
    assert (first.file, first.line) == (str(base), 6)
    assert (second.file, second.line) == (str(tmp_path / "p.yaml"), 4)


def test_mistakes_of_the_command_line_are_told_there(tmp_path: Path) -> None:
    overrides = (
        "stages.specfy.strategy.n=5",
        "stages.specify.strategy.use=sinlge",
        "stages.implement.provider=gpt",
        "budget.usd=-3",
        "routes.x.specify.provider=[1]",
    )
    found = {m.file: (m.line, m.path) for m in told(tmp_path, HEAD + STAGES, overrides=overrides)}
    assert found == {
        "--set stages.specfy.strategy.n": (None, "stages.specfy"),
        "--set stages.specify.strategy.use": (None, "stages.specify.strategy"),
        "--set budget.usd": (None, "budget.usd"),
        "--set routes.x.specify.provider": (None, "routes.x.specify.provider"),
    }


def test_a_broken_plugin_is_told_with_its_line(tmp_path: Path) -> None:
    registry = DictRegistry(broken=["single"])
    (mistake,) = told(tmp_path, in_stage("strategy: single"), registry=registry)
    assert (mistake.line, mistake.cause) == (5, "single raised ImportError")
    assert mistake.remedy == "reinstall it"


@pytest.mark.parametrize(
    ("table", "circle"),
    [
        ("main: {use: fallback, first: main}", "main -> main"),
        ("main: {use: fallback, first: b}, b: {use: fallback, first: main}", "main -> b -> main"),
    ],
)
def test_providers_in_a_circle(tmp_path: Path, table: str, circle: str) -> None:
    (mistake,) = told(tmp_path, f"version: 1\nproviders: {{{table}}}\n{STAGES}")
    assert mistake.line == 2
    shown = mistake.cause.removeprefix("providers in a circle: ").split(" -> ")
    assert shown[0] == shown[-1]
    assert set(shown) == set(circle.split(" -> "))


def test_two_circles_are_told_both(tmp_path: Path) -> None:
    table = ", ".join(
        [
            "main: {use: fallback, first: a, then: [c]}",
            "a: {use: fallback, first: b}",
            "b: {use: fallback, first: a}",
            "c: {use: fallback, first: c}",
        ]
    )
    assert len(told(tmp_path, f"version: 1\nproviders: {{{table}}}\n{STAGES}")) == 2


def test_a_long_chain_of_providers_is_no_circle(tmp_path: Path) -> None:
    table = {f"p{i}": {"use": "fallback", "first": f"p{i + 1}"} for i in range(2000)}
    data = {
        "version": 1,
        "providers": {**table, "p2000": "replay"},
        "stages": {"specify": {"provider": "p0"}, "implement": {"provider": "p0"}},
    }
    assert len(load_mapping(data, tmp_path, registry=DictRegistry(), environ={}).providers) == 2001


def test_a_missing_variable_is_the_only_thing_told_of_its_text(tmp_path: Path) -> None:
    text = in_stage("strategy: {use: best-of-n, n: '${N}', inner: '${I}'}, scorers: '${S}'")
    text = text.replace("implement: {provider: main}", "implement: {provider: '${P}'}")
    causes = sorted(m.cause for m in told(tmp_path, text))
    assert causes == [f"the environment variable {name} is not set" for name in "INPS"]


SECRETS = {
    "KEY": "sk-Very\"Secret\\with'quotes\nand lines",
    "WORD": "hunter2hunter2",
    "PIN": "7q7",
    "LONG": "z9" * 400,
}


class Picky(Options):
    """Refuses everything, quoting it."""

    a: str = ""
    b: int = 0
    c: str = ""

    @field_validator("a")
    @classmethod
    def _quote(cls, value: str) -> str:
        raise ValueError(f"{value!r} ({value}) is wrong")

    @field_validator("c")
    @classmethod
    def _validate_inside(cls, value: str) -> str:
        class Inner(BaseModel):
            x: int

        Inner.model_validate({"x": value})
        return value


@pytest.mark.parametrize("name", sorted(SECRETS))
@pytest.mark.parametrize(
    "value",
    [
        "strategy: {use: best-of-n, n: '${X}'}",
        "strategy: {use: best-of-n, n: 1, stop: '${X}'}",
        "strategy: {use: best-of-n, n: 1, notes: {a: '${X}'}}",
        "strategy: {use: '${X}'}",
        "strategy: '${X}'",
        "strategy: {use: single, retries: '${X}'}",
        "strategy: {use: single, unknown: '${X}'}",
        "strategy: {use: picky, a: 'x ${X} y'}",
        "strategy: {use: picky, b: '${X}'}",
        "strategy: {use: picky, c: '${X}'}",
        "scorers: '${X}'",
        "scorers: ['${X}', {use: schema, weight: '${X}', gate: '${X}'}]",
        "scorers: [{use: judge, provider: '${X}'}]",
        "sampling: {temperature: '${X}', max_tokens: '${X}', logprobs: '${X}'}",
        "provider_: '${X}'",
    ],
)
def test_no_error_shows_what_a_variable_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str, name: str
) -> None:
    picky = Component("picky", "nowhere:x", "Picky", Picky)
    monkeypatch.setitem(COMPONENTS["strategies"], "picky", picky)
    path = tmp_path / "p.yaml"
    path.write_text(in_stage(value).replace("${X}", f"${{{name}}}"))
    with pytest.raises(ConfigError) as caught:
        load(path, registry=DictRegistry(), environ=SECRETS)
    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    shown += str(caught.value) + repr(caught.value.mistakes)
    for piece in (SECRETS[name], SECRETS[name][:12], repr(SECRETS[name])[1:-1]):
        assert piece not in shown.replace(str(tmp_path), "")


def test_a_refusal_by_a_plugin_is_told_in_its_words(tmp_path: Path) -> None:
    text = HEAD.replace("model: m", "model: m, base_url: '${URL}'") + STAGES.replace("main", "gpt")
    (mistake,) = told(tmp_path, text, environ={"URL": "ftp://x"})
    assert mistake.cause == "'${URL}' is no http address"
    assert mistake.path == "providers.gpt.base_url"


def test_the_refusal_of_a_literal_quotes_it(tmp_path: Path) -> None:
    text = HEAD.replace("model: m", "model: m, base_url: 'ftp://x'") + STAGES.replace("main", "gpt")
    (mistake,) = told(tmp_path, text)
    assert mistake.cause == "'ftp://x' is no http address"


def test_no_validation_error_hangs_on_the_mistakes(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text(HEAD + STAGES + "seed: x")
    with pytest.raises(ConfigError) as caught:
        load(path, registry=DictRegistry(), environ={})
    assert not isinstance(caught.value.__cause__, ValidationError)
    assert caught.value.__context__ is None


VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.sampled_from(["single", "main", "best-of-n", "${A}", "judge", "x"]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(["use", "n", "inner", "provider", "strategy", "scorers", "weight"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)
KEYS = st.sampled_from(
    ["version", "providers", "stages", "routes", "router", "budget", "observers", "extends", "x"]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.dictionaries(KEYS, VALUES), VALUES, VALUES)
def test_any_mapping_is_a_pipeline_or_a_list_of_mistakes(
    tmp_path: Path, data: dict[str, Any], strategy: Any, route: Any
) -> None:
    stages = {"specify": {"provider": "main", "strategy": strategy}, "implement": strategy}
    full = {"stages": stages, "routes": {"r": route}, "providers": {"main": route}, **data}
    try:
        load_mapping(full, tmp_path, registry=DictRegistry(), environ={})
    except ConfigError as error:
        mistakes = error.mistakes
    else:
        return
    assert mistakes
    assert all(mistake.cause for mistake in mistakes)
