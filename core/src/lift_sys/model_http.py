"""What providers that speak HTTP share: addresses, JSON documents, and what a status means in our
errors."""

import json
import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Annotated, Any, cast
from urllib.parse import urlsplit

from pydantic import AfterValidator

from .errors import (
    AuthenticationFailed,
    MalformedReply,
    OutOfCredit,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
    RequestRejected,
)

_OUT_OF_CREDIT = frozenset({"insufficient_quota", "billing_error", "billing_hard_limit_reached"})
_LATER = frozenset({408, 409, 425})
_SHOWN = 200
_CLEANED = 10_000


def _http_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be an http:// or https:// address, such as https://api.example.com")
    if parts.username or parts.password:
        raise ValueError("must not hold a password: give the key as api_key")
    return url


HttpUrl = Annotated[str, AfterValidator(_http_url)]
"""What an option that holds a server's address is declared as."""


def document_of(
    content: bytes, *, remedy: str, clean: Callable[[str], str] = str
) -> Mapping[str, Any]:
    """Raises MalformedReply for what is no JSON object; `remedy` says what may be set wrongly, and
    `clean` takes secrets out of what is shown."""
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        raise malformed("what is not JSON", content, remedy=remedy, clean=clean) from None
    if not isinstance(document, dict):
        raise malformed("JSON that is no object", content, remedy=remedy, clean=clean)
    return cast("Mapping[str, Any]", document)


def mapping(value: object) -> Mapping[str, Any]:
    """Nothing for what is none, as servers send null for what they have not."""
    return cast("Mapping[str, Any]", value) if isinstance(value, dict) else {}


def malformed(
    what: str, content: bytes, *, remedy: str, clean: Callable[[str], str] = str
) -> MalformedReply:
    # Cleaned first: what is cut in the middle of a secret would not be known for one.
    shown = clean(content[:_CLEANED].decode("utf-8", "replace"))
    more = "..." if len(shown) > _SHOWN else ""
    return MalformedReply(f"the server sent {what}: {shown[:_SHOWN]!r}{more}", remedy=remedy)


def error_of_status(
    status: int,
    message: str,
    *,
    where: str,
    key_remedy: str,
    code: str | None = None,
    retry_after: float | None = None,
) -> ProviderError:
    """`where` names the server, `key_remedy` how to set its key, `code` is the vendor's own."""
    cause = f"{where} answered {status}: {message}"
    if status in (401, 403):
        return AuthenticationFailed(cause, remedy=key_remedy)
    if status == 402 or code in _OUT_OF_CREDIT:
        return OutOfCredit(cause, remedy="the account has no credit left: add some")
    if status == 404:
        return RequestRejected(cause, remedy="check the options model and base_url")
    if status == 429:
        return RateLimited(cause, remedy="wait, or lower in_flight", retry_after=retry_after)
    if status >= 500 or status in _LATER:
        return ProviderUnavailable(cause, remedy="try again later", retry_after=retry_after)
    return RequestRejected(cause, remedy="the server says what is wrong with the request")


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds the server asks to wait; `headers` have case-insensitive or lower-case names."""
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    text = headers.get("retry-after")
    seconds = _number(text)
    if seconds is not None or text is None:
        return seconds
    try:
        when = parsedate_to_datetime(text)
    except ValueError:
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return max(0.0, (when - datetime.now(UTC)).total_seconds())


def _number(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0 else None
