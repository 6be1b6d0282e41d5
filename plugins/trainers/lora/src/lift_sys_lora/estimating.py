"""Time and cost, from the model's size, the data's tokens and the speed of the machine."""
# The annotations of torch and transformers are partial.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from transformers import AutoModelForCausalLM

from lift_sys.interfaces import Estimate

from .loading import device_of, dtype_of, load_config
from .plugin import LoraOptions

_USED = 0.35
"""Of a machine's multiplications, what a training usually gets."""
_LEAST = 0.02
"""Seconds that a batch takes however small the model is."""
_FORWARD, _LEARNT = 2, 4
"""Operations of a parameter for each token: read, and read and learnt through."""


@dataclass(frozen=True, slots=True)
class Card:
    teraflops: float
    """In 16 bits, by its maker's data sheet, without sparsity."""
    usd_per_hour: float
    """As Modal listed it in May 2026."""


CARDS: Mapping[str, Card] = {
    "T4": Card(65, 0.59),
    "L4": Card(121, 0.80),
    "A10": Card(125, 1.10),
    "L40S": Card(362, 1.95),
    "A100-40GB": Card(312, 2.10),
    "A100-80GB": Card(312, 2.50),
    "H100": Card(989, 3.95),
    "H200": Card(989, 4.54),
    "B200": Card(2250, 6.25),
}


@dataclass(frozen=True, slots=True)
class Work:
    """Of one training."""

    steps: int
    batches: int
    tokens: int
    """Of an epoch."""
    measured_tokens: int
    """Of all measurements together."""


def estimate(options: LoraOptions, work: Work, trainings: int) -> Estimate:
    parameters, adapted = sizes(options)
    speed, hourly, where = _machine(options)
    learnt = _LEARNT * options.epochs * work.tokens * (4 / 3 if options.checkpointing else 1)
    operations = parameters * (learnt + _FORWARD * work.measured_tokens)
    each = max(operations / (speed * _USED), work.batches * _LEAST)
    seconds = each * trainings
    many = f"{trainings} trainings, each of " if trainings > 1 else ""
    return Estimate(
        seconds=seconds,
        usd=seconds / 3600 * hourly,
        steps=work.steps * trainings,
        detail=f"{many}{parameters:,} parameters, {adapted:,} of them new, "
        f"{work.tokens:,} tokens an epoch, on {where}; within a factor of two or three",
    )


def sizes(options: LoraOptions) -> tuple[int, int]:
    """Parameters of the base, and of an adapter of all its linear layers; nothing is loaded."""
    with torch.device("meta"):
        model: Any = AutoModelForCausalLM.from_config(load_config(options))
    linear = [
        each
        for name, each in model.named_modules()
        if isinstance(each, torch.nn.Linear) and not name.endswith("lm_head")
    ]
    new = sum(options.rank * (each.in_features + each.out_features) for each in linear)
    return sum(each.numel() for each in model.parameters()), new


def _machine(options: LoraOptions) -> tuple[float, float, str]:
    """Operations a second, US dollars an hour, and its name."""
    if options.where == "local":
        device = device_of(options)
        return _measured(device, dtype_of(options)), options.usd_per_hour, f"this {device}"
    name, _, many = options.modal.gpu.partition(":")
    known = CARDS.get(name.rstrip("!"))
    card = known or CARDS["L40S"]
    hourly, stated = card.usd_per_hour, options.modal.usd_per_hour
    if stated is not None:
        hourly = stated
    where = f"Modal's {options.modal.gpu} at ${hourly:.2f} an hour"
    if known is None:
        where += ", which is not in our list and taken for an L40S"
    # One process trains; further cards of a machine wait, and are paid for.
    return card.teraflops * 1e12, hourly * int(many or 1), where


def _measured(device: torch.device, dtype: torch.dtype) -> float:
    size = 512 if device.type == "cpu" else 4096
    matrix = torch.rand((size, size), device=device, dtype=dtype)
    fastest = float("inf")
    for _ in range(4):
        begun = time.perf_counter()
        float((matrix @ matrix).sum())  # waits for the device
        fastest = min(fastest, time.perf_counter() - begun)
    return 2 * size**3 / fastest
