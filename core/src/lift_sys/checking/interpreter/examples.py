"""Findings about example calls: against one another, against the branches, the assertions."""

import itertools
from collections.abc import AsyncIterator, Iterator

from ...interfaces import Finding
from ..compare import equal, same
from .codes import tell
from .evaluation import Block
from .facts import Facts, example_arguments
from .ladder import type_test
from .outcomes import Branch, Outcome, ShownCall, related
from .pins import exact, variants


async def about_examples(facts: Facts) -> AsyncIterator[Finding]:
    for finding in (*_among_themselves(facts), *_against_branches(facts), *_outside(facts)):
        yield finding
    async for finding in _against_conditions(facts):
        yield finding
    async for finding in _against_assertions(facts):
        yield finding


def _among_themselves(facts: Facts) -> Iterator[Finding]:
    for first, second in itertools.combinations(facts.shown, 2):
        if not same(list(first.arguments), list(second.arguments)):
            continue
        if first.condition is not None or second.condition is not None:
            continue
        if not _agree(first, second):
            call = facts.call(first.arguments)
            message = f"{first.path} says {first.text}, {second.path} says {second.text}"
            yield tell("contradictory-examples", message, second.path, counterexample=call)


def _agree(first: ShownCall, second: ShownCall) -> bool:
    if first.plain and second.plain:
        return equal(first.expected, second.expected)
    if first.raises is None or second.raises is None:
        return False
    return related(first.raises, second.raises)


async def _against_conditions(facts: Facts) -> AsyncIterator[Finding]:
    """An example that states a condition on the answer, and one that gives the answer."""
    for claim in facts.shown:
        if claim.condition is None:
            continue
        for call in facts.shown:
            if not call.plain or not same(list(call.arguments), list(claim.arguments)):
                continue
            forms = variants(call.expected) or []
            blocks: list[Block] = [(call.arguments, forms)]
            table = (await facts.evaluator.truths({claim.condition: blocks}))[claim.condition]
            if table and forms and all(truth is False for truth in table[0]):
                message = f"{call.path} says {call.text}, {claim.path} says {claim.text}"
                yield tell(
                    "contradictory-examples",
                    message,
                    claim.path,
                    counterexample=facts.call(call.arguments),
                )


def _against_branches(facts: Facts) -> Iterator[Finding]:
    for call in facts.shown:
        row = facts.row(call.arguments)
        outcome = facts.outcome(row)
        said = Outcome(call.path, (call.expected,) if call.plain else (), call.raises)
        if not said.excludes(outcome):
            continue
        branch = facts.taken(row) if facts.ladder else None
        if isinstance(branch, Branch) and takes_bool_as_int(branch, facts, call):
            code = "bool-taken-for-int"
            why = f"{branch.source}, which takes True and False as ints,"
        else:
            code = "example-denies-branch"
            why = branch.source if isinstance(branch, Branch) else "otherwise"
        message = (
            f"{call.path} {said} for {facts.call(call.arguments)}, its branch {outcome.path}, "
            f"{why} {outcome}"
        )
        yield tell(code, message, call.path, counterexample=facts.call(call.arguments))


def takes_bool_as_int(branch: Branch, facts: Facts, call: ShownCall) -> bool:
    tested = type_test(branch.source)
    if tested is None or "int" not in tested[1] or "bool" in tested[1]:
        return False
    names = facts.parameters
    return isinstance(call.arguments[names.index(tested[0])], bool) if tested[0] in names else False


def _outside(facts: Facts) -> Iterator[Finding]:
    """Examples that return although a precondition leaves their arguments out."""
    visible = [
        ("a visible example", arguments)
        for example in facts.task.examples
        if example.raises is None
        and (arguments := example_arguments(example, facts.parameters)) is not None
    ]
    own = [(call.path, call.arguments) for call in facts.shown if call.raises is None]
    for who, arguments in (*own, *visible):
        row = facts.row(arguments)
        for place in facts.claims.preconditions:
            if place in facts.columns and facts.columns[place][row] is False:
                path, source = facts.predicate(place)
                message = f"{who}, {facts.call(arguments)}, is excluded by {source}"
                call = facts.call(arguments)
                yield tell("example-outside-precondition", message, path, counterexample=call)
                return


async def _against_assertions(facts: Facts) -> AsyncIterator[Finding]:
    calls = [
        (call, forms)
        for call in facts.shown
        if call.plain
        and facts.admissible(facts.row(call.arguments))
        and exact(call.expected)
        and (forms := variants(call.expected)) is not None
    ]
    places = [place for place in facts.tables if facts.settled(place)]
    blocks: list[Block] = [(call.arguments, forms) for call, forms in calls]
    tables = await facts.evaluator.truths(dict.fromkeys(places, blocks))
    for number, (call, _) in enumerate(calls):
        for place in places:
            table = tables[place]
            if table is not None and all(truth is False for truth in table[number]):
                path, source = facts.predicate(place)
                message = f"{call.path} says {call.text}, which {path} denies: {source}"
                example = facts.call(call.arguments)
                yield tell("example-denies-assertion", message, call.path, counterexample=example)
                break
