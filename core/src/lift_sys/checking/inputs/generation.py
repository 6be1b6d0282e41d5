"""From a signature, and what is known of its task, to argument tuples."""

import itertools
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ...ir import Signature, ValueCodecError, parse_type
from ..compare import fingerprint
from ..conformance import belongs
from .by_type import values_of
from .neighbours import changed_arguments, related
from .pools import Pools
from .sizes import size

Arguments = tuple[Any, ...]

_CORNERS = 3


def generate(
    signature: Signature,
    literals: Iterable[object] = (),
    *,
    seeds: Sequence[Arguments] = (),
    count: int = 48,
    seed: int = 0,
) -> list[Arguments]:
    """Up to `count` different argument tuples, the simple ones first; the same seed, the same.

    `seeds` are argument tuples that the function is known to take: their neighbours are used.
    """
    pools, dice = Pools.around(literals, seed)
    columns = [
        values_of(parse_type(parameter.type), pools, dice) for parameter in signature.parameters
    ]
    if not columns:
        return [()]
    types = [parameter.type for parameter in signature.parameters]
    near = list(_near(seeds, len(columns), dice))
    sources = [near, _mixtures(columns, dice, count)] if all(columns) else [near]
    chosen: dict[str, Arguments] = {}
    for arguments in _in_turn(sources):
        if all(belongs(value, type_) for value, type_ in zip(arguments, types, strict=True)):
            _add(chosen, arguments)
        if len(chosen) >= count:
            break
    return sorted(chosen.values(), key=size)


def in_order(
    parameters: Sequence[str], args: Arguments, kwargs: Mapping[str, Any]
) -> Arguments | None:
    """The arguments of a call in the order of the parameters; None where some are left out."""
    named = {**dict(zip(parameters, args, strict=False)), **kwargs}
    arguments = tuple(named[name] for name in parameters if name in named)
    return arguments if len(arguments) == len(parameters) else None


def _add(chosen: dict[str, Arguments], arguments: Arguments) -> None:
    try:
        chosen.setdefault(fingerprint(arguments), arguments)
    except ValueCodecError:
        return


def _near(seeds: Sequence[Arguments], width: int, dice: random.Random) -> Iterator[Arguments]:
    """The neighbours of each seed in turn, so that none crowds out the others."""
    whole = [arguments for arguments in seeds if len(arguments) == width]
    yield from whole
    streams = [
        list(itertools.chain(changed_arguments(arguments, dice), related(arguments, dice)))
        for arguments in whole
    ]
    for stream in streams:
        dice.shuffle(stream)
    yield from _in_turn(streams)


def _mixtures(
    columns: Sequence[Sequence[Any]], dice: random.Random, count: int
) -> Iterator[Arguments]:
    if len(columns) == 1:
        yield from ((value,) for value in columns[0])
        return
    # All corners of the simplest values, then each column's values in turn, then at random.
    corners = list(
        itertools.product(
            *(column[:_CORNERS] for column in columns[:_CORNERS]),
            *(column[:1] for column in columns[_CORNERS:]),
        )
    )
    yield from corners
    for place in range(max(map(len, columns))):
        yield from _with_relations(tuple(c[place % len(c)] for c in columns), dice)
    for _ in range(4 * count):
        yield from _with_relations(tuple(dice.choice(column) for column in columns), dice)


def _with_relations(arguments: Arguments, dice: random.Random) -> Iterator[Arguments]:
    yield arguments
    akin = list(related(arguments, dice))
    yield from dice.sample(akin, k=min(2, len(akin)))


def _in_turn(streams: Sequence[Iterable[Arguments]]) -> Iterator[Arguments]:
    left = [iter(stream) for stream in streams]
    while left:
        for stream in left[:]:
            found = next(stream, None)
            if found is None:
                left.remove(stream)
            else:
                yield found
