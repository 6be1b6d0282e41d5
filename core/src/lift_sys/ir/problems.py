"""What is wrong with an IR although it has the right shape: its Python text."""

import difflib
from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

from ._allowed import TYPING_NAMES
from ._python import PythonTextError
from .annotations import BUILTIN_TYPES, type_names
from .models import IR, unfilled
from .predicates import OLD, RESULT, Predicate, PredicateError, parse_predicate

KNOWN_TYPES: Final = TYPING_NAMES | {*BUILTIN_TYPES}


class Problem(NamedTuple):
    path: str
    message: str
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        mark = "" if self.severity == "error" else f"{self.severity}: "
        return f"{self.path}: {mark}{self.message}" if self.path else mark + self.message


def check(ir: IR) -> tuple[Problem, ...]:
    """Every problem, in reading order. Holes are no problem: `unfilled` tells those."""
    return (*_names(ir), *_types(ir), *_predicates(ir), *_hole_constraints(ir))


def conditions(ir: IR) -> tuple[tuple[str, Predicate], ...]:
    """The effects' conditions that parse, with their paths."""
    return tuple(_parsed(ir, _condition_texts(ir), outcome=False))


def assertions(ir: IR) -> tuple[tuple[str, Predicate], ...]:
    """The assertions that parse, with their paths; `check` tells of the others."""
    return tuple(_parsed(ir, _assertion_texts(ir), outcome=True))


def parse_within(ir: IR, text: str, *, outcome: bool = True) -> Predicate:
    """Parse a predicate that belongs to `ir`."""
    names = [parameter.name for parameter in ir.signature.parameters]
    holes = [hole.id for _, hole in unfilled(ir)]
    return parse_predicate(text, names, ir.signature.name, holes=holes, outcome=outcome)


def _condition_texts(ir: IR) -> Iterator[tuple[str, str]]:
    for number, effect in enumerate(ir.effects):
        if effect.when is not None:
            yield f"effects[{number}].when", effect.when


def _assertion_texts(ir: IR) -> Iterator[tuple[str, str]]:
    for number, assertion in enumerate(ir.assertions):
        yield f"assertions[{number}].predicate", assertion.predicate


def _parsed(
    ir: IR, texts: Iterator[tuple[str, str]], *, outcome: bool
) -> Iterator[tuple[str, Predicate]]:
    for path, text in texts:
        try:
            yield path, parse_within(ir, text, outcome=outcome)
        except PredicateError:
            continue


def _names(ir: IR) -> Iterator[Problem]:
    function, names = ir.signature.name, [one.name for one in ir.signature.parameters]
    if not function.islower():
        yield Problem("signature.name", f"{function} is not snake_case", "warning")
    for number, name in enumerate(names):
        path = f"signature.parameters[{number}].name"
        if name == function:
            yield Problem(path, f"{name} is the function's own name too")
        if name == RESULT:
            hint = f"in assertions `{RESULT}` is the outcome, and `{OLD}{RESULT}` this parameter"
            yield Problem(path, hint, "warning")
        if name.startswith(OLD) and name.removeprefix(OLD) in names:
            yield Problem(path, f"{name} also stands for what {name.removeprefix(OLD)} was before")
    for path, hole in unfilled(ir):
        if hole.id in {*names, function, RESULT}:
            yield Problem(f"{path}.id", f"{hole.id} already has a meaning in predicates")


def _types(ir: IR) -> Iterator[Problem]:
    holes = {hole.id for _, hole in unfilled(ir)}
    for number, parameter in enumerate(ir.signature.parameters):
        yield from _type(f"signature.parameters[{number}].type", parameter.type, holes)
    yield from _type("signature.returns", ir.signature.returns, holes)


def _type(path: str, text: str, holes: set[str]) -> Iterator[Problem]:
    for name in sorted(type_names(text) - KNOWN_TYPES - holes):
        near = difflib.get_close_matches(name, sorted(KNOWN_TYPES), n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        yield Problem(path, f"the type {name} is not known{hint}", "warning")


def _predicates(ir: IR) -> Iterator[Problem]:
    for path, text in _condition_texts(ir):
        yield from _predicate(ir, path, text, outcome=False)
    for path, text in _assertion_texts(ir):
        yield from _predicate(ir, path, text, outcome=True)


def _predicate(ir: IR, path: str, text: str, *, outcome: bool) -> Iterator[Problem]:
    try:
        parse_within(ir, text, outcome=outcome)
    except PredicateError as error:
        hint = ""
        if not outcome and RESULT in text:
            hint = "; a condition is over the parameters, before there is a result"
        yield Problem(path, f"{error}{hint}")


def _hole_constraints(ir: IR) -> Iterator[Problem]:
    names = [parameter.name for parameter in ir.signature.parameters]
    holes = [hole.id for _, hole in unfilled(ir)]
    for path, hole in unfilled(ir):
        for number, text in enumerate(hole.constraints):
            try:
                parse_predicate(text, names, holes=holes, outcome=False)
            except PythonTextError as error:
                yield Problem(f"{path}.constraints[{number}]", str(error))
