"""Which mutants are wrong at all: some do the same as the code they were made from."""

from collections.abc import Sequence
from dataclasses import dataclass

from ...interfaces import Code, Sandbox
from ..compare import close, same
from ..execution import Call, Seen, observe


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What the code that mutants are made from does. Calls that it fails itself say nothing,
    unless they are `asked` for."""

    calls: tuple[Call, ...]
    seen: tuple[Seen, ...]

    @classmethod
    async def of(
        cls, reference: Code, calls: Sequence[Call], sandbox: Sandbox, *, asked: Sequence[Call] = ()
    ) -> "Behaviour":
        """`asked` are calls whose exceptions matter too."""
        observed = await observe(reference, [*asked, *calls], sandbox)
        kept = [
            (call, seen)
            for place, (call, seen) in enumerate(zip(observed.calls, observed.seen, strict=True))
            if seen.outcome == "returned" or (place < len(asked) and seen.outcome == "raised")
        ]
        return cls(tuple(call for call, _ in kept), tuple(seen for _, seen in kept))

    async def told_apart(self, mutant: Code, sandbox: Sandbox) -> Call | None:
        """The first call on which the mutant does something else; None: it does the same on all,
        and counts as equivalent."""
        observed = await observe(mutant, self.calls, sandbox)
        if observed.loaded is not None:
            return self.calls[0]
        for call, one, other in zip(self.calls, self.seen, observed.seen, strict=True):
            if not _alike(one, other):
                return call
        return None


def _alike(one: Seen, other: Seen) -> bool:
    if one.outcome != other.outcome or one.exception != other.exception:
        return False
    if one.outcome == "returned" and not close(one.result, other.result):
        return False
    return same(one.after, other.after)
