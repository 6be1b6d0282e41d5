"""What an interrupted training goes on from: all of it, in one file that is whole or not there."""
# Torch's own annotations are partial.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

import pickle
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch

from lift_sys.errors import InputError

from .batches import Position
from .network import Network, Shape
from .optimizer import Optimizers

CHECKPOINT = "checkpoint.pt"
_BEGIN_ANEW = (
    "bring back a copy of it; or delete it, and the training begins anew with the lessons that are "
    "there"
)
_DAMAGE = (
    OSError,
    EOFError,
    RuntimeError,
    pickle.UnpicklingError,
    AttributeError,
    KeyError,
    TypeError,
    ValueError,
)
"""What reading a damaged file raises."""


@dataclass(frozen=True, slots=True)
class Progress:
    step: int = 0
    tokens: int = 0
    seconds: float = 0.0
    position: Position = field(default_factory=Position)

    def after(self, position: Position, tokens: int, seconds: float) -> "Progress":
        """One step on."""
        return Progress(self.step + 1, self.tokens + tokens, self.seconds + seconds, position)


def save(path: Path, network: Network, optimizers: Optimizers, progress: Progress) -> None:
    state = {
        "shape": network.shape.as_dict(),
        "network": network.state_dict(),
        "optimizers": optimizers.state(),
        "progress": {**asdict(progress), "position": asdict(progress.position)},
        "random": torch.get_rng_state(),
    }
    partial = path.with_suffix(".part")
    try:
        torch.save(state, partial)
        partial.replace(path)
    except (OSError, RuntimeError) as error:  # torch raises the latter where a disk is full
        raise InputError(
            f"cannot write {path}: {error}",
            remedy="make room there; the same command goes on from the checkpoint before",
        ) from error


def restore(path: Path, network: Network, optimizers: Optimizers) -> Progress:
    """Raises InputError where it cannot be gone on from."""
    with _reading(path, _BEGIN_ANEW):
        state = torch.load(path, weights_only=True)
        if Shape.of(state["shape"]) != network.shape:
            raise InputError(
                f"{path} is of a network of another shape",
                remedy="give the shape it was begun with, or another folder",
            )
        network.load_state_dict(state["network"])
        optimizers.restore(state["optimizers"])
        torch.set_rng_state(state["random"])
        told = state["progress"]
        position = Position(**told["position"])
        return Progress(told["step"], told["tokens"], told["seconds"], position)


def network_of(path: Path) -> tuple[Network, Mapping[str, Any]]:
    """The network alone, to be used, and how far it had come. Raises InputError."""
    with _reading(path, "bring back a copy of it, or name another training"):
        state = torch.load(path, weights_only=True)
        network = Network(Shape.of(state["shape"]))
        network.load_state_dict(state["network"])
        return network.eval(), state["progress"]


@contextmanager
def _reading(path: Path, remedy: str) -> Generator[None]:
    try:
        yield
    except _DAMAGE as error:
        first = (str(error).splitlines() or [type(error).__name__])[0]
        raise InputError(
            f"{path} cannot be read as a checkpoint: {first:.200}", remedy=remedy
        ) from error
