"""The model's own confidence, held against the most confident draw of the set."""

import math
from collections.abc import Sequence
from typing import Any

from lift_sys.interfaces import Candidate, Context, Parts, Problem, Score

from .plugin import LogprobOptions


class Logprob:
    def __init__(self, options: LogprobOptions, parts: Parts) -> None:
        self._by_length = options.normalise == "length"

    async def score(
        self, problem: Problem[Any], candidates: Sequence[Candidate[Any]], ctx: Context
    ) -> list[Score]:
        logs = [self._log(candidate) for candidate in candidates]
        known = [
            log
            for log, candidate in zip(logs, candidates, strict=True)
            if log is not None and candidate.value is not None
        ]
        return [
            self._score(candidate, log, known)
            for candidate, log in zip(candidates, logs, strict=True)
        ]

    def _log(self, candidate: Candidate[Any]) -> float | None:
        total, tokens = candidate.logprob, candidate.tokens
        if total is None or not total < math.inf:
            return None
        if not self._by_length:
            return total
        return total / tokens if tokens else None

    def _score(self, candidate: Candidate[Any], log: float | None, known: list[float]) -> Score:
        if candidate.value is None:
            return Score(0.0, "no result")
        if log is None:
            return Score(None, "the model gave no log-probabilities")
        if len(known) < 2:
            return Score(None, "there is nothing to compare with")
        best = max(known)
        if best == -math.inf:
            return Score(None, "no draw has a probability above 0")
        what = "a token" if self._by_length else "all of it"
        value = math.exp(log - best)
        return Score(value, f"log-probability of {what} {log:.3f}, the best of the set {best:.3f}")
