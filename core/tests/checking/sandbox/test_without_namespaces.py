"""Where the kernel gives no namespaces the other guards remain, and the guards told are fewer."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="namespaces are Linux's")

# Enters a user namespace in which no further one may be made, and drops what would allow others.
SCRIPT = """
import asyncio, json, os, tempfile
from pathlib import Path
from lift_sys.checking.sandbox.inside import kernel

user, group = os.getuid(), os.getgid()
kernel.unshare(kernel.CLONE_NEWUSER)
Path("/proc/self/setgroups").write_text("deny")
Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
Path("/proc/sys/user/max_user_namespaces").write_text("0")
for capability in range(41):
    kernel.prctl(24, capability)
kernel.drop_capabilities()

from lift_sys.checking.sandbox import ZygoteSandbox
from lift_sys.interfaces import Invocation, Job

SOURCE = '''
def f(kind):
    if kind == "write":
        open("mine", "w").write("x")
        return open("mine").read()
    if kind == "escape":
        open({outside!r}, "w")
    import ctypes
    libc = ctypes.CDLL(None)
    if kind == "open":
        return libc.open({outside!r}.encode(), 1)
    return libc.fork()
'''

async def main(outside):
    sandbox = ZygoteSandbox(zygotes=1)
    kinds = ("write", "escape", "open", "fork", "write")
    job = Job(
        source=SOURCE.format(outside=outside),
        invocations=tuple(Invocation(function="f", args=(kind,)) for kind in kinds),
    )
    report = await sandbox.run(job)
    await sandbox.aclose()
    print(report.model_dump_json())

asyncio.run(main(os.environ["OUTSIDE"]))
"""


def test_the_other_guards_hold_without_namespaces():
    with tempfile.TemporaryDirectory() as folder:
        outside = Path(folder, "outside")
        outside.write_text("kept")
        outside.chmod(0o666)
        temporary = Path(folder, "temporary")
        temporary.mkdir()
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env={**os.environ, "OUTSIDE": str(outside), "TMPDIR": str(temporary)},
            capture_output=True,
            text=True,
            check=False,
        )
        if "max_user_namespaces" in done.stderr or "unshare" in done.stderr:
            pytest.skip("this system lets nobody make a user namespace to take others away in")
        assert done.returncode == 0, done.stderr
        report = json.loads(done.stdout)
        assert outside.read_text() == "kept"
        assert list(temporary.iterdir()) == []
    assert "namespaces" not in report["guards"]
    assert {"no outside writes", "no outside reads", "no processes"} <= set(report["guards"])
    assert [(seen["outcome"], seen["value"]) for seen in report["observations"]] == [
        ("returned", "x"),
        ("forbidden", None),
        ("returned", -1),
        ("forbidden", None),
        ("returned", "x"),
    ]
