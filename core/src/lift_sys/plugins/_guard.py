"""Runs a plugin's own code so that whatever it does instead of returning becomes an exception."""

import os
import signal
import threading
import time
import traceback
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import NoReturn, TypeVar

from ..errors import InputError
from ._patience import Patience

T = TypeVar("T")

TIMEOUT = "LIFT_SYS_IMPORT_TIMEOUT"
_DEFAULT_SECONDS = 60.0
_AGAIN_SECONDS = 0.5
_LONGEST_MESSAGE = 300

# os._exit and the alarm belong to the whole process.
_ONE_AT_A_TIME = threading.RLock()


class Misbehaved(Exception):
    """`cause` goes on a sentence that starts with the plugin's name."""

    def __init__(self, cause: str, remedy: str = "") -> None:
        super().__init__(cause)
        self.cause = cause
        self.remedy = remedy


class _Stop(BaseException):
    """Ends the plugin's code from within; no Exception, as it would catch that."""


def import_seconds() -> float:
    """The longest a plugin may take over its import."""
    stated = os.environ.get(TIMEOUT) or str(_DEFAULT_SECONDS)
    try:
        seconds = float(stated)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise InputError(
            f"{TIMEOUT} is {stated!r}, which is no number of seconds",
            remedy="give a number above 0, or unset it",
        )
    return seconds


def guarded(doing: str, act: Callable[[], T], passing: tuple[type[BaseException], ...] = ()) -> T:
    """What `act` returns. Ctrl-C and what is `passing` go through; all else it does is
    Misbehaved."""
    seconds = import_seconds()
    stopped: list[Misbehaved] = []
    try:
        with _ONE_AT_A_TIME, _no_exit(stopped), _limit(seconds, stopped):
            result = act()
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        if not stopped and isinstance(error, passing):
            raise
        why = stopped[0] if stopped else Misbehaved(told(error))
        raise Misbehaved(f"{why.cause} {doing}", why.remedy) from error
    if stopped:  # and it swallowed that
        raise Misbehaved(f"{stopped[0].cause} {doing}", stopped[0].remedy)
    return result


def told(error: BaseException) -> str:
    """An exception as part of a sentence, whatever it is made of."""
    if isinstance(error, SystemExit):
        return f"calls sys.exit({error.code!r:.40})"
    # Not str(error): that is the plugin's code too.
    message = str(traceback.TracebackException(type(error), error, None, compact=True))
    words = " ".join(message.encode("utf-8", "replace").decode().split())
    if len(words) > _LONGEST_MESSAGE:
        words = words[:_LONGEST_MESSAGE] + "..."
    return f"raises {type(error).__name__}" + (f" ({words})" if words else "")


@contextmanager
def _no_exit(stopped: list[Misbehaved]) -> Generator[None]:
    real, process = os._exit, os.getpid()

    def refuse(status: int) -> NoReturn:
        if os.getpid() != process:  # a child that the plugin forked
            real(status)
        stopped.append(Misbehaved(f"calls os._exit({status!r:.40})"))
        raise _Stop

    os._exit = refuse
    try:
        yield
    finally:
        os._exit = real


@contextmanager
def _limit(seconds: float, stopped: list[Misbehaved]) -> Generator[None]:
    """Only the main thread gets signals; elsewhere there is no limit."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "SIGALRM"):
        yield
        return

    patience = Patience(seconds)

    def ring(*_: object) -> None:
        if not patience.is_over:
            return
        longer = f"{TIMEOUT} gives it longer, if it is only slow"
        stopped.append(Misbehaved(f"does not end within {seconds:g} s", longer))
        raise _Stop

    handler = signal.signal(signal.SIGALRM, ring)
    started = time.monotonic()
    # Again and again, as the plugin may swallow the first.
    left, interval = signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler)
        if left:
            remaining = max(left - (time.monotonic() - started), 0.001)
            signal.setitimer(signal.ITIMER_REAL, remaining, interval)
