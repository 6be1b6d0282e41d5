"""Tries what the passes propose, and keeps only what the check says is better."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from ...interfaces import Basis, Code, Verdict
from ..source import Unparsable, edited, parse_module, same_tree
from ._calls import CALL_PASSES
from ._loops import LOOP_PASSES
from ._returns import RETURN_PASSES
from ._syntax import mended
from ._values import VALUE_PASSES
from ._view import Pass, View

PASSES: Final[tuple[Pass, ...]] = (*RETURN_PASSES, *VALUE_PASSES, *CALL_PASSES, *LOOP_PASSES)
NOT_MENDED: Final = frozenset({"infrastructure", "hard_coded", "forbidden"})
"""The sandbox's own faults, and those that a change could only hide."""
MAX_CHARS: Final = 8_000
"""Every change of the text is parsed in this process: long text is left to the model."""
MAX_TRIES: Final = 40
MAX_PER_PASS: Final = 16
MAX_TIMEOUTS: Final = 3
"""Each costs seconds: a search that keeps running into them is given up."""
MAX_CHANGES: Final = 2
"""How many changes one after another, beyond those that make the text parse."""

Check = Callable[[Code], Awaitable[Verdict]]


@dataclass(frozen=True, slots=True)
class Repaired:
    code: Code
    passes: tuple[str, ...]
    """By name, in the order in which they were applied."""
    verdict: Verdict
    tries: int


@dataclass(frozen=True, slots=True)
class Proposal:
    text: str
    by: str
    guess: bool
    size: int


def proposals(text: str) -> list[Proposal]:
    """Every single change of a module: what mends a fault before what guesses, the smallest first.

    Raises Unparsable.
    """
    view = View.of(text)
    found: dict[str, Proposal] = {}
    for each in PASSES:
        for edits in islice(each.propose(view), MAX_PER_PASS):
            changed = edited(text, edits)
            if changed not in found and _is_other_code(changed, view):
                size = sum(edit.size for edit in edits)
                found[changed] = Proposal(changed, each.name, each.guess, size)
    return sorted(found.values(), key=lambda it: (it.guess, it.size))


def _is_other_code(text: str, view: View) -> bool:
    try:
        return not same_tree(parse_module(text), view.source.tree)
    except Unparsable:
        return False


async def repair(code: Code, check: Check, *, tries: int = MAX_TRIES) -> Repaired | None:
    """The code mended, where that does better by the same check; None: leave it as it is.

    Code that does not fail is never changed.
    """
    if len(code.source) > MAX_CHARS:
        return None
    verdict = await check(code)
    if verdict.status != "fail" or verdict.category in NOT_MENDED:
        return None
    search = _Search(check, tries, Repaired(code, (), verdict, 0))
    if not _parses(code.source):
        await search.mend_text()
    for _ in range(MAX_CHANGES):
        if search.best.verdict.passed or not await search.improve():
            break
    return search.best if search.best.passes else None


class _Search:
    def __init__(self, check: Check, tries: int, best: Repaired) -> None:
        self._check = check
        self._left = tries
        self._tries = tries
        self._timeouts = 0
        self.best = best

    async def mend_text(self) -> None:
        for it in mended(self.best.code.source):
            await self._try(it.text, it.passes, certain=it.certain)
            if self.best.passes or self._is_over():
                return

    async def improve(self) -> bool:
        """One more change; False: none helps."""
        start = self.best
        for proposal in self._proposals():
            if self._is_over() or self.best.verdict.passed:
                break
            await self._try(proposal.text, (*start.passes, proposal.by), certain=False)
        return self.best is not start

    def _proposals(self) -> Iterator[Proposal]:
        if _parses(self.best.code.source):
            yield from proposals(self.best.code.source)

    def _is_over(self) -> bool:
        return self._left <= 0 or self._timeouts >= MAX_TIMEOUTS

    async def _try(self, text: str, passes: tuple[str, ...], *, certain: bool) -> None:
        self._left -= 1
        code = self.best.code.model_copy(update={"source": text})
        verdict = await self._check(code)
        if verdict.category == "timeout":
            self._timeouts += 1
        if is_better(verdict, self.best.verdict, certain=certain):
            self.best = Repaired(code, passes, verdict, self._tries - self._left)


def is_better(new: Verdict, old: Verdict, *, certain: bool = False) -> bool:
    """Whether the one passes all that the other passed, and more.

    `certain`: the old text did not parse and nothing of it was lost.
    """
    if new.passed:
        return not old.passed
    if new.category in ("infrastructure", "invalid") or old.status != "fail":
        return False
    if old.category == "invalid":
        return certain
    if new.status != "fail" or _rests_on_less(new.basis, old.basis):
        return False
    failing = {failure.input for failure in new.failures}
    before = {failure.input for failure in old.failures}
    return None not in failing | before and failing < before


def _rests_on_less(new: Basis, old: Basis) -> bool:
    return (
        new.examples < old.examples or new.assertions < old.assertions or new.effects < old.effects
    )


def _parses(text: str) -> bool:
    try:
        parse_module(text)
    except Unparsable:
        return False
    return True
