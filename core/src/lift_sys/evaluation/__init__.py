"""Evaluation: runs over suites, graded afterwards. Nothing that takes part in a run imports this.

Names here import on first use.
"""

from typing import TYPE_CHECKING

from .._lazy import lazily

if TYPE_CHECKING:
    from .advice import advice_on
    from .advice_told import Advice
    from .calibration import Calibration
    from .choosing import Choice, PassAtK, SelectionReport, pass_at, pass_at_k
    from .contests import Contest, Duel, contest
    from .grading import grade, judge_code
    from .mutation import MutationReport, try_mutants
    from .paired import mcnemar
    from .ranking import Ranked, auc, auc_within
    from .rates import Rate, wilson
    from .ratios import Estimate, mean_share, ratio
    from .reports import Report, report_of
    from .result_files import read_evaluation
    from .results import Evaluation, Row
    from .scorers import ScoredSet, ScorerReport, scorer_reports
    from .winners import FinishedRun, Winner, read_run

_HOME = {
    "Advice": "advice_told",
    "Calibration": "calibration",
    "Choice": "choosing",
    "Contest": "contests",
    "Duel": "contests",
    "Estimate": "ratios",
    "Evaluation": "results",
    "FinishedRun": "winners",
    "MutationReport": "mutation",
    "PassAtK": "choosing",
    "Ranked": "ranking",
    "Rate": "rates",
    "Report": "reports",
    "Row": "results",
    "ScoredSet": "scorers",
    "ScorerReport": "scorers",
    "SelectionReport": "choosing",
    "Winner": "winners",
    "advice_on": "advice",
    "auc": "ranking",
    "auc_within": "ranking",
    "contest": "contests",
    "grade": "grading",
    "judge_code": "grading",
    "mcnemar": "paired",
    "mean_share": "ratios",
    "pass_at": "choosing",
    "pass_at_k": "choosing",
    "ratio": "ratios",
    "read_evaluation": "result_files",
    "read_run": "winners",
    "report_of": "reports",
    "scorer_reports": "scorers",
    "try_mutants": "mutation",
    "wilson": "rates",
}

__all__ = [
    "Advice",
    "Calibration",
    "Choice",
    "Contest",
    "Duel",
    "Estimate",
    "Evaluation",
    "FinishedRun",
    "MutationReport",
    "PassAtK",
    "Ranked",
    "Rate",
    "Report",
    "Row",
    "ScoredSet",
    "ScorerReport",
    "SelectionReport",
    "Winner",
    "advice_on",
    "auc",
    "auc_within",
    "contest",
    "grade",
    "judge_code",
    "mcnemar",
    "mean_share",
    "pass_at",
    "pass_at_k",
    "ratio",
    "read_evaluation",
    "read_run",
    "report_of",
    "scorer_reports",
    "try_mutants",
    "wilson",
]

__getattr__, __dir__ = lazily(__name__, _HOME)
