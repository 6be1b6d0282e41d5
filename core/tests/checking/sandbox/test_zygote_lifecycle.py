"""What happens to processes, files and jobs when something ends at the wrong moment."""

import asyncio
import gc
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from lift_sys.checking.sandbox import ZygoteSandbox
from lift_sys.errors import InputError, SandboxFailed, SandboxRefused
from lift_sys.interfaces import Invocation, Job, SandboxLimits

from ..hostile.hostile_host import descendants

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="zygotes need Linux")

ANSWER = Job(source="def f():\n    return 42\n", invocations=(Invocation(function="f"),))
SLEEP = Job(
    source="import time\ndef f():\n    time.sleep(60)\n", invocations=(Invocation(function="f"),)
)


@pytest.fixture
async def sandbox(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = descendants()
    made = ZygoteSandbox(zygotes=1)
    yield made
    await made.aclose()
    assert descendants() - before == set()
    assert list(tmp_path.iterdir()) == []


async def answer(sandbox):
    return (await sandbox.run(ANSWER)).observations[0].value


def zygote_pid(sandbox):
    return sandbox._zygotes[0]._process.pid


async def until(condition):
    for _ in range(2000):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never came to that")


def stall(seconds):
    time.sleep(seconds)


async def test_a_zygote_that_dies_is_replaced_and_its_job_run_again(sandbox):
    job = Job(
        source="import time\ndef f():\n    time.sleep(0.5)\n    return 7\n",
        invocations=(Invocation(function="f"),),
    )
    await answer(sandbox)
    running = asyncio.ensure_future(sandbox.run(job))
    await until(lambda: sandbox._zygotes[0].busy == 1)
    os.kill(zygote_pid(sandbox), signal.SIGKILL)
    assert (await running).observations[0].value == 7
    assert await answer(sandbox) == 42


async def test_a_job_whose_zygotes_keep_dying_is_given_up(sandbox):
    await answer(sandbox)
    running = asyncio.ensure_future(sandbox.run(SLEEP))
    for _ in range(2):
        await until(lambda: sandbox._zygotes and sandbox._zygotes[0].busy == 1)
        os.kill(zygote_pid(sandbox), signal.SIGKILL)
        await until(lambda: not sandbox._zygotes or sandbox._zygotes[0].busy == 0)
    with pytest.raises(SandboxFailed, match="died"):
        await running


async def test_a_cancelled_job_leaves_no_process(sandbox):
    await answer(sandbox)
    idle = descendants()
    running = asyncio.ensure_future(sandbox.run(SLEEP))
    await until(lambda: descendants() - idle)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await until(lambda: descendants() == idle)
    assert await answer(sandbox) == 42


async def test_closing_ends_what_runs(sandbox):
    await answer(sandbox)
    running = asyncio.ensure_future(sandbox.run(SLEEP))
    await until(lambda: sandbox._zygotes[0].busy == 1)
    await sandbox.aclose()
    with pytest.raises(SandboxFailed, match="closed"):
        await running


def test_nothing_outlives_a_killed_parent(tmp_path):
    script = (
        "import asyncio, sys\n"
        "from lift_sys.checking.sandbox import ZygoteSandbox\n"
        "from lift_sys.interfaces import Invocation, Job\n"
        "async def main():\n"
        "    sandbox = ZygoteSandbox(zygotes=2)\n"
        "    source = 'import time\\nprint()\\ndef f(): time.sleep(60)'\n"
        "    job = Job(source=source, invocations=(Invocation(function='f'),))\n"
        "    jobs = [asyncio.ensure_future(sandbox.run(job)) for _ in range(3)]\n"
        "    while sum(z.busy for z in sandbox._zygotes) < 3: await asyncio.sleep(0.01)\n"
        "    print('running', flush=True)\n"
        "    await asyncio.gather(*jobs)\n"
        "asyncio.run(main())\n"
    )
    before = descendants()
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, env=environment
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"running\n"
        family = descendants() - before
        parent.kill()

    def gone():
        return not any(Path(f"/proc/{pid}").exists() for pid in family)

    assert len(family) > 4  # itself, a zygote, the first process within, and jobs
    asyncio.run(until(gone))


async def test_neither_files_nor_processes_pile_up(sandbox):
    await answer(sandbox)

    def held():
        gc.collect()
        return len(list(Path("/proc/self/fd").iterdir())), len(descendants())

    before = held()
    for _ in range(5):
        await asyncio.gather(*(answer(sandbox) for _ in range(20)))
    await until(lambda: held() == before)


async def test_a_job_of_many_megabytes_goes_in_and_out(sandbox):
    limits = SandboxLimits(output_bytes=8 * 2**20)
    text = "x" * (4 * 2**20)
    job = Job(
        source=f"# {text}\ndef f(value):\n    return value\n",
        invocations=(Invocation(function="f", args=(text,)),),
        limits=limits,
    )
    assert (await sandbox.run(job)).observations[0].value == text


async def test_a_crash_on_every_call_ends_after_a_few_processes(sandbox):
    job = Job(
        source="import os\ndef f(n):\n    os._exit(n)\n",
        invocations=tuple(Invocation(function="f", args=(n,)) for n in range(10)),
    )
    seen = (await sandbox.run(job)).observations
    assert [each.outcome for each in seen] == ["crash"] * 10
    assert [each.detail.startswith("not run") for each in seen] == [False] * 4 + [True] * 6


async def test_the_whole_job_has_a_deadline(sandbox):
    job = Job(
        source="import time\ndef f():\n    time.sleep(0.2)\n",
        invocations=(Invocation(function="f"),) * 50,
        limits=SandboxLimits(job_seconds=0.7),
    )
    seen = (await sandbox.run(job)).observations
    assert len(seen) == 50
    assert seen[0].outcome == "returned"
    assert seen[-1].outcome == "timeout"
    assert seen[-1].detail.startswith("not run")


async def test_a_job_without_calls_tells_whether_the_module_loads(sandbox):
    assert (await sandbox.run(Job(source="x = 1\n"))).loaded is None
    loaded = (await sandbox.run(Job(source="x = y\n"))).loaded
    assert loaded is not None
    assert loaded.exception == "NameError"
    assert loaded.detail.endswith("(line 1)")


async def test_arguments_that_are_not_json_are_the_callers_mistake(sandbox):
    with pytest.raises(InputError, match="not JSON"):
        await sandbox.run(
            Job(source="def f(x): pass", invocations=(Invocation(function="f", args=(object(),)),))
        )


async def test_many_hanging_jobs_end_and_the_rest_is_done(sandbox):
    limits = SandboxLimits(wall_seconds=0.5)
    hang = SLEEP.model_copy(update={"limits": limits})
    reports = await asyncio.gather(
        *(sandbox.run(hang) for _ in range(20)), *(sandbox.run(ANSWER) for _ in range(20))
    )
    outcomes = [report.observations[0].outcome for report in reports]
    assert outcomes == ["timeout"] * 20 + ["returned"] * 20


async def test_what_the_loop_was_too_busy_to_read_in_time_counts(sandbox):
    job = Job(
        source="import time\ndef f():\n    time.sleep(0.1)\n    return 7\n",
        invocations=(Invocation(function="f"),),
        limits=SandboxLimits(wall_seconds=0.5),
    )
    await answer(sandbox)
    running = asyncio.ensure_future(sandbox.run(job))
    await until(lambda: sandbox._zygotes[0].busy == 1)
    stall(1)
    assert (await running).observations[0].value == 7


async def test_code_is_refused_where_files_cannot_be_guarded(sandbox, monkeypatch):
    await answer(sandbox)
    monkeypatch.setattr(sandbox._zygotes[0], "guards", ("rlimits",))
    with pytest.raises(SandboxRefused, match="rlimits") as caught:
        await sandbox.run(ANSWER)
    assert "allow_unsandboxed" in caught.value.remedy
    sandbox._allow_unsandboxed = True
    report = await sandbox.run(ANSWER)
    assert report.observations[0].value == 42
    assert report.guards == ("rlimits",)


async def test_a_sandbox_that_cannot_start_says_why(sandbox, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/true")
    with pytest.raises(SandboxFailed, match="did not start"):
        await sandbox.run(ANSWER)
    monkeypatch.undo()
    assert await answer(sandbox) == 42
