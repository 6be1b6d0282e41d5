"""Lessons: what the model reads, as words, with the parts that it must learn to write.

Every lesson has the one layout of the dialect (request, signature, specification, code), so that
the beginning of a lesson is the prompt of a task.
"""

import ast
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from lift_sys.checking.mutants import mutants
from lift_sys.data.dataset import TrainingExample
from lift_sys.data.dialect import (
    Prompt,
    Slots,
    ask_again,
    ask_code,
    ask_specification,
    code_answer,
    specification_answer,
)
from lift_sys.data.dialect.marks import ALL, CALL, CODE, END, FIRST, LAST, OUTPUT, SPECIFICATION
from lift_sys.data.dialect.python import expression_words
from lift_sys.data.dialect.slots import TINY_NUMBERS
from lift_sys.interfaces import Code, Example
from lift_sys.ir import IR

_MUTANTS = 16
_SPECIFICATIONS = 0.35
"""Of the lessons in which something is mended, those where it is the specification."""
_CATEGORIES = ("wrong_output", "wrong_output", "assertion", "exception")
_ALIKE = (("<", "<="), (">", ">="), ("==", "!="), ("and", "or"), (FIRST, LAST, ALL), ("0", "1"))
MOST_EXAMPLES = 3
"""Example calls that a specification is taught to give."""


@dataclass(frozen=True, slots=True)
class Case:
    """A function in all its forms, with calls of it and what they do."""

    request: str
    ir: IR
    code: Code
    calls: tuple[Example, ...] = ()
    family: str = ""

    @classmethod
    def of(cls, example: TrainingExample) -> "Case":
        code = Code(name=example.ir.signature.name, source=example.code)
        return cls(example.request, example.ir, code, example.examples, example.family)


@dataclass(frozen=True, slots=True)
class Lesson:
    """Parts in turn: those to read, and those to learn."""

    given: tuple[str, ...]
    learnt: tuple[str, ...]
    family: str = ""


@dataclass(frozen=True, slots=True)
class Mix:
    """Shares of the lessons that are not the plain one."""

    unpinned: float = 0.2
    """The signature is to be found too."""
    repair: float = 0.06
    output: float = 0.05


def lesson(case: Case, dice: random.Random, mix: Mix) -> Lesson:
    kind = dice.random()
    found: Lesson | None = None
    if kind < mix.unpinned:
        found = _unpinned(case)
    elif kind < mix.unpinned + mix.repair:
        found = _repair(case, dice)
    elif kind < mix.unpinned + mix.repair + mix.output:
        found = _output(case, dice)
    return replace(found or _plain(case), family=case.family)


def _plain(case: Case) -> Lesson:
    prompt = ask_specification(case.request, case.ir.signature)
    ir = taught(case.ir, prompt.slots)
    code = code_answer(prompt, case.code)
    return Lesson(prompt.words, (*specification_answer(prompt, ir), CODE, *code))


def _unpinned(case: Case) -> Lesson:
    prompt = ask_specification(case.request)
    ir = taught(case.ir, prompt.slots)
    return Lesson(prompt.words, (*specification_answer(prompt, ir), CODE))


def _asked_for_code(case: Case) -> Prompt:
    slots = ask_specification(case.request, case.ir.signature).slots
    return ask_code(case.request, taught(case.ir, slots))


def _repair(case: Case, dice: random.Random) -> Lesson | None:
    return (_mended if dice.random() < _SPECIFICATIONS else _repaired)(case, dice)


def _mended(case: Case, dice: random.Random) -> Lesson | None:
    """A wrong specification, and the right one."""
    prompt = ask_specification(case.request, case.ir.signature)
    right = specification_answer(prompt, taught(case.ir, prompt.slots))
    bad = _spoilt(right, prompt.slots, dice)
    if bad is None:
        return None
    again = ask_again(prompt, bad, "specification", SPECIFICATION)
    return Lesson(again.words, (*right, CODE))


def _spoilt(words: Sequence[str], slots: Slots, dice: random.Random) -> list[str] | None:
    """One word is another of its kind: a slot, a comparison, which match counts."""
    changes = [
        (place, other)
        for place, word in enumerate(words)
        for kind in (*_ALIKE, *_slots_alike(slots))
        for other in kind
        if word in kind and other != word
    ]
    if not changes:
        return None
    place, other = dice.choice(changes)
    return [*words[:place], other, *words[place + 1 :]]


def _slots_alike(slots: Slots) -> list[tuple[str, ...]]:
    return [tuple(mark for mark in slots.values if mark[1] == kind) for kind in "snp"]


def _repaired(case: Case, dice: random.Random) -> Lesson | None:
    """Wrong code, a category of failure, and the right code."""
    # One of the first few: making them all would take longer than all else.
    wrong = list(islice(mutants(case.code.source), dice.randint(1, _MUTANTS)))
    if not wrong:
        return None
    prompt = _asked_for_code(case)
    bad = code_answer(prompt, Code(name=case.code.name, source=wrong[-1].source))
    right = code_answer(prompt, case.code)
    again = ask_again(prompt, bad[:-1], dice.choice(_CATEGORIES), CODE)
    return Lesson(again.words, tuple(right)) if bad != right else None


def _output(case: Case, dice: random.Random) -> Lesson | None:
    """A call of the code, and what it returns."""
    calls = [call for call in case.calls if call.raises is None and len(repr(call)) < 160]
    if not calls:
        return None
    prompt = _asked_for_code(case)
    call = dice.choice(calls)
    arguments = expression_words(call.call(case.code.name), prompt.slots)
    given = (*prompt.words, *code_answer(prompt, case.code)[:-1], CALL, *arguments, OUTPUT)
    return Lesson(given, (*expression_words(repr(call.expected), prompt.slots), END))


def taught(ir: IR, slots: Slots) -> IR:
    """Without example calls whose answer would have to be computed: a small model cannot, and a
    specification with a wrong example is worse than one with fewer."""
    kept: list[str] = []
    few = 0
    for assertion in ir.assertions:
        if assertion.predicate.startswith(f"{ir.signature.name}("):
            if few == MOST_EXAMPLES or not _is_plain(assertion.predicate, slots):
                continue
            few += 1
        kept.append(assertion.predicate)
    assertions = tuple(one for one in ir.assertions if one.predicate in kept)
    return ir.model_copy(update={"assertions": assertions, "provenance": None})


def _is_plain(predicate: str, slots: Slots) -> bool:
    """Nothing in it but literals of the request, their neighbours, and what is empty or tiny."""
    call, _, _ = predicate.rpartition(" raises ")
    return all(
        _is_known(node.value, slots)
        for node in ast.walk(ast.parse(call or predicate))
        if isinstance(node, ast.Constant)
    ) and not any(
        isinstance(node, ast.List | ast.Tuple | ast.Set) and len(node.elts) > 1
        for node in ast.walk(ast.parse(call or predicate))
    )


def _is_known(value: object, slots: Slots) -> bool:
    if isinstance(value, str):
        return not value or slots.string(value) is not None
    if value is None or isinstance(value, bool):
        return True
    if isinstance(value, int | float):
        return value in TINY_NUMBERS or slots.number(value) is not None
    return False
