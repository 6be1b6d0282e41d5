"""Words to draw from."""

import random
from typing import Final

THEMES: Final[tuple[tuple[str, ...], ...]] = (
    ("pass", "fail"),
    ("on", "off"),
    ("open", "closed"),
    ("full", "room left"),
    ("accept", "reject"),
    ("ok", "error"),
    ("hot", "cold"),
    ("early", "late"),
    ("big", "small"),
    ("low", "normal", "high"),
    ("cold", "mild", "hot"),
    ("small", "medium", "large"),
    ("slow", "steady", "fast"),
    ("red", "amber", "green"),
    ("bronze", "silver", "gold"),
    ("never", "sometimes", "always"),
    ("below", "inside", "above"),
    ("quiet", "normal", "loud", "deafening"),
    ("north", "east", "south", "west"),
    ("free", "basic", "pro", "enterprise"),
    ("child", "teen", "adult", "senior"),
    ("green", "yellow", "orange", "red"),
    ("poor", "fair", "good", "very good", "excellent"),
    ("E", "D", "C", "B", "A"),
    ("trace", "minor", "moderate", "major", "severe"),
)
"""Sets of labels that belong together, the least first."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


LABELS: Final = (
    *_words("yes no maybe none done todo ready busy idle lost found valid invalid empty unknown"),
    *_words("missing expired pending active blocked shipped returned draft final stop go wait"),
    *_words("alert calm skip keep drop left right odd even zero upper lower short long tie win"),
    *_words("lose match mismatch ERR OK N/A A1 B2 X9 TBD"),
    *("needs review", "too long", "not found", "all clear", "out of range"),
    *("try again", "no data", "in stock", "sold out", "on hold"),
)

_STARTS: Final = _words(
    "b bl br c ch cl d dr f fl fr g gl gr h j k kl kr l m n p pl pr qu r s sk sl sn t tr v w z"
)
_VOWELS: Final = _words("a e i o u a e i o oo ee")
_ENDS: Final = _words("b d ft g k l lk lm m mp n nd nk nt p r rk rn sk sp st t x zz")


_RUDE: Final = _words("boob poo tit fuk shit dik kok nig cum fag ars cok pis wank slut")


def pseudo_word(dice: random.Random) -> str:
    """A word that does not exist and can be spoken."""
    while True:
        word = _syllables(dice)
        if not any(part in word for part in _RUDE):
            return word


def _syllables(dice: random.Random) -> str:
    first = dice.choice(_STARTS) + dice.choice(_VOWELS)
    if dice.random() < 0.45:
        first += dice.choice(_STARTS)[:1] + dice.choice(_VOWELS)
    return first + dice.choice(_ENDS)
