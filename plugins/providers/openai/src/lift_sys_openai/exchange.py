"""One request and its answer, whichever way it takes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from lift_sys.model_http import PLAIN

FIXED = {
    **PLAIN,
    "accept": "application/json",
    "content-type": "application/json",
    "user-agent": "lift-sys",
}


@dataclass(frozen=True, slots=True)
class Server:
    """Where calls go, with what, and how long it may be silent."""

    base_url: str
    headers: Mapping[str, str]
    """Their names in small letters."""
    connect_seconds: float
    silent_seconds: float

    @property
    def secure(self) -> bool:
        return self.base_url.startswith("https:")


class Answer(NamedTuple):
    status: int
    headers: Mapping[str, str]
    """Their names in small letters."""
    content: bytes

    @property
    def fine(self) -> bool:
        return 200 <= self.status < 300


class Way(Protocol):
    async def ask(self, method: str, path: str, body: bytes | None = None) -> Answer:
        """The answer, whatever its status. Raises ProviderError where none came."""
        ...

    async def aclose(self) -> None: ...
