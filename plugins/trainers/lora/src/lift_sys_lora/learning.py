"""The steps: batches in an order that the seed decides, measured as they go, stopped in time."""
# Torch's own annotations are partial.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

import asyncio
import math
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from lift_sys.errors import InputError

from .checkpoint import State
from .encoding import Encoded
from .journal import Journal
from .network import batches_of, mean_loss, summed_loss
from .plugin import LoraOptions

CHECKPOINT = "checkpoint.pt"


@dataclass(frozen=True, slots=True)
class Plan:
    """Which rows each step learns from, and at which rate; the step's number decides both."""

    rows: Sequence[Encoded]
    options: LoraOptions

    @property
    def steps_of_an_epoch(self) -> int:
        return -(-len(self.rows) // (self.options.batch * self.options.accumulate))

    @property
    def steps(self) -> int:
        return self.options.epochs * self.steps_of_an_epoch

    def rows_of(self, step: int) -> list[Encoded]:
        epoch, place = divmod(step, self.steps_of_an_epoch)
        order = list(range(len(self.rows)))
        random.Random(f"{self.options.seed}:{epoch}").shuffle(order)
        size = self.options.batch * self.options.accumulate
        return [self.rows[each] for each in order[place * size : (place + 1) * size]]

    def rate_of(self, step: int) -> float:
        rising = round(self.options.warmup * self.steps)
        if step < rising:
            share = (step + 1) / rising
        else:
            share = 0.5 * (1 + math.cos(math.pi * (step - rising) / max(1, self.steps - rising)))
        return share * self.options.learning_rate

    def is_measured_after(self, steps: int) -> bool:
        every = self.options.evaluate_steps or self.steps_of_an_epoch
        return steps % every == 0 or steps == self.steps


@dataclass(slots=True)
class Course:
    folder: Path
    plan: Plan
    validation: Sequence[Encoded]
    padding: int
    state: State
    journal: Journal

    async def run(self) -> None:
        """Goes on from the folder's checkpoint, and keeps one when it is cancelled."""
        checkpoint = self.folder / CHECKPOINT
        if checkpoint.exists():
            self.state.restore(checkpoint)
        self.journal.forget_after(self.state.progress.step)
        try:
            await self._steps(checkpoint)
        except asyncio.CancelledError:
            self.state.save(checkpoint)
            raise
        self.state.save(checkpoint)

    async def _steps(self, checkpoint: Path) -> None:
        saved = time.monotonic()
        state, options = self.state, self.plan.options
        while state.progress.step < self.plan.steps and not self._is_enough():
            await asyncio.sleep(0)  # where Ctrl-C is heard
            self._step()
            if self.plan.is_measured_after(state.progress.step):
                self._measure()
            if time.monotonic() - saved > 60 * options.checkpoint_minutes:
                state.save(checkpoint)
                saved = time.monotonic()

    def _is_enough(self) -> bool:
        return 0 < self.plan.options.patience <= self.state.progress.worse

    def _step(self) -> None:
        begun = time.monotonic()
        before, options = self.state.progress, self.plan.options
        rate = self.plan.rate_of(before.step)
        for group in self.state.optimizer.param_groups:
            group["lr"] = rate
        loss, tokens = learn(self.state, self.plan.rows_of(before.step), options, self.padding)
        _check(loss, f"the loss of step {before.step + 1}")
        seconds = before.seconds + time.monotonic() - begun
        self.state.progress = replace(
            before, step=before.step + 1, tokens=before.tokens + tokens, seconds=seconds
        )
        self.journal.step(self.state.progress, loss, rate)

    def _measure(self) -> None:
        options, progress = self.plan.options, self.state.progress
        loss = mean_loss(self.state.model, self.validation, options.batch, self.padding)
        _check(loss, f"the validation loss after step {progress.step}")
        self.journal.measured(progress.step, loss)
        if loss < progress.best:
            self.state.progress = replace(progress, best=loss, best_step=progress.step, worse=0)
            self.state.keep()
        else:
            self.state.progress = replace(progress, worse=progress.worse + 1)


def _check(loss: float, what: str) -> None:
    """Raises InputError: from there on every weight would be no number."""
    if not math.isfinite(loss):
        raise InputError(
            f"{what} is {loss}: what was learnt is lost",
            remedy="lower `learning_rate`, or give `dtype: float32`, in another folder",
        )


def learn(
    state: State, rows: Sequence[Encoded], options: LoraOptions, padding: int
) -> tuple[float, int]:
    """One step: the mean loss of a token, and how many there were."""
    state.model.train()
    tokens = sum(len(row.answer) for row in rows)
    told = 0.0
    for batch in batches_of(rows, options.batch, padding):
        # Of all tokens of the step, so that short rows weigh no more for being batched together.
        loss = summed_loss(state.model, batch.to(state.model.device)) / tokens
        loss.backward()
        told += float(loss.detach())
    learnt = [each for each in state.model.parameters() if each.requires_grad]
    torch.nn.utils.clip_grad_norm_(learnt, options.clip)
    state.optimizer.step()
    state.optimizer.zero_grad(set_to_none=True)
    return told, tokens


__all__ = ["CHECKPOINT", "Course", "Plan", "learn"]
