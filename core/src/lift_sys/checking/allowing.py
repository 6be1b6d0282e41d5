"""Whether an IR allows an answer to a call: without code, by what it says."""

from collections.abc import Iterator, Mapping, Sequence

from ..interfaces import Example, Sandbox
from .admission import branch_of
from .claims import Claims
from .compare import equal
from .inputs import in_order
from .truth import Situation, Truth


async def allows(claims: Claims, answers: Sequence[Example], sandbox: Sandbox) -> list[bool | None]:
    """Of each answer: True where nothing denies it, False where something does, None where the IR
    speaks of no such call, as a precondition excludes it."""
    parameters = claims.predicates.parameters
    given = [in_order(parameters, each.args, each.kwargs) for each in answers]
    places = [place for place, path in enumerate(claims.paths) if _is_plain(claims, place, path)]
    rows = iter(
        await claims.predicates.hold_nearly(
            [
                Situation(arguments, arguments, answer.expected)
                for arguments, answer in zip(given, answers, strict=True)
                if arguments is not None
            ],
            sandbox,
            places,
        )
    )
    return [
        None if arguments is None else _ruling(claims, answer, dict(zip(places, row, strict=True)))
        for arguments, answer in zip(given, answers, strict=True)
        for row in [() if arguments is None else next(rows)]
    ]


def _is_plain(claims: Claims, place: int, path: str) -> bool:
    return not claims.predicates.each[place].is_example


def _ruling(claims: Claims, answer: Example, truths: Mapping[int, Truth]) -> bool | None:
    if any(truths[place] is not True for place in claims.preconditions) or any(
        truths[place] is False for place in claims.implied
    ):
        return None
    return all(_grants(claims, answer, truths))


def _grants(claims: Claims, answer: Example, truths: Mapping[int, Truth]) -> Iterator[bool]:
    rung = branch_of(claims.rungs, truths)
    if answer.raises is not None:
        if rung is not None and (rung.answers or rung.raises):
            yield rung.raises == answer.raises
    else:
        yield all(truths[place] is not False for place in claims.invariants)
        if rung is not None:
            yield rung.raises is None
            yield not rung.answers or any(equal(answer.expected, each) for each in rung.answers)
    for claim in claims.examples:
        call = claim.call
        if claim.condition is None and equal(
            [list(call.args), dict(call.kwargs)], [list(answer.args), answer.kwargs]
        ):
            yield call.raises == answer.raises and (
                call.raises is not None or equal(call.expected, answer.expected)
            )
