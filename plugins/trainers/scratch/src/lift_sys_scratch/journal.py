"""What is told of a training, and the curves of its loss and of the tasks that it passes."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from lift_sys.training_journal import TrainingJournal, empty_figure

from .checkpoint import Progress
from .measuring import Tally


class Journal(TrainingJournal):
    def step(self, progress: Progress, loss: float, rate: float, seconds: float) -> None:
        before = next((one for one in reversed(self.lines()) if "tokens" in one), {"tokens": 0})
        speed = (progress.tokens - before["tokens"]) / max(seconds, 1e-9)
        told = {"step": progress.step, "tokens": progress.tokens, "loss": round(loss, 4)}
        told |= {"rate": round(rate, 4), "tokens_per_second": round(speed)}
        self.tell({**told, "seconds": round(progress.seconds, 1)})

    def measured(self, step: int, tallies: Mapping[str, Tally], asked: Sequence[int] = ()) -> None:
        """`asked`: at the end, how many tasks and draws."""
        cells = {cell: asdict(one) for cell, one in tallies.items()}
        told = {"step": step, "measured": cells}
        self.tell({**told, "asked": [*asked]} if asked else told)

    def measured_before(self, step: int, asked: Sequence[int]) -> Mapping[str, Tally] | None:
        """What the same measurement at the end showed, where it was made already."""
        for line in reversed(self.lines()):
            if line["step"] == step and line.get("asked") == [*asked]:
                return {cell: Tally(**one) for cell, one in line["measured"].items()}
        return None

    def draw(self) -> None:
        """`curves.csv`, and `curves.png` where matplotlib is installed."""
        self.write_curves(["tokens", "loss", "rate"])
        figure = empty_figure(9, 4)
        if figure is None:
            return
        lines = self.lines()
        steps = [line for line in lines if "loss" in line]
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
        self.save_figure(figure)
