"""One route; each further attempt is told why the one before failed."""

from collections.abc import Sequence

from lift_sys.interfaces import Attempt, Limits, Parts, Route, Task

from .plugin import StaticOptions


class Static:
    def __init__(self, options: StaticOptions, parts: Parts) -> None:
        self._route = options.route.root
        self._attempts = options.attempts

    def next(self, task: Task, history: Sequence[Attempt], left: Limits) -> Route | None:
        if len(history) >= self._attempts:
            return None
        return Route(name=self._route, reason=f"attempt {len(history) + 1} of {self._attempts}")
