"""On a Ray of this machine with two workers, of which one is killed."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

ray = pytest.importorskip("ray", reason="ray is not installed: `.ci/heavy ray` runs these tests")

from lift_sys.interfaces import CallMade, RunEnded, TaskStarted
from lift_sys.store import Store
from lift_sys.testing.conformance import EngineConformance
from lift_sys.testing.loopback import Answer, LoopbackServer
from lift_sys.testing.samples import RIGHT, SPECIFICATION, SPECIFIES

LIFT = "import sys; from lift_sys.cli import main; sys.exit(main())"
STARTS = 5
"""On a machine that is busy with other things Ray's own 30 seconds may not do."""
TIMES = {"seconds", "run", "started", "config", "distributions"}
"""What differs between two runs that did the same."""
TASKS = [
    {
        "id": name,
        "request": f"Create a function that doubles a number ({name})",
        "examples": [{"args": [2], "expected": 4}],
        "function": "double",
        "hidden": {"tests": [{"args": [3], "expected": right}, {"args": [0], "expected": 0}]},
    }
    for name, right in (("one", 6), ("two", 6), ("trap", 7), ("four", 6))
]


@pytest.fixture(scope="module", autouse=True)
def address():
    """Of a Ray with two workers, which ends with these tests."""
    before = dict(os.environ)
    # Its workers are nice to others by default, and starve beside them.
    os.environ |= {"RAY_worker_niceness": "0", "RAY_USAGE_STATS_ENABLED": "0"}
    for left in reversed(range(STARTS)):
        try:
            context = ray.init(
                address="local",
                num_cpus=2,
                include_dashboard=False,
                object_store_memory=128 * 2**20,
                log_to_driver=False,
            )
            break
        except Exception:
            ray.shutdown()
            if not left:
                raise
    yield context.address_info["gcs_address"]
    ray.shutdown()
    os.environ.clear()
    os.environ.update(before)


class TestRay(EngineConformance):
    component = "ray"
    options = {"workers": 2}


def calling_workers(port: int) -> list[int]:
    """Processes of Ray's that have a job of ours just now, and a connection to this port."""
    table = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    sockets = {f"socket:[{row[9]}]" for row in table if int(row[2].partition(":")[2], 16) == port}
    found = []
    for folder in Path("/proc").iterdir():
        try:
            if (folder / "cmdline").read_bytes().startswith(b"ray::obey"):
                files = {str(file.readlink()) for file in (folder / "fd").iterdir()}
                found += [int(folder.name)] if files & sockets else []
        except OSError:
            continue
    return found


class Model:
    """Answers what it is asked, and counts it; at some request it does something first."""

    def __init__(self, at: int = 0, first=None) -> None:
        self.asked: list[str] = []
        self.port = 0
        self._at, self._first = at, first

    def __call__(self, incoming) -> Answer:
        self.asked.append(json.dumps(incoming.document, sort_keys=True))
        if len(self.asked) == self._at:
            self._first()
        specifies = SPECIFIES in self.asked[-1]
        text = SPECIFICATION.model_dump_json() if specifies else RIGHT.source
        return Answer(text=text, latency=0.2)


async def lift(home: Path, *arguments: object, until=None) -> tuple[int, bytes, bytes]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", LIFT, *map(str, arguments)),
        cwd=home,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    if until is not None:
        await until.wait()
        process.send_signal(signal.SIGINT)
    out, err = await process.communicate()
    return process.returncode or 0, out, err


def world(home: Path, server: LoopbackServer, engine: dict | None) -> None:
    home.mkdir(exist_ok=True)
    price = {"input": 1, "output": 2}
    provider = {"use": "openai", "base_url": server.url, "model": "m", "price": price}
    stage = {"provider": "model"}
    pipeline = {
        "version": 1,
        "providers": {"model": provider},
        "stages": {"specify": stage, "implement": stage},
        "concurrency": {"tasks": 2},
        "cache": "off",
        "record": "store.db",
        **({} if engine is None else {"engine": engine}),
    }
    (home / "pipeline.yaml").write_text(json.dumps(pipeline))
    (home / "tasks.jsonl").write_text("".join(json.dumps(each) + "\n" for each in TASKS))


EVAL = ("eval", "pipeline.yaml", "--tasks", "tasks.jsonl", "--json", "--quiet")


def timeless(value):
    if isinstance(value, dict):
        return {k: timeless(v) for k, v in value.items() if k not in TIMES}
    return [*map(timeless, value)] if isinstance(value, list) else value


def events(home: Path) -> list:
    with Store.open(home / "store.db") as store:
        (run,) = store.runs()
        return [recorded.event for recorded in store.events(run.id)]


def calls(told: list) -> Counter:
    return Counter(event.call.id for event in told if isinstance(event, CallMade))


async def evaluated(home: Path, model: Model, engine: dict | None):
    async with LoopbackServer(model) as server:
        model.port = int(server.origin.rpartition(":")[2])
        world(home, server, engine)
        code, out, err = await lift(home, *EVAL)
    assert code == 0, err.decode()
    return json.loads(out)


async def test_an_evaluation_that_loses_a_worker_is_the_one_that_loses_none(tmp_path, address):
    killed = []

    def kill() -> None:
        time.sleep(0.5)  # with the server: whoever has a job now waits for an answer
        killed.append(calling_workers(there.port)[0])
        os.kill(killed[0], signal.SIGKILL)

    here, there = Model(), Model(at=4, first=kill)
    local = await evaluated(tmp_path / "local", here, None)
    far = await evaluated(tmp_path / "ray", there, {"use": "ray", "address": address})
    assert killed
    assert timeless(far) == timeless(local)
    assert len(local["rows"]) == len(TASKS)
    # Nothing is counted twice, and nothing that was answered is asked for, and paid, twice.
    told = events(tmp_path / "ray")
    assert calls(told) == calls(events(tmp_path / "local"))
    assert set(calls(told).values()) == {1}
    assert any(isinstance(event, TaskStarted) and event.resumed for event in told)
    again = Counter(there.asked) - Counter(here.asked)
    assert again.total() <= 1, "more than the call that was under way was made again"
    assert set(there.asked) == set(here.asked)


async def test_what_is_stopped_goes_on_by_the_same_command(tmp_path, address):
    stopped = asyncio.Event()
    model = Model(at=4, first=stopped.set)
    async with LoopbackServer(model) as server:
        world(tmp_path, server, {"use": "ray", "address": address})
        code, _, err = await lift(tmp_path, *EVAL, until=stopped)
        assert code == 130, err.decode()
        answered = len(model.asked)
        code, out, err = await lift(tmp_path, *EVAL)
    assert code == 0, err.decode()
    assert [row["task"] for row in json.loads(out)["rows"]] == [task["id"] for task in TASKS]
    told = events(tmp_path)
    assert set(calls(told).values()) == {1}
    assert sum(isinstance(event, RunEnded) for event in told) == 2
    # Two may have been under way when it was stopped.
    assert len(model.asked) <= 2 * len(TASKS) + 2
    assert answered < 2 * len(TASKS)


async def test_a_data_set_has_the_same_bytes_wherever_it_is_built(tmp_path, address):
    digests = []
    for name in ("local", f'ray={{"address": "{address}"}}'):
        folder = tmp_path / name.partition("=")[0]
        build = ("data", "build", folder, "--count", 6, "--json", "--quiet", "--engine", name)
        code, out, err = await lift(tmp_path, *build)
        assert code == 0, err.decode()
        digests.append(json.loads(out)["digest"])
    assert digests[0] == digests[1]
