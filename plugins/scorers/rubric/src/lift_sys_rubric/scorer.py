"""Seven criteria as one score, with the weakest told first."""

from collections.abc import Mapping, Sequence, Set
from typing import Any

from lift_sys.interfaces import Candidate, Context, Parts, Problem, Score, Solution, Task
from lift_sys.ir import IR

from . import original
from .calibration import NONE, Calibration
from .content import Content
from .criteria import CRITERIA
from .plugin import RubricOptions
from .reasoning import reached


class Rubric:
    def __init__(self, options: RubricOptions, parts: Parts) -> None:
        self._original = options.preset == "original"
        self._weights = {
            name: options.weights.get(name, usual) for name, (usual, _) in CRITERIA.items()
        }
        self._reasoning = options.reasoning
        path = options.calibration
        self._calibration = NONE if path is None else Calibration.read(path)

    @property
    def learnt_from(self) -> Set[str]:
        return self._calibration.learnt_from

    async def score(
        self, problem: Problem[Any], candidates: Sequence[Candidate[Any]], ctx: Context
    ) -> list[Score]:
        return [self._score(problem.task, candidate) for candidate in candidates]

    def _score(self, task: Task, candidate: Candidate[Any]) -> Score:
        if candidate.value is None:
            return Score(0.0, "no result")
        ir = _specification(candidate.value)
        if ir is None:
            return Score(None, "the rubric reads specifications only")
        if self._original:
            return _as_it_was(ir)
        content = Content(ir)
        parts: dict[str, Score] = {
            name: judge(content, task)
            for name, (_, judge) in CRITERIA.items()
            if self._weights[name]
        }
        value = self._mean(parts)
        if value is None:
            return Score(None, "no criterion applies", tuple(parts.items()))
        if candidate.reasoning:
            parts["reasoning"] = said = reached(candidate.reasoning, content)
            # It only takes off: else a draw would earn by reasoning aloud.
            value *= 1 - self._reasoning * (0.0 if said.value is None else 1 - said.value)
        return Score(self._calibration.of(value), _told(parts), tuple(parts.items()))

    def _mean(self, parts: Mapping[str, Score]) -> float | None:
        heard = [
            (self._weights[name], parts[name].value or 0.0)
            for name in CRITERIA
            if name in parts and parts[name].value is not None
        ]
        total = sum(weight for weight, _ in heard)
        return sum(weight * value for weight, value in heard) / total if total else None


def _specification(value: object) -> IR | None:
    if isinstance(value, Solution):
        return value.ir
    return value if isinstance(value, IR) else None


def _as_it_was(ir: IR) -> Score:
    points = original.points(ir)
    total = sum(points.values())
    said = ", ".join(f"{name} {value:g}" for name, value in points.items())
    parts = tuple((name, Score(original.value(value))) for name, value in points.items())
    return Score(original.value(total), f"{total:g} points: {said}", parts)


def _told(parts: Mapping[str, Score]) -> str:
    weak = sorted(
        (score.value, name, score.reason)
        for name, score in parts.items()
        if score.value is not None and score.value < 1
    )
    if not weak:
        return "every criterion is met in full"
    return "; ".join(f"{name} {value:.2f} ({reason})" for value, name, reason in weak)
