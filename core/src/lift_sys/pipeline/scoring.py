"""Several scorers as one: a weighted mean in which who abstains does not count."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import BrokenPlugin
from ..interfaces import Candidate, CandidateScored, Context, Problem, Score, Scorer


@dataclass(frozen=True, slots=True)
class Weighted:
    name: str
    scorer: Scorer
    weight: float = 1.0
    gate: bool = False


class Composite:
    """Asks in the order of the config; what a gate gives 0, the scorers after it never see."""

    def __init__(self, scorers: Sequence[Weighted]) -> None:
        self._scorers = tuple(scorers)

    async def score(
        self, problem: Problem[Any], candidates: Sequence[Candidate[Any]], ctx: Context
    ) -> Sequence[Score]:
        parts: list[list[tuple[Weighted, Score]]] = [[] for _ in candidates]
        open_to_all = list(range(len(candidates)))
        for weighted in self._scorers:
            if not open_to_all:
                break
            asked = [candidates[position] for position in open_to_all]
            scores = await weighted.scorer.score(problem, asked, ctx)
            for position, score in zip(open_to_all, _sound(weighted, scores, asked), strict=True):
                parts[position].append((weighted, score))
            if weighted.gate:
                open_to_all = [place for place in open_to_all if parts[place][-1][1].value != 0]
        combined = [_combine(each) for each in parts]
        for candidate, score in zip(candidates, combined, strict=True):
            ctx.emit(
                CandidateScored(
                    candidate=candidate.id,
                    score=score.value,
                    reason=score.reason,
                    parts={name: part.value for name, part in score.parts},
                )
            )
        return combined


def _sound(weighted: Weighted, scores: Sequence[Score], asked: Sequence[object]) -> Sequence[Score]:
    wrong = [s.value for s in scores if s.value is not None and not 0.0 <= s.value <= 1.0]
    said = f"gave {wrong[0]}, which is not in [0, 1]" if wrong else ""
    if len(scores) != len(asked):
        said = f"gave {len(scores)} scores to {len(asked)} candidates"
    if said:
        raise BrokenPlugin(f"scorer {weighted.name} {said}", remedy="report it to its author")
    return scores


def _combine(parts: Sequence[tuple[Weighted, Score]]) -> Score:
    named = tuple((weighted.name, score) for weighted, score in parts)
    shut = next((s for w, s in parts if w.gate and s.value == 0), None)
    if shut is not None:
        return Score(0.0, shut.reason, named)
    heard = [(w.weight, s) for w, s in parts if s.value is not None]
    total = sum(weight for weight, _ in heard)
    if not total:
        why = "no scorer that has an opinion has a weight" if heard else "every scorer abstained"
        return Score(None, why, named)
    mean = sum(weight * (score.value or 0.0) for weight, score in heard) / total
    reasons = "; ".join(f"{name}: {s.reason}" for name, s in named if s.reason)
    return Score(mean, reasons, named)
