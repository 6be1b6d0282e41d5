"""Generated inputs against the IR: drawn many at a time, judged in the sandbox, then shrunk."""

import asyncio
import os
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from lift_sys.checking.compare import fingerprint
from lift_sys.checking.inputs import Arguments, size
from lift_sys.checking.trials import Trials
from lift_sys.interfaces import Code, Failure, Finding, Parts, Sandbox, Subject

from . import named
from .bounds import bounds_of
from .generator import Generator, NothingToDrawError
from .order import Bounds, Order, Parameter
from .plugin import HypothesisOptions

_ROUNDS = 5
"""Where the preconditions let little through, so often as many inputs are drawn."""
_SLOW = 10
"""After so many calls that the sandbox had to end, others would be as slow."""
_CONFIRMED = 5
_SHRINKING_TRIES = 300


class HypothesisCheck:
    def __init__(self, options: HypothesisOptions, parts: Parts | None = None) -> None:
        self._options = options
        self._idle: list[Generator] = []
        self._places = asyncio.Semaphore(os.cpu_count() or 1)

    async def examine(self, subject: Subject, sandbox: Sandbox) -> Sequence[Finding]:
        if subject.code is None or not subject.ir.signature.parameters:
            return []
        trials = Trials(subject, subject.code, sandbox)
        if not trials.claims:
            return []
        search = _Search(trials, _order(subject, subject.code, trials, self._options))
        try:
            async with self._generator() as generator, asyncio.timeout(self._options.seconds):
                await search.run(generator)
        except TimeoutError:
            search.ended = f"the time of {self._options.seconds:g} s was up"
        return [search.finding()]

    @asynccontextmanager
    async def _generator(self) -> AsyncGenerator[Generator]:
        """A process that is kept for the next examination, unless this one was cut short."""
        async with self._places:
            generator = self._idle.pop() if self._idle else Generator()
            try:
                yield generator
            except BaseException:
                generator.close()
                raise
            self._idle.append(generator)


@dataclass(slots=True)
class _Search:
    """One examination, and what it has found so far."""

    trials: Trials
    order: Order
    tried: int = 0
    drawn: int = 0
    unanswered: int = 0
    ended: str = ""
    """Why it ended early."""
    _smallest: tuple[Arguments, Failure] | None = None
    _seen: set[str] = field(default_factory=set[str])

    async def run(self, generator: Generator) -> None:
        for turn in range(_ROUNDS):
            order = self.order.model_copy(update={"seed": self.order.seed + turn})
            try:
                inputs = await generator.draw(order)
            except NothingToDrawError as error:
                self.ended = str(error)
                return
            fresh = self._fresh(inputs)
            done = await self.trials.run(fresh)
            self.drawn += len(fresh)
            self.tried += len(done)
            self.unanswered += sum(not trial.answered for trial in done)
            failing = [(trial.call.args, trial.failure) for trial in done if trial.failure]
            if await self._confirm(failing):
                await self._shrink(generator, order, inputs, failing)
                return
            if not fresh or self.tried >= order.count or self.unanswered >= _SLOW:
                return

    def finding(self) -> Finding:
        early = f"; {self.ended}" if self.ended else ""
        if self.unanswered:
            early = f"; {self.unanswered} had no answer within the sandbox's limits{early}"
        if self._smallest is None:
            return Finding(
                code="generated-inputs",
                severity="info",
                message=f"hypothesis: no counter-example among {self.tried} generated inputs "
                f"that keep to the preconditions ({self.drawn} made{early})",
            )
        _, failure = self._smallest
        return Finding(
            code="counterexample",
            severity="error",
            message=f"{failure.message}: expected {failure.expected}, got {failure.got} "
            f"(hypothesis, {self.tried} inputs tried{early})",
            counterexample=failure.input,
        )

    def _fresh(self, inputs: Sequence[Arguments]) -> list[Arguments]:
        fresh: list[Arguments] = []
        for arguments in inputs:
            key = fingerprint(arguments)
            if key not in self._seen:
                self._seen.add(key)
                fresh.append(arguments)
        return fresh

    async def _confirm(self, failing: Sequence[tuple[Arguments, Failure]]) -> bool:
        """The smallest input that also fails by itself."""
        for arguments, _ in sorted(failing, key=lambda each: size(each[0]))[:_CONFIRMED]:
            failure = await self.trials.fails(arguments)
            if failure is not None:
                self._smallest = arguments, failure
                return True
        return False

    async def _shrink(
        self,
        generator: Generator,
        order: Order,
        inputs: Sequence[Arguments],
        failing: Sequence[tuple[Arguments, Failure]],
    ) -> None:
        if self._smallest is None:
            return
        claim = _claim(self._smallest[1])
        same = {fingerprint(args) for args, failure in failing if _claim(failure) == claim}
        numbers = [n for n, arguments in enumerate(inputs) if fingerprint(arguments) in same]
        await generator.shrink(
            order, numbers, _SHRINKING_TRIES, lambda args: self._still(args, claim)
        )

    async def _still(self, arguments: Arguments, claim: object) -> bool:
        """Whether it fails in the same way; keeps it where it is the smallest so far."""
        failure = await self.trials.fails(arguments)
        if failure is None or _claim(failure) != claim:
            return False
        if self._smallest is None or size(arguments) <= size(self._smallest[0]):
            self._smallest = arguments, failure
        return True


def _claim(failure: Failure) -> object:
    return failure.category, failure.message


def _order(subject: Subject, code: Code, trials: Trials, options: HypothesisOptions) -> Order:
    claims = trials.claims
    before = [claims.predicates.each[place] for place in (*claims.preconditions, *claims.implied)]
    bounds = bounds_of(before)
    values = [*claims.literals, *named.literals_in(code)]
    return Order(
        parameters=tuple(
            Parameter(type=each.type, bounds=bounds.get(each.name, Bounds()))
            for each in subject.ir.signature.parameters
        ),
        integers=named.integers(values),
        floats=named.floats(values),
        strings=named.strings(values),
        seed=options.seed,
        count=options.max_examples,
    )
