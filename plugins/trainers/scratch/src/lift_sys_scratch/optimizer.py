"""Muon for the matrices, AdamW for embeddings and norms, and one schedule for both."""
# Torch's own annotations are partial.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn

_STEPS = ((3.4445, -4.7750, 2.0315),) * 5


class Muon(torch.optim.Optimizer):
    """Momentum whose matrix is made orthogonal, so that all its directions count alike."""

    def __init__(self, parameters: Iterable[nn.Parameter], lr: float, momentum: float = 0.95):
        super().__init__(parameters, {"lr": lr, "momentum": momentum})

    @torch.no_grad()
    def step(self, closure: Any = None) -> Any:
        for group in self.param_groups:
            alike: dict[torch.Size, list[nn.Parameter]] = {}
            for parameter in group["params"]:
                if parameter.grad is not None:
                    alike.setdefault(parameter.shape, []).append(parameter)
            for (rows, columns), parameters in alike.items():
                # Those of one shape at once: in a small network most of the time would go to calls.
                ahead = torch.stack([self._ahead(one, group["momentum"]) for one in parameters])
                scale = max(1.0, rows / columns) ** 0.5
                for parameter, change in zip(parameters, orthogonal(ahead), strict=True):
                    parameter.add_(change, alpha=-group["lr"] * scale)

    def _ahead(self, parameter: nn.Parameter, momentum: float) -> Tensor:
        """Where its momentum leads."""
        assert parameter.grad is not None
        state = self.state[parameter]
        if "momentum" not in state:
            state["momentum"] = torch.zeros_like(parameter)
        held: Tensor = state["momentum"]
        held.lerp_(parameter.grad, 1 - momentum)
        return parameter.grad.lerp(held, momentum)


def orthogonal(matrices: Tensor) -> Tensor:
    """About U V^T of their singular value decompositions, by Newton-Schulz.

    All steps but the last multiplication are on the products with themselves, which are smaller.
    """
    is_wide = matrices.shape[-2] <= matrices.shape[-1]
    x = matrices if is_wide else matrices.mT
    x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    gram = x @ x.mT
    one = torch.eye(min(matrices.shape[-2:]))
    whole = one
    for a, b, c in _STEPS:
        step = a * one + b * gram + c * (gram @ gram)
        whole = step @ whole
        gram = step @ (step @ gram)
    x = whole @ x
    return x if is_wide else x.mT


class Optimizers:
    def __init__(self, network: nn.Module, *, muon: float, adam: float) -> None:
        matrices: list[nn.Parameter] = []
        others: list[nn.Parameter] = []
        for name, parameter in network.named_parameters():
            is_matrix = parameter.ndim == 2 and not name.endswith(("embedding.weight", "near"))
            (matrices if is_matrix else others).append(parameter)
        self._all = (
            Muon(matrices, lr=muon),
            torch.optim.AdamW(others, lr=adam, betas=(0.9, 0.95), weight_decay=0.0),
        )
        self._rates = (muon, adam)

    def step(self, share: float) -> None:
        """With this share of the full learning rates; the gradients are used up."""
        for optimizer, rate in zip(self._all, self._rates, strict=True):
            for group in optimizer.param_groups:
                group["lr"] = rate * share
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)

    def state(self) -> list[dict[str, Any]]:
        return [optimizer.state_dict() for optimizer in self._all]

    def restore(self, states: list[dict[str, Any]]) -> None:
        for optimizer, state in zip(self._all, states, strict=True):
            optimizer.load_state_dict(state)


def rate_at(step: int, steps: int, warmup: int, cooldown: float) -> float:
    """The trapezoid: up, level, and down over the last share of the steps."""
    if step < warmup:
        return (step + 1) / warmup
    falling = max(1, round(steps * cooldown))
    return min(1.0, max(0.0, (steps - step) / falling))
