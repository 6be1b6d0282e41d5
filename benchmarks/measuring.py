"""A part of a benchmark in a process of its own: what it took, its children told apart."""

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple


class Used(NamedTuple):
    seconds: float
    busy: float
    """Seconds of the processors, of all its processes."""
    own_mb: float
    """The most that it held."""
    child_mb: float
    """The most that one of its children held; 0: it had none."""


_WRAPPED = """
import resource, runpy, sys, time
sys.argv = sys.argv[1:]
began = time.perf_counter()
runpy.run_path(sys.argv[0], run_name="__main__")
own, below = (resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
busy = own.ru_utime + own.ru_stime + below.ru_utime + below.ru_stime
most = own.ru_maxrss / 1024, below.ru_maxrss / 1024
print(time.perf_counter() - began, busy, *most, file=sys.stderr)
"""


def in_process(script: str, part: str, folder: Path) -> Used:
    """Of `script --part PART --folder FOLDER`."""
    done = subprocess.run(
        [sys.executable, "-c", _WRAPPED, script, "--part", part, "--folder", str(folder)],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(script).parent)},
    )
    return Used(*map(float, done.stderr.strip().splitlines()[-1].split()))
