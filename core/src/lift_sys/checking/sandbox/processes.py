"""The sandbox for every system: a fresh interpreter for each job."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import cast

from ...interfaces import Invocation, Job, Report
from . import protocol
from .conversation import Conversation, Ending, require_ready
from .inside.scratch import remove_tree
from .launch import ENVIRONMENT, base_folder, broken, command, cores, require_guards
from .outcome import carry_out
from .protocol import Answers

_PROBE_SECONDS = 30.0
_LAST_WORDS_SECONDS = 0.5


class SubprocessSandbox:
    """`libraries` are folders that code may import from, beside the standard library."""

    def __init__(
        self,
        *,
        processes: int | None = None,
        allow_unsandboxed: bool = False,
        libraries: Sequence[str] = (),
    ) -> None:
        self._allow_unsandboxed = allow_unsandboxed
        self._environment = ENVIRONMENT
        if libraries:
            self._environment = {**ENVIRONMENT, "PYTHONPATH": os.pathsep.join(libraries)}
        self._guards: tuple[str, ...] | None = None
        self._places = asyncio.Semaphore(processes or 2 * cores())

    def guards(self) -> tuple[str, ...]:
        if self._guards is None:
            with base_folder() as base:
                self._guards = _probe(base, self._environment)
        return self._guards

    async def run(self, job: Job) -> Report:
        guards = await asyncio.to_thread(self.guards)
        require_guards(guards, self._allow_unsandboxed)
        async with self._places:
            return await carry_out(
                job,
                lambda calls, deadline: _attempt(job, calls, deadline, self._environment),
                guards,
            )

    async def aclose(self) -> None:
        """Nothing outlives the job that it was started for."""


def _probe(base: str, environment: Mapping[str, str]) -> tuple[str, ...]:
    try:
        done = subprocess.run(
            command("probe", base),
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PROBE_SECONDS,
            check=True,
        )
    except subprocess.SubprocessError as error:
        raise broken(str(error)) from error
    return tuple(json.loads(done.stdout))


@contextmanager
def _scratch() -> Generator[str]:
    with base_folder() as base:
        place = Path(base, "scratch")
        place.mkdir(0o700)
        try:
            yield str(place)
        finally:
            remove_tree(str(place))


async def _attempt(
    job: Job,
    invocations: tuple[Invocation, ...],
    deadline: float,
    environment: Mapping[str, str],
) -> tuple[Answers, Ending]:
    request = protocol.request(job.source, invocations)
    limits = json.dumps(protocol.limits_in_order(job.limits))
    with _scratch() as place:
        _, child = await asyncio.get_running_loop().subprocess_exec(
            lambda: _Child(request, invocations, job, deadline),
            *command("once", place, limits),
            env=environment,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        answers, ending = await child.finish()
    require_ready(answers, ending)
    return answers, ending


class _Child(asyncio.SubprocessProtocol):
    _process: asyncio.SubprocessTransport

    def __init__(
        self, request: bytes, calls: Sequence[Invocation], job: Job, deadline: float
    ) -> None:
        self._request = request
        self._conversation = Conversation(calls, job.limits, deadline, kill=self._kill)

    async def finish(self) -> tuple[Answers, Ending]:
        try:
            return self._conversation.answers, await self._conversation.ending()
        finally:
            self._process.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._process = cast("asyncio.SubprocessTransport", transport)
        into = cast("asyncio.WriteTransport", self._process.get_pipe_transport(0))
        into.write(self._request)

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        self._conversation.heard(data)

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:
        if fd == 1:
            self._conversation.hung_up()

    def process_exited(self) -> None:
        self._kill()
        # What it said last may still be in the pipe, which a survivor might even hold open.
        asyncio.get_running_loop().call_later(_LAST_WORDS_SECONDS, self._ended)

    def connection_lost(self, exc: Exception | None) -> None:
        self._ended()

    def _ended(self) -> None:
        self._conversation.ended(self._process.get_returncode() or 0)

    def _kill(self) -> None:
        with suppress(ProcessLookupError, PermissionError):
            if sys.platform == "win32":
                self._process.kill()
            else:
                os.killpg(self._process.get_pid(), signal.SIGKILL)
