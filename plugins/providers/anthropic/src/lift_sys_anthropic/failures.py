"""What the SDK raises and what the server says went wrong, in the words of our tree of errors."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import httpx2

from lift_sys.errors import (
    AuthenticationFailed,
    MalformedReply,
    ProviderError,
    ProviderUnavailable,
    RequestRejected,
)
from lift_sys.model_http import document_of, error_of_status, malformed, mapping, retry_after
from lift_sys.secrecy import Blotter

if TYPE_CHECKING:
    import anthropic

SERVER_REMEDY = "check that base_url is that of a server that speaks the Messages protocol"
KEY_REMEDY = "set the environment variable ANTHROPIC_API_KEY or the option api_key to a valid key"
_MESSAGE_SHOWN = 500
_STATUS = {
    "api_error": 500,
    "authentication_error": 401,
    "billing_error": 402,
    "conflict_error": 409,
    "invalid_request_error": 400,
    "not_found_error": 404,
    "overloaded_error": 529,
    "permission_error": 403,
    "rate_limit_error": 429,
    "request_too_large": 413,
    "timeout_error": 504,
}
_NO_CREDIT = "credit balance is too low"  # said with status 400
_REMEDIES = {
    404: "check the options model and base_url: the account may not have this model",
    413: "shorten the request: fewer examples in the prompt, or a shorter task",
}
_ABOUT_THE_SCHEMA = ("output_config", "schema")


class Failures:
    """Errors of one server; secrets are blotted out of whatever the server says."""

    def __init__(self, where: str, clean: Blotter) -> None:
        self._where = where
        self._clean = clean

    def of(self, error: "anthropic.AnthropicError") -> ProviderError:
        import anthropic

        if isinstance(error, anthropic.APIStatusError):
            return self._of_status(
                error.status_code, error.body, error.message, error.response.headers
            )
        if isinstance(error, anthropic.APITimeoutError):
            return ProviderUnavailable(
                f"{self._where} sent nothing for too long",
                remedy="look at the server, or raise the option timeout",
                lost=_was_sent(error),
            )
        if isinstance(error, anthropic.APIConnectionError):
            return ProviderUnavailable(
                self._clean(f"no connection to {self._where}: {error.__cause__ or error}"),
                remedy="see that the server runs and that base_url is right",
                lost=_was_sent(error),
            )
        return RequestRejected(
            self._clean(f"{type(error).__name__} from {self._where}: {error}"),
            remedy="check the provider's options",
        )

    def told(self, document: Mapping[str, Any], *, lost: bool = False) -> ProviderError:
        """Of an error that came in place of a message: in a stream, in a batch, with status 200."""
        kind = mapping(document.get("error")).get("type")
        error = self._of_status(_STATUS.get(str(kind), 502), document, str(document), {})
        error.lost = lost
        return error

    def document(self, content: bytes) -> Mapping[str, Any]:
        """Raises MalformedReply for what is no JSON object."""
        return document_of(content, remedy=SERVER_REMEDY, clean=self._clean)

    def garbled(self, what: str, content: bytes) -> MalformedReply:
        return malformed(what, content, remedy=SERVER_REMEDY, clean=self._clean)

    def cut(self) -> ProviderError:
        return ProviderUnavailable(
            f"{self._where} ended the stream before the message", remedy="try again", lost=True
        )

    def no_key(self, why: str) -> AuthenticationFailed:
        return AuthenticationFailed(f"{why} for {self._where}", remedy=KEY_REMEDY)

    def _of_status(
        self, status: int, body: object, message: str, headers: Mapping[str, str]
    ) -> ProviderError:
        inner = mapping(mapping(body).get("error"))
        told = self._clean(str(inner.get("message") or message))
        if len(told) > _MESSAGE_SHOWN:
            told = told[:_MESSAGE_SHOWN] + "..."
        error = error_of_status(
            status,
            told,
            where=self._where,
            key_remedy=KEY_REMEDY,
            code="billing_error" if _NO_CREDIT in told else str(inner.get("type") or ""),
            retry_after=retry_after(headers),
        )
        remedy = _REMEDIES.get(status)
        if type(error) is RequestRejected and any(word in told for word in _ABOUT_THE_SCHEMA):
            remedy = "set the option structured to none: the core checks replies all the same"
        return type(error)(error.cause, remedy=remedy) if remedy else error


def _was_sent(error: "anthropic.APIConnectionError") -> bool:
    """Whether the server may have seen the request, and so have answered it."""
    never = httpx2.ConnectError | httpx2.ConnectTimeout | httpx2.PoolTimeout
    return not isinstance(error.__cause__, never)
