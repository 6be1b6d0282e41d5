"""Every case, in both sandboxes: the right observation, no harm, nobody left, the next job well."""

import asyncio
import sys
from collections import Counter
from collections.abc import Iterator

import pytest

from lift_sys.checking.sandbox import SubprocessSandbox, ZygoteSandbox
from lift_sys.interfaces import Invocation, Job, Observation, Sandbox, SandboxLimits
from lift_sys.ir import decode

from .hostile_corpus import CASES, Case
from .hostile_host import SECRET, Host, descendants

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the guards are those of Linux")

LIMITS = SandboxLimits(cpu_seconds=0.4, wall_seconds=1.5, job_seconds=10, memory_bytes=128 * 2**20)
PATIENT = LIMITS.model_copy(update={"cpu_seconds": 5, "wall_seconds": 20, "job_seconds": 30})
"""For those that are to come to another end, on a slow machine too."""
CALL = (Invocation(function="f"),)
HARMLESS = Job(source="def f():\n    return 42\n", invocations=CALL)


@pytest.fixture(scope="module", params=[ZygoteSandbox, SubprocessSandbox])
def sandbox(
    request: pytest.FixtureRequest, host: Host, runner: asyncio.Runner
) -> Iterator[Sandbox]:
    made = request.param()
    runner.run(made.run(HARMLESS))
    yield made
    runner.run(made.aclose())
    assert descendants() == set()
    assert list(host.temporary.iterdir()) == []


def test_the_corpus_is_as_large_as_it_says() -> None:
    families = Counter(case.family for case in CASES)
    assert len(families) >= 12
    assert min(families.values()) >= 5
    assert len({case.id for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_hostile(case: Case, sandbox: Sandbox, host: Host, runner: asyncio.Runner) -> None:
    before = descendants()
    source = case.source
    for name, value in host.names.items():
        source = source.replace(f"{{{name}}}", value)
    limits = LIMITS if case.outcome.endswith("timeout") else PATIENT
    report = runner.run(sandbox.run(Job(source=source, invocations=CALL, limits=limits)))

    at, _, outcome = case.outcome.rpartition(": ")
    seen = report.loaded if at else report.observations[0]
    assert isinstance(seen, Observation), report
    assert seen.outcome == outcome, seen
    if case.exception is not None:
        assert seen.exception == case.exception, seen
    if outcome == "returned":
        assert repr(decode(seen.value)) == repr(case.returns)
    assert SECRET not in report.model_dump_json()
    assert host.harm() == []
    assert descendants() - before == set()
    after = runner.run(sandbox.run(HARMLESS))
    assert after.observations[0].value == 42
