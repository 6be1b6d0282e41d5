"""What speaks against a candidate, gathered call by call, and the verdict on it."""

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field

from ..interfaces import Basis, Code, Failure, Task, Verdict
from ..interfaces.verdict import judge
from ..ir import IR
from .admission import Probe
from .claims import Claims
from .compare import close, equal, same
from .conformance import conforms
from .execution import Call, Seen
from .failing import (
    broken_assertion,
    learnt_by_heart,
    meddled,
    not_loaded,
    not_raised,
    unsteady,
    wrong_answer,
    wrong_end,
)
from .hard_coded import answers_by_case
from .impostors import NO_WEIGHT, Weight
from .inputs.sizes import largest_number
from .shown import wrong_examples
from .taxonomy import Facts, Recogniser, Wrong
from .truth import Situation, Truth

_EXHAUSTED = ("timeout", "memory")
_DEEP = 200
"""Recursion over larger numbers and lengths may need more depth than there is, and be right."""
_CHANCE = frozenset({"random", "secrets", "uuid", "time", "datetime"})
"""Modules that code imports to give another answer every time."""
_IN_PLACE = ("in place", "in-place", "mutat", "modif")


@dataclass(slots=True)
class Evidence:
    task: Task
    ir: IR
    code: Code
    claims: Claims
    guards: tuple[str, ...]
    _wrong: list[Wrong] = field(default_factory=list[Wrong])
    """All of it; only each claim's first is told."""
    _told: dict[str, Wrong] = field(default_factory=dict[str, Wrong])
    _upheld: set[str] = field(default_factory=set[str])
    """Claims that could be held against at least one call."""
    _unread: dict[int, tuple[Call, Truth]] = field(default_factory=dict[int, tuple[Call, Truth]])
    """Invariants that ended with an exception somewhere: where first, and with which."""
    _raised: bool = False
    """Whether a note tells of an input that code refuses."""
    _notes: list[str] = field(default_factory=list[str])
    _probed: list[tuple[Call, Seen]] = field(default_factory=list[tuple[Call, Seen]])

    @property
    def wrong(self) -> tuple[Wrong, ...]:
        return tuple(self._wrong)

    @property
    def _name(self) -> str:
        return self.code.name

    def verdict(
        self,
        weight: Weight = NO_WEIGHT,
        facts: Facts | None = None,
    ) -> Verdict:
        """Only assertions that could have failed count as a basis. `facts`: with variants of wrong
        calls, run to name them."""
        dull = {self.claims.paths[place] for place in self.claims.invariants} - {
            self.claims.paths[place] for place in weight.telling
        }
        upheld = self._upheld - dull
        effects = sum(path.startswith("effects") for path in upheld)
        basis = Basis(
            examples=len(self.task.examples),
            assertions=len(upheld) - effects,
            effects=effects,
            inputs=sum(seen.outcome == "returned" for _, seen in self._probed),
        )
        self._note_assertions(dull)
        failures = self._named(facts or self.facts())
        doubtful = not failures and self._doubt(weight)
        verdict = judge(failures, basis, self.guards, doubtful=doubtful)
        return verdict.model_copy(update={"notes": tuple(self._notes)})

    def _doubt(self, weight: Weight) -> bool:
        """Notes what the claims leave open; whether they say so little that passing says nothing.

        Examples that a person gave are what a person wants to see pass, however few.
        """
        mistyped = self._mistyped(weight)
        if weight.impostor is not None:
            self._notes.append(f"a function that {weight.impostor} would fulfil all claims too")
        elif weight.open and not self.task.examples:
            call = Call(weight.open[0]).text(self._name)
            self._notes.append(
                f"on {len(weight.open)} of {weight.tried} inputs tried, such as {call}, nothing "
                "says what is returned"
            )
        covers_little = 2 * len(weight.open) >= max(weight.tried, 1) and not self.claims.examples
        doubtful = weight.impostor is not None or covers_little or mistyped
        return doubtful and not self.task.examples

    def _mistyped(self, weight: Weight) -> bool:
        """Whether it returned what an assertion, for its type, says neither yes nor no to."""
        for place, (call, truth) in self._unread.items():
            if truth == "TypeError" and place in weight.choosy:
                self._notes.append(
                    f"{self.claims.paths[place]} cannot be evaluated on what "
                    f"{call.text(self._name)} returns: {self.claims.source(place)}"
                )
                return True
        return False

    def not_loaded(self, seen: Seen) -> None:
        self._fail("load", not_loaded(seen))

    def examples(self, seen: Sequence[Seen]) -> None:
        """The visible ones, compared by type as well as by value."""
        for number, wrong in wrong_examples(self._name, self.task.examples, seen):
            self._fail(f"examples[{number}]", wrong)

    def claimed_examples(
        self, seen: Sequence[Seen], conditions: Sequence[Truth], *, denied: frozenset[str]
    ) -> None:
        """Those among the IR's assertions. They are Python's `==`, so 1 is as good as 1.0."""
        for claim, observation, holds in zip(self.claims.examples, seen, conditions, strict=True):
            if claim.path in denied:
                self._notes.append(f"{claim.path} denies a visible example and is left out")
                continue
            wanted, call = claim.call, Call(claim.call.args, claim.call.kwargs)
            self._upheld.add(claim.path)
            answers = () if wanted.condition else (wanted.expected,)
            if wanted.raises is not None:
                self._must_raise(claim.path, call, wanted.raises, observation)
            elif observation.outcome != "returned":
                wrong = wrong_end(self._name, call, observation, answers, wanted.condition)
                self._fail(claim.path, wrong)
            elif holds is False or (
                wanted.condition is None and not equal(observation.result, wanted.expected)
            ):
                wrong = wrong_answer(self._name, call, observation, answers, wanted.condition)
                self._fail(claim.path, wrong)

    def steady(self, calls: Sequence[Call], once: Sequence[Seen], again: Sequence[Seen]) -> None:
        """The same call in the same process must do the same."""
        for call, one, other in zip(calls, once, again, strict=False):
            if one.outcome != "returned" or other.outcome != "returned":
                continue
            if not close(one.result, other.result):
                if _imports(self.code) & _CHANCE:
                    self._notes.append(f"{call.text(self.code.name)} differs from call to call")
                    return
                self._fail("steady", unsteady(self._name, call, one, other))
                return

    def probe(
        self,
        probe: Probe,
        seen: Seen,
        situation: Situation | None,
        truths: Sequence[Truth],
        refuted: frozenset[int],
    ) -> None:
        """One generated input: what its branch says, the invariants, its arguments left alone."""
        call = probe.call
        self._probed.append((call, seen))
        self._rung(probe, seen)
        if situation is None:
            return
        for place, truth in zip(self.claims.invariants, truths, strict=True):
            path = self.claims.paths[place]
            if place in refuted:
                continue
            if not isinstance(truth, bool):
                self._unread.setdefault(place, (call, truth))
                continue
            self._upheld.add(path)
            if not truth:
                self._fail(
                    path, broken_assertion(self._name, call, seen, self.claims.source(place))
                )
        self._left_alone(call, situation)

    def look_at_the_whole(self) -> None:
        """What only many calls together show."""
        self._of_the_declared_kind()
        if self._wrong:
            return
        if answers_by_case(self.code, self.task.examples, self._probed, self.claims.literals):
            self._fail("cases", learnt_by_heart())

    def _rung(self, probe: Probe, seen: Seen) -> None:
        call, rung = probe
        if rung is None or not (rung.answers or rung.raises):
            if seen.outcome == "raised" and not self._raised:
                # Nobody said what comes of such an input; a person may want to.
                self._raised = True
                text = call.text(self._name)
                self._notes.append(f"{text} raises {seen.exception}, of which nothing speaks")
            return
        if seen.outcome in _EXHAUSTED:
            return
        if seen.exception == "RecursionError" and largest_number(call.args) > _DEEP:
            return
        self._upheld.add(rung.path)
        if seen.outcome == "returned":
            if any(equal(seen.result, answer) for answer in rung.answers):
                return
            expected = None if rung.answers else f"that it raises {rung.raises}"
            wrong = wrong_answer(self._name, call, seen, rung.answers, expected, rung.description)
            self._fail(rung.path, wrong)
        elif rung.raises is None:
            self._fail(rung.path, wrong_end(self._name, call, seen, rung.answers))
        else:
            self._must_raise(rung.path, call, rung.raises, seen)

    def _of_the_declared_kind(self) -> None:
        """Told where most answers are of another kind: then it is no odd input's fault."""
        kind = self.ir.signature.returns
        shown = [e.expected for e in self.task.examples if e.raises is None]
        if not all(conforms(value, kind) for value in shown):
            return
        answers = [(call, seen) for call, seen in self._probed if seen.outcome == "returned"]
        others = [(c, s) for c, s in answers if not conforms(s.result, kind)]
        if 2 * len(others) > len(answers):
            call, seen = others[0]
            told = f"the signature says -> {kind}"
            self._fail("kind", wrong_answer(self._name, call, seen, (), kind, told))

    def _left_alone(self, call: Call, situation: Situation) -> None:
        if situation.after is situation.before or self._may_change_arguments():
            return
        names = self.claims.predicates.parameters
        for name, before, after in zip(names, situation.before, situation.after, strict=False):
            if not same(before, after):
                self._fail("mutates", meddled(self._name, call, name, before, after))
                return

    def _may_change_arguments(self) -> bool:
        told = [self.task.request, self.ir.intent.summary]
        told += [effect.description for effect in self.ir.effects]
        return (
            self.ir.signature.returns == "None"
            or self.claims.changes_arguments
            or any(word in text.casefold() for text in told for word in _IN_PLACE)
        )

    def _must_raise(self, claim: str, call: Call, exception: str, seen: Seen) -> None:
        wrong = not_raised(self._name, call, seen, exception)
        if wrong is not None:
            self._fail(claim, wrong)

    def _fail(self, claim: str, wrong: Wrong) -> None:
        """Each claim's first is told: inputs come simple ones first, so it is the smallest."""
        self._wrong.append(wrong)
        self._told.setdefault(claim, wrong)

    def facts(self) -> Facts:
        """What names are told by."""
        failed = {wrong.call.text("") for wrong in self._wrong if wrong.call is not None}
        right = [
            (call, seen.result)
            for call, seen in self._probed
            if seen.outcome == "returned" and call.text("") not in failed
        ]
        return Facts(
            self.task.request, self.ir, self.code, self.claims.literals, self.wrong, tuple(right)
        )

    def _named(self, facts: Facts) -> tuple[Failure, ...]:
        """The failures, with the name of the mistake where it has one."""
        recogniser = Recogniser(facts)
        return tuple(
            _with_name(wrong, recogniser).model_copy(update={"claim": claim})
            for claim, wrong in self._told.items()
        )

    def _note_assertions(self, dull: set[str]) -> None:
        for place in self.claims.invariants:
            path, source = self.claims.paths[place], self.claims.source(place)
            if place in self._unread and path not in self._upheld:
                self._notes.append(f"{path} could not be evaluated on any result: {source}")
            elif path in self._upheld and path in dull:
                self._notes.append(f"{path} holds for whatever is returned: {source}")


def _with_name(wrong: Wrong, recogniser: Recogniser) -> Failure:
    failure = wrong.failure
    if failure.category not in ("wrong_output", "assertion", "exception"):
        return failure
    found = recogniser.name_of(wrong)
    if found is None:
        return failure
    message = f"{failure.message}; {found.hint}"
    return failure.model_copy(update={"category": found.category, "message": message})


def _imports(code: Code) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(code.source)):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
    return names
