"""What is compared: each side one run, or several of the same tasks."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import InputError
from .config_changes import Change, changes, flat
from .results import Evaluation, Row, check_comparable

_SEEDS = frozenset({"seed"})


@dataclass(frozen=True, slots=True)
class Arm:
    name: str
    runs: tuple[Evaluation, ...]
    """Several are epochs: the same tasks, drawn again."""

    def rows(self) -> dict[str, list[Row]]:
        """By the task's digest, a row for each epoch."""
        found: dict[str, list[Row]] = defaultdict(list)
        for run in self.runs:
            for row in run.rows:
                found[row.digest].append(row)
        return found

    @property
    def draws(self) -> list[tuple[int, int]]:
        """Seed and epoch of each run."""
        return sorted((run.seed, run.epoch) for run in self.runs)


def arms_of(sides: Sequence[tuple[str, Sequence[Evaluation]]]) -> list[Arm]:
    """`sides` are names, which may be empty, and their runs. Raises InputError where they cannot be
    compared."""
    if len(sides) < 2:
        raise InputError("there is only one side", remedy="name two runs or more")
    every = [run for _, runs in sides for run in runs]
    ids = [run.run for run in every]
    twice = next((run for run in ids if ids.count(run) > 1), None)
    if twice is not None:
        raise InputError(f"the run {twice} is named twice", remedy="compare it with another run")
    for other in every[1:]:
        check_comparable(every[0], other)
    return [Arm(name, tuple(runs)) for name, (_, runs) in zip(_names(sides), sides, strict=True)]


def config_changes(before: Arm, after: Arm) -> list[Change]:
    return changes(_made_of(before), _made_of(after))


def notes_of(arms: Sequence[Arm]) -> list[str]:
    """What whoever reads the comparison should know of the runs."""
    found: list[str] = []
    if any(arm.draws != arms[0].draws for arm in arms):
        told = "; ".join(f"{arm.name} {_seeds(arm)}" for arm in arms)
        found.append(f"the seeds are not the same ({told}): the tasks pair them, chance does not")
    for arm in arms:
        if len(set(arm.draws)) < len(arm.draws):
            found.append(
                f"{arm.name}: several runs have the same seed and epoch, and may be the same draws"
            )
        of_runs = [_made_of(Arm(arm.name, (run,))) for run in arm.runs]
        if any(each != of_runs[0] for each in of_runs):
            found.append(f"{arm.name}: its runs were not made by the same pipeline")
        if not all(run.config for run in arm.runs):
            found.append(f"{arm.name}: its result does not tell the pipeline; grade it again")
    return found


def _made_of(arm: Arm) -> dict[str, str]:
    run = arm.runs[0]
    config: dict[str, Any] = {k: v for k, v in run.config.items() if k not in _SEEDS}
    return {**flat(config), **{f"({name})": of for name, of in run.distributions.items()}}


def _seeds(arm: Arm) -> str:
    return ", ".join(f"{seed}" + (f"/{epoch}" if epoch else "") for seed, epoch in arm.draws)


def _names(sides: Sequence[tuple[str, Sequence[Evaluation]]]) -> list[str]:
    """As given, else the label, else the run's id; all different."""
    labels = [name or runs[0].label for name, runs in sides]
    names = [
        label if label and labels.count(label) == 1 else runs[0].run
        for label, (_, runs) in zip(labels, sides, strict=True)
    ]
    return [" ".join(name.split()) for name in names]
