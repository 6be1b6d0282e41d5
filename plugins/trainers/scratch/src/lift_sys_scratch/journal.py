"""What a training tells while it goes on, kept as lines of JSON, and drawn as curves at the end."""

import csv
import json
from collections.abc import Mapping
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any

from .checkpoint import Progress
from .measuring import Tally


class Journal:
    """`log.jsonl` holds the steps and the measurements, in the order in which they were made."""

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

    def step(self, progress: Progress, loss: float, rate: float, seconds: float) -> None:
        before = next((one for one in reversed(self.lines()) if "tokens" in one), {"tokens": 0})
        speed = (progress.tokens - before["tokens"]) / max(seconds, 1e-9)
        told = {"step": progress.step, "tokens": progress.tokens, "loss": round(loss, 4)}
        told |= {"rate": round(rate, 4), "tokens_per_second": round(speed)}
        self._write({**told, "seconds": round(progress.seconds, 1)})

    def measured(self, step: int, tallies: Mapping[str, Tally]) -> None:
        cells = {cell: asdict(one) for cell, one in tallies.items()}
        self._write({"step": step, "measured": cells})

    def draw(self) -> None:
        """`curves.csv`, and `curves.png` where matplotlib is installed."""
        lines = self.lines()
        steps = [line for line in lines if "loss" in line]
        with (self._folder / "curves.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, ["step", "tokens", "loss", "rate"], extrasaction="ignore")
            writer.writeheader()
            writer.writerows(steps)
        try:
            drawing: Any = import_module("matplotlib.figure")
        except ImportError:
            return
        figure = drawing.Figure(figsize=(9, 4), layout="constrained")
        left, right = figure.subplots(1, 2)
        left.plot([one["tokens"] for one in steps], [one["loss"] for one in steps])
        left.set(xlabel="tokens", ylabel="loss", yscale="log")
        measured = [line for line in lines if "measured" in line]
        for cell in sorted({cell for line in measured for cell in line["measured"]}):
            points = [
                (one["step"], one["measured"][cell]) for one in measured if cell in one["measured"]
            ]
            shares = [told["greedy"] / told["tasks"] for _, told in points]
            right.plot([step for step, _ in points], shares, marker="o", label=cell)
        right.set(xlabel="step", ylabel="share of tasks passed, greedy", ylim=(0, 1))
        right.legend()
        figure.savefig(self._folder / "curves.png", dpi=110)

    def _write(self, told: dict[str, Any]) -> None:
        with self._path.open("a", encoding="utf-8") as file:
            file.write(_line(told))


def _line(told: dict[str, Any]) -> str:
    return json.dumps(told) + "\n"
