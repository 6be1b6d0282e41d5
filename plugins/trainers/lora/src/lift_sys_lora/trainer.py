"""The trainer: estimates, trains here or on Modal, sweeps, and exports."""

from collections.abc import Mapping
from pathlib import Path

from lift_sys.interfaces import Estimate, Parts, Trained

from .estimating import Work, estimate
from .export import FORMS, export
from .here import train_here
from .lesson_plan import material
from .plugin import LoraOptions
from .remote import train_on_modal
from .sweeping import trials


class LoraTrainer:
    def __init__(self, options: LoraOptions) -> None:
        self._options = options

    def estimate(self) -> Estimate:
        options = self._options
        read = material(options)
        plan = read.plan(options)
        measurements = sum(plan.is_measured_after(step + 1) for step in range(plan.steps)) + 2
        work = Work(
            steps=plan.steps,
            batches=plan.steps * options.accumulate,
            tokens=sum(map(len, read.learnt)),
            measured_tokens=measurements * sum(map(len, read.validation)),
        )
        return estimate(options, work, len(trials(options)))

    async def train(self, workdir: Path) -> Trained:
        if self._options.where == "modal":
            return await train_on_modal(self._options, workdir)
        return await train_here(self._options, workdir)

    def forms(self) -> Mapping[str, str]:
        return FORMS

    def export(self, workdir: Path, form: str, to: Path) -> Path:
        return export(self._options, workdir, form, to)


def create(options: LoraOptions, parts: Parts) -> LoraTrainer:
    return LoraTrainer(options)


__all__ = ["LoraTrainer", "create"]
