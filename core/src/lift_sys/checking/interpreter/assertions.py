"""Findings about assertions: which contradict, which say nothing, which a constant fulfils."""

from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any, Final

from ...interfaces import Finding
from ..impostors import Point, weigh
from ..truth import Truth
from .codes import shown, tell
from .evaluation import Block
from .facts import Facts
from .pins import exact, variants

_ENOUGH: Final = 5
"""Inputs on which assertions must contradict each other, without one where they do not."""


async def about_assertions(facts: Facts) -> AsyncIterator[Finding]:
    for finding in _of_each(facts):
        yield finding
    for examine in (_weak, _branches_denied, _clashes):
        async for finding in examine(facts):
            yield finding


def _of_each(facts: Facts) -> Iterator[Finding]:
    """What each assertion says by itself."""
    for place, table in facts.tables.items():
        path, source = facts.predicate(place)
        typed = [truth for row in table for truth in row[: len(facts.results)]]
        whole = [truth for row in table for truth in row]
        if not typed:
            continue
        if all(truth is True for truth in whole):
            message = f"{source} holds whatever is returned"
            yield tell("tautological-assertion", message, path)
        elif all(isinstance(truth, str) for truth in typed):
            if {*typed} == {"TypeError"}:
                message = f"{source} ends with TypeError for every input and result tried"
                yield tell("never-evaluable", message, path)
        elif not any(truth is True for truth in whole) and place not in _pinned(facts):
            message = f"{source} held for none of the inputs and results tried"
            yield tell("never-true", message, path)


def _pinned(facts: Facts) -> set[int]:
    """Assertions that name their result: whether it is among those tried is mere chance."""
    return {pin.place for pin in facts.pins}


async def _weak(facts: Facts) -> AsyncIterator[Finding]:
    claims = facts.claims
    if not claims:
        if not facts.ir.holes:
            message = "no assertion, example or return value says what the result is"
            yield tell("nothing-to-check", message, "assertions")
        return
    if facts.ir.signature.returns == "None" or not _evaluable(facts):
        return
    if facts.mutating and claims.preconditions:
        # Those may be meant for what the call leaves, and the inputs that they leave out count.
        return
    points = [_point(facts, row) for row in facts.tabled]
    weight = await weigh(facts.ir, claims, points, (), facts.evaluator.sandbox)
    if weight.impostor is not None:
        message = f"a function that {weight.impostor} fulfils all that is claimed"
        yield tell("too-weak", message, "assertions", counterexample=weight.impostor)


def _evaluable(facts: Facts) -> bool:
    """Whether each assertion is true or false of something, so that it can be spoken of."""
    if len(facts.tables) < len(facts.claims.invariants) or len(facts.tabled) < 2:
        return False
    return all(
        any(isinstance(truth, bool) for row in table for truth in row)
        for table in facts.tables.values()
    )


def _point(facts: Facts, row: int) -> Point:
    outcome = facts.outcome(row)
    return Point(facts.inputs[row], outcome.answers, outcome.raises)


async def _branches_denied(facts: Facts) -> AsyncIterator[Finding]:
    """Where a branch's return values are all denied by the assertions."""
    places = [place for place in facts.tables if facts.settled(place)]
    cases: list[tuple[int, str, tuple[Any, ...], list[Sequence[object]]]] = []
    for row in facts.tabled:
        path, answers = (outcome := facts.outcome(row)).path, outcome.answers
        forms = [variants(answer) for answer in answers if exact(answer)]
        known: list[Sequence[object]] = [form for form in forms if form is not None]
        if answers and len(known) == len(answers):
            cases.append((row, path, answers, known))
    blocks: list[Block] = [
        (facts.inputs[row], [each for form in forms for each in form]) for row, _, _, forms in cases
    ]
    tables = await facts.evaluator.truths(dict.fromkeys(places, blocks))
    told: set[str] = set()
    for number, (row, path, answers, _) in enumerate(cases):
        columns = {p: table[number] for p in places if (table := tables[p]) is not None}
        denying = _denying(columns)
        if denying is None or path in told:
            continue
        told.add(path)
        where, source = facts.predicate(denying)
        given = " or ".join(map(shown, answers))
        call = facts.call(facts.inputs[row])
        message = f"{path} gives {given} for {call}, which {where} denies: {source}"
        yield tell("branch-denies-assertion", message, path, counterexample=call)


def _denying(columns: dict[int, list[Truth]]) -> int | None:
    """One of the assertions that together leave no form of an answer."""
    if not columns:
        return None
    count = len(next(iter(columns.values())))
    if not count or not all(
        any(column[each] is False for column in columns.values()) for each in range(count)
    ):
        return None
    return next(place for place, column in columns.items() if False in column)


async def _clashes(facts: Facts) -> AsyncIterator[Finding]:
    """Where one assertion demands a result that another denies."""
    pins = [pin for pin in facts.pins if facts.settled(pin.place)]
    places = [place for place in facts.tables if facts.settled(place)]
    inputs = [facts.inputs[row] for row in facts.tabled if not facts.outcome(row).raises]
    if not pins or not inputs:
        return
    demanded = await facts.evaluator.values(pins, inputs)
    cases: list[tuple[int, int, object]] = []
    blocks: list[Block] = []
    for number, pin in enumerate(pins):
        for place, found in enumerate(demanded[number]):
            forms = variants(found[0], identity=pin.identity) if found else None
            if forms is not None and exact(found[0]):
                cases.append((place, pin.place, found[0]))
                blocks.append((inputs[place], forms))
    tables = await facts.evaluator.truths(dict.fromkeys(places, blocks))
    clashing: dict[int, tuple[int, int, object]] = {}
    for number, (place, demanding, value) in enumerate(cases):
        columns = {p: table[number] for p in places if (table := tables[p]) is not None}
        denying = _denying(columns)
        if denying is not None:
            clashing.setdefault(place, (demanding, denying, value))
    if clashing:
        fixed = {place for place, _, _ in cases}
        finding = _clash(facts, inputs, clashing, everywhere=clashing.keys() == fixed)
        if finding is not None:
            yield finding


def _clash(
    facts: Facts,
    inputs: Sequence[tuple[Any, ...]],
    clashing: dict[int, tuple[int, int, object]],
    *,
    everywhere: bool,
) -> Finding | None:
    place, (demanding, denying, value) = next(iter(clashing.items()))
    path, source = facts.predicate(demanding)
    where, other = facts.predicate(denying)
    call = facts.call(inputs[place])
    if demanding == denying:
        message = f"{path} cannot hold for {call}: {source}"
    else:
        message = f"for {call} {path} demands {shown(value)}, which {where} denies: {other}"
    whole = everywhere and (len(clashing) >= _ENOUGH or not facts.parameters)
    if not whole and facts.speaks_of_exceptions:
        return None
    code = "contradictory-assertions" if whole else "clashing-assertions"
    return tell(code, message, where, suggestion="", counterexample=call)
