"""Trainer: makes or adapts a model from examples."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol, runtime_checkable

from ..ir import Frozen


class Estimate(Frozen):
    seconds: float
    usd: float
    steps: int
    detail: str = ""


class Trained(Frozen):
    """What a training left behind."""

    path: Path
    metrics: Mapping[str, float]
    digest: str


@runtime_checkable
class Trainer(Protocol):
    def estimate(self) -> Estimate:
        """Time and cost, told before anything starts."""
        ...

    async def train(self, workdir: Path) -> Trained:
        """Resumes from what an interrupted run left in `workdir`, and ends as an undisturbed one
        would have. When it is cancelled, it keeps what it has first."""
        ...


@runtime_checkable
class Exporter(Protocol):
    """A trainer whose models can be handed to those who serve them."""

    def forms(self) -> Mapping[str, str]:
        """What it can export to: a name and a few words for each, the usual one first."""
        ...

    def export(self, workdir: Path, form: str, to: Path) -> Path:
        """Writes the model that was trained in `workdir` into the folder `to`, and gives what it
        wrote. Raises InputError where there is no such model or form."""
        ...
