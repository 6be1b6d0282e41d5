"""What installed plugins cost before any is used: python benchmarks/startup.py

Start-up is told as a multiple of a bare interpreter's in the same run, the catalogue as a multiple
of reading the same files. Programs take turns, so that a busy machine slows all of them alike.
"""

import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path
from typing import NamedTuple

from lift_sys.plugins import Catalogue

TURNS = 25
SCANS = 40
BARE = [sys.executable, "-c", "pass"]
LIFT = [str(Path(sys.executable).parent / "lift")]
PLUGIN = """
from lift_sys.plugins import Component, hookimpl

@hookimpl
def lift_sys_strategies():
    return [Component(name="{name}", factory="{module}.strategy:make", summary="A strategy")]
"""
HEAVY = """
import time
until = time.perf_counter() + 1.0
while time.perf_counter() < until:
    pass

def make(options, parts): ...
"""
DESCRIPTION = "A strategy, described at the length that such descriptions have.\n\n" * 40


def plant(folder: Path, count: int, factory: str = "def make(options, parts): ...\n") -> None:
    """Writes plugin distributions as pip leaves them behind."""
    for number in range(count):
        module, name = f"lift_sys_planted_{number}", f"planted-{number}"
        package = folder / module
        package.mkdir(parents=True)
        (package / "__init__.py").touch()
        (package / "plugin.py").write_text(PLUGIN.format(name=name, module=module))
        (package / "strategy.py").write_text(factory)
        info = folder / f"{module}-1.0.0.dist-info"
        info.mkdir()
        (info / "entry_points.txt").write_text(f"[lift_sys.strategies]\n{name} = {module}.plugin\n")
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.4\nName: lift-sys-{name}\nVersion: 1.0.0\n"
            "Summary: A strategy\nLicense-Expression: MIT\nRequires-Dist: lift-sys>=0.1,<0.2\n"
            f"Requires-Dist: pydantic>=2\nRequires-Python: >=3.11\n\n{DESCRIPTION}"
        )
        (info / "RECORD").write_text(f"{module}/__init__.py,,\n")


class Start(NamedTuple):
    wall: float
    cpu: float


def in_turns(programs: Mapping[str, tuple[list[str], Path | None]]) -> dict[str, list[Start]]:
    """Each start of each program, in seconds; the first round is not counted."""
    starts: dict[str, list[Start]] = {name: [] for name in programs}
    for turn in range(TURNS + 1):
        for name, (command, folder) in programs.items():
            environ = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
            if folder is not None:
                environ["PYTHONPATH"] = str(folder)
            started, used = time.perf_counter(), cpu_of_children()
            subprocess.run(command, env=environ, stdout=subprocess.DEVNULL, check=True)
            start = Start(time.perf_counter() - started, cpu_of_children() - used)
            if turn:
                starts[name].append(start)
    return starts


def cpu_of_children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def cpu_ms(act: Callable[[], object]) -> float:
    """Median over many."""
    times: list[float] = []
    for _ in range(SCANS):
        started = time.process_time()
        act()
        times.append(time.process_time() - started)
    return statistics.median(times) * 1000


def read_all(folder: Path) -> None:
    """The floor of a catalogue: the same files, read and nothing else."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(".dist-info"):
                for name in ("entry_points.txt", "METADATA"):
                    with FileIO(f"{entry.path}/{name}") as file:
                        file.readall()


def main() -> None:
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        thirty, hundred, heavy = root / "thirty", root / "hundred", root / "heavy"
        plant(thirty, 30)
        plant(hundred, 100)
        plant(heavy, 1, HEAVY)
        starts = in_turns(
            {
                "bare": (BARE, thirty),
                "help, 30": ([*LIFT, "--help"], thirty),
                "help, 100": ([*LIFT, "--help"], hundred),
                "help": ([*LIFT, "--help"], None),
                "help, heavy": ([*LIFT, "--help"], heavy),
                "plugins": ([*LIFT, "plugins"], None),
                "plugins, heavy": ([*LIFT, "plugins"], heavy),
            }
        )
        scanned = cpu_ms(lambda: Catalogue.scan([str(hundred)]))
        floor = cpu_ms(lambda: read_all(hundred))
    report(starts, scanned, floor)


def report(starts: Mapping[str, list[Start]], scanned: float, floor: float) -> None:
    walls = {name: [start.wall for start in each] for name, each in starts.items()}
    bare = walls["bare"]

    def ratio(name: str) -> str:
        medians = statistics.median(walls[name]) / statistics.median(bare)
        return f"{medians:.2f}x (best {min(walls[name]) / min(bare):.2f}x)"

    def extra(name: str) -> str:
        heavy = [start.cpu * 1000 for start in starts[f"{name}, heavy"]]
        without = [start.cpu * 1000 for start in starts[name]]
        medians = statistics.median(heavy) - statistics.median(without)
        return f"{medians:+.1f} ms CPU (best {min(heavy) - min(without):+.1f} ms)"

    version = Catalogue.installed().core_version
    print(
        f"{datetime.now(UTC):%Y-%m-%d}, lift-sys {version}, Python {platform.python_version()},"
        f" {platform.system()} {platform.machine()}, {os.cpu_count()} cores;"
        f" medians of {TURNS} starts in turns,"
        f" bare interpreter {statistics.median(bare) * 1000:.1f} ms\n"
    )
    print("| what | reach | measured |\n|---|---|---|")
    print(f"| `lift --help` against `python -c pass`, 30 plugins | 7x | {ratio('help, 30')} |")
    print(f"| the same, 100 plugins | - | {ratio('help, 100')} |")
    print(f"| a plugin with 1 s of imports, `lift --help` | 5 ms | {extra('help')} |")
    print(f"| the same, `lift plugins` | 5 ms | {extra('plugins')} |")
    print(
        f"| catalogue of 100 plugins, CPU | 12 ms |"
        f" {scanned:.1f} ms, {scanned / floor:.2f}x of reading the files ({floor:.1f} ms) |"
    )


if __name__ == "__main__":
    main()
