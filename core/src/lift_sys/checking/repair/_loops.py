"""Loops and bounds that are off by one, and searches that give the wrong match.

But for a loop that stands still these mend nothing that shows: they are guesses, kept by checks.
"""

import ast
from collections.abc import Iterator

from ..source import Edit
from ._view import Edits, Pass, View

_OTHER_BOUND: dict[type[ast.cmpop], str] = {
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
}
_SIGNS: dict[type[ast.cmpop], str] = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}


def _standing_loop(view: View) -> Iterator[Edits]:
    """`while i < n` whose body never changes i."""
    for loop in view.nodes():
        if isinstance(loop, ast.While) and isinstance(loop.test, ast.Compare):
            match loop.test:
                case ast.Compare(left=ast.Name(id=name), ops=[ast.Lt() | ast.LtE()]):
                    step = f"{name} += 1"
                case ast.Compare(left=ast.Name(id=name), ops=[ast.Gt() | ast.GtE()]):
                    step = f"{name} -= 1"
                case _:
                    continue
            stored = {
                node.id
                for each in loop.body
                for node in ast.walk(each)
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
            }
            if name not in stored and view.begins_line(loop.body[0]):
                yield [view.after(loop.body[-1], step, loop.body[0])]


def _range_end(view: View) -> Iterator[Edits]:
    for call in view.nodes():
        if isinstance(call, ast.Call) and view.is_builtin(call.func, "range") and call.args:
            yield from _shifted(view, call.args[0 if len(call.args) == 1 else 1])


def _range_start(view: View) -> Iterator[Edits]:
    for call in view.nodes():
        if isinstance(call, ast.Call) and view.is_builtin(call.func, "range"):
            match call.args:
                case [ast.Constant(value=0) as start, _, *_]:
                    yield [view.source.replace(start, "1")]
                case [ast.Constant(value=1 | 2) as start, _, *_]:
                    assert isinstance(start.value, int)
                    yield [view.source.replace(start, str(start.value - 1))]
                case _:
                    pass


def _shifted(view: View, end: ast.expr) -> Iterator[Edits]:
    """The bound one further, and one nearer, in the plainest way to write it."""
    match end:
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub(), right=ast.Constant(value=1)):
            yield [view.source.replace(end, view.source.segment(left))]
        case ast.Constant(value=int() as value):
            yield [view.source.replace(end, str(value + 1))]
            yield [view.source.replace(end, str(value - 1))]
        case _:
            yield [view.source.insert_after(end, " + 1")]
            yield [view.source.insert_after(end, " - 1")]


def _found_index(view: View) -> Iterator[Edits]:
    """`return i + 1` for `return i`, and `enumerate(items, 1)` for `enumerate(items)`."""
    targets = {
        name.id
        for node in view.nodes()
        if isinstance(node, ast.For)
        for name in ast.walk(node.target)
        if isinstance(name, ast.Name)
    }
    for node in view.nodes():
        match node:
            case ast.Return(
                value=ast.BinOp(
                    left=ast.Name(id=name), op=ast.Add() | ast.Sub(), right=ast.Constant(value=1)
                ) as value
            ) if name in targets:
                yield [view.source.replace(value, name)]
            case ast.Call(func=function, args=[items, ast.Constant(value=1) as start]):
                if view.is_builtin(function, "enumerate"):
                    yield [Edit(view.source.end(items), view.source.end(start), "")]
            case _:
                pass


def _first_match(view: View) -> Iterator[Edits]:
    """`break` behind the result that a search sets: the first match is kept, not the last."""
    for loop in view.nodes():
        if not isinstance(loop, ast.For) or any(isinstance(n, ast.Break) for n in ast.walk(loop)):
            continue
        for node in loop.body:
            if isinstance(node, ast.If) and not node.orelse:
                last = node.body[-1]
                if isinstance(last, ast.Assign) and view.begins_line(last):
                    yield [view.after(last, "break", last)]


def _last_match(view: View) -> Iterator[Edits]:
    """No `break` behind the result that a search sets: the last match is kept, not the first."""
    for loop in view.nodes():
        if isinstance(loop, ast.For):
            for node in loop.body:
                if isinstance(node, ast.If) and len(node.body) > 1:
                    last = node.body[-1]
                    if isinstance(last, ast.Break) and view.begins_line(last):
                        yield [view.without(last)]


def _inclusive_bound(view: View) -> Iterator[Edits]:
    for node in view.nodes():
        if isinstance(node, ast.Compare):
            left = node.left
            for operator, right in zip(node.ops, node.comparators, strict=True):
                if type(operator) in _OTHER_BOUND:
                    start, end = view.source.end(left), view.source.start(right)
                    sign = _SIGNS[type(operator)]
                    between = view.source.text[start:end]
                    if between.count(sign) == 1:
                        at = start + between.index(sign)
                        yield [Edit(at, at + len(sign), _OTHER_BOUND[type(operator)])]
                left = right


def _whole_division(view: View) -> Iterator[Edits]:
    """`//` where what is divided is a place or a count."""
    for node in view.nodes():
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            start, end = view.source.end(node.left), view.source.start(node.right)
            between = view.source.text[start:end]
            if between.count("/") == 1:
                at = start + between.index("/")
                yield [Edit(at, at + 1, "//")]


LOOP_PASSES = (
    Pass("standing-loop", _standing_loop),
    Pass("found-index", _found_index, guess=True),
    Pass("range-end", _range_end, guess=True),
    Pass("range-start", _range_start, guess=True),
    Pass("first-match", _first_match, guess=True),
    Pass("last-match", _last_match, guess=True),
    Pass("whole-division", _whole_division, guess=True),
    Pass("inclusive-bound", _inclusive_bound, guess=True),
)
