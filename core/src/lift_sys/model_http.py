"""What a model server's HTTP status means in our errors: once for all providers that speak HTTP."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from .errors import (
    AuthenticationFailed,
    OutOfCredit,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
    RequestRejected,
)

_OUT_OF_CREDIT = frozenset({"insufficient_quota", "billing_error", "billing_hard_limit_reached"})
_LATER = frozenset({408, 409, 425})


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
