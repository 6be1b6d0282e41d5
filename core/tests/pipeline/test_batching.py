"""Batches: filled, kept to `in_flight`, and nobody in one disturbs the others."""

import asyncio

import pytest

from lift_sys.errors import MalformedReply, ProviderError, ProviderUnavailable, RecordError
from lift_sys.interfaces import Message, Reply, Request
from lift_sys.pipeline.batching import Batcher
from lift_sys.testing.providers import ScriptedProvider, SlowProvider, Wrapper


def ask(content: str) -> Request:
    return Request(messages=(Message(role="user", content=content),))


def echo() -> ScriptedProvider:
    return ScriptedProvider(lambda request: request.messages[0].content)


class Noted(Wrapper):
    """Remembers what each call carried."""

    def __init__(self, inner) -> None:
        super().__init__(inner)
        self.batches: list[list[str]] = []

    async def complete(self, requests):
        self.batches.append([request.messages[0].content for request in requests])
        return await super().complete(requests)


def batcher(provider, *, size=8, in_flight=32, timeout=60.0) -> Batcher:
    return Batcher("model", provider, size=size, in_flight=in_flight, timeout=timeout)


def text(answered) -> str:
    assert isinstance(answered.answer, Reply)
    return answered.answer.completions[0].text


async def turns(count: int = 5) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


async def test_eight_requests_of_one_moment_are_one_call():
    provider = Noted(echo())
    asked = batcher(provider)
    answers = await asyncio.gather(*(asked.ask(ask(str(i))) for i in range(8)))
    assert [text(each) for each in answers] == [str(i) for i in range(8)]
    assert provider.batches == [[str(i) for i in range(8)]]


async def test_more_than_a_batch_holds_are_several_calls():
    provider = Noted(echo())
    asked = batcher(provider, size=3)
    answers = await asyncio.gather(*(asked.ask(ask(str(i))) for i in range(8)))
    assert [text(each) for each in answers] == [str(i) for i in range(8)]
    assert [len(each) for each in provider.batches] == [3, 3, 2]


async def test_what_comes_while_all_calls_are_under_way_is_the_next_batch():
    gate = asyncio.Event()
    provider = Noted(SlowProvider(echo(), gate.wait))
    asked = batcher(provider, in_flight=1)
    works = [asyncio.create_task(asked.ask(ask("first")))]
    await turns()
    for i in range(5):
        works.append(asyncio.create_task(asked.ask(ask(str(i)))))
        await turns()
    assert provider.batches == [["first"]]
    gate.set()
    await asyncio.gather(*works)
    assert provider.batches == [["first"], ["0", "1", "2", "3", "4"]]
    assert provider.inner.peak == 1


async def test_a_waiter_that_is_cancelled_does_not_disturb_the_others():
    gate = asyncio.Event()
    slow = SlowProvider(echo(), gate.wait)
    asked = batcher(slow)
    works = [asyncio.create_task(asked.ask(ask(str(i)))) for i in range(3)]
    await turns()
    works[1].cancel()
    await turns()
    gate.set()
    answers = await asyncio.gather(*works, return_exceptions=True)
    assert isinstance(answers[1], asyncio.CancelledError)
    assert [text(answers[0]), text(answers[2])] == ["0", "2"]
    assert slow.cancelled == 0


async def test_who_is_cancelled_before_the_call_is_not_in_it():
    provider = Noted(echo())
    asked = batcher(provider)
    works = [asyncio.create_task(asked.ask(ask(str(i)))) for i in range(3)]
    await asyncio.sleep(0)
    works[0].cancel()
    await asyncio.gather(*works, return_exceptions=True)
    assert provider.batches == [["1", "2"]]


@pytest.mark.parametrize("size", [1, 8])
async def test_when_all_are_cancelled_so_is_the_call(size):
    slow = SlowProvider(echo(), asyncio.Event().wait)
    asked = batcher(slow, size=size)
    works = [asyncio.create_task(asked.ask(ask(str(i)))) for i in range(3)]
    await turns()
    for work in works:
        work.cancel()
    await asyncio.gather(*works, return_exceptions=True)
    async with asyncio.timeout(10):
        await asked.idle()
    assert slow.cancelled == (3 if size == 1 else 1)
    assert slow.in_flight == 0


async def test_a_batch_that_nobody_waits_for_makes_room_for_the_next():
    gates = [asyncio.Event(), asyncio.Event()]
    gates[1].set()
    calls = iter(gates)
    slow = SlowProvider(echo(), lambda: next(calls).wait())
    asked = batcher(slow, in_flight=1)
    stuck = asyncio.create_task(asked.ask(ask("stuck")))
    await turns()
    behind = asyncio.create_task(asked.ask(ask("behind")))
    await turns()
    stuck.cancel()
    async with asyncio.timeout(10):
        assert text(await behind) == "behind"


class Answering(Wrapper):
    """Gives back, or raises, what it is told to."""

    def __init__(self, result) -> None:
        super().__init__(echo())
        self.result = result

    async def complete(self, requests):
        if isinstance(self.result, BaseException):
            raise self.result
        return self.result


@pytest.mark.parametrize("size", [1, 4])
@pytest.mark.parametrize(
    ("result", "kind", "said"),
    [
        ([], MalformedReply, "gave 0 answers to"),
        (None, ProviderError, "broke: TypeError"),
        (TypeError("bad"), ProviderError, "broke: TypeError: bad"),
        (RecursionError("deep"), ProviderError, "broke: RecursionError"),
        (ProviderUnavailable("down"), ProviderUnavailable, "down"),
        (TimeoutError("socket"), ProviderUnavailable, "timed out: socket"),
        (asyncio.CancelledError(), ProviderError, "broke: CancelledError"),
    ],
)
async def test_whatever_a_provider_does_each_request_gets_an_answer(size, result, kind, said):
    asked = batcher(Answering(result), size=size)
    async with asyncio.timeout(10):
        answers = await asyncio.gather(*(asked.ask(ask(str(i))) for i in range(3)))
    for answered in answers:
        assert type(answered.answer) is kind
        assert said in str(answered.answer)


async def test_an_answer_that_is_none_costs_only_its_own_request():
    class Odd(Wrapper):
        async def complete(self, requests):
            good, *_ = await super().complete(requests)
            return [good, {"choices": []}, None]

    asked = batcher(Odd(echo()), size=3)
    answers = await asyncio.gather(*(asked.ask(ask(str(i))) for i in range(3)))
    assert text(answers[0]) == "0"
    assert all("broke: TypeError" in str(each.answer) for each in answers[1:])


@pytest.mark.parametrize("size", [1, 4])
async def test_an_error_that_is_no_providers_own_is_raised_to_everybody(size):
    asked = batcher(Answering(RecordError("full")), size=size)
    works = (asked.ask(ask(str(i))) for i in range(3))
    ended = await asyncio.gather(*works, return_exceptions=True)
    assert [type(each) for each in ended] == [RecordError] * 3


@pytest.mark.parametrize("size", [1, 4])
async def test_a_call_that_takes_too_long_is_cancelled(size):
    slow = SlowProvider(echo(), asyncio.Event().wait)
    asked = batcher(slow, size=size, timeout=0.01)
    answers = await asyncio.gather(*(asked.ask(ask(str(i))) for i in range(3)))
    for answered in answers:
        assert isinstance(answered.answer, ProviderUnavailable)
        assert "did not answer within 0.01 s: raise calls.timeout" in str(answered.answer)
        assert answered.seconds > 0
    assert slow.in_flight == 0
    assert slow.cancelled == (3 if size == 1 else 1)


async def test_the_loop_ending_in_the_middle_leaves_nobody_waiting():
    slow = SlowProvider(echo(), asyncio.Event().wait)
    asked = batcher(slow)
    work = asyncio.create_task(asked.ask(ask("x")))
    await turns()
    (call,) = asked._calls
    call.cancel()  # as asyncio.run does with all that is left
    ended = await asyncio.gather(work, return_exceptions=True)
    assert isinstance(ended[0], asyncio.CancelledError)
