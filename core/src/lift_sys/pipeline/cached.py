"""Samples from the completion cache: told like any other, and billed to nobody."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from ..interfaces import (
    Call,
    CallMade,
    Completion,
    Delivered,
    Event,
    Sample,
    Usage,
    spend_of_calls,
)
from .calling import Caller, call_id
from .draws import Draw


class KnownSample(Protocol):
    @property
    def completion(self) -> Completion: ...

    @property
    def seed(self) -> int | None: ...

    @property
    def call(self) -> Call:
        """The sample's share of the call that delivered it."""
        ...


class CompletionCache(Protocol):
    def get(self, keys: Sequence[str]) -> Mapping[str, KnownSample]:
        """By the samples' identities: those that any run has drawn."""
        ...


class Cached:
    """The cache as one provider's samples see it."""

    def __init__(
        self, cache: CompletionCache, caller: Caller, emit: Callable[[Event], None]
    ) -> None:
        self._cache = cache
        self._caller = caller
        self._emit = emit

    def samples(self, draw: Draw, indices: Sequence[int]) -> dict[int, Sample]:
        """Those of them that are there; already told, and noted as free."""
        keys = {index: self._caller.key(draw, index) for index in indices}
        known = self._cache.get(tuple(keys.values()))
        groups: dict[str, list[int]] = {}
        for index, key in keys.items():
            if key in known:
                groups.setdefault(known[key].call.id, []).append(index)
        samples: dict[int, Sample] = {}
        for group in groups.values():
            call = self._together(draw, group[0], [known[keys[index]].call for index in group])
            told = [
                Delivered(
                    index=index,
                    key=keys[index],
                    seed=known[keys[index]].seed,
                    completion=known[keys[index]].completion,
                )
                for index in group
            ]
            draw.budget.note_free(spend_of_calls([call]))
            self._emit(
                CallMade(
                    task=draw.task,
                    call=call,
                    request=draw.digest,
                    first=group[0],
                    samples=tuple(told),
                )
            )
            samples |= {
                each.index: Sample(each.index, each.completion, call, each.seed) for each in told
            }
        draw.tell(list(samples.values()))
        return samples

    def _together(self, draw: Draw, first: int, parts: Sequence[Call]) -> Call:
        """What delivered several samples, put together from each one's share of it."""
        whole = parts[0]
        costs = [part.cost for part in parts if part.cost is not None]
        usage = Usage(
            input_tokens=sum(part.usage.input_tokens for part in parts),
            output_tokens=sum(part.usage.output_tokens for part in parts),
            cached_tokens=sum(part.usage.cached_tokens for part in parts),
            estimated=whole.usage.estimated,
        )
        update = {
            "id": call_id(draw, self._caller.name, first, "cached"),
            "provider": self._caller.name,
            "usage": usage,
            "cost": sum(costs) if len(costs) == len(parts) else None,
            "cached": True,
        }
        return whole.model_copy(update=update)
