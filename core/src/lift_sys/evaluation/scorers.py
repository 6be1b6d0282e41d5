"""Whether a scorer predicts what is right: its scores against the hidden tests, which it never saw.

Functions over plain rows: nothing here reads a store, nothing renders.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pydantic import model_validator

from ..ir import Frozen
from .calibration import Calibration, calibration
from .choosing import Choice, SelectionReport, selection
from .numbers import Count, Share
from .ranking import Ranked, auc, auc_within
from .ratios import Estimate

PIPELINE = "(all together)"
"""The name of the weighted whole of a stage's scorers, by which strategies choose."""


class ScoredSet(Frozen):
    """Candidates that were scored beside each other."""

    task: str
    stage: str
    right: tuple[bool, ...]
    """By the hidden tests, in the order of drawing."""
    scores: dict[str, tuple[Share | None, ...]]
    """By scorer; None: it abstained, or a gate before it was shut."""
    chosen: Count | None = None
    """The place of the one that the strategy took; None: it took none of these."""

    @model_validator(mode="after")
    def _of_the_same_candidates(self) -> "ScoredSet":
        n = len(self.right)
        if any(len(scores) != n for scores in self.scores.values()):
            raise ValueError(f"a scorer with other than {n} scores of {n} candidates")
        if self.chosen is not None and self.chosen >= n:
            raise ValueError(f"the candidate {self.chosen} of {n} was chosen")
        return self


class ScorerReport(NamedTuple):
    stage: str
    scorer: str
    candidates: int
    scored: int
    """Those of which it did not abstain."""
    right: int
    """Of those it scored."""
    auc: Estimate | None
    """Of any right and any wrong one, of whichever tasks. None: only right ones, or only wrong."""
    auc_within: Estimate | None
    """Of pairs in one set: what choosing needs. None: no set held both."""
    calibration: Calibration | None
    selection: SelectionReport

    @property
    def why_no_auc(self) -> str:
        """Why there is none; empty: there is one."""
        if self.auc is not None:
            return ""
        if not self.scored:
            return "it scored none"
        return "all it scored are right" if self.right else "none it scored is right"


def scorer_reports(sets: Iterable[ScoredSet]) -> list[ScorerReport]:
    """One for each scorer of each stage; the stage's scorers taken together come last."""
    by_stage: dict[str, list[ScoredSet]] = {}
    for each in sets:
        by_stage.setdefault(each.stage, []).append(each)
    return [
        _report(stage, name, [each for each in found if name in each.scores])
        for stage, found in by_stage.items()
        for name in _names(found)
    ]


def _names(sets: Sequence[ScoredSet]) -> list[str]:
    names = dict.fromkeys(name for each in sets for name in each.scores)
    return sorted(names, key=lambda name: name == PIPELINE)


def _report(stage: str, name: str, sets: Sequence[ScoredSet]) -> ScorerReport:
    ranked = [
        Ranked(each.task, place, score, truth)
        for place, each in enumerate(sets)
        for score, truth in zip(each.scores[name], each.right, strict=True)
        if score is not None
    ]
    return ScorerReport(
        stage=stage,
        scorer=name,
        candidates=sum(len(each.right) for each in sets),
        scored=len(ranked),
        right=sum(each.right for each in ranked),
        auc=auc(ranked),
        auc_within=auc_within(ranked),
        calibration=calibration([r.score for r in ranked], [r.right for r in ranked]),
        selection=selection([Choice(each.right, each.scores[name]) for each in sets]),
    )
