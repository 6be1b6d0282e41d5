"""Two evaluations on the same tasks, task by task."""

from collections.abc import Iterator
from typing import NamedTuple

from ..errors import InputError
from .results import Evaluation, check_comparable


class Comparison(NamedTuple):
    one: str
    other: str
    both: int
    neither: int
    only_one: tuple[str, ...]
    """Tasks that only the first got right."""
    only_other: tuple[str, ...]


def compare(one: Evaluation, other: Evaluation) -> Comparison:
    """Raises InputError where they are not of the same tasks and tests, or are the same run."""
    if one.run == other.run:
        raise InputError(
            f"both results are of the run {one.run}", remedy="compare it with another run"
        )
    check_comparable(one, other)
    first = {row.digest: row for row in one.rows}
    second = {row.digest: row for row in other.rows}
    pairs = [(first[digest], second[digest]) for digest in first]
    return Comparison(
        one=one.run,
        other=other.run,
        both=sum(a.right and b.right for a, b in pairs),
        neither=sum(not a.right and not b.right for a, b in pairs),
        only_one=tuple(a.task for a, b in pairs if a.right and not b.right),
        only_other=tuple(a.task for a, b in pairs if b.right and not a.right),
    )


def lines_of_comparison(found: Comparison) -> Iterator[str]:
    yield ""
    yield f"both right: {found.both}, both wrong: {found.neither}"
    yield f"only {found.one} right: {len(found.only_one)}{_names(found.only_one)}"
    yield f"only {found.other} right: {len(found.only_other)}{_names(found.only_other)}"


def _names(tasks: tuple[str, ...]) -> str:
    return f" ({', '.join(tasks[:10])}{', ...' if len(tasks) > 10 else ''})" if tasks else ""
