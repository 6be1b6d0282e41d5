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
        """Resumes from what an interrupted run left in `workdir`."""
        ...
