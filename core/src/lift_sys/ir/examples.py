"""Examples of a function that nothing else is known of yet, as a person writes them."""

import ast
import re

from ._allowed import FUNCTIONS, IMPORTS
from ._literals import literal_value
from ._python import PythonTextError, parse_expression, refuse
from .predicates import MAX_PREDICATE_CHARS, ExampleCall, PredicateError, parse_predicate

_RAISES = re.compile(r"(?<=\))\s+raises\s+\w+\s*$")


def parse_example(text: str) -> tuple[str, ExampleCall]:
    """What the function is called, and the call with its answer or exception.

    Raises PredicateError.
    """
    raises = _RAISES.search(text)
    try:
        tree = parse_expression(text[: raises.start()] if raises else text, MAX_PREDICATE_CHARS)
        name, call = _own_call(tree if raises else _side(tree))
    except PythonTextError as error:
        raise PredicateError(error.cause, error.column) from None
    keywords = [keyword.arg for keyword in call.keywords if keyword.arg is not None]
    parameters = [*(f"argument {place}" for place in range(len(call.args))), *keywords]
    example = parse_predicate(text, parameters, name).example
    assert example is not None, "what calls the function is an example"
    return name, example


def _side(tree: ast.expr) -> ast.expr:
    """Of a comparison with a literal, the other side."""
    match tree:
        case ast.Compare(left=left, ops=[ast.Eq() | ast.Is()], comparators=[right]):
            call, answer = (left, right) if isinstance(left, ast.Call) else (right, left)
            literal_value(answer)
            return call
        case _:
            raise PythonTextError("it does not say what one call returns or raises")


def _own_call(node: ast.expr) -> tuple[str, ast.Call]:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        raise refuse("it calls no function", node)
    name = node.func.id
    if name in FUNCTIONS | {*IMPORTS}:
        raise refuse(f"{name} is a function of Python's: give yours another name", node)
    for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
        literal_value(argument)
    return name, node
