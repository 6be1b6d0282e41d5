"""Draws the logs of the embedded models' trainings, part after part.

python benchmarks/embedded_model/curves.py     (needs matplotlib)
"""

import json
from pathlib import Path

from matplotlib.figure import Figure

RESULTS = Path(__file__).resolve().parents[1] / "results" / "embedded_model"
PARTS = ("", "_second", "_third", "_fourth", "_fifth", "_sixth", "_seventh")


def main() -> None:
    figure = Figure(figsize=(8, 3.2), layout="constrained")
    for model, axes in zip(("base", "small"), figure.subplots(1, 2), strict=True):
        read = 0.0
        for number, suffix in enumerate(PARTS, 1):
            log = (RESULTS / f"{model}{suffix}.jsonl").read_text(encoding="utf-8")
            steps = [line for line in map(json.loads, log.splitlines()) if "loss" in line]
            tokens = [read + step["tokens"] / 1e6 for step in steps]
            axes.semilogy(tokens, [step["loss"] for step in steps], lw=1, label=f"part {number}")
            read = tokens[-1]
        axes.set(title=model, xlabel="million tokens", ylabel="loss")
        axes.grid(alpha=0.3)
        axes.legend(fontsize=8)
    figure.savefig(RESULTS / "curves.png", dpi=100)


if __name__ == "__main__":
    main()
