"""The stages `specify` and `implement`, and `attempt`, the two in a row."""

from .attempt import AttemptProblem, RouteStages, StageRunner
from .builtin import Implement, Specify

__all__ = ["AttemptProblem", "Implement", "RouteStages", "Specify", "StageRunner"]
