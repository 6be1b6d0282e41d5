"""Mistakes that show in the answer: a literal in other words, none at all, an int for a bool."""

import difflib
import re
from typing import Any, cast

from ...ir import normalise_type
from ..compare import same
from ..conformance import conforms
from .facts import Facts, Recognised, Wrong

_ALIKE = 0.6
_PART = 4
"""Characters of a piece of an f-string that make it tell."""
_ENOUGH = 3


def literal_rewritten(facts: Facts, wrong: Wrong) -> Recognised | None:
    """A fixed text was asked for; the code has another one in its place that says much the same."""
    if not wrong.returned or not isinstance(wrong.got, str) or not wrong.got:
        return None
    got = wrong.got
    known = {text for text in facts.literals if isinstance(text, str)}
    asked = {text for text in wrong.expected if isinstance(text, str)} or known
    if got in known or not asked:
        return None
    written = facts.texts_in_code
    if not _stands_in(got, written):
        return None
    for text in sorted(asked):
        named = text in known or (len(text) > 1 and text in facts.request)
        if text and named and text not in written and _says_the_same(text, got):
            return Recognised(
                "literal_rewritten",
                f"the text {text!r} was rewritten as {got!r}: return it letter by letter",
            )
    return None


def missing_return(facts: Facts, wrong: Wrong) -> Recognised | None:
    """None came back, and only from the function's end: nowhere does it say `return None`."""
    if not wrong.returned or wrong.got is not None:
        return None
    if wrong.expected:
        if any(answer is None for answer in wrong.expected):
            return None
    elif conforms(None, facts.ir.signature.returns):
        return None
    function = facts.function
    if function is None or not facts.ends_without_return:
        return None
    return Recognised(
        "missing_return",
        f"a path through {function.name} ends without `return`, so its result is None",
    )


def bool_as_int(facts: Facts) -> Recognised | None:
    """It goes wrong only on True and False, and treats them as the numbers 1 and 0."""
    tried = [(facts.wrong[number], value) for number, value in facts.without_bools.items()]
    if not tried or not all(each.returned and same(each.got, value) for each, value in tried):
        return None
    return Recognised(
        "bool_as_int",
        "True and False are taken for numbers: bool is a subclass of int, so test for it first",
    )


def only_with_bools(facts: Facts) -> bool:
    """Whether it goes wrong only on True and False, of which the signature does not speak."""
    types = [normalise_type(one.type) for one in facts.ir.signature.parameters]
    if any("bool" in each for each in types):
        return False
    calls = [each.call for each in facts.wrong if each.call is not None]
    plain = [call for call, _ in facts.right if not _has_bool(call.args)]
    return all(_has_bool(call.args) for call in calls) and len(plain) >= _ENOUGH


def _stands_in(got: str, written: frozenset[str]) -> bool:
    return got in written or any(len(part) >= _PART and part in got for part in written)


def _says_the_same(asked: str, got: str) -> bool:
    one, other = _words(asked), _words(got)
    if not one:
        return False
    shared = sum(word in other for word in one)
    if 2 * shared >= len(one):
        return True
    return difflib.SequenceMatcher(None, asked.casefold(), got.casefold()).ratio() >= _ALIKE


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _has_bool(value: Any) -> bool:
    if isinstance(value, bool):
        return True
    if isinstance(value, dict):
        mapping = cast("dict[Any, Any]", value)
        return any(_has_bool(item) for pair in mapping.items() for item in pair)
    if isinstance(value, list | tuple | set | frozenset):
        return any(_has_bool(item) for item in cast("list[Any]", value))
    return False
