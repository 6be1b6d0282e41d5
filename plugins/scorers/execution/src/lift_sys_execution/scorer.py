"""Scores by the visible checks: 1 for what they pass, less for what they refute."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lift_sys.interfaces import Candidate, Context, Parts, Problem, Score, Verdict

from .plugin import ExecutionOptions


class Execution:
    def __init__(self, options: ExecutionOptions, parts: Parts) -> None:
        self._options = options

    async def score(
        self, problem: Problem[Any], candidates: Sequence[Candidate[Any]], ctx: Context
    ) -> list[Score]:
        return [await self._score(problem, candidate) for candidate in candidates]

    async def _score(self, problem: Problem[Any], candidate: Candidate[Any]) -> Score:
        if candidate.value is None:
            return Score(0.0, candidate.failure.message if candidate.failure else "no result")
        verdict = await problem.check(candidate.value)
        if verdict.category == "infrastructure":
            return Score(None, f"it could not be run: {verdict.failures[0].message}")
        if verdict.status == "unverified":
            return Score(None, "nothing that says enough to hold it against")
        parts = shares(verdict)
        told = ", ".join(f"{part.held} of {part.total} {part.name}" for part in parts)
        scores = tuple(
            (part.name, Score(part.share, f"{part.held} of {part.total}")) for part in parts
        )
        if verdict.passed:
            return Score(1.0, told, scores)
        first = verdict.failures[0]
        where = f" for {first.input}" if first.input else ""
        reason = f"{told}; {first.category}: {first.message}{where}"
        return Score(self._partial(parts), reason, scores)

    def _partial(self, parts: Sequence["Part"]) -> float:
        options = self._options
        if options.partial == "none" or any(part.ruins for part in parts):
            return 0.0
        weights = {
            "examples": options.examples,
            "assertions": options.assertions,
            "properties": options.properties,
        }
        total = sum(weights[part.name] for part in parts)
        if not total:
            return 0.0
        return sum(weights[part.name] * part.share for part in parts) / total


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    held: int
    total: int
    ruins: bool = False
    """Whether what held is worth nothing."""

    @property
    def share(self) -> float:
        return self.held / self.total


_RUINOUS = frozenset({"invalid", "specification", "forbidden"})
"""Categories that leave nothing to give credit for, where no single claim is broken."""
_NEVER = frozenset({"load", "cases"})
"""Broken claims that do: nothing ran, or the examples' answers stand in the code."""


def shares(verdict: Verdict) -> list[Part]:
    """How much of each sort held; a sort that was not checked is left out."""
    broken: dict[str, set[str]] = {"examples": set(), "assertions": set(), "properties": set()}
    for number, failure in enumerate(verdict.failures):
        claim = failure.claim or f"whole {number}"
        broken[_sort(claim)].add(claim)
    ruined = any(
        failure.claim in _NEVER if failure.claim else failure.category in _RUINOUS
        for failure in verdict.failures
    )
    basis = verdict.basis
    checked = {
        "examples": basis.examples,
        "assertions": basis.assertions,
        "properties": basis.effects,
    }
    parts: list[Part] = []
    for name, claims in broken.items():
        # What is wrong as a whole stands on no claim that the basis counts.
        whole = sum("[" not in claim for claim in claims)
        total = max(checked[name] + whole, len(claims))
        if total:
            parts.append(Part(name, total - len(claims), total, ruined))
    return parts


def _sort(claim: str) -> str:
    sort = claim.partition("[")[0]
    return sort if sort in ("examples", "assertions") else "properties"
