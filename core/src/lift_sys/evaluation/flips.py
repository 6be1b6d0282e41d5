"""What went one way before and another way after, task by task."""

from collections.abc import Sequence
from typing import NamedTuple

from .arms import arms_of
from .results import Evaluation, Row


class Flip(NamedTuple):
    task: str
    category: str
    before: float
    """Share of its epochs that are right."""
    after: float


class Flips(NamedTuple):
    one: str
    """What is held against the first is the other."""
    other: str
    both: int
    """Tasks that are right in all epochs of both; `neither`: in none."""
    neither: int
    broken: tuple[Flip, ...]
    mended: tuple[Flip, ...]


def flips_of(
    names: tuple[str, str], tasks: Sequence[Row], before: Sequence[float], after: Sequence[float]
) -> Flips:
    """Of shares right, by task."""
    pairs = list(zip(before, after, strict=True))
    flips = [
        Flip(row.task, row.category or "-", a, b)
        for row, (a, b) in zip(tasks, pairs, strict=True)
        if a != b
    ]
    flips.sort(key=lambda flip: -abs(flip.after - flip.before))
    return Flips(
        *names,
        both=sum(a == b == 1 for a, b in pairs),
        neither=sum(a == b == 0 for a, b in pairs),
        broken=tuple(flip for flip in flips if flip.after < flip.before),
        mended=tuple(flip for flip in flips if flip.after > flip.before),
    )


def flips_against(found: Evaluation, earlier: Evaluation) -> Flips:
    """Raises InputError where they are not of the same tasks and tests, or are the same run."""
    one, other = arms_of([("", [earlier]), ("", [found])])
    later = {row.digest: row.right for row in found.rows}
    return flips_of(
        (one.name, other.name),
        earlier.rows,
        [float(row.right) for row in earlier.rows],
        [float(later[row.digest]) for row in earlier.rows],
    )
