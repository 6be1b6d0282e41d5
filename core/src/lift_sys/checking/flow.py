"""Where control can go in a block of statements, by its form alone."""

import ast
from collections.abc import Iterator, Sequence
from typing import Final

_FUNCTIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef)
_ENDLESS_CALLS: Final = frozenset({"count", "cycle", "itertools.count", "itertools.cycle"})
_EXITS: Final = frozenset({"sys.exit", "os._exit", "exit", "quit"})
_ALL: Final = frozenset("<=>")
_RELATIONS: Final[dict[type[ast.cmpop], frozenset[str]]] = {
    ast.Lt: frozenset("<"),
    ast.LtE: frozenset("<="),
    ast.Gt: frozenset(">"),
    ast.GtE: frozenset(">="),
    ast.Eq: frozenset("="),
    ast.NotEq: frozenset("<>"),
}
_FLIPPED: Final = str.maketrans("<>", "><")


def completes(block: Sequence[ast.stmt]) -> bool:
    """Whether control can pass the end of the block."""
    return all(_passes(node) for node in block)


def unreachable(block: Sequence[ast.stmt]) -> int | None:
    """The place of the first statement that control never comes to."""
    for place, node in enumerate(block[:-1]):
        if not _passes(node):
            return place + 1
    return None


def blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    """Every block of statements within a function or module, but not of what is nested in it."""
    pending = [node]
    while pending:
        each = pending.pop()
        inside: list[ast.AST] = []
        for field in ("body", "handlers", "cases", "orelse", "finalbody"):
            block = getattr(each, field, None)
            if isinstance(block, list) and block:
                inside += block
                if isinstance(block[0], ast.stmt):
                    yield block
        if each is node or not isinstance(each, ast.ClassDef):
            pending += [it for it in reversed(inside) if not isinstance(it, _FUNCTIONS)]


def is_always_true(test: ast.expr) -> bool:
    return isinstance(test, ast.Constant) and bool(test.value)


def breaks(loop: ast.For | ast.AsyncFor | ast.While) -> bool:
    """Whether a `break` in it ends this very loop."""
    stack: list[ast.AST] = list(loop.body)
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Break):
            return True
        if isinstance(node, ast.For | ast.AsyncFor | ast.While):
            stack += node.orelse
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            stack += ast.iter_child_nodes(node)
    return False


def _passes(node: ast.stmt) -> bool:
    match node:
        case ast.Return() | ast.Raise() | ast.Break() | ast.Continue():
            return False
        case ast.If():
            return _if_passes(node)
        case ast.While(test=test, orelse=orelse):
            return breaks(node) or (not is_always_true(test) and completes(orelse))
        case ast.For(iter=iterated, orelse=orelse):
            return breaks(node) or (not _is_endless(iterated) and completes(orelse))
        case ast.With(items=items, body=body):
            return completes(body) or any("suppress" in ast.unparse(it) for it in items)
        case ast.Try():
            return _try_passes(node)
        case ast.Match(cases=cases):
            return not any(_takes_all(it) for it in cases) or any(
                completes(it.body) for it in cases
            )
        case ast.Assert(test=ast.Constant(value=value)):
            return bool(value)
        case ast.Expr(value=ast.Call(func=function)):
            return ast.unparse(function) not in _EXITS
        case _:
            return True


def _if_passes(node: ast.If) -> bool:
    ladder = [node]
    while len(ladder[-1].orelse) == 1 and isinstance(ladder[-1].orelse[0], ast.If):
        ladder.append(ladder[-1].orelse[0])
    if any(completes(step.body) for step in ladder):
        return True
    last = ladder[-1].orelse
    if last:
        return completes(last)
    return not (is_always_true(ladder[-1].test) or _leaves_no_gap([it.test for it in ladder]))


def _leaves_no_gap(tests: Sequence[ast.expr]) -> bool:
    """Comparisons of the same two values that together hold whatever these are."""
    held: dict[tuple[str, str], frozenset[str]] = {}
    for test in tests:
        if isinstance(test, ast.Compare) and len(test.ops) == 1:
            left, right = ast.dump(test.left), ast.dump(test.comparators[0])
            relation = "".join(_RELATIONS.get(type(test.ops[0]), ()))
            if right < left:
                left, right, relation = right, left, relation.translate(_FLIPPED)
            held[left, right] = held.get((left, right), frozenset()) | set(relation)
    return any(relations >= _ALL for relations in held.values())


def _try_passes(node: ast.Try) -> bool:
    if node.finalbody and not completes(node.finalbody):
        return False
    body = completes(node.body) and completes(node.orelse)
    return body or any(completes(handler.body) for handler in node.handlers)


def _takes_all(case: ast.match_case) -> bool:
    pattern = case.pattern
    while isinstance(pattern, ast.MatchAs) and pattern.pattern is not None:
        pattern = pattern.pattern
    return case.guard is None and isinstance(pattern, ast.MatchAs)


def _is_endless(iterated: ast.expr) -> bool:
    return isinstance(iterated, ast.Call) and ast.unparse(iterated.func) in _ENDLESS_CALLS
