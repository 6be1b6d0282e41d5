"""Short ways to write an IR down, for the corpus."""

import ast
from typing import Any

from lift_sys.interfaces import Example, Task
from lift_sys.ir import IR


def effect(
    description: str, *answers: Any, when: str | None = None, hint: str | None = None, **more: Any
) -> dict[str, Any]:
    return {
        "description": description,
        "when": when,
        "return_values": list(answers),
        "implementation_hint": hint,
        **more,
    }


def loop(matches: str, description: str = "the matches that count") -> dict[str, Any]:
    return {"kind": "loop", "matches": matches, "description": description}


def position(description: str) -> dict[str, Any]:
    return {"kind": "position", "description": description}


def must_return(description: str = "a value on every path") -> dict[str, Any]:
    return {"kind": "must_return", "description": description}


def spec(
    head: str,
    *asserted: str,
    effects: list[dict[str, Any]] | None = None,
    constraints: list[dict[str, Any]] | None = None,
    summary: str = "What the name says",
    holes: list[dict[str, Any]] | None = None,
) -> IR:
    """`head` is Python's own way to write a signature."""
    function = ast.parse(f"def {head}: ...").body[0]
    assert isinstance(function, ast.FunctionDef)
    assert function.returns is not None
    return IR.model_validate(
        {
            "intent": {"summary": summary},
            "signature": {
                "name": function.name,
                "parameters": [
                    {"name": arg.arg, "type": ast.unparse(arg.annotation)}
                    for arg in function.args.args
                    if arg.annotation is not None
                ],
                "returns": ast.unparse(function.returns),
            },
            "effects": effects or [],
            "assertions": [{"predicate": text} for text in asserted],
            "constraints": constraints or [],
            "holes": holes or [],
        }
    )


def task(request: str = "Make the function", *examples: Example) -> Task:
    return Task(id="t", request=request, examples=examples)
