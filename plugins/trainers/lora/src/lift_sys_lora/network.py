"""What is computed with a model: losses, scores, and greedy texts."""
# The annotations of torch, transformers and peft are partial.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from .encoding import IGNORED, Batch, Encoded, batch_of


def summed_loss(model: Any, batch: Batch) -> Tensor:
    """Over the answers' tokens, each foretold from those before it."""
    scores = model(input_ids=batch.tokens, attention_mask=batch.attention, use_cache=False).logits
    wanted = batch.labels[:, 1:]
    counted = wanted != IGNORED
    return functional.cross_entropy(
        scores[:, :-1][counted].float(), wanted[counted], reduction="sum"
    )


@torch.no_grad()
def mean_loss(model: Any, rows: Sequence[Encoded], size: int, padding: int) -> float:
    """A token of the answers."""
    total, tokens = 0.0, 0
    with resting(model):
        for batch in batches_of(rows, size, padding):
            total += float(summed_loss(model, batch.to(model.device)))
            tokens += int((batch.labels != IGNORED).sum())
    return total / tokens


def batches_of(rows: Sequence[Encoded], size: int, padding: int) -> Iterator[Batch]:
    for start in range(0, len(rows), size):
        yield batch_of(rows[start : start + size], padding)


@contextmanager
def resting(model: Any) -> Generator[None]:
    """Without dropout, for a while."""
    learning = model.training
    model.eval()
    try:
        yield
    finally:
        model.train(learning)


@torch.no_grad()
def answer_scores(model: Any, row: Encoded) -> Tensor:
    """For each token of the answer, the scores from which it is foretold."""
    tokens = torch.tensor([[*row.asked, *row.answer]], device=model.device)
    with resting(model):
        scores = model(input_ids=tokens, use_cache=False).logits[0]
    return scores[len(row.asked) - 1 : -1].float().cpu()


@dataclass(frozen=True, slots=True)
class Greedy:
    tokens: tuple[int, ...]
    gaps: tuple[float, ...]
    """By how much each token's score was above the next best one's."""


@torch.no_grad()
def greedy(model: Any, asked: Sequence[int], most: int, ends: int) -> Greedy:
    """The likeliest text, token by token."""
    tokens: list[int] = []
    gaps: list[float] = []
    known: Any = None
    given = torch.tensor([list(asked)], device=model.device)
    with resting(model):
        while len(tokens) < most and ends not in tokens[-1:]:
            seen = model(input_ids=given, past_key_values=known, use_cache=True)
            known = seen.past_key_values
            best = seen.logits[0, -1].float().topk(2)
            tokens.append(int(best.indices[0]))
            gaps.append(float(best.values[0] - best.values[1]))
            given = best.indices[:1].unsqueeze(0)
    return Greedy(tuple(tokens), tuple(gaps))
