"""The first system's points, kept so that its failure can be seen: they grow with length.

Its notes give the points of each criterion. What counts as a quirk, an edge case or a clear intent
they do not say in full; the words below stand for that.
"""

from typing import Final

from lift_sys.ir import IR

_QUIRKS: Final = (
    ("bool", "int"),
    ("mutab",),
    ("falsy",),
    ("integer division",),
    ("none", "false"),
    ("new string",),
)
_EDGES: Final = ("empty", "none", "zero", "negative", "boundary", "invalid", "single", "large")
_HALF: Final = 100.0
"""The points that make a score of one half; more never lose."""


def points(ir: IR) -> dict[str, float]:
    said = [effect.description for effect in ir.effects]
    lower = [text.lower() for text in said]
    everything = ir.model_dump_json(exclude={"provenance"}).lower()
    length = sum(map(len, said)) / max(len(said), 1)
    typed = all(parameter.type for parameter in ir.signature.parameters)
    return {
        "assertions": min(10.0 * len(ir.assertions), 50.0),
        "effects": min(length / 10, 20.0),
        "literals": 15.0 * sum("literal" in text or "exact" in text for text in lower),
        "quirks": 10.0 * sum(all(word in everything for word in words) for words in _QUIRKS),
        "types": 10.0 * typed + 10.0 * bool(ir.signature.returns),
        "edges": 5.0 * sum(word in everything for word in _EDGES),
        "intent": 5.0 * bool(ir.intent.summary) + 5.0 * bool(ir.intent.rationale),
    }


def value(total: float) -> float:
    """The points as a score: more points, more score, and never 1."""
    return total / (total + _HALF)
