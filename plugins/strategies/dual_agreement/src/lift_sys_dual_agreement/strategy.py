"""Draws candidates and tests, runs each against each, and keeps the largest agreement."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from lift_sys.errors import BudgetExhausted, InputError
from lift_sys.interfaces import (
    Context,
    Digest,
    Outcome,
    Parts,
    Problem,
    ProviderHandle,
    Sampling,
    Subject,
)
from lift_sys.ir import IR, meaning_digest
from lift_sys.pipeline.contenders import Choice, Contenders, Group
from lift_sys.pipeline.executable import must_ask

from .agreement import agreements, told
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
        drawing = Contenders("dual-agreement", self._inner, problem, ctx)
        if self._options.tests == "specified" and problem.stage == "specify":
            raise InputError(
                "dual-agreement has nothing to hold specifications against: with `tests: "
                "specified` their own assertions are the tests, and only code can pass those",
                remedy="say `tests: written` for this stage",
            )
        if self._options.tests != "specified":
            must_ask(ctx, self._provider, "dual-agreement")
        made = _Run(self._options, self._provider, drawing, ctx)
        return await drawing.outcome(max(self._options.n, want), want, made.choose)


@dataclass(slots=True)
class _Run(Generic[T]):
    options: DualAgreementOptions
    provider: ProviderHandle | None
    drawing: Contenders[T]
    ctx: Context
    useless: int = 0
    """Texts that were no tests."""

    async def choose(self, contenders: Sequence[Digest]) -> Choice:
        drawing = self.drawing
        results = await self._results({form: drawing.subject(form) for form in contenders})
        draws = {form: len(drawing.forms[form]) for form in contenders}
        found = agreements(self.options, results, draws)
        why = told(results, found, self.useless)
        if drawing.cut_short:
            why = f"{drawing.cut_short}; {why}"
        return [Group(each.forms, each.worth) for each in found], why

    async def _results(self, subjects: dict[Digest, Subject]) -> Results:
        first = next(iter(subjects.values()))
        task, sandbox = first.task, self.drawing.sandbox
        codes = {form: each.code for form, each in subjects.items() if each.code is not None}
        suites: list[Suite] = []
        if self.options.tests != "specified" and not self.drawing.cut_short:
            written = await self._written(first, calls_only=not codes)
            if written is not None:
                suites.append(await Suite.of(task, written, sandbox))
        if not codes:
            irs = {form: each.ir for form, each in subjects.items()}
            held = await hold_specifications(suites, irs, task, sandbox)
            members = {form: self.drawing.first(form) for form in subjects}
            doing = {form: await self.drawing.behaviour(one) for form, one in members.items()}
            return replace(held, doing=doing)
        drawn: dict[Digest, IR] = {meaning_digest(each.ir): each.ir for each in subjects.values()}
        own = [await Suite.of(task, ir, sandbox) for ir in drawn.values()]
        asked = self.options.tests != "written"
        suites += [each.as_one if asked else each.unasked for each in own]
        return await run_code(suites, codes, sandbox)

    async def _written(self, first: Subject, *, calls_only: bool) -> IR | None:
        options = self.options
        can = self.ctx.capabilities(self.provider)
        sampling = Sampling(
            n=options.sets, max_tokens=options.max_tokens, temperature=options.temperature
        )
        request = request_for(first, sampling, can, calls_only=calls_only)
        try:
            (samples,) = await self.ctx.sample([request], self.provider)
        except BudgetExhausted as exhausted:
            self.drawing.cut_short = str(exhausted)
            return None
        unpaid = (each.error for each in samples if each.unpaid and each.error)
        self.drawing.cut_short = next(unpaid, "")
        texts: list[str] = []
        for sample in samples:
            found = [] if sample.completion is None else texts_in(sample.completion.text)
            self.useless += not found
            texts += found
        ir, useless = as_specification(
            first.ir.signature, texts, options.most, calls_only=calls_only
        )
        self.useless += useless
        return ir if ir.assertions else None
