"""What speaks against a candidate, gathered call by call, and the verdict on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..interfaces import Basis, Code, Failure, Observation, Task, Verdict
from ..interfaces.verdict import Category, judge
from ..ir import decode
from .claims import Claims, Rung, Situation, Truth
from .compare import equal, fingerprint, same
from .execution import Call
from .hard_coded import answers_by_case

_CATEGORY: Mapping[str, Category] = {
    "raised": "exception",
    "unencodable": "wrong_output",
    "timeout": "timeout",
    "memory": "memory",
    "crash": "crash",
    "forbidden": "forbidden",
}


@dataclass(slots=True)
class Evidence:
    task: Task
    code: Code
    claims: Claims
    guards: tuple[str, ...]
    _failures: list[Failure] = field(default_factory=list[Failure])
    _told: set[object] = field(default_factory=set[object])
    _upheld: set[object] = field(default_factory=set[object])
    """Claims that could be held against at least one call."""
    _notes: list[str] = field(default_factory=list[str])
    _probed: list[tuple[Call, Observation]] = field(default_factory=list[tuple[Call, Observation]])

    def verdict(self) -> Verdict:
        basis = Basis(
            examples=len(self.task.examples),
            assertions=len(self._upheld),
            inputs=sum(seen.outcome == "returned" for _, seen in self._probed),
        )
        verdict = judge(tuple(self._failures), basis, self.guards)
        return verdict.model_copy(update={"notes": tuple(self._notes)})

    def not_loaded(self, seen: Observation) -> None:
        self._fail("load", self._ended(seen, "loading the code", None))

    def examples(self, seen: Sequence[Observation]) -> None:
        """The visible ones, compared by type as well as by value."""
        for example, observation in zip(self.task.examples, seen, strict=True):
            call = Call.of(example)
            if example.raises is not None:
                self._must_raise(call, example.raises, observation)
            elif observation.outcome != "returned":
                self._fail(None, self._ended(observation, call, repr(example.expected)))
            elif not same(decode(observation.value), example.expected):
                self._fail(None, self._wrong(observation, call, repr(example.expected)))

    def claimed_examples(
        self, seen: Sequence[Observation], conditions: Sequence[Truth], *, denied: frozenset[str]
    ) -> None:
        """Those among the IR's assertions. They are Python's `==`, so 1 is as good as 1.0."""
        for claim, observation, holds in zip(self.claims.examples, seen, conditions, strict=True):
            if claim.path in denied:
                self._notes.append(f"{claim.path} denies a visible example and is left out")
                continue
            wanted, call = claim.call, Call(claim.call.args, claim.call.kwargs)
            self._upheld.add(claim.path)
            if wanted.raises is not None:
                self._must_raise(call, wanted.raises, observation)
            elif observation.outcome != "returned":
                expected = wanted.condition or repr(wanted.expected)
                self._fail(claim.path, self._ended(observation, call, expected))
            elif wanted.condition is not None:
                if holds is False:
                    self._fail(claim.path, self._wrong(observation, call, wanted.condition))
            elif not equal(decode(observation.value), wanted.expected):
                self._fail(claim.path, self._wrong(observation, call, repr(wanted.expected)))

    def probe(
        self,
        call: Call,
        rung: Rung | None,
        seen: Observation,
        situation: Situation | None,
        truths: Sequence[Truth],
        refuted: frozenset[int],
    ) -> None:
        """One generated input: its branch's answers, the invariants, its arguments left alone."""
        self._probed.append((call, seen))
        answers = rung.answers if rung else ()
        if situation is None:
            # Whether the call may end so is not known, unless the IR gives its answer.
            if rung is not None and answers and seen.outcome != "timeout":
                expected = " or ".join(map(repr, answers))
                self._fail(rung.path, self._ended(seen, call, expected))
            return
        if rung is not None and answers:
            self._upheld.add(rung.path)
            if not any(equal(situation.result, answer) for answer in answers):
                expected = " or ".join(map(repr, answers))
                self._fail(rung.path, self._wrong(seen, call, expected, because=rung.description))
        for place, truth in zip(self.claims.invariants, truths, strict=True):
            path, predicate = self.claims.predicates[place]
            if place in refuted or not isinstance(truth, bool):
                continue
            self._upheld.add(path)
            if not truth:
                failure = Failure(
                    category="assertion",
                    message=f"an assertion does not hold: {predicate.source}",
                    input=call.text(self.code.name),
                    expected=predicate.source,
                    got=_shown(situation.result),
                )
                self._fail(path, failure)
        self._left_alone(call, situation)

    def look_at_the_whole(self) -> None:
        """What only many calls together show."""
        if self._failures:
            return
        others = [
            fingerprint([seen.outcome, seen.value, seen.exception])
            for call, seen in self._probed
            if not any(same(list(call.args), list(e.args)) for e in self.task.examples)
        ]
        if answers_by_case(self.code, self.task.examples, others):
            message = "it returns the answers of the visible examples by case, and nothing else"
            self._fail(None, Failure(category="hard_coded", message=message))

    def _left_alone(self, call: Call, situation: Situation) -> None:
        if "mutates" in self._told or any(
            name.startswith("old_") for _, p in self.claims.predicates for name in p.names
        ):
            return
        for name, before, after in zip(
            self.claims.parameters, situation.before, situation.after, strict=False
        ):
            if not same(before, after):
                failure = Failure(
                    category="mutated_argument",
                    message=f"it changes its argument {name}, which nothing asks for",
                    input=call.text(self.code.name),
                    expected=f"{name} is still {_shown(before)}",
                    got=_shown(after),
                )
                self._fail("mutates", failure)
                return

    def _must_raise(self, call: Call, name: str, seen: Observation) -> None:
        if seen.outcome == "raised" and name in (seen.exception, *seen.bases):
            return
        expected = f"raises {name}"
        tell = self._wrong if seen.outcome == "returned" else self._ended
        self._fail(None, tell(seen, call, expected))

    def _fail(self, claim: object, failure: Failure) -> None:
        """Each claim's first failure: inputs come simple ones first, so it is the smallest."""
        if claim is not None:
            if claim in self._told:
                return
            self._told.add(claim)
        self._failures.append(failure)

    def _wrong(self, seen: Observation, call: Call, expected: str, *, because: str = "") -> Failure:
        return Failure(
            category="wrong_output",
            message=f"a wrong result: {because}" if because else "a wrong result",
            input=call.text(self.code.name),
            expected=expected,
            got=_shown(decode(seen.value)),
        )

    def _ended(self, seen: Observation, call: Call | str, expected: str | None) -> Failure:
        got = f"{seen.outcome} {seen.exception or ''} {seen.detail}".strip()
        text = call if isinstance(call, str) else call.text(self.code.name)
        return Failure(
            category=_CATEGORY[seen.outcome],
            message=f"{text if isinstance(call, str) else 'the call'} ended with {got}",
            input=text,
            expected=expected,
            got=got,
        )


def _shown(value: object, limit: int = 300) -> str:
    text = repr(value)
    return text if len(text) <= limit else f"{text[:limit]}... ({len(text)} characters)"
