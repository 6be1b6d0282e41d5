"""Each message that docs/troubleshooting.md quotes is one that a person really gets to see."""

import asyncio
import re
import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from lift_sys import Pipeline, Task, errors
from lift_sys.checking.sandbox import factories
from lift_sys.checking.sandbox.conversation import Lost
from lift_sys.checking.sandbox.launch import require_guards
from lift_sys.checking.sandbox.plugin import ZygoteOptions
from lift_sys.checking.sandbox.zygote import Zygote
from lift_sys.checking.sandbox.zygotes import ZygoteSandbox
from lift_sys.cli import main
from lift_sys.errors import LiftError
from lift_sys.interfaces import Job, Message, Request
from lift_sys.plugins import PluginManager
from lift_sys.testing.conformance.base import TestParts
from lift_sys.testing.loopback import Answer, LoopbackServer, rate_limited, refused

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
HEADINGS = [
    heading.strip() for heading in re.findall(r"^### `{1,2}(.+?)`{1,2}$", PAGE, re.MULTILINE)
]

MODEL = "{use: openai, model: m, api_key: none, base_url: 'http://127.0.0.1:9/v1'}"
STAGES = "stages: {specify: {provider: m}, implement: {provider: m}}\nrecord: null\n"
RIGHT = f"version: 1\nproviders: {{m: {MODEL}}}\n{STAGES}"


def config(text: str) -> Callable[[], None]:
    """The text is checked as a pipeline file."""

    def check() -> None:
        Path("pipeline.yaml").write_text(text, encoding="utf-8")
        main(["check", "pipeline.yaml"])

    return check


def run(*arguments: str, text: str = RIGHT) -> Callable[[], None]:
    """Like a person at the shell."""

    def call() -> None:
        Path("pipeline.yaml").write_text(text, encoding="utf-8")
        main(["run", "pipeline.yaml", *arguments])

    return call


def plugin(body: str, requires: str = "lift-sys>=0.1", **environ: str) -> Callable[[], None]:
    """A plugin of a third party, on the path, is asked for."""

    def call() -> None:
        site = Path("site").absolute()
        for name in ("first", "second") if body == "twice" else ("first",):
            info = site / f"{name}-1.dist-info"
            info.mkdir(parents=True)
            needs = f"Requires-Dist: {requires}\n" if requires else ""
            (info / "METADATA").write_text(
                f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n{needs}"
            )
            (info / "entry_points.txt").write_text(
                "[lift_sys.strategies]\nplanted = planted_module\n"
            )
        (site / "planted_module.py").write_text(body)
        with pytest.MonkeyPatch.context() as patch:
            patch.syspath_prepend(str(site))
            for key, value in environ.items():
                patch.setenv(key, value)
            main(["plugins", "show", "strategies", "planted"])
            sys.modules.pop("planted_module", None)

    return call


def model(answer: Answer | None) -> Callable[[], None]:
    """The provider `openai` is asked; None: where no server is."""

    async def ask() -> None:
        async with LoopbackServer(answer or Answer()) as server:
            url = server.url if answer else "http://127.0.0.1:9/v1"
            manager = PluginManager.installed()
            component = manager.component("providers", "openai")
            options = component.options.model_validate(
                {"model": "m", "api_key": "none", "base_url": url}
            )
            provider = manager.build(component, options, TestParts(manager))
            request = Request(messages=(Message(role="user", content="hello"),))
            (said,) = await provider.complete([request])
            await provider.aclose()
            print(said)

    return lambda: asyncio.run(ask())


def slow() -> None:
    async def ask() -> str:
        async with LoopbackServer(Answer(latency=60)) as server:
            document = pipeline(server.url) | {"calls": {"timeout": 0.05, "attempts": 1}}
            async with Pipeline.load(document).open() as session:
                result = await session.solve(Task(id="t", request="r"))
            return result.attempts[0].verdict.failures[0].message

    print(asyncio.run(ask()))


def in_a_loop() -> None:
    async def call() -> None:
        Pipeline.load(pipeline("http://127.0.0.1:9/v1")).run("Do it")

    asyncio.run(call())


def pipeline(url: str) -> dict[str, Any]:
    provider = {"use": "openai", "model": "m", "api_key": "none", "base_url": url}
    stages = {name: {"provider": "m"} for name in ("specify", "implement")}
    return {"version": 1, "providers": {"m": provider}, "stages": stages, "record": None}


def not_linux() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(factories, "sys", SimpleNamespace(platform="darwin"))
        factories.zygote(ZygoteOptions())


def dying() -> None:
    async def lose(*_: object) -> None:
        raise Lost

    async def ask() -> None:
        sandbox = ZygoteSandbox()
        try:
            await sandbox.run(Job(source=""))
        finally:
            await sandbox.aclose()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Zygote, "attempt", lose)
        asyncio.run(ask())


def stored(place: str) -> Callable[[], None]:
    return run("Do it", text=RIGHT.replace("record: null", f"record: {place}"))


def database(statements: str) -> Callable[[], None]:
    def call() -> None:
        with closing(sqlite3.connect("some.db")) as connection:
            connection.executescript(statements)
        stored("some.db")()

    return call


def damaged_model() -> None:
    plugin_folder = ROOT / "plugins" / "providers" / "embedded"
    shutil.copytree(plugin_folder / "src" / "lift_sys_embedded" / "models" / "small", "damaged")
    Path("damaged/weights.npz").write_bytes(b"")
    run("Do it", text=RIGHT.replace(MODEL, "{use: embedded, path: damaged}"))()


PRODUCED: dict[str, Callable[[], None]] = {
    "unknown key '...'": config(f"{RIGHT}bugdet: 1\n"),
    "the ... has no option '...'": config(RIGHT.replace("model: m,", "model: m, priec: 1,")),
    "no provider is called '...'": config(RIGHT.replace("openai", "opnai")),
    "the environment variable ... is not set": config(RIGHT.replace("none", "'${NO_SUCH_NAME}'")),
    "expected ..., not ...": config(f"{RIGHT}budget: {{calls: many}}\n"),
    "the key '...' is here twice": config("version: 1\nversion: 1\n"),
    "this is not YAML: ...": config("version: [1\n"),
    "the file does not exist": lambda: main(["check", "nowhere.yaml"]) and None,
    "the budget is in dollars, and the price of this model is not known": run(
        "Do it", text=f"{RIGHT}budget: {{usd: 1}}\n"
    ),
    "there is nothing to run": run(),
    "the request is empty": run(" "),
    "the request has ... characters, ... are allowed": run("x" * 100_001),
    "the examples call different functions: ...": run(
        "r", "--example", "f(1) == 1", "--example", "g(1) == 1"
    ),
    "the example ... cannot be used: ...": run("r", "--example", "f(x) == 1"),
    "Pipeline.run() cannot wait here, where an event loop is running already": in_a_loop,
    "no installed distribution offers ...": lambda: (
        main(["plugins", "show", "router", "x"]) and None
    ),
    "... both offer ...": plugin("twice"),
    "..., which offers ..., ...": plugin("", LIFT_SYS_PLUGINS_DENY="first"),
    "... needs lift-sys ..., and this is ...": plugin("", requires="lift-sys<0.1"),
    "... does not say which lift-sys it needs": plugin("", requires=""),
    "promises the ... '...', but ... does not offer it": plugin(
        "from lift_sys.plugins import hookimpl\n"
        "@hookimpl\ndef lift_sys_strategies():\n    return []\n"
    ),
    "implements the hook '...', which does not exist": plugin(
        "from lift_sys.plugins import hookimpl\n"
        "@hookimpl\ndef lift_sys_strategy():\n    return []\n"
    ),
    "does not end within ... s": plugin(
        "import time\ntime.sleep(60)\n", LIFT_SYS_IMPORT_TIMEOUT="0.05"
    ),
    "no connection to ...": model(None),
    "provider ... did not answer within ... s": slow,
    "the server sent ...": model(Answer(body=b"<html>Log in</html>")),
    "... answered 429: ...": model(rate_limited()),
    "... answered 401: ...": model(refused(401)),
    "... answered 402: ...": model(refused(402)),
    "... answered 404: ...": model(refused(404)),
    "... does not hold this request: ...": run(
        "Something else", text=RIGHT.replace(MODEL, "{use: replay, path: empty.jsonl}")
    ),
    "the request is outside what ... was trained for: ...": run(
        "Scrape the prices of all laptops from a webshop and mail them to my accountant",
        text=RIGHT.replace(MODEL, "{use: embedded, model: small}"),
    ),
    "... is not the file that its card describes": damaged_model,
    "... is used up (...)": run("Do it", "--set", "budget.calls=0"),
    "this system cannot keep code from changing files (guards to be had: ...)": lambda: (
        require_guards((), allow_unsandboxed=False)
    ),
    "the sandbox `zygote` needs Linux": not_linux,
    "the sandbox's own process died ... times under one job": dying,
    "cannot make the store ...: ...": stored("empty.jsonl/store.db"),
    "cannot open the store ...: ...": stored("pipeline.yaml"),
    "... is a database of something else, with tables such as ...": database(
        "create table things (name)"
    ),
    "the store ... is of version ..., and this lift-sys knows versions up to ...": database(
        "create table lift_version (version_num); insert into lift_version values ('9999')"
    ),
}


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LIFT_SYS_CACHE_DIR", str(tmp_path / "cache"))
    (tmp_path / "empty.jsonl").write_text("", encoding="utf-8")


@pytest.mark.parametrize("heading", HEADINGS)
def test_each_message_is_really_said(heading: str, capfd: pytest.CaptureFixture[str]):
    try:
        PRODUCED[heading]()
    except LiftError as error:
        print(error)
    shown = " ".join("".join(capfd.readouterr()).split())
    wanted = ".+?".join(re.escape(part) for part in heading.split("..."))
    assert re.search(wanted, shown), shown


def test_each_class_of_error_is_on_the_page():
    for name, value in vars(errors).items():
        if isinstance(value, type) and issubclass(value, LiftError):
            assert re.search(rf"\b{name}\b", PAGE), f"{name} is not in docs/troubleshooting.md"
