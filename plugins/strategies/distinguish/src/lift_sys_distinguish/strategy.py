"""Draws, and where what was drawn differs, has a model say which output is right."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from lift_sys.interfaces import Context, Digest, Outcome, Parts, Problem, ProviderHandle, Subject
from lift_sys.ir import render_text
from lift_sys.pipeline.contenders import Choice, Contenders, Group
from lift_sys.pipeline.executable import must_ask

from .contest import Contest
from .plugin import DistinguishOptions
from .views import view

T = TypeVar("T")


class Distinguish:
    def __init__(self, options: DistinguishOptions, parts: Parts) -> None:
        self._options = options
        self._inner = parts.strategy(options.inner)
        self._provider = None if options.provider is None else parts.provider(options.provider)

    async def run(self, problem: Problem[T], ctx: Context, want: int = 1) -> Outcome[T]:
        drawing = Contenders("distinguish", self._inner, problem, ctx)
        must_ask(ctx, self._provider, "distinguish")
        made = _Run(self._options, self._provider, drawing, ctx)
        return await drawing.outcome(max(self._options.n, want), want, made.choose)


@dataclass(frozen=True, slots=True)
class _Run(Generic[T]):
    options: DistinguishOptions
    provider: ProviderHandle | None
    drawing: Contenders[T]
    ctx: Context

    async def choose(self, contenders: Sequence[Digest]) -> Choice:
        groups, why = await self._contest(contenders)
        return [Group(group, self._size(group)) for group in groups], why

    async def _contest(self, contenders: Sequence[Digest]) -> tuple[list[list[Digest]], str]:
        """The clusters, the winner first, and how it came to that."""
        drawing = self.drawing
        if len(contenders) == 1:
            return [list(contenders)], drawing.cut_short or "there is nothing to tell apart"
        subjects = {form: drawing.subject(form) for form in contenders}
        views = await view(subjects, drawing.sandbox, self.options.search)
        groups = sorted(views.clusters(), key=lambda group: -self._size(group))
        if len(groups) == 1:
            how = f"on {len(views.inputs)} inputs they do the same"
            return groups, drawing.cut_short or f"there is nothing to tell apart, {how}"
        if drawing.cut_short:
            return groups, f"{drawing.cut_short}; the largest of {len(groups)} clusters was kept"
        contest = Contest(
            options=self.options,
            provider=self.provider,
            ctx=self.ctx,
            subject=subjects[groups[0][0]],
            views=views,
            show=lambda form: _shown(subjects[form]),
            offer=lambda form: self.ctx.offer(drawing.first(form)),
        )
        self.ctx.offer(drawing.first(groups[0][0]))
        won = await contest.winner([group[0] for group in groups])
        drawing.cut_short = contest.cut_short
        first = next(group for group in groups if group[0] == won)
        return [first, *(group for group in groups if group is not first)], _said(contest, groups)

    def _size(self, group: Sequence[Digest]) -> float:
        return float(sum(len(self.drawing.forms[form]) for form in group))


def _shown(subject: Subject) -> str:
    return render_text(subject.ir) if subject.code is None else subject.code.source


def _said(contest: Contest, groups: Sequence[Sequence[Digest]]) -> str:
    answers = contest.answers
    asked = sum(answers.values())
    told = f"{len(groups)} clusters differ, {contest.held} pairs compared on {asked} inputs"
    doubts = {
        "contradicted themselves in the other order": answers["contradicted"],
        "had no usable answer": answers["unusable"],
        "found neither right": answers["neither"],
    }
    told += "".join(f", {count} {what}" for what, count in doubts.items() if count)
    if contest.cut_short:
        told = f"{contest.cut_short}; {told}"
    if contest.changed:
        return f"the model chose against the largest cluster; {told}"
    if answers["first"]:
        return f"the model confirmed the largest cluster; {told}"
    return f"the model told nothing apart, the largest cluster was kept; {told}"
