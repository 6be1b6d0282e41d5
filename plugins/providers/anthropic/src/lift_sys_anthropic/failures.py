"""What the SDK raises and what the server says went wrong, in the words of our tree of errors."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lift_sys.errors import MalformedReply, ProviderError, ProviderUnavailable, RequestRejected
from lift_sys.model_http import document_of, malformed, mapping
from lift_sys.server_failures import ServerFailures

if TYPE_CHECKING:
    import anthropic

SERVER_REMEDY = "check that base_url is that of a server that speaks the Messages protocol"
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


class Failures(ServerFailures):
    key_remedy = (
        "set the environment variable ANTHROPIC_API_KEY or the option api_key to a valid key"
    )

    def of(self, error: "anthropic.AnthropicError") -> ProviderError:
        import anthropic

        if isinstance(error, anthropic.APIStatusError):
            return self._of_answer(
                error.status_code, error.body, error.message, error.response.headers
            )
        if isinstance(error, anthropic.APITimeoutError):
            return self.silent(error)
        if isinstance(error, anthropic.APIConnectionError):
            return self.unconnected(error)
        return self.refused_by_sdk(error)

    def told(self, document: Mapping[str, Any], *, lost: bool = False) -> ProviderError:
        """Of an error that came in place of a message: in a stream, in a batch, with status 200."""
        kind = mapping(document.get("error")).get("type")
        error = self._of_answer(_STATUS.get(str(kind), 502), document, str(document), {})
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

    def code_of(self, told: Mapping[str, object], text: str) -> str:
        return "billing_error" if _NO_CREDIT in text else str(told.get("type") or "")

    def _of_answer(
        self, status: int, body: object, message: str, headers: Mapping[str, str]
    ) -> ProviderError:
        error = self.of_status(status, mapping(body).get("error"), message, headers)
        remedy = _REMEDIES.get(status)
        if type(error) is RequestRejected and any(
            word in error.cause for word in _ABOUT_THE_SCHEMA
        ):
            remedy = "set the option structured to none: the core checks replies all the same"
        return type(error)(error.cause, remedy=remedy) if remedy else error
