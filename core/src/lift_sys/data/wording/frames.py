"""What stands before a clause: whole requests from `count the even numbers in nums`.

The ones kept for evaluation are other sentences, not other spellings of the ones for training.
"""

from dataclasses import dataclass
from typing import Final

from .grammar import Mode


@dataclass(frozen=True, slots=True)
class Frame:
    before: str
    """A skeleton. `{name}` is the function's name, `{call}` its name with its parameters."""
    mode: Mode
    asks: bool = False
    """The first sentence ends with a question mark."""
    names: bool = False
    """The parameters' names are known from here on."""


TRAINING: Final = (
    Frame("[Write|Create|Make|Implement|Build] a [Python |]function [that|which] ", "third"),
    Frame("[Write|Create|Implement|Define] a function to ", "base"),
    Frame("", "base"),
    Frame("[Please |]", "base"),
    Frame("I need a [small |]function [that|which] ", "third"),
    Frame("I [want|need] to ", "base"),
    Frame("[Can|Could] you write a [function|helper] that ", "third", asks=True),
    Frame("[A|Simple|Small] [function|helper|utility] [that|which] ", "third"),
    Frame("[Function|Helper|Method] for ", "gerund"),
    Frame("[Write|Implement] `{call}`[ so that it|, which|: it] ", "third", names=True),
    Frame("[Write|Create] a function [called|named] `{name}` that ", "third"),
    Frame("{name}: ", "base"),
    Frame("`{call}` [should|must] ", "base", names=True),
    Frame("The function [should|must|has to] ", "base"),
    Frame("Define `{name}` to ", "base"),
)

CASUAL: Final = (
    Frame("[hey, |hi, |]need [something|a thing] [that|which] ", "third"),
    Frame("quick one: ", "base"),
    Frame("[pls|plz|please just] ", "base"),
    Frame("[gimme|give me] a [func|function|fn] that ", "third"),
    Frame("how do I ", "base", asks=True),
    Frame("just ", "base"),
    Frame("[python|py] ", "base"),
    Frame("we have to ", "base"),
    Frame("[code|snippet|script] to ", "base"),
    Frame("a func for ", "gerund"),
    Frame("`{call}` - ", "base", names=True),
    Frame("{name} should ", "base"),
    Frame("Would you write `{name}`, which ", "third", asks=True),
    Frame("It would be nice to have a function which ", "third"),
    Frame("My program has to ", "base"),
)
"""Of the second curriculum."""

DIVERSE: Final = (
    Frame(
        "As a [developer|teacher|shop owner|data analyst] I [need|want] a function that ", "third"
    ),
    Frame("[Goal|Task|Requirement|To do]: ", "base"),
    Frame("[What I need is|I am looking for|I'm after] a function [that|which] ", "third"),
    Frame("Is it possible to have a [function|method] that ", "third", asks=True),
    Frame("[Could you help me|Do you know how to] ", "base", asks=True),
    Frame("[Need some code|We need code|I need python code] [that|which] ", "third"),
    Frame("[Kindly provide|Please provide|Please add] a [python |]function [that|which] ", "third"),
    Frame("[My homework|The exercise|The challenge] is to ", "base"),
    Frame("[The purpose of|The job of] `{call}` is to ", "base", names=True),
    Frame("`{name}` does [this|the following]: it ", "third"),
    Frame("{name}, a function which ", "third"),
    Frame("[Let|Have|Make] {name} ", "base"),
    Frame("[The code|The program|The routine] has to ", "base"),
    Frame("[My boss|A customer|Our team] [wants|asks for] a function that ", "third"),
    Frame("Is there a [simple |good |]way to ", "base", asks=True),
    Frame("[Function|Method|Routine] [wanted|needed]: it ", "third"),
    Frame("[Your task is to|You have to] ", "base"),
    Frame("So that others can reuse it, put into `{name}` what is needed to ", "base"),
)
"""Of the third curriculum."""

KEPT: Final = (
    Frame("[We are|We're] [missing|looking for] a routine that ", "third"),
    Frame("Could somebody [give|send] me code to ", "base", asks=True),
    Frame("Goal: ", "base"),
    Frame("[Develop|Produce|Provide] a method that ", "third"),
    Frame("Today's [exercise|task] is to ", "base"),
    Frame("What I'm after is [something|a bit of Python] that ", "third"),
    Frame("Have `{call}` ", "base", names=True),
    Frame("Help me with ", "gerund"),
    Frame("{name} is a function that ", "third"),
    Frame("def {name} -- ", "third"),
)
