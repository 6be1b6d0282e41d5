"""Holds code against a task and its IR; what it finds out about the IR it finds out once."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from ..interfaces import (
    Check,
    Code,
    Example,
    Failure,
    Finding,
    Sandbox,
    Subject,
    Task,
    Verdict,
)
from ..interfaces.verdict import judge
from ..ir import IR, Parameter, Signature, meaning_digest
from .admission import Probe, admit, some
from .claims import Claims, ExampleClaim
from .compare import equal, fingerprint
from .evidence import Evidence
from .execution import Call, Seen, observe
from .impostors import Point, Weight, weigh
from .inputs import Arguments, generate
from .naming import with_variants
from .safety import find_faults
from .truth import Situation, Truth

_INPUTS, _RESULTS = 16, 8
"""How large a truth table is."""
_WEIGHED = 20
"""Inputs that tell whether the claims say anything."""
_REPEATED = 6
"""How many calls are made twice, to see whether they do the same again."""
_DIRE = ("timeout", "memory", "crash")
"""After one of these, calls that nobody asked for only cost time."""


@dataclass(slots=True)
class Examiner:
    task: Task
    ir: IR
    sandbox: Sandbox
    checks: tuple[Check, ...] = ()
    claims: Claims = field(init=False)
    _refuted: frozenset[int] | None = None
    _admissible: list[Probe] | None = None
    _weight: Weight | None = None

    def __post_init__(self) -> None:
        self.claims = Claims.of(self.ir, self.task.examples)

    async def contradictions(self) -> list[Failure]:
        """Where the IR says of a visible example what the example denies."""
        failures = [
            failure
            for claim in self.claims.examples
            for example in self.task.examples
            if (failure := self._clash(claim, example)) is not None
        ]
        shown = [e for e in self.task.examples if e.raises is None and not e.kwargs]
        truths = await self._on_examples(shown)
        for place in self.claims.invariants:
            for example, row in zip(shown, truths, strict=True):
                if row[place] is False:
                    failures.append(self._contradiction(place, example))
                    break
        return failures

    async def refuted(self) -> frozenset[int]:
        """The invariants that a visible example denies: code is not held to those."""
        if self._refuted is None:
            shown = [e for e in self.task.examples if e.raises is None and not e.kwargs]
            truths = await self._on_examples(shown)
            self._refuted = frozenset(
                place
                for place in self.claims.invariants
                if any(row[place] is False for row in truths)
            )
        return self._refuted

    async def meaning(self) -> str:
        """Equal for IRs that demand the same: predicates by their truth, not by their text."""
        # Made from the task alone, so that IRs of one task are told apart on the same inputs.
        literals = [value for example in self.task.examples for value in example.args]
        inputs = generate(self.ir.signature, literals, count=_INPUTS)
        rows = await self.claims.predicates.hold(self._table(inputs, literals), self.sandbox)
        tables = {
            path: digest_of([row[place] for row in rows])
            for place, path in enumerate(self.claims.paths)
            if path and not self.claims.predicates.each[place].is_example and rows
        }
        return meaning_digest(self.ir, tables)

    async def examine(self, code: Code) -> Verdict:
        """Runs the code on the examples and on generated inputs, and judges what it did."""
        shown = [Call.of(example) for example in self.task.examples]
        claimed = [Call(claim.call.args, claim.call.kwargs) for claim in self.claims.examples]
        asked = await observe(code, [*shown, *claimed, *shown], self.sandbox)
        evidence = Evidence(self.task, self.ir, code, self.claims, asked.guards)
        if asked.loaded is not None:
            evidence.not_loaded(asked.loaded)
            return evidence.verdict()
        once = asked.seen[: len(shown)]
        there, again = asked.seen[len(shown) : -len(shown) or None], asked.seen[-len(shown) :]
        evidence.steady(shown, once, again)
        evidence.examples(once)
        conditions = await self._conditions_of_examples(there)
        evidence.claimed_examples(there, conditions, denied=self.denied_examples())
        if not any(seen.outcome in _DIRE for seen in asked.seen):
            await self._probe(code, evidence)
        verdict = await self._judged(evidence)
        if not verdict.failures:
            verdict = await self._examined(verdict, code)
        faults = find_faults(code, self.ir.signature)
        # They tell a person or a model where to look; what the code does is what counts.
        told = tuple(f"{each.path}: {each.code}: {each.message}" for each in faults)
        return verdict.model_copy(update={"notes": (*verdict.notes, *told)})

    async def _probe(self, code: Code, evidence: Evidence) -> None:
        admissible = await self.admissible()
        calls = [probe.call for probe in admissible]
        probed = await observe(code, [*calls, *calls[:_REPEATED]], self.sandbox, probing=True)
        seen, again = probed.seen[: len(calls)], probed.seen[len(calls) :]
        evidence.steady(calls, seen, again)
        situations = [situation_of(call, one) for call, one in zip(calls, seen, strict=True)]
        returned = [situation for situation in situations if situation is not None]
        predicates, places = self.claims.predicates, list(self.claims.invariants)
        held = iter(await predicates.hold_nearly(returned, self.sandbox, places))
        refuted = await self.refuted()
        for probe, one, situation in zip(admissible, seen, situations, strict=True):
            truths = [] if situation is None else next(held)
            evidence.probe(probe, one, situation, truths, refuted)
        evidence.look_at_the_whole()

    async def _judged(self, evidence: Evidence) -> Verdict:
        """With each mistake's name, for which some of the wrong calls are made in variants."""
        weight = await self.weight()
        return evidence.verdict(weight, await with_variants(evidence.facts(), self.sandbox))

    async def findings(self, code: Code | None = None) -> list[Finding]:
        """What the plugged-in checks find."""
        subject = Subject(task=self.task, ir=self.ir, code=code)
        return [
            finding
            for check in self.checks
            for finding in await check.examine(subject, self.sandbox)
        ]

    async def _examined(self, verdict: Verdict, code: Code) -> Verdict:
        """Dearer examiners look only at code that nothing cheaper refuted."""
        found = await self.findings(code)
        failures = tuple(failure_of(each) for each in found if each.severity == "error")
        notes = (*verdict.notes, *(each.message for each in found if each.severity != "error"))
        judged = judge(failures, verdict.basis, verdict.guards) if failures else verdict
        return judged.model_copy(update={"notes": notes})

    async def behaviour(self, code: Code) -> list[str]:
        """What the code does on all inputs, as comparable texts."""
        calls = [probe.call for probe in await self.admissible()]
        shown = [Call.of(example) for example in self.task.examples]
        observed = await observe(code, [*shown, *calls], self.sandbox, probing=True)
        if observed.loaded is not None:
            return [observed.loaded.outcome]
        return [fingerprint([seen.outcome, seen.result, seen.exception]) for seen in observed.seen]

    async def admissible(self) -> list[Probe]:
        """The generated inputs that code is held to, each with its branch."""
        if self._admissible is None:
            self._admissible = await admit(self.claims, self.sandbox)
        return self._admissible

    async def weight(self) -> Weight:
        """What it says that code fulfils the claims."""
        if self._weight is None:
            points = [
                Point(probe.call.args, probe.rung.answers, probe.rung.raises)
                if probe.rung
                else Point(probe.call.args)
                for probe in some(await self.admissible(), _WEIGHED)
            ]
            refuted = await self.refuted()
            shown = self.task.examples
            self._weight = await weigh(self.ir, self.claims, points, shown, self.sandbox, refuted)
        return self._weight

    def _table(self, inputs: Sequence[Arguments], literals: Sequence[object]) -> list[Situation]:
        """Each input with some results of the declared type."""
        results = generate(_returned(self.ir), literals, count=_RESULTS) or [(None,)]
        return [
            Situation(arguments, arguments, result) for arguments in inputs for (result,) in results
        ]

    def denied_examples(self) -> frozenset[str]:
        """The paths of the IR's own examples that a visible one denies."""
        return frozenset(
            claim.path
            for claim in self.claims.examples
            for example in self.task.examples
            if self._clash(claim, example) is not None
        )

    async def _conditions_of_examples(self, seen: Sequence[Seen]) -> list[Truth]:
        """Of the IR's examples that state a condition on the answer, whether it holds."""
        truths: list[Truth] = []
        for claim, observation in zip(self.claims.examples, seen, strict=True):
            situation = situation_of(Call(claim.call.args, claim.call.kwargs), observation)
            if claim.condition is None or situation is None:
                truths.append(None)
            else:
                ((truth,),) = await self.claims.predicates.hold(
                    [situation], self.sandbox, [claim.condition]
                )
                truths.append(truth)
        return truths

    async def _on_examples(self, shown: Sequence[Example]) -> list[list[Truth]]:
        situations = [Situation(e.args, e.args, e.expected) for e in shown]
        places = range(len(self.claims.predicates.each))
        return await self.claims.predicates.hold_nearly(situations, self.sandbox, places)

    def _contradiction(self, place: int, example: Example) -> Failure:
        path, source = self.claims.paths[place], self.claims.source(place)
        return Failure(
            category="assertion",
            message=f"{path} is false of a visible example: {source}",
            input=example.call(self.ir.signature.name),
            expected=repr(example.expected),
            got=f"an assertion that denies it: {source}",
            claim=self._place_of(example),
        )

    def _clash(self, claim: ExampleClaim, example: Example) -> Failure | None:
        failure = _clash(claim, example, self.ir.signature.name)
        return failure and failure.model_copy(update={"claim": self._place_of(example)})

    def _place_of(self, example: Example) -> str:
        return f"examples[{self.task.examples.index(example)}]"


def digest_of(truths: Sequence[Truth]) -> str:
    return hashlib.sha256(repr(truths).encode()).hexdigest()[:32]


def _returned(ir: IR) -> Signature:
    """A function of one parameter, of the type that this one returns."""
    result = Parameter(name="result", type=ir.signature.returns)
    return Signature(name="outcome", parameters=(result,), returns="None")


def failure_of(finding: Finding) -> Failure:
    message = f"{finding.code}: {finding.message}"
    if finding.suggestion:
        message += f" ({finding.suggestion})"
    category = "specification" if finding.counterexample is None else "assertion"
    return Failure(category=category, message=message, input=finding.counterexample)


def situation_of(call: Call, seen: Seen) -> Situation | None:
    """What predicates see of a call that returned; None for any other."""
    if seen.outcome != "returned":
        return None
    return Situation(call.args, seen.after, seen.result)


def _clash(claim: ExampleClaim, example: Example, function: str) -> Failure | None:
    """An example call of the IR that is a visible example too, with another answer."""
    call = claim.call
    if claim.condition is not None or not equal(
        [list(call.args), dict(call.kwargs)], [list(example.args), example.kwargs]
    ):
        return None
    agrees = (
        call.raises == example.raises
        if call.raises is not None or example.raises is not None
        else equal(call.expected, example.expected)
    )
    if agrees:
        return None
    return Failure(
        category="assertion",
        message=f"{claim.path} denies a visible example",
        input=example.call(function),
        expected=f"raises {example.raises}" if example.raises else repr(example.expected),
        got=f"raises {call.raises}" if call.raises else repr(call.expected),
    )
