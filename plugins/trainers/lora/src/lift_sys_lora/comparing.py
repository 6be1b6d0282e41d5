"""Base, adapter and merged model side by side: an adapter is kept only when they agree."""
# Torch's own annotations are partial.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any

import torch
from peft import PeftModel
from torch import Tensor

from lift_sys.errors import LiftError

from .adapters import read_adapter
from .encoding import Encoded
from .loading import dtype_of, load_base
from .network import Greedy, answer_scores, greedy
from .plugin import LoraOptions

_SCORED = 32
"""Tokens of each answer whose scores are compared; all of them would fill the memory."""
_WRITTEN = 48
_TOLERATED = {torch.float32: 1e-3, torch.float16: 0.05, torch.bfloat16: 0.3}
"""How far scores may lie apart, in standard deviations: 16 bits round every merged weight."""


@dataclass(frozen=True, slots=True)
class Outputs:
    scores: tuple[Tensor, ...]
    texts: tuple[Greedy, ...]

    @classmethod
    def of(cls, model: Any, rows: Sequence[Encoded], ends: int) -> "Outputs":
        shortened = [Encoded(row.asked, row.answer[:_SCORED], row.row) for row in rows]
        scores = tuple(answer_scores(model, row) for row in shortened)
        return cls(scores, tuple(greedy(model, row.asked, _WRITTEN, ends) for row in rows))

    @property
    def spread(self) -> float:
        return float(torch.cat([each.flatten() for each in self.scores]).std())

    def apart(self, other: "Outputs") -> float:
        """How far the scores are, in standard deviations."""
        pairs = zip(self.scores, other.scores, strict=True)
        # The greatest by torch, which keeps what is no number; max() would drop it.
        gaps = torch.stack([(mine - its).abs().max() for mine, its in pairs])
        return float(gaps.max()) / self.spread

    def parted(self, other: "Outputs", tolerated: float) -> int:
        """Texts of the other that are not these, near ties aside."""
        allowed = 2 * tolerated * self.spread
        pairs = zip(self.texts, other.texts, strict=True)
        return sum(_parts(mine, its) and not _was_tie(mine, its, allowed) for mine, its in pairs)


def _parts(mine: Greedy, its: Greedy) -> bool:
    return mine.tokens != its.tokens


def _was_tie(mine: Greedy, its: Greedy, allowed: float) -> bool:
    pairs = zip(mine.tokens, its.tokens, strict=False)
    first = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    return first < len(mine.gaps) and mine.gaps[first] <= allowed


@dataclass(frozen=True, slots=True)
class Compared:
    reloaded: float
    """How far the adapter read back from its files is from the one that was trained."""
    merged: float
    """How far the merged model is from base and adapter."""
    changed: float
    """How far the adapter is from the base."""
    texts_changed: float
    """Share of the greedy texts that the adapter changes."""


def compare_and_save(
    model: PeftModel, rows: Sequence[Encoded], ends: int, options: LoraOptions, to: Path
) -> Compared:
    """Writes the adapter; raises LiftError where what would be served is not what was trained.
    The model is used up."""
    trained = Outputs.of(model, rows, ends)
    with model.disable_adapter():
        base = Outputs.of(model, rows, ends)
    if base.apart(trained) == 0:
        raise LiftError(
            "the adapter changes nothing, so nothing was learnt",
            remedy="raise learning_rate or epochs",
        )
    model.save_pretrained(str(to))
    bare: Any = load_base(options) if options.load_in_4bit else model.unload()
    served: Any = read_adapter(bare, to)
    reloaded = Outputs.of(served, rows, ends)
    merged = Outputs.of(served.merge_and_unload(), rows, ends)
    tolerated = tolerated_by(options)
    if not options.load_in_4bit:  # without the 4 bits, scores are other ones
        agree(trained, reloaded, tolerated, "the adapter read back from its files")
    agree(reloaded, merged, tolerated, "the merged model")
    return Compared(
        reloaded=trained.apart(reloaded),
        merged=reloaded.apart(merged),
        changed=base.apart(trained),
        texts_changed=sum(map(_parts, base.texts, trained.texts)) / len(rows),
    )


def agree(right: Outputs, other: Outputs, tolerated: float, what: str) -> None:
    """Raises LiftError."""
    apart, parted = right.apart(other), right.parted(other, tolerated)
    if not apart <= tolerated or parted:
        raise LiftError(
            f"{what} differs from what was trained: scores by {apart:.3g} standard deviations "
            f"({tolerated:g} are rounding), and {parted} of {len(right.texts)} texts",
            remedy="nothing was kept; train with `dtype: float32`, or report it",
        )


def tolerated_by(options: LoraOptions) -> float:
    return _TOLERATED[dtype_of(options)]
