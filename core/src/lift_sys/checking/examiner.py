"""Holds code against a task and its IR; what it finds out about the IR it finds out once."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..interfaces import (
    Check,
    Code,
    Example,
    Failure,
    Finding,
    Observation,
    Sandbox,
    Subject,
    Task,
    Verdict,
)
from ..interfaces.verdict import judge
from ..ir import IR, Parameter, Signature, decode, meaning_digest
from .claims import Claims, ExampleClaim, Rung, Situation, Truth
from .compare import equal, fingerprint
from .evidence import Evidence
from .execution import Call, observe
from .inputs import generate

_INPUTS, _RESULTS = 16, 8
"""How large a truth table is."""


@dataclass(slots=True)
class Examiner:
    task: Task
    ir: IR
    sandbox: Sandbox
    checks: tuple[Check, ...] = ()
    claims: Claims = field(init=False)
    _refuted: frozenset[int] | None = None
    _admissible: list[tuple[Call, Rung | None]] | None = None

    def __post_init__(self) -> None:
        self.claims = Claims.of(self.ir, [v for e in self.task.examples for v in e.args])

    async def contradictions(self) -> list[Failure]:
        """Where the IR says of a visible example what the example denies."""
        failures = [
            failure
            for claim in self.claims.examples
            for example in self.task.examples
            if (failure := _clash(claim, example, self.ir.signature.name)) is not None
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
        results = generate(_returned(self.ir), self.claims.literals, count=_RESULTS) or [(None,)]
        situations = [
            Situation(arguments, arguments, result)
            for arguments in self.claims.inputs[:_INPUTS]
            for (result,) in results
        ]
        rows = await self.claims.hold(situations, self.sandbox)
        tables = {
            path: digest_of([row[place] for row in rows])
            for place, (path, predicate) in enumerate(self.claims.predicates)
            if not predicate.is_example and rows
        }
        return meaning_digest(self.ir, tables)

    async def examine(self, code: Code) -> Verdict:
        """Runs the code on the examples and on generated inputs, and judges what it did."""
        shown = [Call.of(example) for example in self.task.examples]
        claimed = [Call(claim.call.args, claim.call.kwargs) for claim in self.claims.examples]
        asked = await observe(code, [*shown, *claimed], self.sandbox)
        evidence = Evidence(self.task, code, self.claims, asked.guards)
        if asked.loaded is not None:
            evidence.not_loaded(asked.loaded)
            return evidence.verdict()
        evidence.examples(asked.seen[: len(shown)])
        conditions = await self._conditions_of_examples(asked.seen[len(shown) :])
        evidence.claimed_examples(
            asked.seen[len(shown) :], conditions, denied=self._denied_examples()
        )
        admissible = await self.admissible()
        probed = await observe(code, [call for call, _ in admissible], self.sandbox, probing=True)
        situations = [
            situation_of(call, seen) for call, seen in zip(probed.calls, probed.seen, strict=True)
        ]
        returned = [situation for situation in situations if situation is not None]
        held = iter(await self.claims.hold(returned, self.sandbox, list(self.claims.invariants)))
        refuted = await self.refuted()
        for (call, rung), seen, situation in zip(admissible, probed.seen, situations, strict=False):
            truths = [] if situation is None else next(held)
            evidence.probe(call, rung, seen, situation, truths, refuted)
        evidence.look_at_the_whole()
        verdict = evidence.verdict()
        return verdict if verdict.failures else await self._examined(verdict, code)

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
        judged = judge(failures, verdict.basis, verdict.guards)
        return judged.model_copy(update={"notes": notes})

    async def behaviour(self, code: Code) -> list[str]:
        """What the code does on all inputs, as comparable texts."""
        calls = [call for call, _ in await self.admissible()]
        shown = [Call.of(example) for example in self.task.examples]
        observed = await observe(code, [*shown, *calls], self.sandbox, probing=True)
        if observed.loaded is not None:
            return [observed.loaded.outcome]
        return [
            fingerprint([seen.outcome, decode(seen.value), seen.exception])
            for seen in observed.seen
        ]

    async def admissible(self) -> list[tuple[Call, Rung | None]]:
        """The generated inputs that keep to the preconditions, each with its branch."""
        if self._admissible is None:
            situations = [Situation(arguments, arguments) for arguments in self.claims.inputs]
            places = [*self.claims.preconditions, *self._conditions()]
            truths = await self.claims.hold(situations, self.sandbox, places)
            self._admissible = []
            for situation, row in zip(situations, truths, strict=True):
                known = dict(zip(places, row, strict=True))
                if all(known[place] is True for place in self.claims.preconditions):
                    rung = _branch(self.claims.rungs, known)
                    self._admissible.append((Call(situation.before), rung))
        return self._admissible

    def _denied_examples(self) -> frozenset[str]:
        """The paths of the IR's own examples that a visible one denies."""
        name = self.ir.signature.name
        return frozenset(
            claim.path
            for claim in self.claims.examples
            for example in self.task.examples
            if _clash(claim, example, name) is not None
        )

    async def _conditions_of_examples(self, seen: Sequence[Observation]) -> list[Truth]:
        """Of the IR's examples that state a condition on the answer, whether it holds."""
        truths: list[Truth] = []
        for claim, observation in zip(self.claims.examples, seen, strict=True):
            situation = situation_of(Call(claim.call.args, claim.call.kwargs), observation)
            if claim.condition is None or situation is None:
                truths.append(None)
            else:
                ((truth,),) = await self.claims.hold([situation], self.sandbox, [claim.condition])
                truths.append(truth)
        return truths

    def _conditions(self) -> list[int]:
        return [rung.condition for rung in self.claims.rungs if rung.condition is not None]

    async def _on_examples(self, shown: Sequence[Example]) -> list[list[Truth]]:
        situations = [Situation(e.args, e.args, e.expected) for e in shown]
        return await self.claims.hold(situations, self.sandbox)

    def _contradiction(self, place: int, example: Example) -> Failure:
        path, predicate = self.claims.predicates[place]
        return Failure(
            category="assertion",
            message=f"{path} is false of a visible example: {predicate.source}",
            input=example.call(self.ir.signature.name),
            expected=repr(example.expected),
            got=f"an assertion that denies it: {predicate.source}",
        )


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


def situation_of(call: Call, seen: Observation) -> Situation | None:
    """What predicates see of a call that returned; None for any other."""
    if seen.outcome != "returned":
        return None
    after = call.args if seen.args_after is None else tuple(map(decode, seen.args_after))
    return Situation(call.args, after, decode(seen.value))


def _branch(rungs: Sequence[Rung], known: Mapping[int, Truth]) -> Rung | None:
    """The first whose condition holds; None where one before it cannot be told."""
    for rung in rungs:
        if rung.condition is None:
            return rung
        truth = known[rung.condition]
        if truth is True:
            return rung
        if truth is not False:
            return None
    return None


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
