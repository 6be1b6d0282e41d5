"""What went wrong with a model's server that an SDK speaks to over HTTP, in our errors."""

from collections.abc import Mapping
from typing import ClassVar
from urllib.request import getproxies

from .errors import AuthenticationFailed, ProviderError, ProviderUnavailable, RequestRejected
from .model_http import error_of_status, is_here, mapping, retry_after
from .secrecy import Blotter

_MESSAGE_SHOWN = 500
_MESSAGE_CLEANED = 10_000
_NEVER_SENT = frozenset({"ConnectError", "ConnectTimeout", "PoolTimeout"})
"""By their names in httpx and httpx2, as the core imports no HTTP client."""


class ServerFailures:
    """Of one server, `where`; `clean` takes secrets out of whatever it says."""

    key_remedy: ClassVar[str]

    def __init__(self, where: str, clean: Blotter) -> None:
        self._where = where
        self._clean = clean
        self.blot = clean.blot

    def no_key(self, why: str) -> AuthenticationFailed:
        return AuthenticationFailed(f"{why} for {self._where}", remedy=self.key_remedy)

    def silent(self, error: Exception, *, sent: bool | None = None) -> ProviderError:
        """`sent`: whether the request was; None: to be told from the error."""
        return ProviderUnavailable(
            f"{self._where} sent nothing for too long",
            remedy="look at the server, or raise the option timeout",
            lost=_was_sent(error) if sent is None else sent,
        )

    def unconnected(self, error: Exception, *, sent: bool | None = None) -> ProviderError:
        """As `silent`."""
        if isinstance(error.__cause__, ProviderError):
            return error.__cause__  # what we would not read, as the SDK wraps it
        return ProviderUnavailable(
            self._clean(f"no connection to {self._where}: {error.__cause__ or error}"),
            remedy=f"see that the server runs and that base_url is right{self._by_way_of}",
            lost=_was_sent(error) if sent is None else sent,
        )

    def no_client(self, error: Exception) -> ProviderError:
        return RequestRejected(
            self._clean(f"no HTTP client can be made for {self._where}: {error}"),
            remedy="`pip install socksio`, or take the proxy out of ALL_PROXY"
            if "socksio" in str(error)
            else "look at the variables HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and SSL_CERT_FILE",
        )

    def refused_by_sdk(self, error: Exception) -> ProviderError:
        return RequestRejected(
            self._clean(f"{type(error).__name__} from {self._where}: {error}"),
            remedy="check the provider's options",
        )

    def of_status(
        self, status: int, body: object, message: str, headers: Mapping[str, str]
    ) -> ProviderError:
        """`body` is the server's own account of the error, `message` is for want of one in it."""
        told = mapping(body)
        if 300 <= status < 400:
            message = f"it sends on to {headers.get('location', 'nowhere')}"
        text = self._clean(str(told.get("message") or message)[:_MESSAGE_CLEANED])
        if len(text) > _MESSAGE_SHOWN:
            text = text[:_MESSAGE_SHOWN] + "..."
        return error_of_status(
            status,
            text,
            where=self._where,
            key_remedy=self.key_remedy,
            code=self.code_of(told, text),
            retry_after=retry_after(headers),
        )

    @property
    def _by_way_of(self) -> str:
        if is_here(f"http://{self._where}"):
            return ""
        proxies = sorted(name for name in ("http", "https", "all") if name in getproxies())
        named = " or ".join(f"{name.upper()}_PROXY" for name in proxies)
        return f", and so is the proxy that {named} names" if named else ""

    def code_of(self, told: Mapping[str, object], text: str) -> str:
        """The vendor's name of the error."""
        return str(told.get("code") or told.get("type") or "")


def _was_sent(error: Exception) -> bool:
    """Whether the server may have seen the request, and so have answered it."""
    return type(error.__cause__).__name__ not in _NEVER_SENT
