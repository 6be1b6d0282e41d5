"""What a training tells while it goes on, as lines of JSON, and drawn as curves at the end."""

import csv
import json
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from .checkpoint import Progress

_COLUMNS = ("step", "tokens", "loss", "validation", "rate")


class Journal:
    """`log.jsonl`: steps and measurements, in the order in which they were made."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / "log.jsonl"

    def lines(self) -> list[dict[str, Any]]:
        if not self._path.exists():
            return []
        return [json.loads(line) for line in self._path.read_text(encoding="utf-8").splitlines()]

    def forget_after(self, step: int) -> None:
        """What was told after the checkpoint will be told again."""
        kept = [line for line in self.lines() if line["step"] <= step]
        self._path.write_text("".join(map(_line, kept)), encoding="utf-8")

    def step(self, progress: Progress, loss: float, rate: float) -> None:
        told = {"step": progress.step, "tokens": progress.tokens, "loss": round(loss, 5)}
        self._write({**told, "rate": float(f"{rate:.4g}"), "seconds": round(progress.seconds, 1)})

    def measured(self, step: int, loss: float) -> None:
        self._write({"step": step, "validation": round(loss, 5)})

    def draw(self) -> None:
        """`curves.csv`, and `curves.png` where matplotlib is installed."""
        lines = self.lines()
        with (self._folder / "curves.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(_COLUMNS)
            writer.writerows([line.get(name, "") for name in _COLUMNS] for line in lines)
        try:
            drawing: Any = import_module("matplotlib.figure")
        except ImportError:
            return
        figure = drawing.Figure(figsize=(6, 4), layout="constrained")
        axes = figure.subplots()
        for name, mark in (("loss", ""), ("validation", "o")):
            steps, values = _points(lines, name)
            axes.plot(steps, values, marker=mark, label=name)
        axes.set(xlabel="step", ylabel="loss of a token")
        axes.legend()
        figure.savefig(self._folder / "curves.png", dpi=110)

    def _write(self, told: dict[str, Any]) -> None:
        with self._path.open("a", encoding="utf-8") as file:
            file.write(_line(told))


def _points(lines: Sequence[dict[str, Any]], name: str) -> tuple[list[int], list[float]]:
    found = [line for line in lines if name in line]
    return [line["step"] for line in found], [line[name] for line in found]


def _line(told: dict[str, Any]) -> str:
    return json.dumps(told) + "\n"
