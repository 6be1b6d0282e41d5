"""What strategies share that run what was drawn, and choose by what it then does."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NamedTuple, TypeVar

from ..interfaces import (
    Candidate,
    Cluster,
    Context,
    Digest,
    Outcome,
    Problem,
    Sandbox,
    Strategy,
    Subject,
)
from .drawing import Drawing
from .executable import must_run

T = TypeVar("T")


class Group(NamedTuple):
    """Forms that stand and fall together."""

    forms: Sequence[Digest]
    weight: float


Choice = tuple[Sequence[Group], str]
"""Groups, that of the winner first, and why it is so."""


class Contenders(Drawing[T]):
    """Draws that can be run, known by their forms."""

    def __init__(self, strategy: str, inner: Strategy, problem: Problem[T], ctx: Context) -> None:
        """Raises InputError where `strategy` has nothing that it could run."""
        super().__init__(inner, problem, ctx)
        self._runs = must_run(problem, strategy)

    @property
    def sandbox(self) -> Sandbox:
        return self._runs.sandbox

    def first(self, form: Digest) -> Candidate[T]:
        return self.forms[form][0]

    def subject(self, form: Digest) -> Subject:
        value: Any = self.first(form).value
        return self._runs.subject(value)

    async def outcome(
        self, n: int, want: int, choose: Callable[[Sequence[Digest]], Awaitable[Choice]]
    ) -> Outcome[T]:
        """Of n draws. The choice is made among the contenders, of which there is one at least."""
        await self.sort(n, await self.draw(n))
        forms, refuted = await self._contenders()
        groups: Sequence[Group] = ()
        why = "; ".join(filter(None, [self.cut_short, "nothing valid was drawn"]))
        if forms:
            self._ctx.offer(self.first(forms[0]))
            groups, why = await choose(forms)
        members = [self._members(group) for group in groups]
        ranked = [each for group in members for each in group]
        left = [each for each in self.valid if each not in ranked]
        against = f", {refuted} refuted by the visible checks" if refuted else ""
        return Outcome(
            winners=await self.apart([*ranked, *left], want),
            stopped=f"{why}: {self.asked} draws, {len(self.forms)} distinct{against}",
            candidates=tuple(self.candidates),
            diversity=self.diversity,
            clusters=tuple(
                Cluster(members=tuple(each.id for each in inside), weight=group.weight)
                for group, inside in zip(groups, members, strict=True)
            ),
            cut_short=bool(self.cut_short),
        )

    async def _contenders(self) -> tuple[list[Digest], int]:
        """The forms that may win, and how many draws may not: where the checks leave any, what
        they refute does not."""
        left = [form for form in self.forms if not await self.is_refuted(self.first(form))]
        left = left or list(self.forms)
        code = [form for form in left if self.subject(form).code is not None]
        return code or left, len(self.valid) - sum(len(self.forms[form]) for form in left)

    def _members(self, group: Group) -> list[Candidate[T]]:
        """In the order of drawing."""
        ids = {one.id for form in group.forms for one in self.forms[form]}
        return [each for each in self.valid if each.id in ids]
