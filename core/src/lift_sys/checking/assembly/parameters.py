"""How a function's own parameters answer to those of the signature."""

import ast
from dataclasses import dataclass, field

from .reasons import Unassembled


@dataclass(frozen=True, slots=True)
class Fit:
    """`call`: the arguments by which a wrapper would call it."""

    call: str
    same: bool = False
    """One parameter for each of the signature's, in order, and nothing else."""
    names: dict[str, str] = field(default_factory=dict[str, str])
    """Where `same`: those with another name, to the signature's."""


def fit(function: str, arguments: ast.arguments, wanted: list[str], *, skip: int = 0) -> Fit:
    """Raises Unassembled. `skip`: how many leading parameters are none, such as `self`."""
    own = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args)][skip:]
    by_name = [argument.arg for argument in arguments.kwonlyargs]
    needed_by_name = {
        argument.arg
        for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        if default is None
    }
    in_order = [name for name in wanted if name not in by_name]
    _check_order(function, own, in_order)
    least = max(0, len(own) - len(arguments.defaults))
    most = len(in_order) if arguments.vararg else len(own)
    if not least <= len(in_order) <= most or not needed_by_name <= set(wanted):
        raise Unassembled(
            "wrong-parameters",
            f"{function} must take ({', '.join(wanted)}), it takes ({ast.unparse(arguments)})",
        )
    call = [*in_order, *(f"{name}={name}" for name in wanted if name in by_name)]
    plain = not (arguments.vararg or arguments.kwarg or arguments.kwonlyargs)
    return Fit(
        call=", ".join(call),
        same=plain and len(own) == len(wanted),
        names={old: new for old, new in zip(own, wanted, strict=False) if old != new},
    )


def _check_order(function: str, own: list[str], wanted: list[str]) -> None:
    """One of the signature's names at another place: then which is meant cannot be told."""
    for place, name in enumerate(wanted):
        if name in own and own.index(name) != place:
            raise Unassembled(
                "parameter-order",
                f"{function} must take ({', '.join(wanted)}) in this order, "
                f"it takes ({', '.join(own)})",
            )
