"""Evaluation: runs over suites, graded afterwards. Nothing that takes part in a run imports this.

Names here import on first use.
"""

from typing import TYPE_CHECKING

from .._lazy import lazily

if TYPE_CHECKING:
    from .grading import grade, judge_code
    from .mutation import MutationReport, try_mutants
    from .rates import Rate, wilson
    from .winners import FinishedRun, Winner, read_run

_HOME = {
    "FinishedRun": "winners",
    "MutationReport": "mutation",
    "Rate": "rates",
    "Winner": "winners",
    "grade": "grading",
    "judge_code": "grading",
    "read_run": "winners",
    "try_mutants": "mutation",
    "wilson": "rates",
}

__all__ = [
    "FinishedRun",
    "MutationReport",
    "Rate",
    "Winner",
    "grade",
    "judge_code",
    "read_run",
    "try_mutants",
    "wilson",
]

__getattr__, __dir__ = lazily(__name__, _HOME)
