"""Which literals a request wants to see again, and what counts as seeing one."""

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from lift_sys.checking.constants import Constants, same_constant
from lift_sys.prompts import RequestLiteral, literals

_ROLES: Final = ("returned", "contained", "threshold", "mentioned")
_SIMILAR: Final = 0.6
_ILLUSTRATES: Final = re.compile(
    r"\b(?:such as|like|e\.g\.|for (?:example|instance)|of the form|so|becomes?|into)\W{0,3}$",
    re.IGNORECASE,
)
"""Before a text that shows what is meant and is no part of the function."""
_EVERYDAY: Final = (0, 1)
"""As thresholds, '0 or more' and 'at least 1' mostly tell what callers keep to."""


@dataclass(frozen=True, slots=True)
class Wanted:
    value: str | int | float
    role: str


@lru_cache(maxsize=256)
def wanted(request: str) -> tuple[Wanted, ...]:
    """Each value once, in its weightiest role.

    Left out is what right code need not spell out: inputs, examples and illustrations, booleans,
    None, empty values, numbers that are merely mentioned, and the thresholds 0 and 1.
    """
    chosen: dict[tuple[type, object], Wanted] = {}
    for literal in sorted(literals(request), key=_rank):
        one = _wanted(literal, request)
        if one is not None:
            chosen.setdefault((type(one.value), one.value), one)
    return tuple(chosen.values())


def missing(asked: Sequence[Wanted], there: Constants) -> list[Wanted]:
    """Those that are not there, in the order asked for."""
    letters = {one.value for one in asked if isinstance(one.value, str) and len(one.value) == 1}
    return [one for one in asked if not _found(one, there, letters)]


def _found(one: Wanted, there: Constants, letters: set[str]) -> bool:
    values = there.outcomes if one.role == "returned" else there.every
    accepted = (one.value, *_other_side(one))
    if any(same_constant(value, other) for value in values for other in accepted):
        return True
    # 'FDCBA'[place] spells out five grades; "Grade A" is another text than 'A'.
    rows = (value for value in values if isinstance(value, str) and letters.issuperset(value))
    return (
        isinstance(one.value, str)
        and one.value in letters
        and any(one.value in row for row in rows)
    )


def instead(one: Wanted, there: Constants) -> str | None:
    """A text that stands where the wanted one should."""
    if not isinstance(one.value, str):
        return None
    texts = list(dict.fromkeys(value for value in there.outcomes if isinstance(value, str)))
    longer = [text for text in texts if one.value.casefold() in text.casefold()]
    near = difflib.get_close_matches(one.value, texts, n=1, cutoff=_SIMILAR)
    return next(iter([*longer, *near]), None)


def _rank(literal: RequestLiteral) -> int:
    return _ROLES.index(literal.role) if literal.role in _ROLES else len(_ROLES)


def _wanted(literal: RequestLiteral, request: str) -> Wanted | None:
    value, role = literal.value, literal.role
    mentioned = role == "mentioned"
    if role not in _ROLES or isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    if isinstance(value, str):
        before = request[max(0, literal.start - 30) : literal.start]
        serves = value and not (mentioned and _ILLUSTRATES.search(before))
    else:
        serves = not mentioned and not (role == "threshold" and value in _EVERYDAY)
    return Wanted(value, role) if serves else None


def _other_side(one: Wanted) -> Iterator[int]:
    """`x >= 90` and `x > 89` are the same threshold."""
    if one.role == "threshold" and isinstance(one.value, int):
        yield from (one.value - 1, one.value + 1)
