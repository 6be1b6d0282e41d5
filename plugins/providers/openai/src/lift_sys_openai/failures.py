"""What the SDK raises, in the words of our tree of errors."""

from collections.abc import Mapping
from typing import Any

import httpx2
import openai

from lift_sys.errors import (
    AuthenticationFailed,
    ProviderError,
    ProviderUnavailable,
    RequestRejected,
)
from lift_sys.model_http import error_of_status, mapping, retry_after
from lift_sys.secrecy import Blotter

KEY_REMEDY = "set the environment variable OPENAI_API_KEY or the option api_key to a valid key"
_MESSAGE_SHOWN = 500


def _was_sent(error: openai.APIConnectionError) -> bool:
    """Whether the server may have seen the request, and so have answered it."""
    never = httpx2.ConnectError | httpx2.ConnectTimeout | httpx2.PoolTimeout
    return not isinstance(error.__cause__, never)


class Failures:
    """Errors of one server; secrets are blotted out of whatever the server says."""

    def __init__(self, where: str, clean: Blotter) -> None:
        self._where = where
        self._clean = clean

    def of(self, error: openai.OpenAIError) -> ProviderError:
        if isinstance(error, openai.APIStatusError):
            return self._of_status(
                error.status_code, error.body, error.message, error.response.headers
            )
        if isinstance(error, openai.APITimeoutError):
            return ProviderUnavailable(
                f"{self._where} sent nothing for too long",
                remedy="look at the server, or raise the option timeout",
                lost=_was_sent(error),
            )
        if isinstance(error, openai.APIConnectionError):
            return ProviderUnavailable(
                self._clean(f"no connection to {self._where}: {error.__cause__ or error}"),
                remedy="see that the server runs and that base_url is right",
                lost=_was_sent(error),
            )
        return RequestRejected(
            self._clean(f"{type(error).__name__} from {self._where}: {error}"),
            remedy="check the provider's options",
        )

    def in_document(self, document: Mapping[str, Any]) -> ProviderError | None:
        """Some servers say 200 and put the error into the body."""
        body = document.get("error")
        if not body or "choices" in document:
            return None
        inner = mapping(body)
        code = inner.get("code")
        status = code if isinstance(code, int) and 400 <= code <= 599 else 502
        return self._of_status(status, body, str(body), {})

    def no_key(self, why: str) -> AuthenticationFailed:
        return AuthenticationFailed(f"{why} for {self._where}", remedy=KEY_REMEDY)

    def _of_status(
        self, status: int, body: object, message: str, headers: Mapping[str, str]
    ) -> ProviderError:
        inner = mapping(body)
        told = self._clean(str(inner.get("message") or message))
        if len(told) > _MESSAGE_SHOWN:
            told = told[:_MESSAGE_SHOWN] + "..."
        return error_of_status(
            status,
            told,
            where=self._where,
            key_remedy=KEY_REMEDY,
            code=str(inner.get("code") or inner.get("type") or ""),
            retry_after=retry_after(headers),
        )
