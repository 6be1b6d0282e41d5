"""`Pipeline`: from a file or a mapping to results, with everything closed on every path."""

import asyncio
import json
import os
import resource
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from lift_sys import Pipeline
from lift_sys.errors import (
    AuthenticationFailed,
    BrokenPlugin,
    ConfigError,
    InputError,
    LiftError,
    RecordError,
)
from lift_sys.interfaces import EVENT, Capabilities, Price, Route, Suite, Task
from lift_sys.plugins import Component, PluginManager
from lift_sys.store import Store
from lift_sys.testing.providers import ANYTHING, FailingProvider, SlowProvider
from lift_sys.testing.samples import IR_TEXT, RIGHT_TEXT, TASK, scripted_model
from lift_sys.testing.sandboxes import TrustingSandbox


class World:
    """The components of a pipeline, and what became of them."""

    def __init__(self, provider=None) -> None:
        self.provider = provider or scripted_model(lambda i, _: RIGHT_TEXT)
        self.closed: list[str] = []
        self.seen: list[str] = []
        self.breaks: set[str] = set()
        """`made:NAME` and `closed:NAME` raise."""
        self.plugins = PluginManager.of(
            providers=[
                Component("scripted", lambda *_: self.made("provider", self.provider), "says"),
                Component("second", lambda *_: self.made("second", scripted_model()), "says"),
            ],
            sandboxes=[
                Component("trusting", lambda *_: self.made("sandbox", TrustingSandbox()), "t")
            ],
            observers=[Component("eye", lambda *_: self.made("observer", Eye(self)), "sees")],
            routers=[Component("odd", lambda *_: self.made("router", Once()), "once")],
            data_sources=[Component("five", lambda *_: Five(), "five tasks")],
        )

    def made(self, name: str, part):
        if f"made:{name}" in self.breaks:
            raise ValueError(f"{name} cannot be made")
        close = part.aclose if hasattr(part, "aclose") else None

        async def aclose() -> None:
            self.closed.append(name)
            if f"closed:{name}" in self.breaks:
                raise ValueError(f"{name} cannot be closed")
            await close()

        if close is not None:
            part.aclose = aclose
        return part

    def pipeline(self, **changes) -> Pipeline:
        return Pipeline.load(document(**changes), plugins=self.plugins)


class Eye:
    def __init__(self, world: World) -> None:
        self.world = world

    def on_event(self, event) -> None:
        self.world.seen.append(event.kind)

    def close(self) -> None:
        self.world.closed.append("observer")


class Once:
    def next(self, task, history, left):
        return None if history else Route(name="default", reason="once")


class Five:
    suite = Suite(name="five")

    def tasks(self):
        return (TASK.model_copy(update={"id": f"t{i}"}) for i in range(5))

    def hidden(self, ids):
        return []


def document(**changes) -> dict:
    return {
        "version": 1,
        "providers": {"model": "scripted"},
        "stages": {"specify": {"provider": "model"}, "implement": {"provider": "model"}},
        "sandbox": "trusting",
        "record": "runs.db",
        **changes,
    }


def records(folder: Path, name: str = "runs.db") -> list[list[dict]]:
    """The oldest first."""
    if not (folder / name).exists():
        return []
    with Store.open(folder / name) as store:
        return [
            [
                {"seq": seq, "at": at, **event.model_dump(mode="json")}
                for seq, at, event in store.events(run.id)
            ]
            for run in reversed(store.runs())
        ]


@pytest.fixture(autouse=True)
def at_home(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_a_mapping_and_a_file_do_the_same(tmp_path):
    from_mapping = World().pipeline().run(TASK)
    (tmp_path / "sub").mkdir()
    path = tmp_path / "sub" / "p.yaml"
    path.write_text(json.dumps(document()))
    from_file = Pipeline.load(path, plugins=World().plugins).run(TASK)
    assert from_mapping.status == from_file.status == "pass"
    assert from_mapping.solution == from_file.solution
    assert len(records(tmp_path)) == 1
    assert len(records(tmp_path / "sub")) == 1, "paths are relative to the file that states them"


def test_a_bare_request_is_a_task():
    result = World().pipeline().run("Create a function that doubles a number")
    assert result.task.examples == ()
    assert result.solution.code.name == "double"
    with pytest.raises(InputError, match="the request is empty"):
        World().pipeline().run(" \n")


def test_overrides_are_laid_over():
    result = Pipeline.load(document(), overrides=["budget.calls=1"], plugins=World().plugins).run(
        TASK
    )
    assert "` is used up" in result.why


def test_the_record_holds_the_run_from_its_start_to_its_end(tmp_path):
    World().pipeline(seed=7).run(TASK)
    (run,) = records(tmp_path)
    kinds = [line["kind"] for line in run]
    assert (kinds[0], kinds[1]) == ("run_started", "task_started")
    assert (kinds[-2], kinds[-1]) == ("task_ended", "run_ended")
    assert run[0]["seed"] == 7
    assert run[0]["config"]["providers"] == {"model": "scripted"}
    assert "lift-sys" in run[0]["distributions"]
    assert run[-1]["why"] == "all tasks done"
    for line in run:
        EVENT.validate_python({k: v for k, v in line.items() if k not in ("seq", "at")})


def test_no_record_is_kept_where_none_is_wanted(tmp_path):
    assert World().pipeline(record=None).run(TASK).status == "pass"
    assert list(tmp_path.iterdir()) == []


def test_an_environment_variable_never_reaches_the_record(tmp_path, monkeypatch):
    monkeypatch.setenv("LIFT_TEST_KEY", "sk-very-secret")
    leaky = FailingProvider(scripted_model(), AuthenticationFailed("sk-very-secret is no key"))
    world = World(leaky)
    changed = document(prompts={}, plugins={"deny": ["${LIFT_TEST_KEY}"]})
    with pytest.raises(AuthenticationFailed):
        Pipeline.load(changed, plugins=world.plugins).run(TASK)
    text = json.dumps(records(tmp_path))
    assert "very-secret" not in text
    assert b"very-secret" not in (tmp_path / "runs.db").read_bytes()
    assert "${LIFT_TEST_KEY} is no key" in text


def test_dollars_are_no_limit_where_the_price_is_not_known(tmp_path):
    unpriced = ANYTHING.model_copy(update={"price": None})
    for limit in ("budget", "run_budget"):
        world = World(scripted_model(capabilities=unpriced))
        with pytest.raises(ConfigError, match=r"providers\.model: .*price .* not known"):
            world.pipeline(**{limit: {"usd": 1}}).run(TASK)
        assert world.provider.calls == 0
        assert sorted(world.closed) == ["provider", "sandbox"]
    price = ANYTHING.model_copy(update={"price": Price(input=1, output=1)})
    priced = scripted_model(capabilities=price)
    assert World(priced).pipeline(budget={"usd": 1}).run(TASK).status == "pass"
    assert len(records(tmp_path)) == 1, "a run that never began has no record"


def test_everything_is_closed_after_a_run():
    world = World()
    assert world.pipeline(observers=["eye"]).run(TASK).status == "pass"
    assert sorted(world.closed) == ["observer", "provider", "sandbox"]
    assert world.closed[-1] == "observer", "it may be told how the closing went"
    assert world.seen[0] == "run_started"
    assert world.seen[-1] == "run_ended"


@pytest.mark.parametrize(
    ("broken", "closed"),
    [
        ("observer", []),
        ("sandbox", ["observer"]),
        ("provider", ["observer", "sandbox"]),
        ("second", ["observer", "provider", "sandbox"]),
        ("router", ["observer", "provider", "sandbox", "second"]),
    ],
)
def test_what_was_made_is_closed_when_the_next_cannot_be_made(tmp_path, broken, closed):
    world = World()
    world.breaks.add(f"made:{broken}")
    pipeline = world.pipeline(
        observers=["eye"],
        router="odd",
        providers={"model": "scripted", "other": "second"},
        stages={"specify": {"provider": "model"}, "implement": {"provider": "other"}},
    )
    given = Eye(world)
    with pytest.raises(BrokenPlugin, match=f"{broken} cannot be made"):
        pipeline.run(TASK, observers=[given])
    assert sorted(world.closed) == sorted([*closed, "observer"]), "the one given is closed too"
    assert records(tmp_path) == []


def test_what_breaks_when_it_is_closed_costs_no_result(tmp_path):
    world = World()
    world.breaks |= {"closed:provider", "closed:sandbox"}
    assert world.pipeline().run(TASK).status == "pass"
    assert sorted(world.closed) == ["provider", "sandbox"]
    (run,) = records(tmp_path)
    told = [line["message"] for line in run if line["kind"] == "noted"]
    assert told == [
        "the sandbox broke when it was closed: ValueError: sandbox cannot be closed",
        "provider model broke when it was closed: ValueError: provider cannot be closed",
    ]
    assert run[-1]["kind"] == "run_ended"


def test_an_error_that_ends_the_run_closes_everything_and_is_recorded(tmp_path):
    world = World(FailingProvider(scripted_model(), AuthenticationFailed("no key")))
    with pytest.raises(AuthenticationFailed):
        world.pipeline().run(TASK)
    assert sorted(world.closed) == ["provider", "sandbox"]
    (run,) = records(tmp_path)
    assert [line["kind"] for line in run[-2:]] == ["task_ended", "run_ended"]
    assert run[-1]["why"] == "an error ended it"


async def test_a_cancel_closes_everything_after_its_calls_have_ended(tmp_path):
    slow = SlowProvider(scripted_model(), asyncio.Event().wait)
    world = World(slow)
    reached = asyncio.Event()
    real = slow.complete

    async def complete(requests):
        reached.set()
        return await real(requests)

    slow.complete = complete

    async def go() -> None:
        async with world.pipeline().open() as session:
            await session.solve(TASK)

    work = asyncio.create_task(go())
    async with asyncio.timeout(60):
        await reached.wait()
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work
    assert slow.in_flight == 0
    assert sorted(world.closed) == ["provider", "sandbox"]
    (run,) = records(tmp_path)
    kinds = [line["kind"] for line in run[-4:]]
    assert kinds == ["call_made", "cut_off", "task_ended", "run_ended"]
    assert run[-1]["why"] == "cancelled"


async def test_a_batch_that_is_cancelled_has_ended_before_its_provider_is_closed():
    one_call = Capabilities(model="m", n=1, requests=8, in_flight=1)
    ended: list[str] = []

    class Tidy(SlowProvider):
        async def complete(self, requests):
            try:
                return await super().complete(requests)
            except asyncio.CancelledError:
                await asyncio.sleep(0.01)  # as one does to tell the server
                ended.append("call")
                raise

        async def aclose(self):
            ended.append("closed")

    reached = asyncio.Event()

    async def wait() -> None:
        reached.set()
        await asyncio.Event().wait()

    world = World(Tidy(scripted_model(capabilities=one_call), wait))

    async def go() -> None:
        async with world.pipeline(record=None).open() as session:
            await session.solve(TASK)

    work = asyncio.create_task(go())
    async with asyncio.timeout(60):
        await reached.wait()
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
    assert ended == ["call", "closed"]


async def test_a_cancel_while_it_closes_is_still_a_run_with_an_end(tmp_path):
    world = World()
    closing = asyncio.Event()

    async def aclose() -> None:
        closing.set()
        await asyncio.Event().wait()

    world.provider.aclose = aclose
    world.plugins = PluginManager.of(
        providers=[Component("scripted", lambda *_: world.provider, "never closes")],
        sandboxes=[Component("trusting", lambda *_: TrustingSandbox(), "t")],
    )

    async def go() -> None:
        async with world.pipeline().open() as session:
            await session.solve(TASK)

    work = asyncio.create_task(go())
    async with asyncio.timeout(60):
        await closing.wait()
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work
    (run,) = records(tmp_path)
    assert run[-1]["kind"] == "run_ended"


async def test_two_runs_at_once_in_one_folder(tmp_path):
    async def one(world: World) -> str:
        async with world.pipeline().open() as session:
            results = [r async for r in session.solve_all(Five().tasks(), 3)]
        assert [result.status for result in results] == ["pass"] * 5
        return session.run

    names = await asyncio.gather(*(one(World()) for _ in range(4)))
    assert len(set(names)) == 4
    runs = records(tmp_path)
    assert len(runs) == 4
    for run in runs:
        assert [line["seq"] for line in run] == list(range(1, len(run) + 1))
        assert sum(line["kind"] == "task_ended" for line in run) == 5


def test_the_pipelines_own_tasks_and_none():
    assert [task.id for task in World().pipeline(tasks="five").tasks()] == [
        f"t{i}" for i in range(5)
    ]
    with pytest.raises(InputError, match=r"nothing to run: .*`tasks:`"):
        World().pipeline().tasks()


def test_an_unwritable_record_is_told_before_anything_is_paid_for(tmp_path):
    (tmp_path / "runs.db").write_text("something else")
    world = World()
    given = Eye(world)
    with pytest.raises(RecordError, match="is no store, or is damaged: set `record:`"):
        world.pipeline().run(TASK, observers=[given])
    assert world.provider.calls == 0
    assert world.closed == ["observer"]


@contextmanager
def room_for(size: int):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def test_a_full_disk_stops_the_run_and_keeps_what_was_recorded(tmp_path):
    world = World()
    tasks = [TASK.model_copy(update={"id": f"t{i}"}) for i in range(500)]

    async def go() -> None:
        async with world.pipeline().open() as session:
            async for _ in session.solve_all(tasks, 2):
                pass

    with room_for(300_000), pytest.raises(RecordError, match=r"make room|look at the disk"):
        asyncio.run(go())
    (run,) = records(tmp_path)
    assert sum(len(json.dumps(line)) for line in run) > 15_000
    assert world.provider.calls < 2 * len(tasks)
    assert sorted(world.closed) == ["provider", "sandbox"]


def test_a_killed_run_keeps_what_was_committed(tmp_path):
    code = f"""
import asyncio, os, sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from test_pipeline import World, TASK
world = World()
calls = 0
class Deadly(type(world.provider)):
    async def complete(self, requests):
        global calls
        calls += 1
        if calls == 2:
            await asyncio.sleep(0.5)  # longer than the window of what a kill may cost
            os._exit(9)
        return await super().complete(requests)
world.provider.__class__ = Deadly
world.pipeline().run(TASK)
"""
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    ended = subprocess.run([sys.executable, "-c", code], check=False, env=environment)
    assert ended.returncode == 9
    (run,) = records(tmp_path)
    assert [line["kind"] for line in run] == [
        "run_started",
        "task_started",
        "route_taken",
        "call_made",
        "candidate_drawn",
    ]
    assert run[-1]["text"] == IR_TEXT


def test_a_run_inside_a_running_loop_is_told_as_that():
    async def go() -> None:
        World().pipeline().run(TASK)

    with pytest.raises(LiftError, match=r"pipeline\.open\(\)"):
        asyncio.run(go())


def test_a_task_is_used_as_it_is():
    task = Task(id="mine", request="Create a function that doubles a number")
    assert World().pipeline().run(task).task is task
