"""Findings about position constraints: assertions that fix the result whatever the order."""

import itertools
import random
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from typing import Any, Final, cast

from ...interfaces import Finding
from ...ir import Position
from ..inputs import Arguments
from ..truth import Truth
from .codes import tell
from .evaluation import Block
from .facts import Facts

_GROUPS: Final = 12
_MEMBERS: Final = 12
_MARKED: Final = 120
_RESULTS: Final = 8

Group = list[Arguments]
"""Inputs that differ in the order of one argument's members only."""


async def about_positions(facts: Facts) -> AsyncIterator[Finding]:
    wanted = [n for n, each in enumerate(facts.ir.constraints) if isinstance(each, Position)]
    if not wanted or not _fixed(facts):
        return
    groups = [*itertools.islice(_groups(facts), _GROUPS)]
    if not groups or await _sensitive(facts, groups):
        return
    for number in wanted:
        first, second = groups[0][:2]
        message = (
            f"{facts.ir.constraints[number].description!r} is demanded, and the assertions treat "
            f"{facts.call(first)} and {facts.call(second)} alike"
        )
        path = f"constraints[{number}]"
        yield tell("position-ignored", message, path, counterexample=facts.call(second))


def _fixed(facts: Facts) -> bool:
    """Whether assertions or branches leave at most one result for every input that was tried."""
    rows = facts.tabled
    if not rows:
        return False
    answered = bool(facts.ladder) and all(
        bool(facts.outcome(row)) and len(facts.outcome(row).answers) <= 1 for row in rows
    )
    return answered or (
        facts.tables != {} and all(_allowed(facts, n) <= 1 for n in range(len(rows)))
    )


def _allowed(facts: Facts, row: int) -> int:
    """How many of the results no assertion denies."""
    return sum(
        not any(table[row][number] is False for table in facts.tables.values())
        for number in range(len(facts.results))
    )


def _groups(facts: Facts) -> Iterator[Group]:
    for place in range(len(facts.parameters)):
        if facts.tabled and isinstance(facts.inputs[facts.tabled[0]][place], str):
            yield from _marked(facts, facts.inputs[facts.tabled[0]], place)
        for row in facts.tabled:
            yield from _reordered(facts.inputs[row], place)


def _marked(facts: Facts, arguments: Arguments, place: int) -> Iterator[Group]:
    """Texts of the marks that the IR names, with letters before, between and after."""
    named = [text for text in facts.claims.literals if isinstance(text, str)]
    marks = [text for text in dict.fromkeys(named) if len(text) == 1][:3]
    orders = [*itertools.permutations([*marks, *"xyz"])] if marks else []
    random.Random(0).shuffle(orders)
    if orders:
        texts = ["".join(order) for order in orders[:_MARKED]]
        yield [(*arguments[:place], text, *arguments[place + 1 :]) for text in texts]


def _reordered(arguments: Arguments, place: int) -> Iterator[Group]:
    members = arguments[place]
    orders: Iterable[Any] = ()
    if isinstance(members, str):
        if len(set(members)) > 1:
            orders = ("".join(order) for order in itertools.permutations(members[:5]))
    elif isinstance(members, list | tuple):
        make = list[Any] if isinstance(members, list) else tuple[Any, ...]
        items = cast("Sequence[Any]", members)
        if 2 <= len(items) <= 5:
            orders = [make(order) for order in itertools.permutations(items)]
    group = [
        (*arguments[:place], order, *arguments[place + 1 :])
        for order in itertools.islice(_distinct(orders), _MEMBERS)
    ]
    if len(group) > 1:
        yield group


def _distinct(values: Iterable[Any]) -> Iterator[Any]:
    seen: set[str] = set()
    for value in itertools.islice(values, 5 * _MEMBERS):
        if repr(value) not in seen:
            seen.add(repr(value))
            yield value


def _turned(value: Any) -> Any:
    return cast("Sequence[Any]", value)[::-1] if isinstance(value, str | list | tuple) else value


async def _sensitive(facts: Facts, groups: Sequence[Group]) -> bool:
    """Whether anything in the IR tells two orders apart, of an argument or of a result."""
    results = [*facts.results[:_RESULTS]]
    turned = [_turned(each) for each in results]
    members = [arguments for group in groups for arguments in group]
    blocks: list[Block] = [(arguments, [*results, *turned]) for arguments in members]
    places = [*facts.tables, *(branch.condition for branch in facts.ladder)]
    tables = await facts.evaluator.truths(dict.fromkeys(places, blocks))
    for table in tables.values():
        if table is None:
            return True
        if any(row[: len(results)] != row[len(results) :] for row in table):
            return True
        rows = iter(table)
        for group in groups:
            alike: list[list[Truth]] = [next(rows) for _ in group]
            if any(row != alike[0] for row in alike):
                return True
    return False
