"""Mistakes in what is done and in which order. Each operator gets a copy of a block of statements
and yields blocks that may stand instead."""

import ast
import itertools
from collections.abc import Callable, Iterator
from typing import Final

Block = list[ast.stmt]
Operator = Callable[[Block], Iterator[Block]]

_HIT = "hit"


def _condition(block: Block) -> Iterator[Block]:
    """`not` before the condition of an if or while."""
    for place, node in enumerate(block):
        if isinstance(node, ast.If | ast.While):
            test = node.test
            negated = ast.UnaryOp(ast.Not(), test)
            made = (
                ast.If(negated, node.body, node.orelse)
                if isinstance(node, ast.If)
                else ast.While(negated, node.body, node.orelse)
            )
            yield _with(block, place, [made])


def _deleted(block: Block) -> Iterator[Block]:
    for place, node in enumerate(block):
        if isinstance(
            node, ast.Assign | ast.AugAssign | ast.If | ast.For | ast.Expr | ast.Continue
        ) and not _is_docstring(node):
            yield _with(block, place, [])


def _return_deleted(block: Block) -> Iterator[Block]:
    for place, node in enumerate(block):
        if isinstance(node, ast.Return | ast.Raise | ast.Break):
            yield _with(block, place, [])


def _return_changed(block: Block) -> Iterator[Block]:
    for place, node in enumerate(block):
        if not isinstance(node, ast.Return) or node.value is None:
            continue
        match node.value:
            case ast.Tuple(elts=[first, second]):
                for pair in ([second, first], [first, first], [second, second]):
                    yield _with(block, place, [ast.Return(ast.Tuple(pair, ast.Load()))])
            case ast.Constant(value=None):
                yield _with(block, place, [ast.Return(ast.Constant(0))])
            case _:
                yield _with(block, place, [ast.Return(ast.Constant(None))])


def _branch_reused(block: Block) -> Iterator[Block]:
    """The branch's answer given by the one after it, or by the default."""
    answers = [(place, value) for place, node in enumerate(block) if (value := _answer(node))]
    for (_, before), (place, _) in itertools.pairwise(answers):
        made = block[place]
        replaced = ast.Return(before)
        if isinstance(made, ast.If):
            replaced = ast.If(made.test, [ast.Return(before)], made.orelse)
        yield _with(block, place, [replaced])


def _order(block: Block) -> Iterator[Block]:
    """Two neighbouring conditions in the other order."""
    for place in range(len(block) - 1):
        first, second = block[place : place + 2]
        for kind in (ast.If, ast.Assign | ast.AugAssign | ast.Expr):
            if isinstance(first, kind) and isinstance(second, kind):
                yield [*block[:place], second, first, *block[place + 2 :]]


def _other_match(block: Block) -> Iterator[Block]:
    """The last match for the first, and the first for the last."""
    for place, node in enumerate(block):
        if not isinstance(node, ast.For):
            continue
        found = _returns_a_match(node)
        if found is not None:
            number, test, value = found
            kept = ast.If(test, [_assign(_HIT, ast.List([value], ast.Load()))], [])
            loop = ast.For(
                node.target, node.iter, _with(node.body, number, [kept]), [], type_comment=None
            )
            hit = ast.Name(_HIT, ast.Load())
            answer = ast.Return(ast.Subscript(hit, ast.Constant(0), ast.Load()))
            before = _assign(_HIT, ast.List([], ast.Load()))
            yield _with(block, place, [before, loop, ast.If(hit, [answer], []), *node.orelse])
        number = _keeps_a_match(node)
        if number is not None:
            kept = node.body[number]
            assert isinstance(kept, ast.If)
            stopped = ast.If(kept.test, [*kept.body, ast.Break()], kept.orelse)
            body = _with(node.body, number, [stopped])
            loop = ast.For(node.target, node.iter, body, node.orelse, type_comment=None)
            yield _with(block, place, [loop])


def _loop_reversed(block: Block) -> Iterator[Block]:
    for place, node in enumerate(block):
        if isinstance(node, ast.For):
            listed = ast.Call(ast.Name("list", ast.Load()), [node.iter], [])
            backwards = ast.Call(ast.Name("reversed", ast.Load()), [listed], [])
            loop = ast.For(node.target, backwards, node.body, node.orelse, type_comment=None)
            yield _with(block, place, [loop])


def _loop_left(block: Block) -> Iterator[Block]:
    """A loop that gives up in its first round."""
    for place, node in enumerate(block):
        if isinstance(node, ast.For | ast.While) and not isinstance(node.body[-1], ast.Return):
            body = [*node.body, ast.Break()]
            made = (
                ast.For(node.target, node.iter, body, node.orelse, type_comment=None)
                if isinstance(node, ast.For)
                else ast.While(node.test, body, node.orelse)
            )
            yield _with(block, place, [made])


def _augmented(block: Block) -> Iterator[Block]:
    for place, node in enumerate(block):
        if isinstance(node, ast.AugAssign):
            yield _with(block, place, [ast.Assign([node.target], node.value, type_comment=None)])
            if isinstance(node.op, ast.Add | ast.Sub):
                op = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
                yield _with(block, place, [ast.AugAssign(node.target, op, node.value)])


def _returns_a_match(loop: ast.For) -> tuple[int, ast.expr, ast.expr] | None:
    for number, node in enumerate(loop.body):
        match node:
            case ast.If(test=test, body=[ast.Return(value=ast.expr() as value)], orelse=[]):
                return number, test, value
            case _:
                continue
    return None


def _keeps_a_match(loop: ast.For) -> int | None:
    for number, node in enumerate(loop.body):
        if isinstance(node, ast.If) and isinstance(node.body[-1], ast.Assign):
            return number
    return None


def _answer(node: ast.stmt) -> ast.expr | None:
    match node:
        case ast.Return(value=value):
            return value
        case ast.If(body=[ast.Return(value=value)]):
            return value
        case _:
            return None


def _assign(name: str, value: ast.expr) -> ast.stmt:
    return ast.Assign([ast.Name(name, ast.Store())], value, type_comment=None)


def _with(block: Block, place: int, made: Block) -> Block:
    return [*block[:place], *made, *block[place + 1 :]] or [ast.Pass()]


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


BLOCKS: Final[dict[str, Operator]] = {
    "condition-negated": _condition,
    "statement-deleted": _deleted,
    "return-deleted": _return_deleted,
    "return-changed": _return_changed,
    "branch-reused": _branch_reused,
    "order-changed": _order,
    "other-match": _other_match,
    "loop-reversed": _loop_reversed,
    "loop-left": _loop_left,
    "augmented-changed": _augmented,
}
