"""One child being listened to, until it has said all or its time is up."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

from ...errors import SandboxFailed
from ...interfaces import Invocation, SandboxLimits
from .protocol import Answers, Malformed

_GRACE_SECONDS = 10.0
"""For a killed process to be reported as gone."""
_EXIT_SECONDS = 0.1
"""For a process that has said all to end by itself."""


class Lost(Exception):
    """The sandbox's own process went away, and what it ran with it."""


How = Literal["finished", "timeout", "malformed", "exit"]


class Ending(NamedTuple):
    how: How
    status: int = 0
    """Exit status, or minus the signal's number."""
    cpu_seconds: float | None = None


class Conversation:
    """Deadlines are counted from answer to answer, here, where the code under test has no say."""

    def __init__(
        self,
        calls: Sequence[Invocation],
        limits: SandboxLimits,
        deadline: float,
        *,
        kill: Callable[[], None],
        poll: Callable[[], object] = lambda: None,
    ) -> None:
        self.answers = Answers(calls, limits)
        self._limits = limits
        self._deadline = deadline
        self._kill = kill
        self._poll = poll
        self._loop = asyncio.get_running_loop()
        self._over: asyncio.Future[Ending | None] = self._loop.create_future()
        self._how: How | None = None
        self._timer = self._loop.call_later(self._allowance(), self._late)

    async def ending(self) -> Ending:
        """Raises Lost."""
        try:
            ending = await asyncio.shield(self._over)
        except asyncio.CancelledError:
            self.stop("exit")
            await asyncio.wait([self._over])
            raise
        finally:
            self._timer.cancel()
        if ending is None:
            raise Lost
        return ending

    def heard(self, data: bytes) -> None:
        if self._how is not None:
            return
        before = self.answers.progress
        try:
            self.answers.feed(data)
        except Malformed:
            self.stop("malformed")
            return
        if self.answers.complete:
            self._how = "finished"
            self._restart_timer(_EXIT_SECONDS, self._late)
        elif self.answers.progress > before:
            self._restart_timer(self._allowance(), self._late)

    def hung_up(self) -> None:
        """Nothing more will be heard; a process that lives on has no reason to."""
        if self._how is None:
            self._how = "exit"
            self._restart_timer(_EXIT_SECONDS, self._late)

    def ended(self, status: int, cpu_seconds: float | None = None) -> None:
        self._poll()
        if not self._over.done():
            self._over.set_result(Ending(self._how or "exit", status, cpu_seconds))

    def lost(self) -> None:
        if not self._over.done():
            self._over.set_result(None)

    def stop(self, how: How) -> None:
        if self._how is None:
            self._how = how
        self._kill()
        self._restart_timer(_GRACE_SECONDS, self.lost)

    def _allowance(self) -> float:
        return max(0.0, min(self._limits.wall_seconds, self._deadline - self._loop.time()))

    def _restart_timer(self, seconds: float, then: Callable[[], None]) -> None:
        self._timer.cancel()
        self._timer = self._loop.call_later(seconds, then)

    def _late(self) -> None:
        # This process may have been the slow one: what has arrived meanwhile counts.
        before = self.answers.progress
        self._poll()
        if self.answers.progress == before:
            self.stop("timeout")


def require_ready(answers: Answers, ending: Ending) -> None:
    """A child that ended before it said that its guards are up never saw the code."""
    if not answers.ready:
        raise SandboxFailed(
            f"a sandboxed process ended before it began (status {ending.status})",
            remedy="see `lift doctor` for what this system allows",
        )
