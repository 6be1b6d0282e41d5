"""Visible examples as a person writes them: `f(3) == 'x'`, `f('x') raises ValueError`."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..errors import InputError
from ..interfaces import Example
from ..ir import PredicateError, parse_example

_FORMS = "write it as \"f(3) == 'x'\" or \"f('x') raises ValueError\""


@dataclass(frozen=True, slots=True)
class Examples:
    function: str | None
    """What they call it; None where there is none."""
    calls: tuple[Example, ...]


def read_examples(texts: Sequence[str]) -> Examples:
    """Raises InputError for the first that is none, and where they call different functions."""
    read = [_read(text) for text in texts]
    names = list(dict.fromkeys(name for name, _ in read))
    if len(names) > 1:
        raise InputError(
            f"the examples call different functions: {', '.join(names)}",
            remedy="a request is about one function: call that in each of them",
        )
    return Examples(names[0] if names else None, tuple(example for _, example in read))


def _read(text: str) -> tuple[str, Example]:
    try:
        name, call = parse_example(text)
    except PredicateError as error:
        raise InputError(
            f"the example {text!r:.200} cannot be used: {error}", remedy=_FORMS
        ) from None
    return name, Example(
        args=call.args, kwargs=dict(call.kwargs), expected=call.expected, raises=call.raises
    )
