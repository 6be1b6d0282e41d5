"""The sandbox for Linux: a pool of zygotes, and who may run when."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from ...errors import SandboxFailed
from ...interfaces import Invocation, Job, Report
from .conversation import Ending, Lost, require_ready
from .launch import cores, require_guards
from .outcome import carry_out
from .protocol import Answers
from .zygote import MOST_JOBS, Zygote

_QUICK_SECONDS = 0.1
_QUICK_PER_ZYGOTE = 2
_TRIES = 2


class _Places:
    """How many jobs run at once. A quick one's place is freed after a moment even if the job
    turns out to hang: it then counts among all, where there is more room, and holds up nobody."""

    def __init__(self, quick: int, all_: int) -> None:
        self._quick = asyncio.Semaphore(quick)
        self._all = asyncio.Semaphore(all_)

    @asynccontextmanager
    async def take(self) -> AsyncGenerator[None]:
        async with self._all:
            await self._quick.acquire()
            held = [self._quick]

            def free() -> None:
                while held:
                    held.pop().release()

            timer = asyncio.get_running_loop().call_later(_QUICK_SECONDS, free)
            try:
                yield
            finally:
                timer.cancel()
                free()


class ZygoteSandbox:
    """Runs on one event loop. `aclose` leaves no process, and neither does our own death."""

    def __init__(self, *, zygotes: int | None = None, allow_unsandboxed: bool = False) -> None:
        self._size = zygotes or cores()
        self._allow_unsandboxed = allow_unsandboxed
        self._zygotes: list[Zygote] = []
        self._guards: tuple[str, ...] = ()
        self._launching = asyncio.Lock()
        self._places: _Places | None = None
        self._closed = False

    def guards(self) -> tuple[str, ...]:
        if not self._guards:
            zygote = Zygote()
            zygote.ready_now()
            self._guards = zygote.guards
            self._zygotes.append(zygote)
        return self._guards

    async def run(self, job: Job) -> Report:
        # A process is there, and it is this job's turn, before any deadline counts.
        zygote = await self._choose()
        if self._places is None:
            most = 1 if zygote.alone else MOST_JOBS // 2
            self._places = _Places(self._size * min(most, _QUICK_PER_ZYGOTE), self._size * most)
        async with self._places.take():
            return await carry_out(
                job, lambda calls, deadline: self._attempt(job, calls, deadline), self._guards
            )

    async def aclose(self) -> None:
        self._closed = True
        zygotes, self._zygotes = self._zygotes, []
        for zygote in zygotes:
            await zygote.aclose()

    async def _attempt(
        self, job: Job, invocations: tuple[Invocation, ...], deadline: float
    ) -> tuple[Answers, Ending]:
        for _ in range(_TRIES):
            zygote = await self._choose()
            try:
                answers, ending = await zygote.attempt(job, invocations, deadline)
            except Lost:
                continue
            require_ready(answers, ending)
            return answers, ending
        raise SandboxFailed(
            f"the sandbox's own process died {_TRIES} times under one job",
            remedy="see whether the machine is out of memory or process numbers",
        )

    async def _choose(self) -> Zygote:
        """The one with least to do, or a new one where all have enough."""
        async with self._launching:
            if self._closed:
                raise SandboxFailed("the sandbox is closed", remedy="make another")
            for dead in [zygote for zygote in self._zygotes if zygote.dead]:
                self._zygotes.remove(dead)
                await dead.aclose()
            best = min(self._zygotes, key=lambda zygote: zygote.busy, default=None)
            enough = 1 if best is not None and best.alone else _QUICK_PER_ZYGOTE
            if best is None or (best.busy >= enough and len(self._zygotes) < self._size):
                best = Zygote()
                self._zygotes.append(best)
            await best.ready()
            require_guards(best.guards, self._allow_unsandboxed)
            self._guards = best.guards
            return best
