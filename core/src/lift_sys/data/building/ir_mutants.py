"""Typed mistakes in a specification, one place changed by one operator."""

import random
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

from pydantic import ValidationError

from ...checking.mutants import mutants
from ...checking.source import Unparsable
from ...ir import IR, Assertion, Effect, Signature, check, normalise_type

_EXCEPTIONS: Final = ("ValueError", "TypeError", "KeyError", "IndexError", "ZeroDivisionError")
_SIGNATURES: Final = 0.2
"""Every specification has one: else it would be every other mistake."""
_RETURNS: Final = ("int", "str", "bool", "list[int]", "None")


class IrMutant(NamedTuple):
    operator: str
    path: str
    ir: IR


_Change = Callable[[random.Random], IrMutant | None]


def ir_mutants(ir: IR, dice: random.Random) -> Iterator[IrMutant]:
    """One for each place that can be wrong, the kinds of place in turn; all of them sound IRs."""
    kinds = [_conditions(ir), _values(ir), _branches(ir), _assertions(ir)]
    if dice.random() < _SIGNATURES:
        kinds.append(_signature(ir))
    dice.shuffle(kinds)
    left = [dice.sample(kind, len(kind)) for kind in kinds]
    while left := [changes for changes in left if changes]:
        for changes in left:
            mutant = changes.pop()(dice)
            if mutant is not None and _is_sound(ir, mutant.ir):
                yield mutant


def _is_sound(ir: IR, other: IR) -> bool:
    """It reads like any: what is wrong shows only when it is held against code."""
    try:
        read = IR.model_validate_json(other.model_dump_json())
    except ValidationError:
        return False
    return read != ir and not check(read)


def _conditions(ir: IR) -> list[_Change]:
    def of(place: int, when: str) -> _Change:
        def change(dice: random.Random) -> IrMutant | None:
            found = _rewritten(when, dice)
            path = f"effects[{place}].when"
            return found and IrMutant(found[0], path, _with_effect(ir, place, when=found[1]))

        return change

    return [of(place, each.when) for place, each in enumerate(ir.effects) if each.when]


def _values(ir: IR) -> list[_Change]:
    """What a branch returns or raises."""

    def of_values(place: int, effect: Effect) -> _Change:
        def change(dice: random.Random) -> IrMutant | None:
            values = [*effect.return_values]
            number = dice.randrange(len(values))
            operator, values[number] = _other_value(values[number], dice)
            path = f"effects[{place}].return_values"
            return IrMutant(operator, path, _with_effect(ir, place, return_values=tuple(values)))

        return change

    def of_exception(place: int, effect: Effect) -> _Change:
        def change(dice: random.Random) -> IrMutant | None:
            other = dice.choice([name for name in _EXCEPTIONS if name != effect.raises])
            path = f"effects[{place}].raises"
            return IrMutant("exception-changed", path, _with_effect(ir, place, raises=other))

        return change

    places = [*enumerate(ir.effects)]
    return [of_values(place, each) for place, each in places if each.return_values] + [
        of_exception(place, each) for place, each in places if each.raises
    ]


def _branches(ir: IR) -> list[_Change]:
    """A branch that is missing, and two in the wrong order."""
    conditional = [place for place, each in enumerate(ir.effects) if each.when]

    def dropped(place: int) -> _Change:
        effects = (*ir.effects[:place], *ir.effects[place + 1 :])
        changed = ir.model_copy(update={"effects": effects})
        return lambda _: IrMutant("branch-dropped", f"effects[{place}]", changed)

    def swapped(place: int) -> _Change:
        one, other = ir.effects[place], ir.effects[place + 1]
        effects = (*ir.effects[:place], other, one, *ir.effects[place + 2 :])
        changed = ir.model_copy(update={"effects": effects})
        return lambda _: IrMutant("branches-swapped", f"effects[{place}]", changed)

    return [dropped(place) for place in conditional] + [
        swapped(place) for place in conditional if place + 1 in conditional
    ]


def _assertions(ir: IR) -> list[_Change]:
    def of(place: int, predicate: str) -> _Change:
        def change(dice: random.Random) -> IrMutant | None:
            found = _rewritten(predicate, dice)
            if found is None:
                return None
            path = f"assertions[{place}]"
            changed = ir.assertions[place].model_copy(update={"predicate": found[1]})
            return IrMutant(found[0], path, _with_assertion(ir, place, changed))

        return change

    return [of(place, each.predicate) for place, each in enumerate(ir.assertions)]


def _signature(ir: IR) -> list[_Change]:
    def change(dice: random.Random) -> IrMutant | None:
        plain = normalise_type(ir.signature.returns)
        other = dice.choice([name for name in _RETURNS if name != plain])
        signature = ir.signature.model_copy(update={"returns": other})
        return IrMutant("return-type-changed", "signature.returns", _with(ir, signature))

    return [change]


def _rewritten(text: str, dice: random.Random) -> tuple[str, str] | None:
    """The expression with one change, and the operator that made it."""
    call, raises, exception = text.rpartition(" raises ")
    if raises:
        other = dice.choice([name for name in _EXCEPTIONS if name != exception.strip()])
        return "exception-changed", f"{call} raises {other}"
    try:
        found = [*mutants(text)]
    except Unparsable:
        return None
    if not found:
        return None
    operator = dice.choice(sorted({each.operator for each in found}))
    chosen = dice.choice([each for each in found if each.operator == operator])
    return operator, chosen.source.strip()


def _other_value(value: Any, dice: random.Random) -> tuple[str, Any]:
    if isinstance(value, bool):
        return "constant-changed", not value
    if isinstance(value, int | float):
        return "constant-changed", value + dice.choice((-1, 1))
    if isinstance(value, str):
        sentences = [f"It is {value}", f"The result is {value}", value.upper(), value.capitalize()]
        others = [each for each in sentences if each != value]
        return "string-rewritten", dice.choice(others)
    return "constant-changed", 0


def _with_effect(ir: IR, place: int, **changes: Any) -> IR:
    effects = [*ir.effects]
    effects[place] = effects[place].model_copy(update=changes)
    return ir.model_copy(update={"effects": tuple(effects)})


def _with_assertion(ir: IR, place: int, assertion: Assertion) -> IR:
    assertions = (*ir.assertions[:place], assertion, *ir.assertions[place + 1 :])
    return ir.model_copy(update={"assertions": assertions})


def _with(ir: IR, signature: Signature) -> IR:
    return ir.model_copy(update={"signature": signature})
