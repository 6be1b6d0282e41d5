"""What the small model is asked and what it answers, as words.

One layout serves all: request, signature, specification, code, each behind its mark. Whoever asks
for a specification gives the first two (or the request alone), whoever asks for code three.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ...interfaces import Code
from ...ir import IR, Signature
from .marks import (
    BAD,
    CALL,
    CODE,
    END,
    FUNCTION,
    NAMES,
    NUMBERS,
    OUTPUT,
    PADDING,
    PARAMETERS,
    REQUEST,
    SIGNATURE,
    SPECIFICATION,
    STRINGS,
    UNKNOWN,
)
from .python import code_text, code_words
from .slots import Slots, take_out
from .specification import (
    DialectError,
    read_signature,
    read_specification,
    signature_words,
    specification_words,
)
from .words import heard

_STRANGERS: Final = frozenset(
    {PADDING, UNKNOWN, REQUEST, SIGNATURE, SPECIFICATION, CODE, BAD, CALL, OUTPUT, END}
)
_SLOTS: Final = frozenset({FUNCTION, *STRINGS, *NUMBERS, *NAMES, *PARAMETERS})


@dataclass(frozen=True, slots=True)
class Prompt:
    words: tuple[str, ...]
    slots: Slots
    signature: Signature | None = None

    @property
    def senseless(self) -> frozenset[str]:
        """Marks that make an answer invalid, wherever in it they stand."""
        unfilled = _SLOTS - set(self.slots.values)
        if self.signature is None:  # the answer begins with one
            return (_STRANGERS | unfilled) - {SPECIFICATION, FUNCTION, *PARAMETERS}
        return _STRANGERS | unfilled

    def specification(self, answer: Sequence[str]) -> IR:
        """What the answer to a request says. Raises DialectError."""
        signature, words = self.signature, [*_ended(answer, CODE)]
        if signature is None:
            if SPECIFICATION not in words:
                raise DialectError("the answer ends before the signature does")
            place = words.index(SPECIFICATION)
            signature = read_signature(words[:place], self.slots)
            words = words[place + 1 :]
        _refuse_strangers(words, self.slots.with_signature(signature))
        return read_specification(words, signature, self.slots)

    def code(self, answer: Sequence[str]) -> Code:
        """What the answer to a specification says. Raises DialectError."""
        if self.signature is None:
            raise DialectError("code is asked for without a signature")
        words = _ended(answer, END)
        _refuse_strangers(words, self.slots)
        return Code(name=self.signature.name, source=code_text(words, self.signature, self.slots))


def ask_specification(request: str, signature: Signature | None = None) -> Prompt:
    slotted = take_out(request, signature)
    slots = slotted.slots
    words = [REQUEST, *heard(slotted), SIGNATURE]
    if signature is not None:
        words += [*signature_words(signature, slots), SPECIFICATION]
    return Prompt(tuple(words), slots, signature)


def ask_code(request: str, ir: IR) -> Prompt:
    asked = ask_specification(request, ir.signature)
    said = specification_words(ir, asked.slots)
    return Prompt((*asked.words, *said, CODE), asked.slots, ir.signature)


def ask_again(prompt: Prompt, answer: Sequence[str], why: str, begin: str) -> Prompt:
    """After a wrong answer: `why` is the failure's category, `begin` the mark of the new answer."""
    words = (*prompt.words, *answer, BAD, *why.split("_"), begin)
    return Prompt(words, prompt.slots, prompt.signature)


def specification_answer(prompt: Prompt, ir: IR) -> list[str]:
    """What the model is to answer."""
    words = specification_words(ir, prompt.slots)
    if prompt.signature is None:
        words = [*signature_words(ir.signature, prompt.slots), SPECIFICATION, *words]
    return words


def code_answer(prompt: Prompt, code: Code) -> list[str]:
    """Raises SyntaxError."""
    if prompt.signature is None:
        raise DialectError("code is asked for without a signature")
    return [*code_words(code.source, prompt.signature, prompt.slots), END]


def _ended(words: Sequence[str], mark: str) -> Sequence[str]:
    return words[: list(words).index(mark)] if mark in words else words


def _refuse_strangers(words: Sequence[str], slots: Slots) -> None:
    """Marks that have no place in an answer, and slots that nothing is in."""
    for word in words:
        if word in _STRANGERS or (word in _SLOTS and word not in slots.values):
            raise DialectError(f"the answer has {word}, which says nothing here")
