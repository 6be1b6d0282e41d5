"""Learnt: what a component must say of itself once it has learnt from graded tasks."""

from collections.abc import Set
from typing import Protocol, runtime_checkable


@runtime_checkable
class Learnt(Protocol):
    """A component of any kind that was shaped by hidden grades: a bandit's prices, a rubric's
    weights, a trained model. An evaluation on these tasks is refused before anything is spent."""

    @property
    def learnt_from(self) -> Set[str]:
        """`Task.digest` of each task whose grade it has seen."""
        ...
