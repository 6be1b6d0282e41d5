"""What was wrong with an earlier result, as a text that a model can act on."""

from collections.abc import Sequence
from typing import Final

from ...interfaces import Failure, Feedback

SHOWN: Final = 3
"""Failures of one category that are told; more of the same teach nothing."""
MAX_CHARS: Final = 400

_NAMES: Final[dict[str, str]] = {
    "wrong_output": "wrong result",
    "exception": "unwanted exception",
    "timeout": "too slow, or it never ends",
    "memory": "too much memory",
    "crash": "the process crashed",
    "forbidden": "forbidden operation",
    "invalid": "not usable",
    "hard_coded": "the examples' answers are written into the code",
    "assertion": "an assertion does not hold",
    "mutated_argument": "an argument was changed that should stay",
    "infrastructure": "it could not be checked",
}


def describe(feedback: Feedback) -> str:
    """By category, in the order in which these first occurred; the smallest inputs first."""
    lines = [feedback.advice.strip()] if feedback.advice.strip() else []
    for category in dict.fromkeys(failure.category for failure in feedback.failures):
        alike = [failure for failure in feedback.failures if failure.category == category]
        lines += _category(_NAMES.get(category, category.replace("_", " ")), alike)
    return "\n".join(lines)


def _category(name: str, failures: Sequence[Failure]) -> list[str]:
    distinct = list({_line(name, failure): failure for failure in failures})
    ordered = sorted(distinct, key=len)
    left = len(ordered) - SHOWN
    more = [f"- and {left} more of this kind ({name})"] if left > 0 else []
    return ordered[:SHOWN] + more


def _line(name: str, failure: Failure) -> str:
    line = f"- {name}: {_short(failure.message)}"
    if failure.input is not None:
        line += f"\n  for {_short(failure.input)}"
    if failure.expected is not None:
        line += f"\n  expected {_short(failure.expected)}, got {_short(failure.got or 'nothing')}"
    elif failure.got is not None:
        line += f"\n  got {_short(failure.got)}"
    return line


def _short(text: str) -> str:
    """Both ends of a long text: an error's last words often say most."""
    if len(text) <= MAX_CHARS:
        return text
    end = MAX_CHARS // 3
    return f"{text[: MAX_CHARS - end]} [{len(text)} characters in all] {text[-end:]}"
