"""The completion cache: what was paid for once, in this run or another, is not paid for again."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from ..interfaces import Call, Completion


class CachedSample(Protocol):
    @property
    def completion(self) -> Completion: ...

    @property
    def call(self) -> Call:
        """The sample's share of the call that delivered it."""
        ...


class CompletionCache(Protocol):
    """By the identity of a sample."""

    def get(self, keys: Sequence[str]) -> Mapping[str, CachedSample]:
        """Those that are known."""
        ...

    def put(self, samples: Mapping[str, tuple[Completion, Call]]) -> None: ...


class ReadOnly:
    """Takes from a cache and puts nothing in."""

    def __init__(self, cache: CompletionCache) -> None:
        self._cache = cache

    def get(self, keys: Sequence[str]) -> Mapping[str, CachedSample]:
        return self._cache.get(keys)

    def put(self, samples: Mapping[str, tuple[Completion, Call]]) -> None:
        pass


class WithoutSecrets:
    """Keeps no completion in which a secret stands: others must not read it there."""

    def __init__(self, cache: CompletionCache, redact: Callable[[str], str]) -> None:
        self._cache = cache
        self._redact = redact

    def get(self, keys: Sequence[str]) -> Mapping[str, CachedSample]:
        return self._cache.get(keys)

    def put(self, samples: Mapping[str, tuple[Completion, Call]]) -> None:
        self._cache.put({key: kept for key, kept in samples.items() if self._harmless(kept[0])})

    def _harmless(self, completion: Completion) -> bool:
        texts = (completion.text, completion.reasoning or "")
        return all(self._redact(text) == text for text in texts)
