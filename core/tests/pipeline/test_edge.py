"""Ctrl-C at the edge: it cancels, however often; and there is a way out of what hangs."""

import asyncio
import os
import signal
import threading

import pytest

from lift_sys.pipeline.edge import PATIENCE, run_async


def interrupt() -> None:
    os.kill(os.getpid(), signal.SIGINT)


async def forever() -> None:
    await asyncio.Event().wait()


def test_what_is_done_is_returned_and_the_handler_is_as_before():
    before = signal.getsignal(signal.SIGINT)

    async def work() -> int:
        assert signal.getsignal(signal.SIGINT) is not before
        return 7

    assert run_async(work()) == 7
    assert signal.getsignal(signal.SIGINT) is before


def test_what_it_raises_is_raised():
    async def work() -> None:
        raise KeyError("x")

    with pytest.raises(KeyError):
        run_async(work())


def test_one_interrupt_cancels_and_is_told_as_what_it_is():
    seen: list[str] = []

    async def work() -> None:
        interrupt()
        seen.append("the step goes on")
        try:
            await forever()
        finally:
            seen.append("tidied")

    with pytest.raises(KeyboardInterrupt):
        run_async(work())
    assert seen == ["the step goes on", "tidied"]


def test_who_catches_the_cancel_may_answer():
    async def work() -> str:
        interrupt()
        try:
            await forever()
        except asyncio.CancelledError:
            return "so far"
        return "never"

    assert run_async(work()) == "so far"


def test_a_second_interrupt_cancels_the_tidying_and_breaks_off_no_step():
    seen: list[str] = []

    async def work() -> None:
        interrupt()
        try:
            await forever()
        finally:
            interrupt()
            seen.append("the step goes on")
            try:
                await forever()
            finally:
                seen.append("tidied")

    with pytest.raises(KeyboardInterrupt):
        run_async(work())
    assert seen == ["the step goes on", "tidied"]


def test_what_does_not_let_itself_be_cancelled_can_be_left():
    async def work() -> None:
        for _ in range(PATIENCE):
            interrupt()
        await forever()

    with pytest.raises(KeyboardInterrupt):
        run_async(work())


def test_other_threads_have_no_signals_and_need_none():
    async def work() -> int:
        return 7

    found: list[int] = []
    thread = threading.Thread(target=lambda: found.append(run_async(work())))
    thread.start()
    thread.join()
    assert found == [7]
