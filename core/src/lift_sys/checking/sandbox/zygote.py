"""One zygote, seen from outside: a warm process that forks a child for each job."""

import asyncio
import json
import select
import socket
import subprocess
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from ...interfaces import Invocation, Job
from . import protocol
from .conversation import Conversation, Ending
from .inside.orders import ENDED, FAILED, ORDER
from .launch import ENVIRONMENT, broken, command, make_base, remove_base
from .protocol import Answers

MOST_JOBS = 16
_START_SECONDS = 20.0
_STOP_SECONDS = 5.0
_MESSAGE_BYTES = 65536
_NO_LIMITS = (0.0, 0, 0, 0.0)
_CHUNK_BYTES = 2**18
_MOST_CHUNKS = 16


class Zygote:
    """`ready` or `ready_now` must have been called before the first job."""

    def __init__(self) -> None:
        self.guards: tuple[str, ...] = ()
        self.dead = False
        self._base = make_base()
        self._jobs: dict[int, Conversation] = {}
        self._started = 0
        self.alone = False
        """Whether it takes one job at a time, for want of a filter that keeps jobs apart."""
        self._loop: asyncio.AbstractEventLoop | None = None
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.setblocking(False)
        with theirs:
            number = theirs.fileno()
            self._process = subprocess.Popen(
                command("zygote", str(number), self._base, str(MOST_JOBS)),
                pass_fds=(number,),
                env=ENVIRONMENT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is for us alone.
            )

    @property
    def busy(self) -> int:
        """How many jobs it has."""
        return len(self._jobs)

    def ready_now(self) -> None:
        """Wait, blocking, until it has told which guards hold."""
        if not self.guards:
            readable, _, _ = select.select([self._control], [], [], _START_SECONDS)
            self._greet(self._control.recv(_MESSAGE_BYTES) if readable else b"")

    async def ready(self) -> None:
        loop = asyncio.get_running_loop()
        if not self.guards:
            try:
                async with asyncio.timeout(_START_SECONDS):
                    hello = await loop.sock_recv(self._control, _MESSAGE_BYTES)
            except TimeoutError:
                hello = b""
            self._greet(hello)
        if self._loop is not loop:
            self._loop = loop
            loop.add_reader(self._control, self._hear)

    async def attempt(
        self, job: Job, invocations: tuple[Invocation, ...], deadline: float
    ) -> tuple[Answers, Ending]:
        """Raises Lost when the zygote dies."""
        loop = asyncio.get_running_loop()
        request = protocol.request(job.source, invocations)
        ours, theirs = socket.socketpair()
        with ours:
            ours.setblocking(False)
            self._started += 1
            number = self._started
            conversation = Conversation(
                invocations,
                job.limits,
                deadline,
                kill=lambda: self._order(number, _NO_LIMITS),
                poll=lambda: _drain(ours, conversation),
            )
            self._jobs[number] = conversation
            with theirs:
                self._order(number, protocol.limits_in_order(job.limits), theirs.fileno())
            loop.add_reader(ours.fileno(), _hear_child, loop, ours, conversation)
            sending = _send(loop, ours, request)
            try:
                return conversation.answers, await conversation.ending()
            finally:
                loop.remove_reader(ours.fileno())
                if sending is not None:
                    sending.cancel()
                    await asyncio.wait([sending])
                self._jobs.pop(number, None)

    async def aclose(self) -> None:
        self._bury()
        patience = _STOP_SECONDS
        while self._process.poll() is None and patience > 0:
            await asyncio.sleep(0.005)
            patience -= 0.005
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        remove_base(self._base)

    def _greet(self, hello: bytes) -> None:
        told: dict[str, Any] = json.loads(hello) if hello else {"error": "it said nothing"}
        if "error" in told:
            self._process.kill()
            self._process.wait()
            self._bury()
            remove_base(self._base)
            raise broken(told["error"])
        self.guards = tuple(told["guards"])
        self.alone = told["alone"]
        if told["hidden"]:
            # The scratch places are elsewhere, and should we be killed nothing is to be left.
            remove_base(self._base)

    def _order(self, number: int, limits: Iterable[float], handed: int | None = None) -> None:
        payload = ORDER.pack(number, *limits)
        try:
            if handed is None:
                self._control.send(payload)
            else:
                socket.send_fds(self._control, [payload], [handed])
        except OSError:
            self._bury()

    def _hear(self) -> None:
        while not self.dead:
            try:
                payload = self._control.recv(_MESSAGE_BYTES)
            except BlockingIOError:
                return
            except OSError:
                payload = b""
            if not payload:
                self._bury()
                return
            number, status, cpu_seconds = ENDED.unpack(payload)
            conversation = self._jobs.get(number)
            if conversation is None:
                continue
            if status == FAILED:
                conversation.lost()
            else:
                conversation.ended(status, cpu_seconds)

    def _bury(self) -> None:
        """The process is gone or is to go: closing the socket ends it and all its jobs."""
        if self.dead:
            return
        self.dead = True
        if self._loop is not None and not self._loop.is_closed():
            self._loop.remove_reader(self._control)
        self._control.close()
        for conversation in self._jobs.values():
            conversation.lost()


def _hear_child(
    loop: asyncio.AbstractEventLoop, stream: socket.socket, conversation: Conversation
) -> None:
    if not _drain(stream, conversation):
        loop.remove_reader(stream.fileno())
        conversation.hung_up()


def _drain(stream: socket.socket, conversation: Conversation) -> bool:
    """Take what is there, though not for ever; False at the stream's end."""
    for _ in range(_MOST_CHUNKS):
        try:
            data = stream.recv(_CHUNK_BYTES)
        except BlockingIOError:
            return True
        except OSError:
            return False
        if not data:
            return False
        conversation.heard(data)
    return True


def _send(
    loop: asyncio.AbstractEventLoop, stream: socket.socket, request: bytes
) -> asyncio.Task[None] | None:
    """What does not go at once, because it is large, goes in a task."""
    try:
        sent = stream.send(request)
    except BlockingIOError:
        sent = 0
    except OSError:
        return None  # The child is gone, as its exit status will tell.
    return (
        None if sent == len(request) else loop.create_task(_send_rest(loop, stream, request[sent:]))
    )


async def _send_rest(loop: asyncio.AbstractEventLoop, stream: socket.socket, rest: bytes) -> None:
    with suppress(OSError):
        await loop.sock_sendall(stream, rest)
