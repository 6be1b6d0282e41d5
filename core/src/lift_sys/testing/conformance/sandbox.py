"""What a sandbox must do: tell truly what code did, and let none of it out."""

import asyncio
import os
import tempfile
from pathlib import Path
from typing import Any

from ...interfaces import Invocation, Job, Observation, Report, Sandbox, SandboxLimits
from ...ir import decode, encode
from .base import ComponentConformance, run

QUICK = SandboxLimits(cpu_seconds=1, wall_seconds=5)

_ANSWER = "def f():\n    return 42\n"
_KINDS = (None, True, 1, 1.0, -0.0, 2**80, "\ud800", b"\0", (1, [2]), {1: {3}}, range(4), 1j)


class SandboxConformance(ComponentConformance):
    kind = "sandboxes"

    def report(self, *jobs: Job) -> list[Report]:
        """Runs the jobs one after the other in one sandbox."""

        async def all_of_them() -> list[Report]:
            sandbox: Sandbox = self.make()
            try:
                return [await sandbox.run(job) for job in jobs]
            finally:
                await sandbox.aclose()

        return run(all_of_them(), seconds=120)

    def seen(self, source: str, *calls: tuple[Any, ...]) -> tuple[Observation, ...]:
        """What calls of `f` with these arguments did, and then a harmless job."""
        report, after = self.report(_job(source, *calls), _job(_ANSWER, ()))
        assert report.loaded is None, report.loaded
        assert len(report.observations) == len(calls), "each call has its observation"
        assert after.observations[0].value == 42, "the next job must not notice"
        return report.observations

    def test_it_says_which_guards_are_in_force(self) -> None:
        async def told() -> tuple[tuple[str, ...], Report]:
            sandbox: Sandbox = self.make()
            try:
                return sandbox.guards(), await sandbox.run(_job(_ANSWER, ()))
            finally:
                await sandbox.aclose()

        guards, report = run(told())
        assert report.guards == guards

    def test_values_come_back_as_they_are(self) -> None:
        source = "def f(value):\n    return value\n"
        for value, seen in zip(
            _KINDS, self.seen(source, *((value,) for value in _KINDS)), strict=True
        ):
            assert seen.outcome == "returned", seen
            assert repr(decode(seen.value)) == repr(value)

    def test_a_lying_value_is_told_by_its_type(self) -> None:
        source = (
            "class Yes(int):\n"
            "    def __eq__(self, other):\n        return True\n"
            "    __class__ = int\n"
            "def f():\n    return Yes()\n"
        )
        (seen,) = self.seen(source, ())
        assert seen.outcome == "unencodable"
        assert (seen.exception or "").endswith("Yes")

    def test_changed_arguments_show(self) -> None:
        (seen,) = self.seen("def f(items):\n    items.append(1)\n", ([],))
        assert seen.value is None
        assert seen.args_after == ([1],)

    def test_exceptions_come_with_their_bases(self) -> None:
        (seen,) = self.seen("def f():\n    raise KeyError('k')\n", ())
        assert (seen.outcome, seen.exception) == ("raised", "KeyError")
        assert seen.bases == ("LookupError", "Exception", "BaseException")

    def test_an_impostor_is_no_built_in_exception(self) -> None:
        source = "class ValueError(Exception):\n    pass\ndef f():\n    raise ValueError\n"
        (seen,) = self.seen(source, ())
        assert seen.outcome == "raised"
        assert "ValueError" not in (seen.exception, *seen.bases)

    def test_an_exit_is_an_observation(self) -> None:
        (seen,) = self.seen("def f():\n    raise SystemExit(0)\n", ())
        assert (seen.outcome, seen.exception) == ("raised", "SystemExit")

    def test_a_module_that_does_not_load_says_why(self) -> None:
        for source, exception in (
            ("def f(:\n", "SyntaxError"),
            ("1 / 0\n", "ZeroDivisionError"),
            ("def g():\n    pass\n", "NameError"),
        ):
            (report,) = self.report(_job(source, ()))
            assert report.loaded is not None
            assert report.loaded.exception == exception
            assert report.observations == ()

    def test_calls_of_a_job_share_a_process_and_jobs_do_not(self) -> None:
        job = _job("seen = []\ndef f():\n    seen.append(1)\n    return len(seen)\n", (), ())
        for report in self.report(job, job):
            assert [seen.value for seen in report.observations] == [1, 2]

    def test_a_call_that_ends_the_process_costs_only_itself(self) -> None:
        source = "import os\ndef f(x):\n    if x == 1:\n        os._exit(0)\n    return x\n"
        seen = self.seen(source, (0,), (1,), (2,))
        assert [each.outcome for each in seen] == ["returned", "crash", "returned"]

    def test_what_hangs_is_ended(self) -> None:
        for body in ("while True:\n        pass", "import time\n    time.sleep(60)"):
            limits = SandboxLimits(cpu_seconds=0.2, wall_seconds=1)
            report, after = self.report(
                _job(f"def f():\n    {body}\n", (), limits=limits), _job(_ANSWER, ())
            )
            assert report.observations[0].outcome == "timeout"
            assert after.observations[0].value == 42

    def test_too_much_memory_is_told(self) -> None:
        (seen,) = self.seen("def f():\n    return len([0] * 10**10)\n", ())
        assert seen.outcome == "memory"

    def test_what_is_printed_is_kept_up_to_a_limit(self) -> None:
        limits = SandboxLimits(output_bytes=100)
        source = "def f():\n    print('so')\n    print('x' * 10**6)\n"
        (report,) = self.report(_job(source, (), limits=limits))
        assert report.observations[0].outcome == "returned"
        assert report.stdout.startswith("so\nxxx")
        assert len(report.stdout) <= 100

    def test_the_environment_is_not_there(self) -> None:
        os.environ["LIFT_SYS_CONFORMANCE_SECRET"] = "secret"
        try:
            (seen,) = self.seen("import os\ndef f():\n    return dict(os.environ)\n", ())
        finally:
            del os.environ["LIFT_SYS_CONFORMANCE_SECRET"]
        assert seen.value == {}

    def test_a_claimed_guard_of_files_holds(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            outside = Path(folder, "file")
            outside.write_text("kept")
            outside.chmod(0o666)
            source = f"def f(mode):\n    return open({str(outside)!r}, mode).write('broken')\n"
            (report,) = self.report(_job(source, ("w",), ("a",), ("r+",)))
            if "no outside writes" in report.guards:
                assert {seen.outcome for seen in report.observations} == {"forbidden"}
                assert outside.read_text() == "kept"

    def test_one_that_waits_delays_no_other(self) -> None:
        async def race() -> tuple[list[Report], bool]:
            sandbox: Sandbox = self.make()
            try:
                sleep = _job("import time\ndef f():\n    time.sleep(60)\n", ())
                slow = [asyncio.ensure_future(sandbox.run(sleep)) for _ in range(2)]
                await asyncio.sleep(0)
                quick = [await sandbox.run(_job(_ANSWER, ())) for _ in range(5)]
                waiting = not any(task.done() for task in slow)
                for task in slow:
                    task.cancel()
                await asyncio.gather(*slow, return_exceptions=True)
                return quick, waiting
            finally:
                await sandbox.aclose()

        quick, waiting = run(race(), seconds=60)
        assert [report.observations[0].value for report in quick] == [42] * 5
        assert waiting, "the quick jobs came only after the slow ones had ended"


def _job(source: str, *calls: tuple[Any, ...], limits: SandboxLimits = QUICK) -> Job:
    invocations = tuple(
        Invocation(function="f", args=tuple(encode(value) for value in args)) for args in calls
    )
    return Job(source=source, invocations=invocations, limits=limits)
