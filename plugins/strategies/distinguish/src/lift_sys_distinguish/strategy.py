"""Draws, and where what was drawn differs, has a model say which output is right."""

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from lift_sys.interfaces import (
    Candidate,
    Cluster,
    Context,
    Digest,
    Executable,
    Outcome,
    Parts,
    Problem,
    ProviderHandle,
    Strategy,
    Subject,
)
from lift_sys.ir import render_text
from lift_sys.pipeline.drawing import Drawing
from lift_sys.pipeline.executable import must_ask, must_run

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
        runs = must_run(problem, "distinguish")
        must_ask(ctx, self._provider, "distinguish")
        made = _Run(self._options, self._inner, self._provider, problem, runs, ctx)
        return await made.outcome(want)


class _Run(Generic[T]):
    def __init__(
        self,
        options: DistinguishOptions,
        inner: Strategy,
        provider: ProviderHandle | None,
        problem: Problem[T],
        runs: Executable[T],
        ctx: Context,
    ) -> None:
        self._options = options
        self._provider = provider
        self._problem = problem
        self._runs = runs
        self._ctx = ctx
        self._drawing = Drawing(inner, problem, ctx)

    async def outcome(self, want: int) -> Outcome[T]:
        drawing, size = self._drawing, max(self._options.n, want)
        await drawing.sort(size, await drawing.draw(size))
        contenders, refuted = await self._contenders()
        if contenders:
            self._ctx.offer(drawing.forms[contenders[0]][0])
        groups, said = await self._contest(contenders)
        ranked = [each for group in groups for each in self._members(group)]
        left = [each for each in drawing.valid if each not in ranked]
        drawn = f"{drawing.asked} draws, {len(drawing.forms)} distinct"
        against = f", {refuted} refuted by the visible checks" if refuted else ""
        return Outcome(
            winners=await self._winners(ranked, left, want),
            stopped=f"{said}: {drawn}{against}",
            candidates=tuple(drawing.candidates),
            diversity=drawing.diversity,
            clusters=tuple(self._cluster(group) for group in groups),
            cut_short=bool(drawing.cut_short),
        )

    async def _contenders(self) -> tuple[list[Digest], int]:
        """The forms that may win, and how many draws may not: where the checks leave any, what
        they refute does not."""
        drawing = self._drawing
        refuted = {
            form for form, members in drawing.forms.items() if await drawing.is_refuted(members[0])
        }
        forms = [form for form in drawing.forms if form not in refuted]
        forms = forms or list(drawing.forms)
        code = [form for form in forms if self._subject(form).code is not None]
        out = len(drawing.valid) - sum(len(drawing.forms[form]) for form in forms)
        return code or forms, out

    async def _contest(self, contenders: Sequence[Digest]) -> tuple[list[list[Digest]], str]:
        """The clusters, the winner first, and how it came to that."""
        drawing = self._drawing
        if not contenders:
            return [], drawing.cut_short or "nothing valid was drawn"
        if len(contenders) == 1:
            return [list(contenders)], drawing.cut_short or "there is nothing to tell apart"
        subjects = {form: self._subject(form) for form in contenders}
        views = await view(subjects, self._runs.sandbox, self._options.search)
        groups = sorted(views.clusters(), key=lambda group: -len(self._members(group)))
        if len(groups) == 1:
            how = f"on {len(views.inputs)} inputs they do the same"
            return groups, drawing.cut_short or f"there is nothing to tell apart, {how}"
        if drawing.cut_short:
            return groups, f"{drawing.cut_short}; the largest of {len(groups)} clusters was kept"
        contest = Contest(
            options=self._options,
            provider=self._provider,
            ctx=self._ctx,
            subject=subjects[groups[0][0]],
            views=views,
            show=lambda form: _shown(subjects[form]),
            offer=lambda form: self._ctx.offer(drawing.forms[form][0]),
        )
        self._ctx.offer(drawing.forms[groups[0][0]][0])
        won = await contest.winner([group[0] for group in groups])
        drawing.cut_short = contest.cut_short
        first = next(group for group in groups if group[0] == won)
        return [first, *(group for group in groups if group is not first)], _said(contest, groups)

    def _members(self, group: Sequence[Digest]) -> list[Candidate[T]]:
        """In the order of drawing."""
        forms = {one.id for form in group for one in self._drawing.forms[form]}
        return [each for each in self._drawing.valid if each.id in forms]

    def _cluster(self, group: Sequence[Digest]) -> Cluster:
        members = self._members(group)
        return Cluster(members=tuple(each.id for each in members), weight=float(len(members)))

    def _subject(self, form: Digest) -> Subject:
        value: Any = self._drawing.forms[form][0].value
        return self._runs.subject(value)

    async def _winners(
        self, ranked: Sequence[Candidate[T]], left: Sequence[Candidate[T]], want: int
    ) -> tuple[Candidate[T], ...]:
        if want == 1:
            return tuple([*ranked, *left][:1])
        return await self._drawing.apart([*ranked, *left], want)


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
