"""What a provider must do that speaks HTTP, to a server which nobody trusts."""

import asyncio
import gzip
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import count
from typing import Any

from ...errors import (
    MalformedReply,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
    RequestRejected,
)
from ...interfaces import Delivered, Provider, Reply
from ...pipeline.config import CallSettings
from ..asking import KEY, asked, failure, half_a_character, one
from ..loopback import Answer, Incoming, LoopbackServer, refused
from ..runs import make_context
from .base import run

_BOMB = gzip.compress(bytes(2**24))
_STEERS = "\x1b[2J\x07\u202e\x00\ud800\r\n"
_SECONDS = 120.0
"""An SDK may take long to import on a busy machine."""
_NO_COUNTS = (-5, 10**30, True, "7", 1.5, float("nan"), None, [1])


class HttpProviderConformance:
    """Say how your provider is made for a server, and how that words a reply; that is all."""

    def connect(self, server: LoopbackServer, **options: Any) -> Provider:
        """It is to use KEY, which no error may show, and `timeout` where that is given."""
        raise NotImplementedError

    def document(self, text: Any, *, model: Any, read: Any, written: Any) -> Mapping[str, Any]:
        """A reply, with its counts of tokens."""
        raise NotImplementedError

    def reply(
        self, text: Any = "ok", *, model: Any = "m", read: Any = 3, written: Any = 2
    ) -> Answer:
        document = self.document(text, model=model, read=read, written=written)
        return Answer(body=json.dumps(document).encode())

    def failed(self, *answers: Answer) -> list[ProviderError]:
        """What the provider makes of each."""

        async def each() -> list[ProviderError]:
            async with LoopbackServer(script=answers) as server:
                provider = self.connect(server)
                try:
                    return [await failure(provider) for _ in answers]
                finally:
                    await provider.aclose()
                    await server.idle()

        errors = run(each(), _SECONDS)
        for error in errors:
            assert KEY not in f"{error!r} {error}"
            assert str(error).isprintable(), "it would steer a terminal"
        return errors

    def answered(self, *answers: Answer) -> list[Reply]:
        async def each() -> list[Reply]:
            async with LoopbackServer(script=answers) as server:
                provider = self.connect(server)
                try:
                    return [await one(provider) for _ in answers]
                finally:
                    await provider.aclose()

        return run(each(), _SECONDS)

    def test_requests_come_back_in_order_and_one_failure_is_its_own(self) -> None:
        def answer(incoming: Incoming) -> Answer:
            text = incoming.document["messages"][-1]["content"]
            if text == "bad":
                return refused(400)
            return Answer(text=text, latency=0.02 if text == "first" else 0)

        async def once() -> list[Reply | ProviderError]:
            async with LoopbackServer(answer) as server:
                provider = self.connect(server)
                said = list(await provider.complete([asked(t) for t in ("first", "bad", "last")]))
                assert list(await provider.complete([])) == []
                await provider.aclose()
                return said

        first, bad, last = run(once(), _SECONDS)
        assert isinstance(first, Reply)
        assert isinstance(last, Reply)
        assert [each.completions[0].text for each in (first, last)] == ["first", "last"]
        assert isinstance(bad, RequestRejected)

    def test_cancelling_ends_the_request(self) -> None:
        async def once() -> int:
            both, number = asyncio.Event(), count(1)

            def answer(_: Incoming) -> Answer:
                if next(number) == 2:
                    both.set()
                return Answer(latency=3600)

            async with LoopbackServer(answer) as server:
                provider = self.connect(server)
                asking = asyncio.ensure_future(provider.complete([asked(), asked()]))
                await both.wait()
                asking.cancel()
                await asyncio.wait([asking])
                assert asking.cancelled()
                await server.idle()
                await provider.aclose()
                return server.counts.abandoned

        assert run(once(), _SECONDS) == 2

    def test_where_nobody_listens_nothing_is_billed(self) -> None:
        async def once() -> ProviderError:
            async with LoopbackServer() as gone:
                pass
            provider = self.connect(gone)
            error = await failure(provider)
            await provider.aclose()
            return error

        error = run(once(), _SECONDS)
        assert type(error) is ProviderUnavailable
        assert "base_url" in error.remedy
        assert not error.lost

    def test_a_server_that_says_nothing_is_left_and_may_have_answered(self) -> None:
        async def once() -> ProviderError:
            async with LoopbackServer(Answer(latency=3600)) as server:
                provider = self.connect(server, timeout=1)
                error = await failure(provider)
                await provider.aclose()
                return error

        error = run(once(), _SECONDS)
        assert type(error) is ProviderUnavailable
        assert "timeout" in error.remedy
        assert error.lost

    def test_a_slow_body_is_read_to_its_end(self) -> None:
        (reply,) = self.answered(Answer(text="x" * 500, drip=0.001))
        assert reply.completions[0].text == "x" * 500

    def test_what_is_cut_off_may_be_tried_again_and_may_be_billed(self) -> None:
        answers = [Answer(text="x" * 500, cut_after=after) for after in (0, 20, 200, 400)]
        for error in self.failed(*answers):
            assert type(error) is ProviderUnavailable
            assert error.lost

    def test_half_a_character_is_not_sent(self) -> None:
        async def once() -> tuple[ProviderError, int]:
            async with LoopbackServer() as server:
                provider = self.connect(server)
                error = await failure(provider, half_a_character())
                await provider.aclose()
                return error, server.counts.requests

        error, requests = run(once(), _SECONDS)
        assert type(error) is RequestRejected
        assert requests == 0

    def test_it_asks_again_after_it_was_closed(self) -> None:
        async def once() -> None:
            async with LoopbackServer() as server:
                provider = self.connect(server)
                await one(provider)
                await provider.aclose()
                await provider.aclose()
                await one(provider)
                await provider.aclose()

        run(once(), _SECONDS)

    def test_when_to_come_back_is_told(self) -> None:
        later = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
        odd = [{"retry-after": each} for each in ("soon", "-3", "inf")]
        said = [{"retry-after": "1.5"}, {"retry-after-ms": "250", "retry-after": "9"}, *odd]
        answers = [Answer(status=429), *(Answer(status=429, headers=each) for each in said)]
        date = Answer(status=503, headers={"retry-after": later})
        *errors, dated = self.failed(*answers, date)
        assert [each.retry_after for each in errors] == [None, 1.5, 0.25, None, None, None]
        assert {type(each) for each in errors} == {RateLimited}
        assert dated.retry_after is not None
        assert 0 < dated.retry_after <= 3600

    def test_a_body_without_an_end_is_left(self) -> None:
        (error,) = self.failed(Answer(body=b" " * 2**18, endless=True))
        assert type(error) is MalformedReply
        assert error.lost
        assert "bytes in one answer" in error.cause

    def test_what_is_packed_is_not_unpacked(self) -> None:
        (error,) = self.failed(Answer(body=_BOMB, headers={"content-encoding": "gzip"}))
        assert type(error) is MalformedReply
        assert "packed" in error.cause

    def test_nobody_is_asked_to_pack_it(self) -> None:
        async def once() -> Mapping[str, str]:
            async with LoopbackServer(self.reply()) as server:
                provider = self.connect(server)
                await one(provider)
                await provider.aclose()
                return server.requests[-1].headers

        assert run(once(), _SECONDS)["accept-encoding"] == "identity"

    def test_a_long_reply_is_read(self) -> None:
        (reply,) = self.answered(self.reply("x" * 10**7))
        assert len(reply.completions[0].text) == 10**7

    def test_a_head_without_an_end_is_left(self) -> None:
        (error,) = self.failed(Answer(headers={"x-long": "x" * 2**21}))
        assert isinstance(error, ProviderUnavailable | MalformedReply)

    def test_the_key_goes_to_no_other_server(self) -> None:
        statuses = (301, 302, 307, 308)

        async def once() -> list[ProviderError]:
            async with LoopbackServer() as other:
                location = {"location": f"{other.url}/chat/completions"}
                sent_on = [Answer(status=status, headers=location) for status in statuses]
                async with LoopbackServer(script=sent_on) as server:
                    provider = self.connect(server)
                    errors = [await failure(provider) for _ in statuses]
                    await provider.aclose()
                assert other.counts.connections == 0
                assert all(location["location"] in error.cause for error in errors)
                return errors

        for error in run(once(), _SECONDS):
            assert type(error) is RequestRejected
            assert "base_url" in error.remedy

    def test_a_server_that_trickles_is_left_when_the_call_has_taken_long_enough(self) -> None:
        """There is always a byte before `timeout`, so it is the core that ends it."""

        async def once() -> str | None:
            async with LoopbackServer(Answer(text="x" * 99, drip=1.0)) as server:
                provider = self.connect(server, timeout=5)
                calls = CallSettings(timeout=0.5, attempts=1)
                ((sample,),) = await make_context(provider, calls=calls).sample([asked("hi")])
                await provider.aclose()
                return sample.error

        assert "did not answer within 0.5 s" in str(run(once(), _SECONDS))

    def test_nothing_that_a_server_says_steers_a_terminal_or_shows_the_key(self) -> None:
        refused, *_ = self.failed(
            Answer(status=400, message=f"no: {_STEERS} {KEY}"),
            Answer(status=500, code=_STEERS, message=_STEERS),
            Answer(body=f"<html>{_STEERS} {KEY}".encode("utf-8", "surrogatepass")),
            self.reply(text={"no": f"text {KEY}"}),
        )
        assert "no: " in refused.cause

    def test_a_count_that_is_none_is_estimated(self) -> None:
        answers = [
            each for no in _NO_COUNTS for each in (self.reply(read=no), self.reply(written=no))
        ]
        for reply in self.answered(*answers):
            assert reply.usage.estimated
            assert 0 < reply.usage.input_tokens < 1000
            assert 0 < reply.usage.output_tokens < 1000

    def test_whatever_a_reply_holds_can_be_kept(self) -> None:
        odd, long = self.reply(_STEERS, model=_STEERS), self.reply(model="m" * 999)
        assert odd.body is not None
        twice = Answer(body=odd.body[:-1] + b', "model": "second", "x": [NaN, -Infinity]}')
        replies = self.answered(odd, long, twice)
        for reply in replies:
            kept = Delivered(index=0, key="k", completion=reply.completions[0])
            assert Delivered.model_validate_json(kept.model_dump_json()) == kept
            assert reply.model.isprintable()
            assert len(reply.model) < 500
        assert replies[-1].model == "second"
