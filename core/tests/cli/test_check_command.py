"""`lift check`."""

import json
import os
from pathlib import Path
from typing import Annotated

import pytest
from pydantic import Field, SecretStr

from lift_sys.cli import main
from lift_sys.errors import InputError
from lift_sys.interfaces import ConfigPath, Parts, ProviderRef, Score, Strategy, StrategyRef
from lift_sys.plugins import Component, Options, PluginManager, Policy, Remark, Variable
from lift_sys.testing.providers import ANYTHING, ScriptedProvider

GOOD = """\
version: 1
plugins: {deny: [evil]}
providers:
  main: {use: model, key: "${KEY}", url: "https://${KEY}@host"}
  spare: {use: model, key: sk-literal}
stages:
  specify:
    provider: main
    strategy: {use: several, n: 5, inner: {use: several, n: 2}}
    scorers: [{use: judge, weight: 2, provider: main}]
  implement: {provider: main}
routes:
  strong: {implement: {strategy: {use: several, n: 9}}}
budget: {usd: 0.05, calls: 40}
"""


class Model(Options):
    key: SecretStr | None = None
    url: str = ""
    priced: bool = True
    file: ConfigPath | None = None


class Several(Options):
    n: Annotated[int, Field(ge=1)]
    inner: StrategyRef | None = None


class Judge(Options):
    provider: ProviderRef


def _model(options: Model, parts: Parts) -> ScriptedProvider:
    if options.file is not None and not options.file.exists():
        raise InputError(f"there is no file {options.file.name}", remedy="record it")
    if options.url == "exits":
        os._exit(0)
    price = ANYTHING.price if options.priced else None
    provider = ScriptedProvider([], capabilities=ANYTHING.model_copy(update={"price": price}))
    MADE.append(provider)
    return provider


def _several(options: Several, parts: Parts) -> Strategy:
    if options.n == 13:
        raise InputError("thirteen is too many")
    return parts.strategy(options.inner)


def _odd(options: Several) -> list[Remark]:
    return [Remark("one is no choice", "take more")] if options.n == 1 else []


class _Judge:
    def __init__(self, options: Judge, parts: Parts) -> None:
        parts.provider(options.provider)

    async def score(self, problem: object, candidates: object, ctx: object) -> list[Score]:
        return []


MADE: list[ScriptedProvider] = []
KEY = Variable("FAKE_KEY", "the key of a fake", lambda options: options.key is not None)
COMPONENTS = {
    "providers": [Component("model", _model, "The model", Model, (KEY,))],
    "strategies": [
        Component("several", _several, "The several", Several),
        Component("alone", _several, "Asks no scorer", Several, asks_scorers=False),
        Component("asks", _several, "Asks scorers", Several, asks_scorers=True),
        Component("odd", _several, "Remarked", Several, remarks=_odd),
    ],
    "scorers": [Component("judge", _Judge, "The judge", Judge)],
}


@pytest.fixture(autouse=True, name="policies")
def _plugins(monkeypatch: pytest.MonkeyPatch) -> list[Policy | None]:
    asked: list[Policy | None] = []

    def installed(policy: Policy | None = None) -> PluginManager:
        asked.append(policy)
        return PluginManager.of(**COMPONENTS)

    monkeypatch.setattr(PluginManager, "installed", installed)
    monkeypatch.setenv("KEY", "sk-very-secret")
    return asked


def check(tmp_path: Path, text: str, *arguments: str) -> int:
    path = tmp_path / "p.yaml"
    path.write_text(text, encoding="utf-8")
    return main(["check", str(path), *arguments])


def test_a_good_file_is_told_as_what_it_would_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], policies: list[Policy | None]
) -> None:
    assert check(tmp_path, GOOD) == 0
    shown = capsys.readouterr()
    assert shown.out.splitlines() == [
        f"{tmp_path / 'p.yaml'}: no mistakes",
        "providers",
        '  main: model (key="**********", url="https://${KEY}@host")',
        '  spare: model (key="**********")',
        "route default",
        "  specify on main",
        "    strategy: several (n=5)",
        "      inner: several (n=2)",
        '    scorer: judge (weight=2.0, provider="main")',
        "  implement on main",
        "    strategy: none, plain draws",
        "route strong",
        "  specify on main",
        "    strategy: several (n=5)",
        "      inner: several (n=2)",
        '    scorer: judge (weight=2.0, provider="main")',
        "  implement on main",
        "    strategy: several (n=9)",
        "budget: 0.05 usd, 40 calls",
    ]
    assert shown.err == ""
    assert policies == [Policy.of(deny=["evil"])]


def test_a_good_file_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(tmp_path, GOOD, "--json") == 0
    text = capsys.readouterr().out
    told = json.loads(text)
    assert (told["version"], told["ok"], told["mistakes"]) == (1, True, [])
    specify = told["pipeline"]["routes"]["strong"]["specify"]
    assert specify["strategy"]["inner"]["inner"]["options"] == {"n": 2}
    assert told["pipeline"]["limits"] == {"budget": {"usd": 0.05, "calls": 40}}
    assert "sk-" not in text


@pytest.mark.parametrize(
    ("strategy", "remark"),
    [
        ("{use: alone, n: 5}", "it never runs, as the strategy 'alone' asks no scorer"),
        ("{use: alone, n: 5, inner: {use: alone, n: 2}}", "as the strategy 'alone' asks no"),
        ("null", "it never runs, as a stage without a strategy asks no scorer"),
        ("{use: alone, n: 5, inner: {use: asks, n: 2}}", ""),
        ("{use: several, n: 5}", ""),
        ("{use: odd, n: 2}", ""),
        ("{use: odd, n: 1}", "strategy: one is no choice (take more)"),
    ],
)
def test_what_is_hardly_meant_is_noted_and_is_no_mistake(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], strategy: str, remark: str
) -> None:
    text = GOOD.replace("{use: several, n: 5, inner: {use: several, n: 2}}", strategy)
    assert check(tmp_path, text) == 0
    noted = [line for line in capsys.readouterr().out.splitlines() if line.startswith("note: ")]
    assert len(noted) == (1 if remark else 0), "routes that share it tell it once"
    assert all(remark in line and f"{tmp_path / 'p.yaml'}:" in line for line in noted)
    assert check(tmp_path, text, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["mistakes"], len(told["remarks"])) == ([], len(noted))


def test_all_mistakes_are_told_and_the_status_is_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = GOOD.replace("n: 5", "n: 0").replace("use: judge", "use: jugde") + "sead: 1\n"
    assert check(tmp_path, bad, "--set", "budget.usd=x") == 2
    path = tmp_path / "p.yaml"
    assert capsys.readouterr().out.splitlines() == [
        "--set budget.usd: budget.usd: expected a number, not 'x'",
        f"{path}:9: stages.specify.strategy.n: must be at least 1, not 0",
        f"{path}:10: stages.specify.scorers.0: no scorer is called 'jugde' (did you mean 'judge'?)",
        f"{path}:15: sead: unknown key 'sead' (did you mean 'seed'?)",
        "4 mistakes",
    ]


def test_mistakes_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(tmp_path, GOOD + "sead: 1\n", "--json") == 2
    assert json.loads(capsys.readouterr().out) == {
        "version": 1,
        "ok": False,
        "mistakes": [
            {
                "file": str(tmp_path / "p.yaml"),
                "line": 15,
                "path": "sead",
                "cause": "unknown key 'sead'",
                "remedy": "did you mean 'seed'?",
            }
        ],
    }


def test_an_unused_provider_is_checked_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(tmp_path, GOOD.replace("key: sk-literal", "kye: sk-literal")) == 2
    shown = capsys.readouterr().out
    assert "providers.spare.kye" in shown
    assert "sk-literal" not in shown


def test_values_are_set_from_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check(tmp_path, GOOD, "--set", "stages.specify.strategy.inner.n=7") == 0
    assert "inner: several (n=7)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "words"),
    [("", "is empty"), ("a: [", "not YAML"), ("x: " + "y" * 10_000_000, "larger than 1 MiB")],
)
def test_what_is_no_pipeline_file_gets_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, words: str
) -> None:
    assert check(tmp_path, content) == 2
    first, last = capsys.readouterr().out.splitlines()
    assert words in first
    assert last == "1 mistake"


def test_a_missing_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(tmp_path / "gone.yaml")]) == 2
    assert "does not exist" in capsys.readouterr().out


def test_escapes_in_a_file_never_reach_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = GOOD + '"\\e[31mred\\a\\u202e": 1\n'
    assert check(tmp_path, text) == 2
    assert not {"\x1b", "\x07", "\u202e"} & set(capsys.readouterr().out)


@pytest.mark.parametrize(
    ("text", "environ", "line", "path", "told"),
    [
        (GOOD.replace("key: \"${KEY}\"", "key: k, priced: false"), {}, 4, "providers.main",
         "the budget is in dollars, and the price of this model is not known (set its `price`"),
        (GOOD.replace("key: \"${KEY}\"", "key: k, file: gone.jsonl"), {}, 4, "providers.main",
         "there is no file gone.jsonl (record it)"),
        (GOOD.replace("key: \"${KEY}\"", "priced: true"), {}, 4, "providers.main",
         "the environment variable FAKE_KEY is not set (set it: it is the key of a fake)"),
        (GOOD.replace("key: \"${KEY}\"", "priced: true"), {"FAKE_KEY": ""}, 4, "providers.main",
         "the environment variable FAKE_KEY is set, but empty"),
        (GOOD, {"KEY": ""}, 4, "providers.main.key",
         "the environment variable KEY is set, but empty"),
        (GOOD.replace("n: 2", "n: 13"), {}, 9, "stages.specify.strategy.inner",
         "thirteen is too many"),
        (GOOD.replace("url: \"https://${KEY}@host\"", "url: exits"), {}, 4, "providers.main",
         "the provider 'model' calls os._exit(0) when it is built"),
    ],
)  # fmt: skip
def test_what_building_tells_is_told_with_its_line(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    text: str,
    environ: dict[str, str],
    line: int,
    path: str,
    told: str,
) -> None:
    monkeypatch.delenv("FAKE_KEY", raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert check(tmp_path, text, "--json") == 2
    mistakes = json.loads(capsys.readouterr().out)["mistakes"]
    assert (mistakes[0]["line"], mistakes[0]["path"]) == (line, path)
    remedy = mistakes[0]["remedy"]
    assert f"{mistakes[0]['cause']} ({remedy})".startswith(told)
    assert {(mistake["line"], mistake["cause"]) for mistake in mistakes} == {
        (mistake["line"], mistakes[0]["cause"]) for mistake in mistakes
    }


def test_an_unused_provider_needs_neither_a_price_nor_a_key(tmp_path: Path) -> None:
    assert check(tmp_path, GOOD.replace("key: sk-literal", "priced: false")) == 0


def test_what_was_made_is_closed(tmp_path: Path) -> None:
    MADE.clear()
    assert check(tmp_path, GOOD) == 0
    assert len(MADE) == 2
    assert all(provider.closed for provider in MADE)
