"""How the files of the suite write signatures, examples and specifications."""

import ast
from collections.abc import Mapping, Sequence
from typing import Any

from lift_sys.interfaces import Example
from lift_sys.ir import IR, Parameter, Signature, parse_example


def signature_from(name: str, text: str) -> Signature:
    """From the part of a `def` after the name."""
    (head,) = ast.parse(f"def {name}{text}: ...").body
    assert isinstance(head, ast.FunctionDef)
    assert head.returns is not None, name
    parameters = [
        Parameter(name=each.arg, type=ast.unparse(each.annotation))
        for each in head.args.args
        if each.annotation is not None
    ]
    return Signature(name=name, parameters=tuple(parameters), returns=ast.unparse(head.returns))


def examples_from(texts: Sequence[str]) -> tuple[Example, ...]:
    calls = [parse_example(text)[1] for text in texts]
    return tuple(
        Example(
            args=call.args, kwargs=dict(call.kwargs), expected=call.expected, raises=call.raises
        )
        for call in calls
    )


def ir_from(entry: Mapping[str, Any], signature: Signature) -> IR:
    return IR.model_validate(
        {
            "intent": {"summary": entry["summary"]},
            "signature": signature.model_dump(),
            "effects": [_effect(effect) for effect in entry["effects"]],
            "assertions": [{"predicate": text} for text in entry["assertions"]],
            "constraints": entry.get("constraints", ()),
        }
    )


def _effect(effect: Mapping[str, Any]) -> dict[str, Any]:
    """`none = true` is how TOML says that None is returned."""
    return {
        "description": effect["does"],
        "when": effect.get("when"),
        "implementation_hint": effect.get("hint"),
        "return_values": [None] if effect.get("none") else effect.get("returns", ()),
    }
