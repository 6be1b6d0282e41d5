"""From what a stage asks to the model's own prompt, and from the words it answers to a reply.

An answer that says nothing in Python or in a specification is given as the words it is: whoever
asked is told that it is no valid reply, and what the model wrote.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from lift_sys.checking.assembly import Unassembled, source_of
from lift_sys.data.dialect import (
    Again,
    Asked,
    DialectError,
    Prompt,
    ask_again,
    ask_code,
    ask_specification,
    code_answer,
    specification_answer,
)
from lift_sys.data.dialect.marks import CALL, CODE, END, OUTPUT, SPECIFICATION, TO
from lift_sys.data.dialect.python import expression_text, expression_words
from lift_sys.data.dialect.specification import signature_words
from lift_sys.interfaces import Code
from lift_sys.ir import IR, ReadError, Signature, read

_TAUGHT: Final = ("wrong_output", "assertion", "exception")
"""Kinds of failure that it was taught to mend."""
_SPECIFICATION_FAILED: Final = "specification"

Words = Sequence[str]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Question:
    prompt: Prompt
    stop: str
    reply: Callable[[Words], str]
    """Raises DialectError."""
    begun: tuple[str, ...] = ()
    """The beginning of the answer, where it is fixed."""

    @property
    def words(self) -> tuple[str, ...]:
        return (*self.prompt.words, *self.begun)

    @property
    def senseless(self) -> frozenset[str]:
        return self.prompt.senseless - {self.stop, END}

    def text(self, answer: Words) -> str:
        """What is replied."""
        try:
            return self.reply([*self.begun, *answer])
        except DialectError:
            return " ".join([*self.begun, *answer])


def question(asked: Asked, again: Again | None) -> Question:
    """Raises DialectError where something that is needed is not given."""
    match asked.stage:
        case "specify":
            return _specification(asked, again)
        case "implement":
            return _code(asked, again)
        case "output":
            return _output(asked)


def plain_prompt(asked: Asked) -> Prompt:
    """The request alone, whatever is asked about it."""
    return ask_specification(asked.request, asked.ir.signature if asked.ir else asked.signature)


def _specification(asked: Asked, again: Again | None) -> Question:
    before = None if again is None else _specification_of(again.answer)
    signature = asked.signature or (before.signature if before is not None else None)
    prompt = ask_specification(asked.request, signature)
    begun = ()
    if signature is None and asked.function is not None:
        begun = _named(asked.function, prompt)
    if again is not None and signature is not None:
        bad = again.answer.split() if before is None else specification_answer(prompt, before)
        prompt = ask_again(prompt, bad, _SPECIFICATION_FAILED, SPECIFICATION)

    def reply(words: Words) -> str:
        return prompt.specification(words).model_dump_json()

    return Question(prompt, CODE, reply, begun)


def _specification_of(answer: str) -> IR | None:
    try:
        return read(answer).ir
    except ReadError:
        return None


def _named(name: str, prompt: Prompt) -> tuple[str, ...]:
    words = signature_words(Signature(name=name, parameters=(), returns="None"), prompt.slots)
    return tuple(words[: words.index(TO)])


def _code(asked: Asked, again: Again | None) -> Question:
    prompt = ask_code(asked.request, _given(asked.ir, "a specification"))
    if again is not None:
        bad = _code_words(again.answer, prompt)
        known = [one for one in again.failures if one in _TAUGHT]
        prompt = ask_again(prompt, bad, (known or list(_TAUGHT))[0], CODE)

    def reply(words: Words) -> str:
        return f"```python\n{prompt.code(words).source}```"

    return Question(prompt, END, reply)


def _code_words(answer: str, prompt: Prompt) -> Words:
    assert prompt.signature is not None
    name = prompt.signature.name
    try:
        source = source_of(answer, name)
        return code_answer(prompt, Code(name=name, source=source))[:-1]
    except (Unassembled, SyntaxError, ValueError, RecursionError):
        return answer.split()


def _output(asked: Asked) -> Question:
    prompt = ask_code(asked.request, _given(asked.ir, "a specification"))
    assert prompt.signature is not None
    code = Code(name=prompt.signature.name, source=_given(asked.code, "code"))
    call = expression_words(_given(asked.call, "a call"), prompt.slots)
    try:
        words = code_answer(prompt, code)[:-1]
    except (SyntaxError, ValueError, RecursionError) as error:
        raise DialectError(f"the code does not parse: {error}") from error
    whole = replace(prompt, words=(*prompt.words, *words, CALL, *call, OUTPUT))

    def reply(words: Words) -> str:
        return expression_text(words, prompt.slots)

    return Question(whole, END, reply)


def _given(value: T | None, what: str) -> T:
    if value is None:
        raise DialectError(f"the question comes without {what}")
    return value
