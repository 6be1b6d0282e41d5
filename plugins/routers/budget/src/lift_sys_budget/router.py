"""The first route of the list whose expected cost is still there."""

from collections.abc import Sequence
from statistics import fmean

from lift_sys.interfaces import Attempt, Limits, Parts, Route, Task

from .plugin import BudgetOptions, Choice

_MEASURES = ("usd", "tokens", "calls", "seconds")


class BestAffordable:
    def __init__(self, options: BudgetOptions, parts: Parts) -> None:
        self._choices = options.routes
        self._reserve = options.reserve

    def next(self, task: Task, history: Sequence[Attempt], left: Limits) -> Route | None:
        passed_over: list[str] = []
        for choice in self._choices:
            name = choice.route.root
            here = [attempt for attempt in history if attempt.route == name]
            if len(here) >= choice.attempts:
                passed_over.append(f"{name} has failed")
                continue
            expected = _expected(choice, here)
            short = [
                f"{name} takes about {_amount(measure, expected[measure])}"
                for measure, there in _limited(left)
                if expected.get(measure, 0.0) * self._reserve > there
            ]
            if not short:
                return Route(name=name, reason=_said(name, expected, left, passed_over))
            passed_over += short
        if history:
            return None
        # An expectation is no fact: the budget itself refuses what it cannot pay.
        last = self._choices[-1].route.root
        return Route(name=last, reason=f"none fits into {_shown(left)}; {last} is the last resort")


def _expected(choice: Choice, here: Sequence[Attempt]) -> dict[str, float]:
    """What earlier attempts took where that is more than what was stated, or nothing was."""
    expected: dict[str, float] = {}
    for measure in _MEASURES:
        stated = getattr(choice.expected, measure)
        seen = fmean(getattr(each.spend, measure) for each in here) if here else None
        known = [float(value) for value in (stated, seen) if value is not None]
        if known:
            expected[measure] = max(known)
    return expected


def _limited(left: Limits) -> list[tuple[str, float]]:
    amounts = ((measure, getattr(left, measure)) for measure in _MEASURES)
    return [(measure, amount) for measure, amount in amounts if amount is not None]


def _said(name: str, expected: dict[str, float], left: Limits, passed_over: list[str]) -> str:
    before = "; ".join(passed_over)
    if not _limited(left):
        return f"{before}; {name} is next" if before else f"{name} is the best, and nothing limits"
    takes = ", ".join(
        _amount(measure, expected[measure]) for measure, _ in _limited(left) if measure in expected
    )
    fits = f"{name}, at about {takes}," if takes else f"{name}, whose cost is not known yet,"
    why = f"{fits} fits into {_shown(left)}"
    return f"{before}; {why}" if before else why


def _shown(left: Limits) -> str:
    return ", ".join(_amount(measure, amount) for measure, amount in _limited(left))


def _amount(measure: str, amount: float) -> str:
    if measure == "usd":
        return f"${amount:.4g}"
    return f"{amount:.4g} {measure}"
