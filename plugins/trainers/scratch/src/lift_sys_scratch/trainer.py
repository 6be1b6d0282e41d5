"""The trainer: from options to a network that was trained, measured and can be exported."""
# Torch's own annotations are partial.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

import asyncio
import hashlib
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch

from lift_sys.checking.sandbox import default_sandbox
from lift_sys.data.dataset import learnable
from lift_sys.data.dialect import Vocabulary
from lift_sys.errors import InputError
from lift_sys.interfaces import Estimate, Parts, Trained

from .batches import batches
from .begun import begin
from .checkpoint import CHECKPOINT, Progress, restore, save
from .earlier import Earlier
from .exams import exams
from .export import export, forms
from .journal import Journal
from .measuring import Measuring, Tally, tally
from .network import Network, sizes
from .optimizer import Optimizers, rate_at
from .plugin import Precision, ScratchOptions
from .school import school
from .shelf import Shelf
from .suites import Suites

EXAM_SEED = 990_001
"""No lessons are made from it."""
_LOGGED = 20


class ScratchTrainer:
    def __init__(self, options: ScratchOptions) -> None:
        self._options = options

    def estimate(self) -> Estimate:
        """From a few steps on tokens that mean nothing."""
        options = self._options
        torch.set_num_threads(options.threads)
        network = Network(sizes(options.vocabulary)[options.shape])
        optimizers = Optimizers(network, muon=options.muon, adam=options.adam)
        length = 128
        tokens = torch.randint(
            0, options.vocabulary, (max(1, options.batch_tokens // length), length)
        )
        counts = torch.ones_like(tokens, dtype=torch.bool)
        seconds: list[float] = []
        for _ in range(3):
            begun = time.perf_counter()
            _step(network, optimizers, tokens, counts, 0.0, options.precision)
            seconds.append(time.perf_counter() - begun)
        each = min(seconds)
        return Estimate(
            seconds=each * options.steps,
            usd=0.0,
            steps=options.steps,
            detail=f"{network.shape.parameters:,} parameters, "
            f"{tokens.numel() / each:,.0f} tokens a second on {options.threads} thread(s); making "
            f"{options.lessons:,} lessons and measuring on executed tasks comes on top",
        )

    async def train(self, workdir: Path) -> Trained:
        options = self._options
        torch.set_num_threads(options.threads)
        is_begun = (workdir / CHECKPOINT).exists()
        earlier = None
        if options.start_from is not None and not is_begun:
            # Told before lessons are made, which takes long.
            earlier = Earlier.of(options.start_from, options.shape)
        shelf, vocabulary = await school(workdir, options)
        begin(workdir, options, is_begun=is_begun)
        torch.manual_seed(options.seed)
        network = Network(sizes(len(vocabulary))[options.shape])
        optimizers = Optimizers(network, muon=options.muon, adam=options.adam)
        journal = Journal(workdir)
        progress = Progress()
        if is_begun:
            progress = restore(workdir / CHECKPOINT, network, optimizers)
        elif earlier is not None:
            earlier.handed_to(network, vocabulary.meanings)
        journal.forget_after(progress.step)
        run = _Run(workdir, network, optimizers, shelf, vocabulary, journal, progress)
        try:
            await self._learn(run)
        except asyncio.CancelledError:
            run.save()
            raise
        metrics = await self._finally(network, vocabulary, journal)
        journal.draw()
        digest = hashlib.sha256((workdir / CHECKPOINT).read_bytes()).hexdigest()
        return Trained(path=workdir / CHECKPOINT, metrics=metrics, digest=digest)

    def forms(self) -> Mapping[str, str]:
        return forms()

    def export(self, workdir: Path, form: str, to: Path) -> Path:
        options = self._options.model_dump(mode="json")
        if self._options.start_from is not None:  # where it lay is nobody else's business
            options["start_from"] = self._options.start_from.name
        return export(workdir / CHECKPOINT, form, to, options)

    async def _learn(self, run: "_Run") -> None:
        options = self._options
        stream = batches(run.shelf, options.seed, options.batch_tokens, run.progress.position)
        every = options.measure_steps if options.measure_tasks else 0
        saved = logged = time.monotonic()
        losses: list[float] = []
        while run.progress.step < options.steps:
            await asyncio.sleep(0)  # where Ctrl-C is heard
            begun = time.monotonic()
            position, tokens, counts = next(stream)
            share = rate_at(run.progress.step, options.steps, options.warmup, options.cooldown)
            loss = _step(run.network, run.optimizers, tokens, counts, share, options.precision)
            if not math.isfinite(loss):
                raise InputError(
                    f"the loss of step {run.progress.step + 1} is {loss}: what was learnt is lost",
                    remedy="lower `muon` and `adam`, or give more `warmup`, in another folder",
                )
            losses.append(loss)
            now = time.monotonic()
            run.progress = run.progress.after(position, int((tokens != 0).sum()), now - begun)
            is_last = run.progress.step == options.steps
            if run.progress.step % _LOGGED == 0 or is_last:
                run.journal.step(run.progress, sum(losses) / len(losses), share, now - logged)
                losses, logged = [], now
            if is_last or now - saved > 60 * options.checkpoint_minutes:
                run.save()
                saved = now
            if every and run.progress.step % every == 0 and not is_last:
                run.save()  # what runs foreign code may fail
                tallies = await self._measure(run.network, run.vocabulary, options.measure_tasks, 0)
                run.journal.measured(run.progress.step, tallies)

    async def _finally(
        self, network: Network, vocabulary: Vocabulary, journal: Journal
    ) -> Mapping[str, float]:
        options = self._options
        if not options.final_tasks:
            return {}
        asked = (options.final_tasks, options.draws)
        tallies = journal.measured_before(options.steps, asked)
        if tallies is None:
            tallies = await self._measure(network, vocabulary, *asked)
            journal.measured(options.steps, tallies, asked)
        return {
            f"{cell}: {name}": getattr(one, name) / one.tasks
            for cell, one in tallies.items()
            for name in ("greedy", "best", "any", "valid")
        }

    async def _measure(
        self, network: Network, vocabulary: Vocabulary, tasks: int, draws: int
    ) -> Mapping[str, Tally]:
        options = self._options
        taught = exams(EXAM_SEED, tasks, options.families, options.curriculum)
        chosen = [*taught, *Suites.named(options.suites).exams()]
        sandbox = default_sandbox()
        network.eval()
        try:
            results = await Measuring(network, vocabulary, sandbox).measure(chosen, draws=draws)
        finally:
            network.train()
            await sandbox.aclose()
        return tally(results)


@dataclass(slots=True)
class _Run:
    workdir: Path
    network: Network
    optimizers: Optimizers
    shelf: Shelf
    vocabulary: Vocabulary
    journal: Journal
    progress: Progress

    def save(self) -> None:
        save(self.workdir / CHECKPOINT, self.network, self.optimizers, self.progress)


def _step(
    network: Network,
    optimizers: Optimizers,
    tokens: torch.Tensor,
    counts: torch.Tensor,
    share: float,
    precision: Precision,
) -> float:
    with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bfloat16"):
        loss = network.loss(tokens, counts)
    loss.backward()
    optimizers.step(share)
    return float(loss.detach())


def create(options: ScratchOptions, parts: Parts) -> ScratchTrainer:
    """Raises InputError for a family that there is not."""
    learnable(options.families, options.curriculum)
    return ScratchTrainer(options)
