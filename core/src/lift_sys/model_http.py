"""What providers that speak HTTP share: addresses, what is read of a server that nobody trusts,
JSON documents, and what a status means in our errors."""

import json
import math
import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from typing import Annotated, Any, cast
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator

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
_FIELD = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_NAME_SHOWN = 200
_MOST_TOKENS = 10**9
_MOST_BYTES = 32 * 2**20
"""Of a body; the longest replies with their log-probabilities take a tenth of it."""
PLAIN = {"accept-encoding": "identity"}
"""Sent along, so that nothing small can become large when it is unpacked."""


def _http_url(url: str) -> str:
    try:
        parts = urlsplit(url)
        right = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # of the port, or of brackets
        raise ValueError("its host or port is none") from None
    if not right or not url.isprintable() or " " in url:
        raise ValueError("must be an http:// or https:// address, such as https://api.example.com")
    if parts.username or parts.password:
        raise ValueError("must not hold a password: give the key as api_key")
    if parts.query or parts.fragment:
        raise ValueError("must end before `?` and `#`: fields go into extra_body or headers")
    return url


HttpUrl = Annotated[str, AfterValidator(_http_url)]
"""What an option that holds a server's address is declared as."""


def _field_names(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    wrong = [name for name in fields if not _FIELD.fullmatch(name)]
    if wrong:
        raise ValueError(f"no name of an HTTP header: {wrong[0]!r}")
    return fields


HeaderNames = AfterValidator(_field_names)
"""Beside the type of an option that holds headers."""


def _json(body: dict[str, Any]) -> dict[str, Any]:
    try:
        json.dumps(body, allow_nan=False)
    except (TypeError, ValueError):
        raise ValueError("holds what JSON has no form for: quote dates, leave out .nan") from None
    return body


JsonFields = Annotated[dict[str, Any], AfterValidator(_json)]
"""What an option that adds to a request's body is declared as."""


def _whether(value: object) -> object:
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise ValueError(
            "say true or false, whether the model takes one; how hot draws are stands in the "
            "pipeline's own `sampling: {temperature: ...}`"
        )
    return value


TakesTemperature = Annotated[bool, BeforeValidator(_whether)]
"""What an option is declared as that says whether a model takes a temperature."""


def is_here(url: str) -> bool:
    """Whether the address is of this machine, which no proxy reaches."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


async def received(
    send: Callable[..., Awaitable[Any]],
    request: Any,
    how: Mapping[str, Any],
    most: int = _MOST_BYTES,
) -> Any:
    """For the `send` of an AsyncClient of httpx or httpx2: as that, but bounded (`content_of`)."""
    response = await send(request, **{**how, "stream": True})
    content = await content_of(response, most)
    return type(response)(
        response.status_code,
        headers=response.headers,
        content=content,
        request=request,
        extensions=response.extensions,
    )


async def content_of(response: Any, most: int = _MOST_BYTES) -> bytes:
    """Of a streamed response of httpx or httpx2, which it closes. Raises MalformedReply."""
    content = Bounded(most)
    try:
        refuse_packed(response.headers)
        async for part in response.aiter_raw():
            content.add(part)
    finally:
        await response.aclose()
    return content.whole


def refuse_packed(headers: Mapping[str, str]) -> None:
    """Raises MalformedReply; the names are in small letters, or their case makes no difference."""
    encoding = headers.get("content-encoding", "identity")
    if encoding != "identity":
        raise MalformedReply(
            f"the server packed its answer ({encoding[:20]!r}), which nobody asked for",
            remedy="have the server, or the proxy before it, send answers as they are",
        )


class Bounded:
    """What a server sends, and no more of it than that."""

    def __init__(self, most: int = _MOST_BYTES) -> None:
        self._most = self._left = most
        self._parts: list[bytes] = []

    def add(self, part: bytes) -> None:
        """Raises MalformedReply for an answer without an end."""
        self._left -= len(part)
        if self._left < 0:
            raise MalformedReply(
                f"the server sent more than {self._most:,} bytes in one answer",
                remedy="lower n or max_tokens, or look at the server",
            )
        self._parts.append(part)

    @property
    def whole(self) -> bytes:
        return b"".join(self._parts)


def encoded(text: str) -> bytes:
    """Raises RequestRejected for half a character, before it is sent and paid for."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise RequestRejected(
            "the request holds half of a surrogate pair, which is no character",
            remedy="clean the text of the request",
        ) from None


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


def token_count(value: object) -> int | None:
    """None for what no count of tokens can be."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST_TOKENS:
        return value
    return None


def name_of(value: object, otherwise: str) -> str:
    """Of the model that a server says it is, where that is a name."""
    named = isinstance(value, str) and value.isprintable() and 0 < len(value) <= _NAME_SHOWN
    return cast("str", value) if named else otherwise


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
    if 300 <= status < 400:
        return RequestRejected(
            cause,
            remedy="give the address that it sends on to as base_url, if the key may go there",
        )
    if status in (401, 403):
        return AuthenticationFailed(cause, remedy=key_remedy)
    if status == 402 or code in _OUT_OF_CREDIT:
        return OutOfCredit(cause, remedy="the account has no credit left: add some")
    if status == 404:
        return RequestRejected(
            cause,
            remedy="check the options model and base_url, which most servers want up to /v1",
        )
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
