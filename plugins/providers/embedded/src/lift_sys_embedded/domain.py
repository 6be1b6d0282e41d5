"""Whether a request is of the kinds that were taught: by its words, and by how sure the answer is.

The model answers anything, and what it answers to a stranger's request looks no worse than the
rest. So it is asked beforehand, greedily, and only the beginning of the answer is looked at.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from lift_sys.data.dialect import Prompt, Vocabulary
from lift_sys.data.dialect.marks import CODE, END, SIGNATURE

from .drawing import Drawn, Wanted
from .files import Domain, Model

LOOKED_AT: Final = 32
"""Tokens of the answer: the rest tells no more."""


@dataclass(frozen=True, slots=True)
class Signs:
    unknown: float
    """Share of the request's words that the vocabulary does not have as a whole."""
    logprob: float
    """Mean over the beginning of the likeliest answer."""

    def doubt(self, domain: Domain) -> float:
        """Above 0: more like the requests that were not taught."""
        return domain.bias + domain.unknown * self.unknown - domain.logprob * self.logprob


def asked_beforehand(prompt: Prompt, model: Model) -> Wanted:
    vocabulary = model.vocabulary
    # What fills the context with the request alone leaves no room to answer in.
    encoded = tuple(vocabulary.encode(prompt.words))[: model.network.context - LOOKED_AT]
    stops = frozenset({vocabulary.number(CODE), vocabulary.number(END)})
    return Wanted(encoded, stops, LOOKED_AT)


def signs(prompt: Prompt, vocabulary: Vocabulary, drawn: Drawn) -> Signs:
    words = prompt.words[1 : prompt.words.index(SIGNATURE)]
    strange = sum(not vocabulary.has(word) for word in words)
    return Signs(
        unknown=strange / len(words) if words else 1.0,
        logprob=_mean(drawn.logprobs),
    )


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
