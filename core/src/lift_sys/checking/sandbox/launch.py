"""How an isolated interpreter is started: nothing of this one's environment, paths or files."""

import os
import shutil
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from ...errors import SandboxFailed, SandboxRefused

_BOOT = Path(__file__).parent / "inside" / "boot.py"

# What -I does, but with the two settings below heard: sets of strings have one order, so that
# the same code does the same thing each time. The third is for the loader: functions of shared
# libraries are looked up once, and not by each job that is the first to call them.
ENVIRONMENT = {"PYTHONHASHSEED": "0", "TZ": "UTC0", "LD_BIND_NOW": "1"}
if "SYSTEMROOT" in os.environ:  # Python does not start on Windows without it.
    ENVIRONMENT["SYSTEMROOT"] = os.environ["SYSTEMROOT"]

ESSENTIAL_GUARD = "no outside writes"


def command(role: str, *arguments: str) -> list[str]:
    flags = ("-S", "-s", "-P", "-X", "utf8")
    return [sys.executable, *flags, str(_BOOT), role, *arguments]


def make_base() -> str:
    """A folder for a sandbox's own use, with the bait that its probes try to reach."""
    base = tempfile.mkdtemp(prefix="lift-sandbox-")
    bait = Path(base, "bait")
    bait.touch()
    bait.chmod(0o666)
    Path(base).chmod(0o711)
    return base


def remove_base(base: str) -> None:
    shutil.rmtree(base, ignore_errors=True)


@contextmanager
def base_folder() -> Generator[str]:
    base = make_base()
    try:
        yield base
    finally:
        remove_base(base)


def require_guards(guards: tuple[str, ...], allow_unsandboxed: bool) -> None:
    if ESSENTIAL_GUARD in guards or allow_unsandboxed:
        return
    has = ", ".join(guards) or "none at all"
    raise SandboxRefused(
        f"this system cannot keep code from changing files (guards to be had: {has})",
        remedy="run on Linux with Landlock or namespaces, or accept the risk with "
        "`allow_unsandboxed: true` or --allow-unsandboxed",
    )


def broken(cause: str) -> SandboxFailed:
    return SandboxFailed(
        f"the sandbox did not start: {cause}",
        remedy="try the sandbox `subprocess`, and see `lift doctor`",
    )


def cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
