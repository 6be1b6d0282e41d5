"""Scores code by what a search for counter-examples finds: none anywhere, none in time, or one."""

from collections.abc import Sequence
from typing import Any

from lift_sys.interfaces import (
    Candidate,
    Context,
    Executable,
    Finding,
    Parts,
    Problem,
    Score,
    Verdict,
)
from lift_sys.pipeline.executable import executable

from .plugin import SymbolicOptions

_EVERY_PATH = "every-path-searched"
_NOT_SEARCHED = "nothing-searched"
_NO_CODE = Score(None, "there is no code to be searched")


class Symbolic:
    def __init__(self, options: SymbolicOptions, parts: Parts) -> None:
        self._options = options
        self._check = parts.check(options.check)
        self._searched: dict[str, Score] = {}
        """By task, IR and code: a strategy may ask for scores after each of its rounds."""

    async def score(
        self, problem: Problem[Any], candidates: Sequence[Candidate[Any]], ctx: Context
    ) -> list[Score]:
        runs = executable(problem)
        if runs is None:
            return [_without(each) or _NO_CODE for each in candidates]
        found: dict[str, Score] = {}
        for candidate in await _in_order(problem, candidates):
            form = problem.canonical(candidate.value)
            if form in found:
                continue
            cheap = await self._cheaply(problem, runs, candidate)
            searched = sum(1 for score in found.values() if score.parts)
            if cheap is not None:
                found[form] = cheap
            elif searched < self._options.most:
                found[form] = await self._search(runs, candidate)
            else:
                found[form] = Score(None, f"{searched} others were searched, `most` allows no more")
        return [_without(each) or found[problem.canonical(each.value)] for each in candidates]

    async def _cheaply(
        self, problem: Problem[Any], runs: Executable[Any], candidate: Candidate[Any]
    ) -> Score | None:
        """What needs no search."""
        subject = runs.subject(candidate.value)
        if subject.code is None:
            return _NO_CODE
        verdict = await problem.check(candidate.value)
        if verdict.category == "infrastructure":
            return Score(None, f"it could not be run: {verdict.failures[0].message}")
        if verdict.status == "fail":
            return Score(0.0, f"the visible checks refute it: {verdict.failures[0].message}")
        return None

    async def _search(self, runs: Executable[Any], candidate: Candidate[Any]) -> Score:
        subject = runs.subject(candidate.value)
        key = subject.model_dump_json()
        if key not in self._searched:
            found = await self._check.examine(subject, runs.sandbox)
            self._searched[key] = self._score(found)
        return self._searched[key]

    def _score(self, findings: Sequence[Finding]) -> Score:
        """Its part says that it was searched for."""
        errors = [each for each in findings if each.severity == "error"]
        told = "; ".join(each.message for each in errors or findings)
        if errors:
            call = f" for {errors[0].counterexample}" if errors[0].counterexample else ""
            return _searched(0.0, f"refuted{call}: {told}")
        if not findings or all(each.code == _NOT_SEARCHED for each in findings):
            return _searched(None, told or "there is no claim to be searched")
        if all(each.code == _EVERY_PATH for each in findings):
            return _searched(1.0, f"confirmed: {told}")
        return _searched(self._options.unrefuted, f"not refuted: {told}")


def _searched(value: float | None, reason: str) -> Score:
    return Score(value, reason, (("search", Score(value, reason)),))


def _without(candidate: Candidate[Any]) -> Score | None:
    if candidate.value is not None:
        return None
    return Score(0.0, candidate.failure.message if candidate.failure else "no result")


async def _in_order(
    problem: Problem[Any], candidates: Sequence[Candidate[Any]]
) -> list[Candidate[Any]]:
    """Those that a search is most worth first; of equals the earlier one."""
    valid = [each for each in candidates if each.value is not None]
    ranks = [_rank(await problem.check(each.value)) for each in valid]
    alike = [await problem.behaviour(each.value) for each in valid]
    worth = [(rank, alike.count(one)) for rank, one in zip(ranks, alike, strict=True)]
    order = sorted(range(len(valid)), key=lambda place: worth[place], reverse=True)
    return [valid[place] for place in order]


def _rank(verdict: Verdict) -> int:
    return {"pass": 2, "unverified": 1, "fail": 0}[verdict.status]
