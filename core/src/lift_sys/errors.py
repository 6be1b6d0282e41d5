"""Every error lift-sys raises on purpose, as one tree.

    LiftError
    ├── ConfigError            a pipeline file is wrong (all its mistakes at once)
    ├── InputError             a request, task or file a person gave cannot be used
    ├── PluginError
    │   ├── UnknownComponent   no installed distribution offers this name
    │   ├── AmbiguousComponent two distributions offer one name
    │   ├── DeniedPlugin       excluded by an allow or deny list
    │   ├── IncompatiblePlugin wants another core than this one
    │   └── BrokenPlugin       raised, exited or hung on import, or broke its contract
    ├── ProviderError
    │   ├── AuthenticationFailed (fatal)
    │   ├── OutOfCredit        the account cannot pay (fatal)
    │   ├── RequestRejected    the provider refuses this request, now and always
    │   ├── UnknownRequest     nothing recorded for it (fatal)
    │   ├── UnusableModel      its files are missing or damaged (fatal)
    │   ├── RateLimited        (retryable)
    │   ├── ProviderUnavailable(retryable)
    │   └── MalformedReply     (retryable)
    ├── BudgetExhausted
    ├── SandboxError
    │   ├── SandboxRefused     no guard to be had, and nobody said --allow-unsandboxed
    │   └── SandboxFailed      the sandbox itself broke (retryable)
    ├── EngineError            where batches run cannot be had, or loses them (retryable)
    └── RecordError            what a run leaves behind cannot be written or read

Each carries a cause and a remedy, both one sentence without a final full stop.
"""

from collections.abc import Sequence
from typing import Any, ClassVar, NamedTuple


class LiftError(Exception):
    """An expected failure. `retryable` says whether the same call may succeed later."""

    exit_code: ClassVar[int] = 1
    retryable: ClassVar[bool] = False

    def __init__(self, cause: str, *, remedy: str = "") -> None:
        super().__init__(cause, remedy)
        self.cause = cause
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.cause}: {self.remedy}" if self.remedy else self.cause

    def __reduce__(self) -> tuple[Any, ...]:
        """To another process it goes as it is, whatever it was made from."""
        return _again, (type(self), self.args), self.__dict__


def _again(kind: type[LiftError], args: tuple[str, ...]) -> LiftError:
    return kind.__new__(kind, *args)


class Mistake(NamedTuple):
    """One thing wrong in a pipeline file, where it stands and what would be right."""

    file: str
    line: int | None
    path: str
    cause: str
    remedy: str = ""

    def __str__(self) -> str:
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        at = f" {self.path}:" if self.path else ""
        return f"{where}:{at} {self.cause}" + (f" ({self.remedy})" if self.remedy else "")


class ConfigError(LiftError):
    exit_code = 2

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


class InputError(LiftError):
    exit_code = 2


class PluginError(LiftError):
    exit_code = 3


class UnknownComponent(PluginError):
    pass


class AmbiguousComponent(PluginError):
    pass


class DeniedPlugin(PluginError):
    pass


class IncompatiblePlugin(PluginError):
    pass


class BrokenPlugin(PluginError):
    pass


class ProviderError(LiftError):
    """A call to a model failed; `retry_after` is the provider's own wish, in seconds."""

    exit_code = 4
    fatal: ClassVar[bool] = False
    """Whether every other call would fail too: then the run ends instead of one draw."""

    def __init__(
        self,
        cause: str,
        *,
        remedy: str = "",
        retry_after: float | None = None,
        lost: bool = False,
    ) -> None:
        super().__init__(cause, remedy=remedy)
        self.retry_after = retry_after
        self.lost = lost
        """Whether the model may have answered all the same: then the call is billed, and what
        it cost nobody knows."""


class AuthenticationFailed(ProviderError):
    fatal = True


class OutOfCredit(ProviderError):
    fatal = True


class RequestRejected(ProviderError):
    pass


class UnknownRequest(ProviderError):
    fatal = True


class UnusableModel(ProviderError):
    fatal = True


class RateLimited(ProviderError):
    retryable = True


class ProviderUnavailable(ProviderError):
    retryable = True


class MalformedReply(ProviderError):
    retryable = True

    def __init__(
        self,
        cause: str,
        *,
        remedy: str = "",
        retry_after: float | None = None,
        lost: bool = True,
    ) -> None:
        super().__init__(cause, remedy=remedy, retry_after=retry_after, lost=lost)


class BudgetExhausted(LiftError):
    exit_code = 5


class SandboxError(LiftError):
    exit_code = 6


class SandboxRefused(SandboxError):
    pass


class SandboxFailed(SandboxError):
    retryable = True


class EngineError(LiftError):
    exit_code = 6
    retryable = True


class RecordError(LiftError):
    exit_code = 7
