"""What is told of a training, and the curves of its losses."""

from lift_sys.training_journal import TrainingJournal, empty_figure

from .checkpoint import Progress


class Journal(TrainingJournal):
    def step(self, progress: Progress, loss: float, rate: float) -> None:
        told = {"step": progress.step, "tokens": progress.tokens, "loss": round(loss, 5)}
        self.tell({**told, "rate": float(f"{rate:.4g}"), "seconds": round(progress.seconds, 1)})

    def measured(self, step: int, loss: float) -> None:
        self.tell({"step": step, "validation": round(loss, 5)})

    def draw(self) -> None:
        """`curves.csv`, and `curves.png` where matplotlib is installed."""
        self.write_curves(["tokens", "loss", "validation", "rate"])
        figure = empty_figure(6, 4)
        if figure is None:
            return
        axes = figure.subplots()
        for name, mark in (("loss", ""), ("validation", "o")):
            told = [line for line in self.lines() if name in line]
            steps, values = [one["step"] for one in told], [one[name] for one in told]
            axes.plot(steps, values, marker=mark, label=name)
        axes.set(xlabel="step", ylabel="loss of a token")
        axes.legend()
        self.save_figure(figure)
