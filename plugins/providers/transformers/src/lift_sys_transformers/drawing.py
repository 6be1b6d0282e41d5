"""The next token of every row, from the model's scores."""
# The annotations of torch are partial.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from collections.abc import Sequence

import torch
from torch import Tensor

from .constraints import Constraints
from .rows import Drawing, Row


def draw(scores: Tensor, rows: Sequence[Row], constraints: Constraints) -> Tensor:
    """A token for each row, which the rows take; log-probabilities are the model's own, before
    temperature and constraint."""
    wanted = any(row.job.request.sampling.logprobs for row in rows)
    known = scores.log_softmax(-1) if wanted else None
    _constrain(scores, rows, constraints)
    chosen = torch.stack([_one(score, row) for score, row in zip(scores, rows, strict=True)])
    told: list[float] = [0.0] * len(rows)
    if known is not None:
        told = known.gather(1, chosen.unsqueeze(1)).squeeze(1).tolist()
    tokens: list[int] = chosen.tolist()
    for row, token, logprob in zip(rows, tokens, told, strict=True):
        row.take(token, logprob)
    return chosen


def _constrain(scores: Tensor, rows: Sequence[Row], constraints: Constraints) -> None:
    if not any(row.matcher for row in rows):
        return
    mask = constraints.blank(len(rows))
    for place, row in enumerate(rows):
        if row.matcher is not None:
            row.matcher.fill(mask, place)
    constraints.apply(scores, mask)


def _one(score: Tensor, row: Row) -> Tensor:
    drawing = row.drawing
    if drawing.temperature == 0:
        return score.argmax()
    shares = _narrowed(score / drawing.temperature, drawing).softmax(-1)
    # The first of clocks that ring at these rates: a draw without a sum over the vocabulary.
    clocks = torch.empty_like(shares).exponential_(generator=row.generator)
    return (shares / clocks).argmax()


def _narrowed(score: Tensor, drawing: Drawing) -> Tensor:
    """The likeliest tokens, by number and by their share together."""
    count = drawing.top_k or len(score)
    if count >= len(score) and drawing.top_p >= 1:
        return score
    best, places = score.topk(min(count, len(score)))
    shares = best.softmax(-1)
    # The one that reaches the share belongs to it.
    kept = shares.cumsum(-1) - shares < drawing.top_p
    return torch.full_like(score, float("-inf")).index_copy(
        0, places, best.masked_fill(~kept, float("-inf"))
    )
