"""What people write beside the request itself: a sentence that asks for nothing, an example."""

import random
from collections.abc import Sequence
from typing import Final

from ...interfaces import Example

_BEFORE: Final = (
    "Hi there!",
    "I'm new to Python.",
    "This is for a school project.",
    "Hello, I have a small problem.",
    "Quick question:",
    "We had a bug in this last week, so let's do it properly.",
    "Our old code for this is a mess.",
    "I am preparing for an interview.",
    "Something easy for once.",
    "Python please.",
    "I keep needing this in my scripts.",
    "OK so here is what I need.",
)
_BEHIND: Final = (
    "Thanks!",
    "Thank you in advance",
    "No imports please.",
    "Type hints would be nice.",
    "Keep it simple.",
    "It should be easy to read.",
    "I call it very often.",
    "Please don't change the input.",
    "That's all.",
    "A short docstring is fine but not needed.",
    "Only the standard library, please.",
    "No printing, just return it.",
    "I'll test it afterwards.",
    "Does that make sense?",
    "The rest of the program is done already.",
    "It doesn't have to be fast.",
)

_SHARE: Final = 0.15
"""Of the requests, for each of the two."""
_LONG: Final = 160
"""Characters of an example that nobody would write into a request."""


def with_asides(request: str, name: str, calls: Sequence[Example], dice: random.Random) -> str:
    """`calls`: of the function of this name; one of them may be told."""
    if dice.random() < _SHARE:
        request = _with_a_sentence(request, dice)
    told = [call for call in calls if call.raises is None and len(repr(call)) < _LONG]
    if told and dice.random() < _SHARE:
        return f"{request.rstrip('.')}. {_example(dice.choice(told), name, dice)}"
    return request


def _with_a_sentence(request: str, dice: random.Random) -> str:
    if dice.random() < 0.4:
        return f"{dice.choice(_BEFORE)} {request}"
    return f"{request.rstrip('.')}. {dice.choice(_BEHIND)}"


def _example(call: Example, name: str, dice: random.Random) -> str:
    answer = repr(call.expected)
    given = " and ".join(map(repr, call.args))
    return dice.choice(
        (
            f"For example, {given} gives {answer}.",
            f"Example: {call.call(name)} is {answer}",
            f"E.g. {given} -> {answer}",
            f"{call.call(name)} should return {answer}.",
            f"So {given} becomes {answer}.",
            f"(for {given} that's {answer})",
            f">>> {call.call(name)} {answer}",
        )
    )
