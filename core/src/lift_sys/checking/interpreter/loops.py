"""Findings about loop constraints: which match the examples and assertions really speak of.

Told only where it can be computed: a sequence, a value sought in it, and a result that is a
place, what stands there, or the list of all of those.
"""

import itertools
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from ...interfaces import Finding
from ...ir import LoopBehaviour, normalise_type
from ..compare import equal
from ..inputs import Arguments
from .codes import shown, tell
from .evaluation import Block
from .facts import Facts, example_arguments

_SCALARS: Final = frozenset({"int", "float", "str", "bool"})
_CRAFTED: Final = 8

Places = Sequence[int]
Guess = Callable[[Sequence[Any], Places], Any]
"""The result for a sequence and the places of its matches."""


def _key(item: Any) -> Any:
    return cast("Sequence[Any]", item)[0] if _is_pair(item) else item


def _is_pair(item: Any) -> bool:
    return isinstance(item, tuple | list) and len(cast("Sequence[Any]", item)) == 2


def _what(read: Guess, family: Callable[[list[Any]], Any]) -> Guess:
    return lambda items, places: family([read(items, [place]) for place in places])


_READINGS: Final[tuple[Guess, ...]] = (
    lambda items, places: places[0],
    lambda items, places: places[0] + 1,
    lambda items, places: items[places[0]],
    lambda items, places: items[places[0]][1] if _is_pair(items[places[0]]) else None,
)
_FAMILIES: Final[Mapping[str, tuple[Guess, ...]]] = {
    "first": tuple(_what(read, lambda found: found[0]) for read in _READINGS),
    "last": tuple(_what(read, lambda found: found[-1]) for read in _READINGS),
    "all": (
        *(_what(read, list) for read in _READINGS),
        *(_what(read, tuple) for read in _READINGS),
        lambda items, places: len(places),
    ),
}


@dataclass(frozen=True, slots=True)
class _Search:
    """An input in which a value is sought in a sequence, and what it gives where that is known."""

    arguments: Arguments
    items: Sequence[Any]
    places: tuple[int, ...]
    answers: tuple[Any, ...] = ()


async def about_loops(facts: Facts) -> AsyncIterator[Finding]:
    for number, constraint in enumerate(facts.ir.constraints):
        if not isinstance(constraint, LoopBehaviour):
            continue
        path = f"constraints[{number}]"
        if constraint.matches == "all" and facts.ir.signature.returns in _SCALARS:
            message = f"all matches, and a single {facts.ir.signature.returns} is returned"
            yield tell("loop-type", message, path)
        for sequence, value in itertools.permutations(range(len(facts.parameters)), 2):
            finding = await _contradicted(facts, constraint.matches, path, sequence, value)
            if finding is not None:
                yield finding
                break


async def _contradicted(
    facts: Facts, declared: str, path: str, sequence: int, value: int
) -> Finding | None:
    shown_searches = [*_shown(facts, sequence, value)]
    crafted = [*_crafted(facts, sequence, value)]
    fitting: dict[str, list[Guess]] = {}
    for family, guesses in _FAMILIES.items():
        fitting[family] = [guess for guess in guesses if _fits(guess, shown_searches)]
    telling = [search for search in shown_searches if len(search.places) > 1]
    if crafted and facts.tables:
        fitting, told = await _asserted(facts, crafted, fitting)
        telling += told
    others = [family for family, guesses in fitting.items() if guesses and family != declared]
    if fitting[declared] or not others or not telling:
        return None
    search = telling[0]
    call = facts.call(search.arguments)
    got = f" gives {shown(search.answers[0])}" if search.answers else " is settled"
    message = f"the {declared} match is demanded, but {call}{got} as for the {others[0]} one"
    return tell("loop-contradicted", message, path, counterexample=call)


def _fits(guess: Guess, searches: Sequence[_Search]) -> bool:
    return all(equal(_result(guess, search), search.answers[0]) for search in searches)


def _result(guess: Guess, search: _Search) -> Any:
    return guess(search.items, search.places)


def _makes_sense(result: Any) -> bool:
    """Only of pairs can the second member be read."""
    members = cast("Sequence[Any]", result) if isinstance(result, list | tuple) else [result]
    return all(member is not None for member in members)


def _search(arguments: Arguments, sequence: int, value: int, *answers: Any) -> _Search | None:
    items, sought = arguments[sequence], arguments[value]
    if isinstance(items, str):
        if not (isinstance(sought, str) and len(sought) == 1):
            return None
    elif not isinstance(items, list | tuple):
        return None
    members = cast("Sequence[Any]", items)
    places = tuple(n for n, item in enumerate(members) if equal(_key(item), sought))
    return _Search(arguments, members, places, answers) if places else None


def _shown(facts: Facts, sequence: int, value: int) -> Iterator[_Search]:
    known = [(call.arguments, call.expected) for call in facts.shown if call.plain]
    for example in facts.task.examples:
        arguments = example_arguments(example, facts.parameters)
        if arguments is not None and example.raises is None:
            known.append((arguments, example.expected))
    for arguments, expected in known:
        search = _search(arguments, sequence, value, expected)
        if search is not None:
            yield search


def _crafted(facts: Facts, sequence: int, value: int) -> Iterator[_Search]:
    """Lists with two matches each, made from the values of generated inputs."""
    types = [normalise_type(one.type) for one in facts.ir.signature.parameters]
    if types[sequence] != f"list[{types[value]}]":
        return
    values = [facts.inputs[row][value] for row in facts.tabled]
    made = 0
    for row in facts.tabled:
        sought = facts.inputs[row][value]
        other = next((each for each in values if not equal(each, sought)), None)
        if other is None or made >= _CRAFTED:
            return
        arguments = list(facts.inputs[row])
        arguments[sequence] = [other, sought, other, sought, other]
        search = _search(tuple(arguments), sequence, value)
        if search is not None:
            made += 1
            yield search


async def _asserted(
    facts: Facts, searches: Sequence[_Search], fitting: Mapping[str, list[Guess]]
) -> tuple[dict[str, list[Guess]], list[_Search]]:
    """The guesses that no assertion denies, and the inputs on which one was."""
    guesses = [
        (family, guess)
        for family, each in fitting.items()
        for guess in each
        if all(_makes_sense(_result(guess, search)) for search in searches)
    ]
    blocks: list[Block] = [
        (search.arguments, [_result(guess, search) for _, guess in guesses]) for search in searches
    ]
    places = [*facts.tables, *facts.claims.preconditions]
    tables = await facts.evaluator.truths(dict.fromkeys(places, blocks))
    kept: dict[str, list[Guess]] = {family: [] for family in fitting}
    told: list[_Search] = []
    usable = [
        row
        for row in range(len(searches))
        if all(
            (table := tables[p]) is not None and table[row] and table[row][0] is True
            for p in facts.claims.preconditions
        )
    ]
    for number, (family, guess) in enumerate(guesses):
        denied = [
            row
            for row in usable
            if any(
                (table := tables[p]) is not None and table[row][number] is False
                for p in facts.tables
            )
        ]
        if denied:
            told.append(searches[denied[0]])
        else:
            kept[family].append(guess)
    return kept, told


__all__ = ["about_loops"]
