"""Whether the claims tell code from a function that does none of its work.

Such an impostor returns one value always, or one of its arguments as it came. Where it fulfils all
that is claimed, and other answers would do as well, a pass would say nothing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from ..interfaces import Example, Sandbox
from ..ir import IR, Parameter, Signature
from .claims import Claims, ExampleClaim
from .compare import close, equal, fingerprint
from .conformance import conforms
from .inputs import Arguments, generate, in_order
from .truth import Situation, Truth

_RESULTS: Final = 8
_SHOWN_CHARS: Final = 60

_Known = Mapping[int, Truth]
"""Of each predicate, by place, its truth for one input and result."""


class Point(NamedTuple):
    """An input that code is held to, and what the branches of the effects say comes out."""

    arguments: Arguments
    answers: tuple[Any, ...] = ()
    raises: str | None = None


class _Demand(NamedTuple):
    arguments: Arguments
    allows: Callable[[Any, _Known], bool]
    """Whether a result would do there."""


@dataclass(frozen=True, slots=True)
class Weight:
    """How much it says that code fulfils the claims."""

    telling: frozenset[int]
    """The invariants that some result of the declared type would deny on some input."""
    choosy: frozenset[int]
    """The invariants that end with a TypeError on some results, whatever the input is like."""
    impostor: str | None
    """What a function does that fulfils all claims without doing the work."""
    open: tuple[Arguments, ...]
    """Inputs on which whatever is returned would do."""
    tried: int
    """How many inputs were looked at."""


NO_WEIGHT: Final = Weight(frozenset(), frozenset(), None, (), 0)


async def weigh(
    ir: IR,
    claims: Claims,
    points: Sequence[Point],
    shown: Sequence[Example],
    sandbox: Sandbox,
    refuted: frozenset[int] = frozenset(),
) -> Weight:
    """`shown` are the visible examples, `refuted` the invariants that code is not held to."""
    held = [place for place in claims.invariants if place not in refuted]
    constants = [*_constants(ir, claims, points, shown)]
    demands = [*_demands(claims, points, shown, held)]
    tried = [[*constants, *demand.arguments] for demand in demands]
    conditions = [each.condition for each in claims.examples if each.condition is not None]
    known = await _known(claims, demands, tried, [*held, *conditions], sandbox)
    at_points = known[: len(points)]
    choosy = frozenset(place for place in held if _is_choosy(place, at_points))
    allowed = [
        [
            demand.allows(result, _strictly(truths, choosy))
            for result, truths in zip(results, row, strict=True)
        ]
        for demand, results, row in zip(demands, tried, known, strict=True)
    ]
    everywhere = [all(column) for column in zip(*allowed, strict=True)]
    several = [_several(constants, row) for row in allowed[: len(points)]]
    return Weight(
        telling=frozenset(
            place for row in at_points for truths in row for place in held if truths[place] is False
        ),
        choosy=choosy,
        impostor=_impostor(ir, constants, everywhere) if any(several) else None,
        open=tuple(
            point.arguments
            for point, row, more in zip(points, allowed, several, strict=False)
            if more and all(row[: len(constants)])
        ),
        tried=len(points),
    )


def _is_choosy(place: int, at_points: Sequence[Sequence[_Known]]) -> bool:
    mistyped = [[truths[place] == "TypeError" for truths in row] for row in at_points]
    return any(map(any, mistyped)) and not any(map(all, mistyped))


def _strictly(truths: _Known, choosy: frozenset[int]) -> _Known:
    """A result that an assertion cannot even look at does not fulfil it."""
    if not choosy:
        return truths
    return {
        place: False if truth == "TypeError" and place in choosy else truth
        for place, truth in truths.items()
    }


def _constants(
    ir: IR, claims: Claims, points: Sequence[Point], shown: Sequence[Example]
) -> Iterator[Any]:
    """Results of the declared type, those that the task and the IR name first."""
    named = [answer for point in points for answer in point.answers]
    named += [each.call.expected for each in claims.examples if _is_plain(each)]
    named += [each.expected for each in shown if each.raises is None]
    returns = ir.signature.returns
    result = Parameter(name="result", type=returns)
    outcome = Signature(name="outcome", parameters=(result,), returns="None")
    made = [value for (value,) in generate(outcome, claims.literals, count=_RESULTS)]
    seen: set[str] = set()
    for value in (*named, *(made or [None])):
        if conforms(value, returns) and (text := fingerprint(value)) not in seen:
            seen.add(text)
            yield value


def _is_plain(claim: ExampleClaim) -> bool:
    return claim.condition is None and claim.call.raises is None


def _demands(
    claims: Claims, points: Sequence[Point], shown: Sequence[Example], held: Sequence[int]
) -> Iterator[_Demand]:
    """Those of the points come first."""
    for point in points:
        yield _Demand(point.arguments, _at_point(point, held))
    names = claims.predicates.parameters
    for claim in claims.examples:
        arguments = in_order(names, claim.call.args, dict(claim.call.kwargs))
        if arguments is not None:
            yield _Demand(arguments, _at_claim(claim))
    for example in shown:
        arguments = in_order(names, example.args, example.kwargs)
        if arguments is not None:
            yield _Demand(arguments, _at_example(example))


def _at_point(point: Point, held: Sequence[int]) -> Callable[[Any, _Known], bool]:
    def allows(result: Any, known: _Known) -> bool:
        if point.raises and not point.answers:
            return False
        if point.answers and not any(equal(result, answer) for answer in point.answers):
            return False
        return not any(known[place] is False for place in held)

    return allows


def _at_claim(claim: ExampleClaim) -> Callable[[Any, _Known], bool]:
    if claim.condition is not None:
        place = claim.condition
        return lambda _, known: known[place] is True
    call = claim.call
    return lambda result, _: call.raises is None and equal(result, call.expected)


def _at_example(example: Example) -> Callable[[Any, _Known], bool]:
    return lambda result, _: example.raises is None and close(result, example.expected)


async def _known(
    claims: Claims,
    demands: Sequence[_Demand],
    tried: Sequence[Sequence[Any]],
    places: Sequence[int],
    sandbox: Sandbox,
) -> list[list[_Known]]:
    """For each demand and each result tried there."""
    situations = [
        Situation(demand.arguments, demand.arguments, result)
        for demand, results in zip(demands, tried, strict=True)
        for result in results
    ]
    rows = iter(await claims.predicates.hold(situations, sandbox, places))
    return [[dict(zip(places, next(rows), strict=True)) for _ in results] for results in tried]


def _several(constants: Sequence[Any], allowed: Sequence[bool]) -> bool:
    """Whether results that differ would do, and not only by what `==` overlooks, as 1 and True."""
    right = [value for value, may in zip(constants, allowed, strict=False) if may]
    return any(right[0] != other and not equal(right[0], other) for other in right[1:])


def _impostor(ir: IR, constants: Sequence[Any], everywhere: Sequence[bool]) -> str | None:
    names = [parameter.name for parameter in ir.signature.parameters]
    if not names:
        return None  # Without arguments one value always is the work.
    told = [f"always returns {_shown(value)}" for value in constants]
    told += [f"returns its argument {name}" for name in names]
    return next((text for text, fits in zip(told, everywhere, strict=False) if fits), None)


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN_CHARS else f"{text[:_SHOWN_CHARS]}..."
