"""The category of a request, from its words: a logistic regression, read from numbers in a file."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Final, NamedTuple

from lift_sys.ir import Frozen
from lift_sys.prompts import features

_QUOTED: Final = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"|`[^`\n]*`")
_WORD: Final = re.compile(r"[a-z]+")


class Guess(NamedTuple):
    category: str
    chance: float


class Classifier(Frozen):
    classes: tuple[str, ...]
    bias: tuple[float, ...]
    weights: Mapping[str, tuple[float, ...]]
    """What each token adds to each class."""
    accuracy: Mapping[str, float] = {}
    """On requests it was not trained on, by where these are from."""

    def guess(self, request: str) -> Guess:
        sums = list(self.bias)
        for token in tokens(request):
            for place, weight in enumerate(self.weights.get(token, ())):
                sums[place] += weight
        top = max(sums)
        chance = 1 / math.fsum(math.exp(each - top) for each in sums)
        return Guess(self.classes[sums.index(top)], chance)


def tokens(request: str) -> Sequence[str]:
    """Its words and pairs of words, what is quoted left out, and what prompts know it is about."""
    words = _WORD.findall(_QUOTED.sub(" ", request).lower())
    pairs = (f"{one} {other}" for one, other in pairwise(words))
    about = (f"about:{name}" for name in features(request))
    return sorted({*words, *pairs, *about})


@cache
def shipped() -> Classifier:
    text = (files("lift_sys_rules") / "classifier.json").read_text(encoding="utf-8")
    return Classifier.model_validate(json.loads(text))
