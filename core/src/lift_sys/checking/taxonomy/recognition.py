"""From what is known of wrong code to the name of its mistake."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, cast

from ..execution import Call
from .aggregates import wrong_aggregate
from .answers import bool_as_int, literal_rewritten, missing_return
from .facts import Facts, Recognised, Wrong
from .places import wrong_match, wrong_position

_MOST_VARIANTS = 6

_Recogniser = Callable[[Facts, Wrong], Recognised | None]

_RECOGNISERS: Final[tuple[_Recogniser, ...]] = (
    literal_rewritten,
    missing_return,
    bool_as_int,
    wrong_match,
    wrong_position,
    wrong_aggregate,
)
"""The more certain ones first."""


def recognise(facts: Facts, wrong: Wrong) -> Recognised | None:
    for recogniser in _RECOGNISERS:
        found = recogniser(facts, wrong)
        if found is not None:
            return found
    return None


def variants(wrong: Sequence[Wrong]) -> tuple[dict[int, Call], dict[int, Call]]:
    """Calls worth making to tell what the mistake is: turned round, and with numbers for bools."""
    backwards: dict[int, Call] = {}
    numbers: dict[int, Call] = {}
    for number, call in _calls(wrong):
        turned = _reversed(call)
        if turned is not None and len(backwards) < _MOST_VARIANTS:
            backwards[number] = turned
        plain = tuple(_without_bools(value) for value in call.args)
        if repr(plain) != repr(call.args) and len(numbers) < _MOST_VARIANTS:
            numbers[number] = Call(plain, call.kwargs)
    return backwards, numbers


def _calls(wrong: Sequence[Wrong]) -> Iterator[tuple[int, Call]]:
    for number, each in enumerate(wrong):
        if each.call is not None:
            yield number, each.call


def _reversed(call: Call) -> Call | None:
    for place, value in enumerate(call.args):
        if isinstance(value, list | tuple | str) and len(cast("Sequence[Any]", value)) > 1:
            turned = cast("Sequence[Any]", value)[::-1]
            return Call((*call.args[:place], turned, *call.args[place + 1 :]), call.kwargs)
    return None


def _without_bools(value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, list):
        return [_without_bools(item) for item in cast("list[Any]", value)]
    if isinstance(value, tuple):
        return tuple(_without_bools(item) for item in cast("tuple[Any, ...]", value))
    if isinstance(value, dict):
        return {k: _without_bools(v) for k, v in cast("dict[Any, Any]", value).items()}
    return value
