"""English verbs, as far as requests need them."""

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_DOUBLED: Final = _words(
    "get put cut set let clip chop strip drop skip map wrap swap sum trim pop flip split zip stop "
    "plan tag snip cap begin step"
)
_THIRD: Final = {"be": "is", "have": "has", "do": "does", "go": "goes"}


def third(phrase: str) -> str:
    """`work out` -> `works out`."""
    verb, space, rest = phrase.partition(" ")
    return _third(verb) + space + rest


def gerund(phrase: str) -> str:
    """`work out` -> `working out`."""
    verb, space, rest = phrase.partition(" ")
    return _gerund(verb) + space + rest


def _third(verb: str) -> str:
    if verb in _THIRD:
        return _THIRD[verb]
    if verb.endswith(("s", "x", "z", "ch", "sh")):
        return verb + "es"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ies"
    return verb + "s"


def _gerund(verb: str) -> str:
    if verb in _DOUBLED:
        return verb + verb[-1] + "ing"
    if verb.endswith("ie"):
        return verb[:-2] + "ying"
    if verb.endswith("e") and not verb.endswith(("ee", "be")):
        return verb[:-1] + "ing"
    return verb + "ing"
