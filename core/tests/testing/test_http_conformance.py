"""The suite for providers that speak HTTP catches one that trusts its server."""

import json

import pytest

from lift_sys.errors import ProviderUnavailable
from lift_sys.interfaces import Capabilities, Completion, Health, Reply, Usage
from lift_sys.testing.asking import KEY
from lift_sys.testing.conformance import HttpProviderConformance

httpx2 = pytest.importorskip("httpx2")


class Trusting:
    """Takes whatever comes, and says whatever it was told."""

    def __init__(self, url):
        headers = {"authorization": f"Bearer {KEY}"}
        self._client = httpx2.AsyncClient(headers=headers, follow_redirects=True, timeout=3)
        self._url = url

    def capabilities(self):
        return Capabilities(model="m")

    async def complete(self, requests):
        return [await self._one() for _ in requests]

    async def _one(self):
        try:
            answer = await self._client.post(f"{self._url}/chat/completions", json={})
            if answer.status_code != 200:
                return ProviderUnavailable(f"{answer.status_code}: {answer.text}")
            said = json.loads(answer.content)
            usage = Usage.model_construct(input_tokens=said["read"], output_tokens=said["written"])
            return Reply.model_construct(
                completions=(Completion.model_construct(text=said["text"]),),
                usage=usage,
                model=said["model"],
            )
        except Exception as error:
            return ProviderUnavailable(f"{error} of {self._client.headers}")

    async def health(self):
        return Health(ok=True)

    async def aclose(self):
        await self._client.aclose()


class Planted(HttpProviderConformance):
    def connect(self, server, **options):
        return Trusting(server.url)

    def document(self, text, *, model, read, written):
        return {"text": text, "model": model, "read": read, "written": written}


BEARS = (
    "test_a_long_reply_is_read",
    "test_a_head_without_an_end_is_left",
    "test_a_slow_body_is_read_to_its_end",
    "test_it_asks_again_after_it_was_closed",
    "test_cancelling_ends_the_request",
    "test_a_server_that_trickles_is_left_when_the_call_has_taken_long_enough",
)
"""By its HTTP client and the core."""
NEVER_ENDS = ("test_a_body_without_an_end_is_left",)


@pytest.mark.parametrize(
    "name",
    [name for name in dir(Planted) if name.startswith("test_") and name not in BEARS + NEVER_ENDS],
)
def test_a_provider_that_trusts_its_server_is_caught(name):
    with pytest.raises((AssertionError, AttributeError, TypeError, ValueError)):
        getattr(Planted(), name)()
