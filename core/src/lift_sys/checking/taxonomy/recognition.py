"""From what is known of wrong code to the name of its mistake."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import islice
from typing import Any, Final, cast

from ..execution import Call
from .aggregates import wrong_aggregate
from .answers import bool_as_int, literal_rewritten, missing_return, only_with_bools
from .facts import Facts, Recognised, Wrong
from .places import may_be_the_other_match, wrong_match, wrong_position

_MOST_VARIANTS = 6

_OF_ANSWERS: Final = (wrong_match, wrong_position, wrong_aggregate)
"""The more certain ones first."""


class Recogniser:
    """What each mistake is: told by a wrong call itself, or by all of them together."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    def name_of(self, wrong: Wrong) -> Recognised | None:
        found = literal_rewritten(self._facts, wrong) or missing_return(self._facts, wrong)
        if found is not None or wrong.call is None or not wrong.returned:
            return found
        return self._of_bools or (self._of_answers if wrong.expected else None)

    @cached_property
    def _of_bools(self) -> Recognised | None:
        return bool_as_int(self._facts)

    @cached_property
    def _of_answers(self) -> Recognised | None:
        return next((found for each in _OF_ANSWERS if (found := each(self._facts))), None)


def variants(facts: Facts) -> tuple[dict[int, Call], dict[int, Call]]:
    """Wrong calls worth making otherwise to tell what the mistake is, by their number: turned
    round, and with numbers for bools."""
    backwards: dict[int, Call] = {}
    numbers: dict[int, Call] = {}
    if may_be_the_other_match(facts):
        backwards = _first_of((n, _reversed(each.call)) for n, each in facts.with_answers)
    if only_with_bools(facts):
        numbers = _first_of((n, _plain(each.call)) for n, each in enumerate(facts.wrong))
    return backwards, numbers


def _first_of(found: Iterable[tuple[int, Call | None]]) -> dict[int, Call]:
    return dict(islice(((n, call) for n, call in found if call is not None), _MOST_VARIANTS))


def _reversed(call: Call | None) -> Call | None:
    if call is None:
        return None
    for place, value in enumerate(call.args):
        if isinstance(value, list | tuple | str) and len(cast("Sequence[Any]", value)) > 1:
            turned = cast("Sequence[Any]", value)[::-1]
            return Call((*call.args[:place], turned, *call.args[place + 1 :]), call.kwargs)
    return None


def _plain(call: Call | None) -> Call | None:
    return call and Call(tuple(map(_without_bools, call.args)), call.kwargs)


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
