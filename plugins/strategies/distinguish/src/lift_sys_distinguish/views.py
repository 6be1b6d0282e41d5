"""What candidates do, input by input, in words that can be asked about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from lift_sys.checking.admission import admit
from lift_sys.checking.allowing import allows
from lift_sys.checking.claims import Claims
from lift_sys.checking.compare import fingerprint
from lift_sys.checking.examiner import Examiner
from lift_sys.checking.execution import Call, Seen, observe
from lift_sys.checking.failing import shown
from lift_sys.checking.inputs import Arguments, generate, size
from lift_sys.checking.ordinary import is_ordinary
from lift_sys.interfaces import Code, Digest, Example, Sandbox, Subject
from lift_sys.ir import IR, Parameter, Signature

_AT_ONCE = 50
"""Inputs that are admitted together; not more than are taken of one batch."""
_ARGUMENTS, _RESULTS = 24, 12
"""Of the calls and answers that specifications are held against."""


class Doing(NamedTuple):
    """What a candidate does, or says, on one input."""

    key: str
    """Equal where the same is done."""
    told: str
    """After "it"; empty: it is not known."""
    returned: bool


_UNKNOWN = Doing("", "", False)


@dataclass(frozen=True, slots=True)
class Input:
    call: str
    size: int
    searched: bool
    """Whether the checks did not have it."""


@dataclass(frozen=True, slots=True)
class Views:
    """A row for each candidate, with what it does on each of the inputs."""

    inputs: Sequence[Input]
    rows: Mapping[Digest, Sequence[Doing]]

    def differing(self, one: Digest, other: Digest) -> list[int]:
        """The inputs on which two do not do the same, the plainest first: those that both answer,
        that the checks had, that are small."""
        found: list[tuple[bool, bool, int, int]] = []
        for place, (a, b) in enumerate(zip(self.rows[one], self.rows[other], strict=True)):
            if a.told and b.told and a.told != b.told:
                here = self.inputs[place]
                found.append((not (a.returned and b.returned), here.searched, here.size, place))
        return [place for *_, place in sorted(found)]

    def clusters(self) -> list[list[Digest]]:
        """Those that do the same everywhere, in the order of the rows."""
        groups: dict[tuple[str, ...], list[Digest]] = {}
        for form, row in self.rows.items():
            groups.setdefault(tuple(doing.key for doing in row), []).append(form)
        return list(groups.values())


async def view(subjects: Mapping[Digest, Subject], sandbox: Sandbox, search: int) -> Views:
    """Of candidates for one task: code where they have it, else their specifications."""
    codes = {form: each.code for form, each in subjects.items() if each.code is not None}
    first = next(iter(subjects.values()))
    if codes:
        return await _of_code(first, codes, sandbox, search)
    return await _of_specifications(subjects, sandbox)


async def _of_code(
    first: Subject, codes: Mapping[Digest, Code], sandbox: Sandbox, search: int
) -> Views:
    examiner = Examiner(first.task, first.ir, sandbox)
    known = [probe.call for probe in await examiner.admissible()]
    further = await _further(examiner.claims, first, known, sandbox, search)
    calls = [*known, *further]
    rows: dict[Digest, Sequence[Doing]] = {}
    for form, code in codes.items():
        observed = await observe(code, calls, sandbox, probing=True)
        seen = observed.seen or (observed.loaded,) * len(calls)
        rows[form] = [_UNKNOWN if each is None else _doing(each) for each in seen]
    name = first.ir.signature.name
    inputs = [
        Input(call.text(name), size(call.args), place >= len(known))
        for place, call in enumerate(calls)
    ]
    return Views(inputs, rows)


async def _further(
    claims: Claims, first: Subject, known: Sequence[Call], sandbox: Sandbox, search: int
) -> list[Call]:
    """Changes of the inputs that are known, and mixtures of other values of their types."""
    if not search:
        return []
    seeds = [*(each.args for each in first.task.examples), *(call.args for call in known)]
    made = generate(first.ir.signature, claims.literals, seeds=seeds, count=search, seed=1)
    there = {fingerprint(list(call.args)) for call in known}
    new = [each for each in made if is_ordinary(each) and fingerprint(list(each)) not in there]
    found: list[Call] = []
    for start in range(0, len(new), _AT_ONCE):
        batch = tuple(new[start : start + _AT_ONCE])
        found += [probe.call for probe in await admit(replace(claims, inputs=batch), sandbox)]
    return found


def _doing(seen: Seen) -> Doing:
    match seen.outcome:
        case "returned":
            return Doing(f"= {fingerprint(seen.result)}", f"returns {shown(seen.result)}", True)
        case "raised":
            return Doing(f"! {seen.exception}", f"raises {seen.exception}", False)
        case _:
            # A clock or a guard ended it: that says nothing of what is right.
            return _UNKNOWN


async def _of_specifications(subjects: Mapping[Digest, Subject], sandbox: Sandbox) -> Views:
    """By which answers they allow to which calls."""
    first = next(iter(subjects.values()))
    claims = {form: Claims.of(each.ir, each.task.examples) for form, each in subjects.items()}
    answers = _answers(first, list(claims.values()))
    rows: dict[Digest, Sequence[Doing]] = {}
    for form, each in claims.items():
        rows[form] = [_ruling(one) for one in await allows(each, answers, sandbox)]
    name = first.ir.signature.name
    inputs = [
        Input(f"{each.call(name)} with the answer {shown(each.expected)}", size(each.args), False)
        for each in answers
    ]
    return Views(inputs, rows)


def _ruling(allowed: bool | None) -> Doing:
    if allowed is None:
        return _UNKNOWN
    told = "is right, or may be" if allowed else "is wrong"
    return Doing(told, told, True)


def _answers(first: Subject, claims: Sequence[Claims]) -> list[Example]:
    """Calls with answers of the declared type, those among them that the specifications name."""
    literals = [literal for each in claims for literal in each.literals]
    seeds = [example.args for example in first.task.examples]
    inputs = generate(first.ir.signature, literals, seeds=seeds, count=_ARGUMENTS)
    named: dict[str, Any] = {
        fingerprint(answer): answer
        for each in claims
        for rung in each.rungs
        for answer in rung.answers
    }
    results = [*named.values()][:_RESULTS]
    results += [result for (result,) in _results(first.ir, literals)]
    return [Example(args=each, expected=result) for each in inputs for result in results]


def _results(ir: IR, literals: Sequence[object]) -> list[Arguments]:
    result = Parameter(name="result", type=ir.signature.returns)
    outcome = Signature(name="outcome", parameters=(result,), returns="None")
    return generate(outcome, literals, count=_RESULTS)
