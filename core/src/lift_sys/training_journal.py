"""What a training tells while it goes on, kept as lines of JSON, and drawn as curves at the end."""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple, cast

from .errors import InputError

LOG = "log.jsonl"


class Point(NamedTuple):
    """Of one curve."""

    trial: str
    """Of a sweep: its folder; else empty."""
    step: int
    name: str
    value: float


def points_of(folder: Path) -> list[Point]:
    """What the journals in the folder of a training tell, those of a sweep's trials too."""
    paths = [folder / LOG, *sorted(folder.glob(f"*/{LOG}"))]
    found: dict[tuple[str, int, str], float] = {}
    for path in paths:
        trial = "" if path.parent == folder else path.parent.name
        for line in TrainingJournal(path.parent).lines():
            for name, value in _numbers(line, ""):
                # What was told twice of one step counts as it was told last.
                found[trial, line["step"], name] = value
    return [Point(*key, value) for key, value in found.items()]


def _numbers(told: Mapping[str, Any], before: str) -> Iterator[tuple[str, float]]:
    for name, value in told.items():
        if isinstance(value, dict):
            yield from _numbers(cast("dict[str, Any]", value), f"{before}{name}: ")
        elif isinstance(value, int | float) and name != "step":
            yield before + name, float(value)


class TrainingJournal:
    """`log.jsonl`: steps and measurements, each with its `step`, in the order they were made in.

    A trainer says in a class of its own what it tells of a step, and how that is drawn.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / LOG

    def lines(self) -> list[dict[str, Any]]:
        """Raises InputError where something else has written into the file."""
        if not self._path.exists():
            return []
        lines = self._path.read_bytes().splitlines(keepends=True)
        # A killed process may leave the half of a last one.
        return [self._read(n, line) for n, line in enumerate(lines, 1) if line.endswith(b"\n")]

    def _read(self, number: int, line: bytes) -> dict[str, Any]:
        try:
            told = json.loads(line)
            if not isinstance(told["step"], int):
                raise ValueError
        except (ValueError, TypeError, KeyError):
            raise InputError(
                f"{self._path}:{number}: this is no line of a training's journal",
                remedy="delete the line: the training does not need it to go on",
            ) from None
        return told

    def forget_after(self, step: int) -> None:
        """What was told after the checkpoint will be told again."""
        kept = [line for line in self.lines() if line["step"] <= step]
        self._path.write_text("".join(map(_line, kept)), encoding="utf-8")

    def tell(self, told: Mapping[str, Any]) -> None:
        with self._path.open("a", encoding="utf-8") as file:
            file.write(_line(told))

    def write_curves(self, columns: Sequence[str]) -> None:
        """`curves.csv`: of all lines that tell any of the columns beside the step."""
        told = [line for line in self.lines() if any(each in line for each in columns)]
        with (self._folder / "curves.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, ["step", *columns], extrasaction="ignore")
            writer.writeheader()
            writer.writerows(told)

    def save_figure(self, figure: Any) -> None:
        figure.savefig(self._folder / "curves.png", dpi=110)


def empty_figure(width: float, height: float) -> Any:
    """None where matplotlib is not installed: the curves are then in `curves.csv` alone."""
    try:
        drawing: Any = import_module("matplotlib.figure")
    except ImportError:
        return None
    return drawing.Figure(figsize=(width, height), layout="constrained")


def _line(told: Mapping[str, Any]) -> str:
    return json.dumps(told) + "\n"
