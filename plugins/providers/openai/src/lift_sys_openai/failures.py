"""What the SDK raises, in the words of our tree of errors."""

from collections.abc import Mapping
from typing import Any

import openai

from lift_sys.errors import MalformedReply, ProviderError, RequestRejected
from lift_sys.model_http import document_of, malformed, mapping
from lift_sys.server_failures import ServerFailures

SERVER_REMEDY = "check that base_url is that of an OpenAI-compatible server"

_ONLY_ONE = "n must be 1"
"""As vLLM says where several of the likeliest reply are asked for."""


class Failures(ServerFailures):
    key_remedy = "set the environment variable OPENAI_API_KEY or the option api_key to a valid key"

    def of(self, error: openai.OpenAIError) -> ProviderError:
        if isinstance(error, openai.APIStatusError):
            told = self.of_status(
                error.status_code, error.body, error.message, error.response.headers
            )
            return _without_n(told) if _ONLY_ONE in told.cause else told
        if isinstance(error, openai.APITimeoutError):
            return self.silent(error)
        if isinstance(error, openai.APIConnectionError):
            return self.unconnected(error)
        return self.refused_by_sdk(error)

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


def _without_n(told: ProviderError) -> ProviderError:
    return RequestRejected(
        told.cause, remedy="give a temperature above 0, or the option `n: 1` of this provider"
    )
