"""Scores by how many other candidates do the same on generated inputs."""

from collections.abc import Sequence
from typing import Any

from lift_sys.interfaces import Candidate, Context, Parts, Problem, Score
from lift_sys.pipeline.drawing import by_behaviour

from .plugin import AgreementOptions


class Agreement:
    def __init__(self, options: AgreementOptions, parts: Parts) -> None:
        self._options = options

    async def score(
        self, problem: Problem[Any], candidates: Sequence[Candidate[Any]], ctx: Context
    ) -> list[Score]:
        counted = [candidate for candidate in candidates if await self._counts(problem, candidate)]
        scores: dict[str, Score] = {}
        clusters = await by_behaviour(problem, counted)
        sizes = [self._size(problem, members) for members in clusters.values()]
        for members, size in zip(clusters.values(), sizes, strict=True):
            score = _score(size, sum(sizes), len(sizes))
            scores |= {candidate.id: score for candidate in members}
        return [scores.get(candidate.id) or _out(candidate) for candidate in candidates]

    async def _counts(self, problem: Problem[Any], candidate: Candidate[Any]) -> bool:
        if candidate.value is None:
            return False
        if self._options.refuted == "count":
            return True
        return (await problem.check(candidate.value)).status != "fail"

    def _size(self, problem: Problem[Any], members: Sequence[Candidate[Any]]) -> int:
        if self._options.copies == "each":
            return len(members)
        return len({problem.canonical(member.value) for member in members})


def _score(size: int, total: int, clusters: int) -> Score:
    if total == 1:
        return Score(None, "there is no other to agree with")
    told = f"{size - 1} of the {total - 1} others do the same, in {clusters} clusters"
    return Score((size - 1) / (total - 1), told)


def _out(candidate: Candidate[Any]) -> Score:
    if candidate.value is not None:
        return Score(0.0, "the visible checks refute it")
    return Score(0.0, candidate.failure.message if candidate.failure else "no result")
