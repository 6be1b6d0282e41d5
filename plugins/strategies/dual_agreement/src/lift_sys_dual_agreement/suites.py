"""Which tests which candidates pass: all run in the sandbox, in batches."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from lift_sys.checking.admission import Probe, some
from lift_sys.checking.allowing import allows
from lift_sys.checking.claims import Claims, ExampleClaim
from lift_sys.checking.compare import equal, fingerprint
from lift_sys.checking.examiner import Examiner, situation_of
from lift_sys.checking.execution import Call, Seen, observe
from lift_sys.checking.inputs import generate
from lift_sys.checking.truth import Situation, Truth
from lift_sys.interfaces import Code, Digest, Example, Sandbox, Task
from lift_sys.ir import IR, Parameter, Signature

_INPUTS = 24
"""On which the tests of one suite that are conditions are held against code."""
_OTHERS = 6
"""Answers of other tests that are held against a specification."""

Test = tuple[int, str]
"""The number of its suite, and its path there."""


@dataclass(frozen=True, slots=True)
class Suite:
    """Tests that came together, in the form of a specification."""

    examiner: Examiner
    probes: Sequence[Probe]
    denied: frozenset[str]
    """The paths of those that a visible example denies: they are wrong, and left out."""
    worth: float = 1.0
    """Of each test."""
    counts: bool = True
    """Whether it has tests; else candidates are only run on its inputs."""

    @classmethod
    async def of(cls, task: Task, ir: IR, sandbox: Sandbox) -> "Suite":
        examiner = Examiner(task, ir, sandbox)
        claims = examiner.claims
        refuted = frozenset(claims.paths[place] for place in await examiner.refuted())
        denied = refuted | examiner.denied_examples()
        return cls(examiner, some(await examiner.admissible(), _INPUTS), denied)

    @property
    def as_one(self) -> "Suite":
        """All of it is worth one test, so that who says more does not count more."""
        return replace(self, worth=1 / max(1, len(list(self.paths()))))

    @property
    def unasked(self) -> "Suite":
        return replace(self, counts=False, denied=frozenset())

    @property
    def claims(self) -> Claims:
        return self.examiner.claims

    def paths(self) -> Iterator[str]:
        """Of the tests that count."""
        if not self.counts:
            return
        claims = self.claims
        every = [
            *(claims.paths[place] for place in claims.invariants),
            *(claim.path for claim in claims.examples),
            *(rung.path for rung in claims.rungs if rung.answers or rung.raises),
        ]
        yield from (path for path in every if path not in self.denied)

    @property
    def calls(self) -> list[Call]:
        examples = [Call(each.call.args, each.call.kwargs) for each in self.claims.examples]
        return [*examples, *(probe.call for probe in self.probes)]


@dataclass(frozen=True, slots=True)
class Results:
    """What came of all tests."""

    tests: Mapping[Test, float] = field(default_factory=dict[Test, float])
    """With what each is worth."""
    denied: int = 0
    passed: Mapping[Digest, frozenset[Test]] = field(default_factory=dict[Digest, frozenset[Test]])
    doing: Mapping[Digest, str] = field(default_factory=dict[Digest, str])
    """Equal where candidates do the same on the inputs of the tests."""


def _listed(suites: Sequence[Suite]) -> dict[Test, float]:
    return {
        (number, path): suite.worth for number, suite in enumerate(suites) for path in suite.paths()
    }


async def run_code(
    suites: Sequence[Suite], codes: Mapping[Digest, Code], sandbox: Sandbox
) -> Results:
    calls = [call for suite in suites for call in suite.calls]
    seen: dict[Digest, Sequence[Seen]] = {}
    for form, code in codes.items():
        observed = await observe(code, calls, sandbox, probing=True)
        seen[form] = observed.seen or [observed.loaded or _NOTHING] * len(calls)
    tests = _listed(suites)
    passed: dict[Digest, set[Test]] = {form: set() for form in codes}
    start = 0
    for number, suite in enumerate(suites):
        end = start + len(suite.calls)
        part = {form: each[start:end] for form, each in seen.items()}
        for form, paths in (await _passed(suite, part, sandbox)).items():
            passed[form] |= {(number, path) for path in paths if (number, path) in tests}
        start = end
    return Results(
        tests=tests,
        denied=sum(len(suite.denied) for suite in suites),
        passed={form: frozenset(each) for form, each in passed.items()},
        doing={form: _doing(each) for form, each in seen.items()},
    )


_NOTHING = Seen("crash", None, None, (), "", ())


def _doing(seen: Sequence[Seen]) -> str:
    return fingerprint([[each.outcome, each.result, each.exception] for each in seen])


async def _passed(
    suite: Suite, seen: Mapping[Digest, Sequence[Seen]], sandbox: Sandbox
) -> dict[Digest, set[str]]:
    claims, width = suite.claims, len(suite.claims.examples)
    conditions = await _conditions(suite, seen, sandbox)
    situations = {
        form: [
            situation_of(probe.call, each)
            for probe, each in zip(suite.probes, of[width:], strict=True)
        ]
        for form, of in seen.items()
    }
    flat = [one for each in situations.values() for one in each if one is not None]
    rows = await claims.predicates.hold_nearly(flat, sandbox, list(claims.invariants))
    left = iter(rows)
    found: dict[Digest, set[str]] = {}
    for form, of in seen.items():
        truths = [next(left) for one in situations[form] if one is not None]
        held = {
            claims.paths[place]
            for column, place in enumerate(claims.invariants)
            if _holds([row[column] for row in truths])
        }
        shown = zip(claims.examples, of[:width], conditions[form], strict=True)
        held |= {claim.path for claim, one, truth in shown if _as_shown(claim, one, truth)}
        found[form] = held | _rungs_kept(suite.probes, of[width:])
    return found


def _holds(truths: Sequence[Truth]) -> bool:
    """Of all that came back, and of something: what always raises fulfils nothing."""
    return True in truths and False not in truths


async def _conditions(
    suite: Suite, seen: Mapping[Digest, Sequence[Seen]], sandbox: Sandbox
) -> dict[Digest, list[Truth]]:
    """Of the example calls that state a condition on the answer."""
    claims = suite.claims
    truths: dict[Digest, list[Truth]] = {form: [None] * len(claims.examples) for form in seen}
    for number, claim in enumerate(claims.examples):
        if claim.condition is None:
            continue
        call = Call(claim.call.args, claim.call.kwargs)
        there: dict[Digest, Situation] = {}
        for form, of in seen.items():
            situation = situation_of(call, of[number])
            if situation is not None:
                there[form] = situation
        rows = await claims.predicates.hold([*there.values()], sandbox, [claim.condition])
        for form, (truth,) in zip(there, rows, strict=True):
            truths[form][number] = truth
    return truths


def _as_shown(claim: ExampleClaim, seen: Seen, truth: Truth) -> bool:
    if claim.condition is not None:
        return truth is True
    if claim.call.raises is not None:
        return _raised(seen, claim.call.raises)
    return seen.outcome == "returned" and equal(seen.result, claim.call.expected)


def _raised(seen: Seen, name: str) -> bool:
    return seen.outcome == "raised" and name in (seen.exception, *seen.bases)


def _rungs_kept(probes: Sequence[Probe], seen: Sequence[Seen]) -> set[str]:
    """The branches of the effects that came out as they say wherever they were taken."""
    kept: dict[str, bool] = {}
    for probe, one in zip(probes, seen, strict=True):
        rung = probe.rung
        if rung is None or not (rung.answers or rung.raises):
            continue
        if rung.raises is not None:
            right = _raised(one, rung.raises)
        else:
            right = one.outcome == "returned" and any(equal(one.result, a) for a in rung.answers)
        kept[rung.path] = kept.get(rung.path, True) and right
    return {path for path, right in kept.items() if right}


async def hold_specifications(
    suites: Sequence[Suite], irs: Mapping[Digest, IR], task: Task, sandbox: Sandbox
) -> Results:
    """A specification passes an example call where it allows its answer and denies another one:
    what demands nothing passes nothing."""
    tests: dict[Test, float] = {}
    asked: list[Example] = []
    for number, suite in enumerate(suites):
        for claim in suite.claims.examples:
            if claim.condition is None and claim.path not in suite.denied:
                tests[number, claim.path] = suite.worth
                call = claim.call
                asked.append(
                    Example(
                        args=call.args,
                        kwargs=dict(call.kwargs),
                        expected=call.expected,
                        raises=call.raises,
                    )
                )
    passed: dict[Digest, frozenset[Test]] = {}
    for form, ir in irs.items():
        claims = Claims.of(ir, task.examples)
        groups = [[each, *_others(each, asked, ir)] for each in asked]
        told = iter(await allows(claims, [one for group in groups for one in group], sandbox))
        rulings = [[next(told) for _ in group] for group in groups]
        passed[form] = frozenset(
            test
            for test, (own, *others) in zip(tests, rulings, strict=True)
            if own is True and False in others
        )
    denied = sum(len(suite.denied) for suite in suites)
    return Results(tests=tests, denied=denied, passed=passed)


def _others(test: Example, asked: Sequence[Example], ir: IR) -> list[Example]:
    """Other answers to the same call."""
    found = [each.expected for each in asked if each.raises is None]
    result = Parameter(name="result", type=ir.signature.returns)
    outcome = Signature(name="outcome", parameters=(result,), returns="None")
    found += [value for (value,) in generate(outcome, found, count=_OTHERS)]
    different = [
        value for value in found if test.raises is not None or not equal(value, test.expected)
    ]
    unique = {fingerprint(value): value for value in different}
    return [
        Example(args=test.args, kwargs=test.kwargs, expected=value)
        for value in [*unique.values()][:_OTHERS]
    ]
