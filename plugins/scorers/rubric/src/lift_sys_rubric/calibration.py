"""From a score to the chance that a draw with it passes, learnt from graded draws."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, ValidationError, model_validator

from lift_sys.errors import ConfigError, Mistake
from lift_sys.ir import Frozen

Share = Annotated[float, Field(ge=0, le=1)]


class Calibration(Frozen):
    points: tuple[tuple[Share, Share], ...] = ()
    """Scores with the chance to pass, both never falling; none: scores stay as they are."""
    learnt_from: frozenset[str] = frozenset()
    """Digests of the tasks whose grades it has seen: it may not be evaluated on these."""

    @model_validator(mode="after")
    def _rising(self) -> Self:
        for column in zip(*self.points, strict=True):
            if list(column) != sorted(column):
                raise ValueError("neither scores nor chances may fall from point to point")
        return self

    @classmethod
    def read(cls, path: Path) -> "Calibration":
        """Raises ConfigError."""
        try:
            return cls.model_validate_json(path.read_text(encoding="utf-8"))
        except (OSError, ValidationError) as error:
            remedy = "write it with `python -m lift_sys_rubric.calibrate`"
            cause = f"it is no calibration: {error}"
            raise ConfigError([Mistake(str(path), None, "", cause, remedy)]) from None

    def of(self, score: float) -> float:
        """Between two points on the line, beyond the last ones level."""
        if not self.points:
            return score
        place = bisect_right([each for each, _ in self.points], score)
        if place in (0, len(self.points)):
            return self.points[min(place, len(self.points) - 1)][1]
        (left, low), (right, high) = self.points[place - 1 : place + 1]
        return low + (high - low) * (score - left) / (right - left)


NONE = Calibration()


def fitted(graded: Iterable[tuple[float, bool]]) -> tuple[tuple[float, float], ...]:
    """The never falling steps nearest to the grades (pool adjacent violators).

    Each step has one pass and one failure added, so that few grades promise little.
    """
    by_score: dict[float, list[bool]] = {}
    for score, passed in graded:
        by_score.setdefault(score, []).append(passed)
    blocks: list[tuple[list[float], int, int]] = []
    for score, passes in sorted(by_score.items()):
        blocks.append(([score], sum(passes), len(passes)))
        while len(blocks) > 1 and _share(blocks[-2]) >= _share(blocks[-1]):
            scores, passed, seen = blocks.pop()
            below, others, count = blocks.pop()
            blocks.append((below + scores, others + passed, count + seen))
    return tuple(_points(blocks))


def _share(block: tuple[Sequence[float], int, int]) -> float:
    _, passed, seen = block
    return passed / seen


def _points(blocks: Sequence[tuple[list[float], int, int]]) -> Iterable[tuple[float, float]]:
    best = 0.0
    for scores, passed, seen in blocks:
        best = max(best, (passed + 1) / (seen + 2))
        yield from ((score, best) for score in dict.fromkeys((scores[0], scores[-1])))
