"""What the solver's process is asked and answers: plain data, so that it travels as JSON."""

import ast
from collections.abc import Iterator
from typing import Literal

from lift_sys.ir import IR, Frozen, Predicate, assertions, conditions, parse_type

Kind = Literal["no-input", "no-result", "gap", "overlap", "unreachable", "redundant", "skipped"]

_SORTS = ("int", "bool", "float", "str")


class Variable(Frozen):
    name: str
    sort: Literal["int", "bool", "float", "str", "none"]
    among: tuple[str, ...] = ()
    """The only values it has; empty: any."""


class Statement(Frozen):
    path: str
    source: str


class Rung(Frozen):
    path: str
    source: str
    outcome: str
    """Equal for branches that do the same; empty: it does not say what comes out."""


class Question(Frozen):
    variables: tuple[Variable, ...]
    """The parameters; those of other types are left out."""
    result: Variable | None
    preconditions: tuple[Statement, ...]
    assertions: tuple[Statement, ...]
    ladder: tuple[Rung, ...]
    closed: bool
    """Whether the branches are meant to cover every input."""
    query_ms: int
    memory_mb: int


class Answer(Frozen):
    kind: Kind
    path: str
    other: str = ""
    """A second path, or what was not understood."""
    inputs: dict[str, bool | int | float | str] | None = None


def question(ir: IR, query_ms: int, memory_mb: int) -> Question:
    plain = [(path, each) for path, each in assertions(ir) if each.example is None]
    changing = any(name.startswith("old_") for _, each in plain for name in each.names)
    # What a changed argument is afterwards nobody knows yet.
    before = [] if changing else [each for each in plain if each[1].about_inputs_only]
    after = [] if changing else [each for each in plain if not each[1].about_inputs_only]
    return Question(
        variables=tuple(_variables(ir)),
        result=_variable("result", ir.signature.returns),
        preconditions=tuple(Statement(path=p, source=each.source) for p, each in before),
        assertions=tuple(Statement(path=p, source=each.source) for p, each in after),
        ladder=tuple(_ladder(ir, dict(conditions(ir)))),
        closed=_is_closed(ir),
        query_ms=query_ms,
        memory_mb=memory_mb,
    )


def _variables(ir: IR) -> Iterator[Variable]:
    for parameter in ir.signature.parameters:
        variable = _variable(parameter.name, parameter.type)
        if variable is not None and variable.sort != "none":
            yield variable


def _variable(name: str, type_text: str) -> Variable | None:
    match parse_type(type_text):
        case ast.Name(id="int" | "bool" | "float" | "str" as sort):
            return Variable(name=name, sort=sort)
        case ast.Constant(value=None):
            return Variable(name=name, sort="none")
        case ast.Subscript(value=ast.Name(id="Literal"), slice=inside):
            parts = inside.elts if isinstance(inside, ast.Tuple) else [inside]
            values = [part.value for part in parts if isinstance(part, ast.Constant)]
            texts = tuple(value for value in values if isinstance(value, str))
            whole = texts and len(texts) == len(parts)
            return Variable(name=name, sort="str", among=texts) if whole else None
        case _:
            return None


def _ladder(ir: IR, parsed: dict[str, Predicate]) -> Iterator[Rung]:
    for number, effect in enumerate(ir.effects):
        predicate = parsed.get(f"effects[{number}].when")
        if effect.when is None or predicate is None:
            continue
        said = effect.return_values or effect.raises
        outcome = f"{effect.raises} {sorted(map(repr, effect.return_values))}" if said else ""
        yield Rung(path=f"effects[{number}]", source=predicate.source, outcome=outcome)


def _is_closed(ir: IR) -> bool:
    """Every effect has a condition, and there are several with outcomes: a ladder, not steps."""
    branches = [effect for effect in ir.effects if effect.return_values or effect.raises]
    whole = all(effect.when is not None for effect in ir.effects) and len(ir.effects) > 1
    returns = ir.signature.returns not in ("None", "NoReturn", "Never")
    holes = any(hole.kind == "effect" for hole in ir.holes)
    unread = len(conditions(ir)) < len(ir.effects)
    return bool(branches) and whole and returns and not holes and not unread
