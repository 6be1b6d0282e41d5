"""Draws candidates and tests, runs each against each, and keeps the largest agreement."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Generic, TypeVar

from lift_sys.errors import BudgetExhausted, InputError
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
    Sampling,
    Strategy,
    Subject,
)
from lift_sys.ir import IR, meaning_digest
from lift_sys.pipeline.drawing import Drawing
from lift_sys.pipeline.executable import must_ask, must_run

from .agreement import Agreement, agreements, told
from .plugin import DualAgreementOptions
from .suites import Results, Suite, hold_specifications, run_code
from .writing import as_specification, request_for, texts_in

T = TypeVar("T")


class DualAgreement:
    def __init__(self, options: DualAgreementOptions, parts: Parts) -> None:
        self._options = options
        self._inner = parts.strategy(options.inner)
        self._provider = None if options.provider is None else parts.provider(options.provider)

    async def run(self, problem: Problem[T], ctx: Context, want: int = 1) -> Outcome[T]:
        runs = must_run(problem, "dual-agreement")
        if self._options.tests == "specified" and problem.stage == "specify":
            raise InputError(
                "dual-agreement has nothing to hold specifications against: with `tests: "
                "specified` their own assertions are the tests, and only code can pass those",
                remedy="say `tests: written` for this stage",
            )
        if self._options.tests != "specified":
            must_ask(ctx, self._provider, "dual-agreement")
        made = _Run(self._options, self._inner, self._provider, problem, runs, ctx)
        return await made.outcome(want)


class _Run(Generic[T]):
    def __init__(
        self,
        options: DualAgreementOptions,
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
        self._useless = 0

    async def outcome(self, want: int) -> Outcome[T]:
        drawing, size = self._drawing, max(self._options.n, want)
        await drawing.sort(size, await drawing.draw(size))
        contenders, refuted = await self._contenders()
        found: list[Agreement] = []
        said = "nothing valid was drawn"
        if contenders:
            self._ctx.offer(drawing.forms[contenders[0]][0])
            results = await self._results({form: self._subject(form) for form in contenders})
            draws = {form: len(drawing.forms[form]) for form in contenders}
            found = agreements(self._options, results, draws)
            said = told(results, found, self._useless)
        if drawing.cut_short:
            said = f"{drawing.cut_short}; {said}"
        ranked = [each for agreement in found for each in self._members(agreement.forms)]
        left = [each for each in drawing.valid if each not in ranked]
        drawn = f"{drawing.asked} draws, {len(drawing.forms)} distinct"
        against = f", {refuted} refuted by the visible checks" if refuted else ""
        return Outcome(
            winners=await self._winners([*ranked, *left], want),
            stopped=f"{said}: {drawn}{against}",
            candidates=tuple(drawing.candidates),
            diversity=drawing.diversity,
            clusters=tuple(self._cluster(agreement) for agreement in found),
            cut_short=bool(drawing.cut_short),
        )

    async def _contenders(self) -> tuple[list[Digest], int]:
        """The forms that may win, and how many draws may not: where the checks leave any, what
        they refute does not."""
        drawing = self._drawing
        forms = [
            form
            for form, members in drawing.forms.items()
            if not await drawing.is_refuted(members[0])
        ]
        forms = forms or list(drawing.forms)
        code = [form for form in forms if self._subject(form).code is not None]
        kept = sum(len(drawing.forms[form]) for form in forms)
        return code or forms, len(drawing.valid) - kept

    async def _results(self, subjects: dict[Digest, Subject]) -> Results:
        first = next(iter(subjects.values()))
        task, sandbox = first.task, self._runs.sandbox
        codes = {form: each.code for form, each in subjects.items() if each.code is not None}
        suites: list[Suite] = []
        if self._options.tests != "specified" and not self._drawing.cut_short:
            written = await self._written(first, calls_only=not codes)
            if written is not None:
                suites.append(await Suite.of(task, written, sandbox))
        if not codes:
            irs = {form: each.ir for form, each in subjects.items()}
            held = await hold_specifications(suites, irs, task, sandbox)
            members = {form: self._drawing.forms[form][0] for form in subjects}
            doing = {form: await self._drawing.behaviour(one) for form, one in members.items()}
            return replace(held, doing=doing)
        drawn: dict[Digest, IR] = {meaning_digest(each.ir): each.ir for each in subjects.values()}
        own = [await Suite.of(task, ir, sandbox) for ir in drawn.values()]
        asked = self._options.tests != "written"
        suites += [each.as_one if asked else each.unasked for each in own]
        return await run_code(suites, codes, sandbox)

    async def _written(self, first: Subject, *, calls_only: bool) -> IR | None:
        options = self._options
        can = self._ctx.capabilities(self._provider)
        sampling = Sampling(
            n=options.sets, max_tokens=options.max_tokens, temperature=options.temperature
        )
        request = request_for(first, sampling, can, calls_only=calls_only)
        try:
            (samples,) = await self._ctx.sample([request], self._provider)
        except BudgetExhausted as exhausted:
            self._drawing.cut_short = str(exhausted)
            return None
        unpaid = (each.error for each in samples if each.unpaid and each.error)
        self._drawing.cut_short = next(unpaid, "")
        texts: list[str] = []
        for sample in samples:
            found = [] if sample.completion is None else texts_in(sample.completion.text)
            self._useless += not found
            texts += found
        ir, useless = as_specification(
            first.ir.signature, texts, options.most, calls_only=calls_only
        )
        self._useless += useless
        return ir if ir.assertions else None

    def _members(self, forms: Sequence[Digest]) -> list[Candidate[T]]:
        """In the order of drawing."""
        ids = {one.id for form in forms for one in self._drawing.forms[form]}
        return [each for each in self._drawing.valid if each.id in ids]

    def _cluster(self, agreement: Agreement) -> Cluster:
        members = tuple(each.id for each in self._members(agreement.forms))
        return Cluster(members=members, weight=agreement.worth)

    def _subject(self, form: Digest) -> Subject:
        value: Any = self._drawing.forms[form][0].value
        return self._runs.subject(value)

    async def _winners(self, ranked: Sequence[Candidate[T]], want: int) -> tuple[Candidate[T], ...]:
        if want == 1:
            return tuple(ranked[:1])
        return await self._drawing.apart(ranked, want)
