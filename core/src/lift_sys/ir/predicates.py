"""Predicates: Python expressions over the parameters and `result`, parsed and never run here.

In an assertion a parameter's name is the argument as the call left it, and `old_<name>` the
argument as it was before; they differ only where the function changes it. An effect's `when` is
over the parameters before the call. A hole is used by its identifier.

A predicate that calls the function is an *example*. It calls it once, with literals:
`f(1) == 2`, `f([]) is None` (the very answer), `f('x') raises ValueError` (the exception), or
any other relation, `not f('')`, `f(9) > 2`, which is kept as a condition on `result`.
"""

import ast
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from ._allowed import IMPORTS, OLD, RESULT
from ._literals import is_literal, literal_value
from ._python import PythonTextError, parse_expression, refuse, unparse
from ._whitelist import Names, Walk, walk

MAX_PREDICATE_CHARS: Final = 2000

_RAISES = re.compile(r"^(?P<call>.*\))\s+raises\s+(?P<error>[A-Za-z_]\w*)\s*$", re.DOTALL)


class PredicateError(PythonTextError):
    """Text that is no predicate, or one that is not allowed."""


@dataclass(frozen=True, slots=True)
class ExampleCall:
    """A call with literal arguments, and one of: the answer, an exception, a condition."""

    args: tuple[Any, ...] = ()
    kwargs: tuple[tuple[str, Any], ...] = ()
    expected: Any = None
    raises: str | None = None
    condition: str | None = None
    """A predicate over `result` alone; `expected` is then not looked at."""


@dataclass(frozen=True, slots=True)
class Predicate:
    source: str
    """Written in the one normal way."""
    names: frozenset[str]
    """Parameters, `result`, `old_` names and holes that it reads."""
    literals: tuple[Any, ...]
    """Every constant in it, in order, each once."""
    example: ExampleCall | None = None
    imports: tuple[str, ...] = ()

    @property
    def is_example(self) -> bool:
        return self.example is not None

    @property
    def about_inputs_only(self) -> bool:
        """It never looks at the outcome: it says what callers must keep to.

        Beside old values a parameter's name means what the call left, which is outcome too.
        """
        if self.example is not None or RESULT in self.names:
            return False
        old = frozenset(name for name in self.names if name.startswith(OLD))
        return not old or old == self.names

    def compile_source(self, name: str = "holds") -> str:
        """A module's text that defines `name`, a function of `names` as keywords, for a sandbox.

        An example's function is its condition on `result`; one without a condition has none.
        """
        body, names = self.source, sorted(self.names)
        if self.example is not None:
            if self.example.condition is None:
                raise PredicateError("an example with a plain answer is called, not evaluated")
            body, names = self.example.condition, [RESULT]
        head = "".join(f"{line}\n" for line in self.imports)
        keywords = f"*, {', '.join(names)}" if names else ""
        return f"{head}def {name}({keywords}):\n    return True if ({body}) else False\n"


def parse_predicate(
    text: str,
    parameters: Sequence[str],
    function: str | None = None,
    *,
    holes: Iterable[str] = (),
    outcome: bool = True,
) -> Predicate:
    """Raises PredicateError. Without `outcome` there is no `result`, nothing old, no example."""
    try:
        return _parse(text, tuple(parameters), function, tuple(holes), outcome)
    except PredicateError:
        raise
    except PythonTextError as error:
        raise PredicateError(error.cause, error.column) from None


@lru_cache(maxsize=512)
def _parse(
    text: str, parameters: tuple[str, ...], function: str | None, holes: tuple[str, ...], seen: bool
) -> Predicate:
    names = Names.of(parameters, function, holes, seen)
    raising = _RAISES.match(text) if seen and function is not None else None
    tree = parse_expression(raising["call"] if raising else text, MAX_PREDICATE_CHARS)
    found = walk(tree, names)
    if raising:
        if not (isinstance(tree, ast.Call) and found.own_calls == [tree]):
            raise PythonTextError(f"before `raises` there is one call of {function}")
        names.check_exception(raising["error"])
    source = unparse(tree)
    example = None
    if found.own_calls:
        example = _example(tree, found, parameters, raising["error"] if raising else None)
        source = f"{source} raises {raising['error']}" if raising else source
    return Predicate(
        source=source,
        names=frozenset(found.names),
        literals=_distinct(found.literals),
        example=example,
        imports=tuple(IMPORTS[name] for name in IMPORTS if name in found.imports),
    )


def _example(
    tree: ast.expr, found: Walk, parameters: tuple[str, ...], raises: str | None
) -> ExampleCall:
    call = found.own_calls[0]
    if len(found.own_calls) > 1:
        raise refuse("an example calls the function once", found.own_calls[1])
    if found.names:
        using = ", ".join(sorted(found.names))
        raise refuse(f"an example stands for itself, this one also uses {using}", tree)
    args = tuple(_argument(arg) for arg in call.args)
    kwargs = tuple((str(keyword.arg), _argument(keyword.value)) for keyword in call.keywords)
    _check_arguments(call, parameters)
    if raises is not None:
        return ExampleCall(args, kwargs, raises=raises)
    answer = _answer(tree, call)
    if answer is not None:
        return ExampleCall(args, kwargs, expected=literal_value(answer))
    condition = unparse(_Replace(call).visit(tree))
    return ExampleCall(args, kwargs, condition=condition)


def _argument(node: ast.expr) -> Any:
    try:
        return literal_value(node)
    except PythonTextError as error:
        cause = f"an example's arguments are literals: {error.cause}"
        raise PythonTextError(cause, error.column) from None


def _check_arguments(call: ast.Call, parameters: tuple[str, ...]) -> None:
    given = [*parameters[: len(call.args)], *(str(keyword.arg) for keyword in call.keywords)]
    if len(call.args) > len(parameters):
        raise refuse(f"{len(call.args)} arguments for {len(parameters)} parameters", call)
    for name in given:
        if name not in parameters:
            raise refuse(f"there is no parameter {name}", call)
        if given.count(name) > 1:
            raise refuse(f"the parameter {name} is given twice", call)
    missing = [name for name in parameters if name not in given]
    if missing:
        raise refuse(f"the example leaves out {', '.join(missing)}", call)


def _answer(tree: ast.expr, call: ast.Call) -> ast.expr | None:
    """What the call must be equal to, where the predicate says just that."""
    match tree:
        case ast.Compare(left=left, ops=[ast.Eq() | ast.Is()], comparators=[right]):
            other = right if left is call else left if right is call else None
            return other if other is not None and is_literal(other) else None
        case _:
            return None


class _Replace(ast.NodeTransformer):
    def __init__(self, call: ast.Call) -> None:
        self._call = call

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if node is self._call:
            return ast.copy_location(ast.Name(RESULT, ast.Load()), node)
        return self.generic_visit(node)


def _distinct(values: Iterable[Any]) -> tuple[Any, ...]:
    distinct: dict[str, Any] = {repr(value): value for value in values}
    return tuple(distinct.values())


__all__ = ["OLD", "RESULT", "ExampleCall", "Predicate", "PredicateError", "parse_predicate"]
