"""The cheapest filter there is: is it a result at all?"""

from collections.abc import Sequence
from typing import Any

from lift_sys.interfaces import Candidate, Context, Parts, Problem, Score
from lift_sys.plugins import Options


class Schema:
    def __init__(self, options: Options, parts: Parts) -> None:
        pass

    async def score(
        self, problem: Problem[Any], candidates: Sequence[Candidate[Any]], ctx: Context
    ) -> list[Score]:
        return [_score(candidate) for candidate in candidates]


def _score(candidate: Candidate[Any]) -> Score:
    if candidate.value is not None:
        return Score(1.0, f"a valid result of {candidate.stage}")
    return Score(0.0, candidate.failure.message if candidate.failure else "no result")
