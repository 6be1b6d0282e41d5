"""A sandbox whose code may import more than the standard library."""

from pathlib import Path

import pytest

from lift_sys.checking.sandbox import SubprocessSandbox
from lift_sys.interfaces import Invocation, Job

SOURCE = """
def ask():
    import gadget
    return gadget.ANSWER

def change(path):
    open(path, 'w').close()
"""


@pytest.fixture
def library(tmp_path: Path) -> Path:
    folder = tmp_path / "library"
    folder.mkdir()
    (folder / "gadget.py").write_text("ANSWER = 42\n")
    return folder


async def test_code_may_import_from_a_library_and_not_change_it(library: Path):
    sandbox = SubprocessSandbox(libraries=(str(library),))
    calls = (
        Invocation(function="ask"),
        Invocation(function="change", args=(str(library / "gadget.py"),)),
    )
    report = await sandbox.run(Job(source=SOURCE, invocations=calls))
    asked, changed = report.observations
    assert asked.value == 42
    assert changed.outcome == "forbidden"
    assert (library / "gadget.py").read_text() == "ANSWER = 42\n"
    assert "no outside writes" in report.guards


async def test_without_it_the_library_cannot_be_found(library: Path):
    report = await SubprocessSandbox().run(
        Job(source=SOURCE, invocations=(Invocation(function="ask"),))
    )
    assert report.observations[0].exception == "ModuleNotFoundError"
