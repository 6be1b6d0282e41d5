"""Functions with everything around them, for whatever examines code: one TOML file a category.

Each has a request, an IR as a good model would write it, visible examples, hidden tests, a
reference and often other correct implementations. The IRs are written from the requests, never
with an eye on particular mutants.
"""

import ast
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lift_sys.interfaces import Code, Example, Task
from lift_sys.ir import IR, Signature, parse_predicate

FOLDER = Path(__file__).parent
CATEGORIES = (
    "control_flow",
    "list_operations",
    "string_manipulation",
    "edge_cases",
    "mathematical",
    "type_operations",
    "data_structures",
)


@dataclass(frozen=True, slots=True)
class Function:
    """One function of the corpus."""

    name: str
    task: Task
    ir: IR
    hidden: tuple[Example, ...]
    reference: Code
    alternatives: tuple[Code, ...]

    @property
    def category(self) -> str:
        return self.task.category or ""

    @property
    def correct(self) -> tuple[Code, ...]:
        return (self.reference, *self.alternatives)


@cache
def corpus() -> tuple[Function, ...]:
    """Every function, by category and in the order of the files."""
    found: list[Function] = []
    for category in CATEGORIES:
        data = tomllib.loads((FOLDER / f"{category}.toml").read_text(encoding="utf-8"))
        found += [_function(category, entry) for entry in data["function"]]
    return tuple(found)


def named(*names: str) -> tuple[Function, ...]:
    known = {function.name: function for function in corpus()}
    return tuple(known[name] for name in names)


def _function(category: str, entry: dict[str, Any]) -> Function:
    name = entry["name"]
    signature = _signature(name, entry["signature"])
    ir = IR.model_validate(
        {
            "intent": {"summary": entry["request"]},
            "signature": signature.model_dump(),
            "effects": [_effect(effect) for effect in entry.get("effects", ())],
            "assertions": [{"predicate": text} for text in entry["assertions"]],
            "constraints": entry.get("constraints", ()),
        }
    )
    task = Task(
        id=name,
        request=entry["request"],
        examples=_examples(signature, entry["examples"]),
        signature=signature,
        category=category,
        difficulty=entry["difficulty"],
    )
    return Function(
        name=name,
        task=task,
        ir=ir,
        hidden=_examples(signature, entry["hidden"]),
        reference=Code(name=name, source=entry["code"]),
        alternatives=tuple(
            Code(name=name, source=source) for source in entry.get("alternatives", ())
        ),
    )


def _signature(name: str, text: str) -> Signature:
    (head,) = ast.parse(f"def {name}{text}: ...").body
    assert isinstance(head, ast.FunctionDef)
    assert head.returns is not None
    return Signature.model_validate(
        {
            "name": name,
            "parameters": [
                {"name": arg.arg, "type": ast.unparse(arg.annotation)}
                for arg in head.args.args
                if arg.annotation is not None
            ],
            "returns": ast.unparse(head.returns),
        }
    )


def _effect(effect: dict[str, Any]) -> dict[str, Any]:
    """`none = true` is how a TOML file says that None is returned."""
    answers = [None] if effect.get("none") else effect.get("returns", [])
    made = {"description": effect["does"], "when": effect.get("when"), "return_values": answers}
    return made | ({"raises": effect["raises"]} if "raises" in effect else {})


def _examples(signature: Signature, texts: Sequence[str]) -> tuple[Example, ...]:
    names = [parameter.name for parameter in signature.parameters]
    shown = [(text, parse_predicate(text, names, signature.name).example) for text in texts]
    made: list[Example] = []
    for text, call in shown:
        assert call is not None, text
        assert call.condition is None, text
        made.append(
            Example(
                args=call.args,
                kwargs=dict(call.kwargs),
                expected=call.expected,
                raises=call.raises,
            )
        )
    return tuple(made)
