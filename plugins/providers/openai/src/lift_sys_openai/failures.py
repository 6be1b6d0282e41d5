"""What the server says went wrong, in the words of our tree of errors."""

import json
from collections.abc import Mapping
from typing import Any

from lift_sys.errors import MalformedReply, ProviderError, RequestRejected
from lift_sys.model_http import document_of, malformed, mapping
from lift_sys.server_failures import ServerFailures

SERVER_REMEDY = "check that base_url is that of an OpenAI-compatible server"

_ONLY_ONE = "n must be 1"
"""As vLLM says where several of the likeliest reply are asked for."""


class Failures(ServerFailures):
    key_remedy = "set the environment variable OPENAI_API_KEY or the option api_key to a valid key"

    def refused(self, status: int, headers: Mapping[str, str], content: bytes) -> ProviderError:
        """Of an answer whose status is none of success."""
        told = self.of_status(status, _account(content), content.decode(errors="replace"), headers)
        return _without_n(told) if _ONLY_ONE in told.cause else told

    def document(self, content: bytes) -> Mapping[str, Any]:
        """Raises MalformedReply for what is no JSON object."""
        return document_of(content, remedy=SERVER_REMEDY, clean=self._clean)

    def garbled(self, what: str, content: bytes) -> MalformedReply:
        return malformed(what, content, remedy=SERVER_REMEDY, clean=self._clean)

    def in_document(self, document: Mapping[str, Any]) -> ProviderError | None:
        """Some servers say 200 and put the error into the body."""
        body = document.get("error")
        if not body or "choices" in document:
            return None
        code = mapping(body).get("code")
        status = code if isinstance(code, int) and 400 <= code <= 599 else 502
        return self.of_status(status, body, str(body), {})


def _account(content: bytes) -> object:
    """The server's own, which some wrap into an `error` and others do not."""
    try:
        document = mapping(json.loads(content))
    except (ValueError, RecursionError):
        return None
    return document.get("error", document)


def _without_n(told: ProviderError) -> ProviderError:
    return RequestRejected(
        told.cause, remedy="give a temperature above 0, or the option `n: 1` of this provider"
    )
