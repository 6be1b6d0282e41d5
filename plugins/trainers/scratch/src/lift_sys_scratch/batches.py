"""Batches of lessons of about one length, in an order that the seed alone decides."""
# Torch's own annotations are partial.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from .shelf import LEARNT, Shelf, Tokens

_WINDOW = 4096
"""Lessons among which those of one length are gathered."""


@dataclass(frozen=True, slots=True)
class Position:
    """How far the data were read; all that is needed to go on."""

    epoch: int = 0
    batch: int = 0


def batches(
    shelf: Shelf, seed: int, size: int, position: Position
) -> Iterator[tuple[Position, Tensor, Tensor]]:
    """Endless. Each with the position behind it, its tokens, and which of them count."""
    epoch, skip = position.epoch, position.batch
    while True:
        for number, places in enumerate(_places(shelf, seed, size, epoch)):
            if number >= skip:
                yield Position(epoch, number + 1), *_batch([shelf.lesson(one) for one in places])
        epoch, skip = epoch + 1, 0


def _places(shelf: Shelf, seed: int, size: int, epoch: int) -> Iterator[list[int]]:
    """`size` is in tokens, padding included."""
    dice = np.random.default_rng((seed, epoch))
    order = dice.permutation(len(shelf))
    lengths = shelf.lengths
    for start in range(0, len(order), _WINDOW):
        window = order[start : start + _WINDOW]
        window = window[np.argsort(lengths[window], kind="stable")]
        groups: list[list[int]] = [[]]
        for place in window.tolist():
            if groups[-1] and (len(groups[-1]) + 1) * int(lengths[place]) > size:
                groups.append([])
            groups[-1].append(place)
        for number in dice.permutation(len(groups)).tolist():
            yield groups[number]


def _batch(lessons: Sequence[Tokens]) -> tuple[Tensor, Tensor]:
    block = np.zeros((len(lessons), max(map(len, lessons))), dtype=np.uint16)
    for row, lesson in enumerate(lessons):
        block[row, : len(lesson)] = lesson
    tokens = torch.from_numpy((block & (LEARNT - 1)).astype(np.int64))
    return tokens, torch.from_numpy((block & LEARNT) != 0)
