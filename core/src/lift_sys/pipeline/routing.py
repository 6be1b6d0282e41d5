"""The router of a pipeline that names none."""

from collections.abc import Sequence

from ..interfaces import Attempt, Limits, Route, Task


class OneAttempt:
    """The default route, once."""

    def next(self, task: Task, history: Sequence[Attempt], left: Limits) -> Route | None:
        return None if history else Route(name="default", reason="the only route")
