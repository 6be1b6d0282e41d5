"""What to tell of a request that is not recorded: the nearest one that is, and how it differs."""

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from lift_sys.interfaces import Sampling

from .lines import Asked

_COMPARED = 4000
_SHOWN = 120
_SETTINGS = ("max_tokens", "temperature", "stop", "logprobs")


def difference(asked: Asked, recorded: Iterable[Asked]) -> str:
    """One sentence about the nearest recorded request."""
    text = _last(asked)
    matcher = SequenceMatcher(None, "", text[:_COMPARED], autojunk=False)

    def likeness(other: Asked) -> tuple[float, int]:
        matcher.set_seq1(_last(other)[:_COMPARED])
        # Among requests of the same wording, the one whose settings are the same.
        return matcher.quick_ratio(), -len(_settings(asked, other))

    best = max(_of_its_stage(asked, list(recorded)), key=likeness, default=None)
    if best is None:
        return "nothing is recorded"
    other = _last(best)
    if other != text:
        place = next(
            (i for i, (a, b) in enumerate(zip(text, other, strict=False)) if a != b),
            min(len(text), len(other)),
        )
        start = max(0, place - _SHOWN // 3)
        return (
            f"its last user message is {_excerpt(text, start)}, the nearest recorded one is "
            f"{_excerpt(other, start)}"
        )
    differing = _settings(asked, best)
    if differing:
        return f"it is recorded with {', '.join(differing)}"
    return "it is recorded with other messages before the last user message"


def _of_its_stage(asked: Asked, recorded: Sequence[Asked]) -> Sequence[Asked]:
    """Those that begin alike: neither another stage's request nor one with feedback was meant."""
    alike = [other for other in recorded if other.messages[:1] == asked.messages[:1]]
    first = [other for other in alike if len(other.messages) <= len(asked.messages)]
    return first or alike or recorded


def _settings(asked: Asked, other: Asked) -> list[str]:
    differing = [
        f"{name} {_value(other.sampling, name)} instead of {_value(asked.sampling, name)}"
        for name in _SETTINGS
        if getattr(asked.sampling, name) != getattr(other.sampling, name)
    ]
    if asked.constraint != other.constraint:
        differing.append(f"constraint {other.constraint!r} instead of {asked.constraint!r}")
    return differing


def _value(sampling: Sampling, name: str) -> str:
    return repr(getattr(sampling, name))


def _last(asked: Asked) -> str:
    texts = [message.content for message in asked.messages if message.role == "user"]
    return texts[-1] if texts else ""


def _excerpt(text: str, start: int) -> str:
    before = "..." if start else ""
    after = "..." if start + _SHOWN < len(text) else ""
    return f"{before}{text[start : start + _SHOWN]!r}{after}"
