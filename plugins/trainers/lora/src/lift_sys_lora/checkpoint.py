"""What an interrupted training goes on from: all of it, in one file that is whole or not there."""
# Torch's own annotations are partial.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

import pickle
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from peft import PeftModel, get_peft_model_state_dict, set_peft_model_state_dict
from torch import Tensor

from lift_sys.errors import InputError

Weights = dict[str, Tensor]


@dataclass(frozen=True, slots=True)
class Progress:
    step: int = 0
    tokens: int = 0
    """Of answers, learnt so far."""
    seconds: float = 0.0
    best: float = float("inf")
    """The lowest validation loss."""
    best_step: int = 0
    worse: int = 0
    """Measurements since then."""


@dataclass(slots=True)
class State:
    """All that changes while it learns."""

    model: PeftModel
    optimizer: torch.optim.Optimizer
    progress: Progress = field(default_factory=Progress)
    kept: Weights = field(default_factory=dict[str, Tensor])
    """The adapter as it was at the lowest validation loss."""

    def weights(self) -> Weights:
        found: Any = get_peft_model_state_dict(self.model)
        return {name: value.detach().cpu().clone() for name, value in found.items()}

    def keep(self) -> None:
        self.kept = self.weights()

    def take_kept(self) -> None:
        set_peft_model_state_dict(self.model, self.kept)

    def save(self, path: Path) -> None:
        state = {
            "progress": asdict(self.progress),
            "adapter": self.weights(),
            "kept": self.kept,
            "optimizer": self.optimizer.state_dict(),
            "random": torch.get_rng_state(),
            "device_random": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
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

    def restore(self, path: Path) -> None:
        """Raises InputError where it cannot be gone on from."""
        try:
            self._restore(torch.load(path, weights_only=True, map_location="cpu"))
        except (
            *(OSError, EOFError, RuntimeError, pickle.UnpicklingError),
            *(AttributeError, KeyError, TypeError, ValueError),
        ) as error:
            first = (str(error).splitlines() or [type(error).__name__])[0]
            raise InputError(
                f"{path} cannot be read as a checkpoint: {first:.200}",
                remedy="bring back a copy of it, or delete it to begin anew",
            ) from error

    def _restore(self, state: dict[str, Any]) -> None:
        set_peft_model_state_dict(self.model, state["adapter"])
        self.optimizer.load_state_dict(state["optimizer"])
        torch.set_rng_state(state["random"])
        if state["device_random"] and torch.cuda.is_available():
            torch.cuda.set_rng_state_all(state["device_random"])
        self.progress, self.kept = Progress(**state["progress"]), state["kept"]


__all__ = ["Progress", "State", "Weights"]
