"""Code that has learnt the visible examples by heart."""

import ast
from collections.abc import Iterator, Sequence
from typing import Any

from ..interfaces import Code, Example
from .compare import fingerprint, same
from .execution import Call, Seen

_FEWEST = 2
"""With a single example, a constant it mentions may well be the rule."""


def answers_by_case(
    code: Code,
    examples: Sequence[Example],
    probed: Sequence[tuple[Call, Seen]],
    said: Sequence[object],
) -> bool:
    """Whether the code lists the examples as cases and does one and the same thing elsewhere.

    `probed` are other calls, with what each did. A case that the request or the IR names (`said`)
    is a rule, not an example learnt by heart.
    """
    if len(examples) < _FEWEST or len(probed) < _FEWEST:
        return False
    rules = {fingerprint(value) for value in said}
    shown = {
        text: example
        for example in examples
        if example.args and (text := _key(example.args)) not in rules
    }
    if len(shown) < _FEWEST or len({fingerprint(e.expected) for e in shown.values()}) < _FEWEST:
        return False
    cases = set(_cases(ast.parse(code.source)))
    learnt = cases & shown.keys()
    # A table that knows more than the examples holds knowledge: months, vowels, Roman numerals.
    if len(learnt) < max(_FEWEST, len(shown) - 1) or len(cases - learnt) > len(learnt) // 2:
        return False
    asked = {fingerprint(example.args) for example in examples}
    others = [(call, seen) for call, seen in probed if fingerprint(call.args) not in asked]
    return len(others) >= _FEWEST and _trivial(others)


def _trivial(others: Sequence[tuple[Call, Seen]]) -> bool:
    """The same everywhere, or an argument handed back."""
    if len({fingerprint([seen.outcome, seen.result, seen.exception]) for _, seen in others}) == 1:
        return True
    widths = {len(call.args) for call, _ in others}
    return any(
        all(same(call.args[place], seen.result) for call, seen in others)
        for place in range(min(widths, default=0))
    )


def _key(args: Sequence[Any]) -> str:
    return fingerprint(args[0] if len(args) == 1 else tuple(args))


def _cases(tree: ast.AST) -> Iterator[str]:
    """What the code tells apart one by one: keys of a table, values it compares with."""
    parts_of_another = set[ast.AST]()
    for node in ast.walk(tree):
        match node:
            case _ if node in parts_of_another:
                continue
            case ast.Dict(keys=keys):
                yield from _literals(keys)
            case ast.BoolOp(op=ast.And(), values=values):
                # `a == 2 and b == 3` is one case of two arguments
                parts = [one for value in values for one in _compared(value)]
                if len(parts) == len(values):
                    parts_of_another.update(values)
                    yield from _literals([ast.Tuple(parts, ast.Load())])
            case ast.Compare():
                yield from _literals(_compared(node))
            case ast.MatchValue(value=value):
                yield from _literals([value])
            case _:
                continue


def _compared(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], ast.Eq):
        left, right = node.left, node.comparators[0]
        # `(a, b) == (2, 3)` and `[a, b] == [2, 3]` name their parts on one side.
        return [right] if not isinstance(left, ast.Constant) else [left]
    return []


def _literals(nodes: Sequence[ast.expr | None]) -> Iterator[str]:
    for node in nodes:
        if node is not None:
            try:
                yield fingerprint(ast.literal_eval(node))
            except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
                continue
