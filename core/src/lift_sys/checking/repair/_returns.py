"""Returns that are missing, too early, too late, or thrown away."""

import ast
from collections.abc import Iterator, Sequence

from ..flow import blocks, completes, unreachable
from ..scopes import is_generator, own_nodes
from ..source import Edit
from ._view import Edits, Pass, View

_Loop = ast.For | ast.While
_MAX_NAMES = 3
_CHANGERS = frozenset({"add", "append", "clear", "extend", "insert", "remove", "reverse", "sort"})


def _missing_return(view: View) -> Iterator[Edits]:
    """`return` before the expressions that a function ends with."""
    for function in _open_functions(view):
        ends = [it for it in _tails(function.body) if not _is_docstring(it, function)]
        edits = [view.source.insert_before(it, "return ") for it in ends if _is_value(it.value)]
        if edits:
            yield edits


def _printed_result(view: View) -> Iterator[Edits]:
    """`return x` for the `print(x)` that a function ends with."""
    for function in _open_functions(view):
        edits = [
            view.source.replace(node, f"return {view.source.segment(node.value.args[0])}")
            for node in _tails(function.body)
            if isinstance(node.value, ast.Call)
            and view.is_builtin(node.value.func, "print")
            and len(node.value.args) == 1
        ]
        if edits:
            yield edits


def _missing_result(view: View) -> Iterator[Edits]:
    """`return name` at the end, for the names computed last."""
    for function in _open_functions(view):
        last = function.body[-1]
        if view.begins_line(function.body[0]):
            for name in _computed(function)[:_MAX_NAMES]:
                yield [view.after(last, f"return {name}", function.body[0])]


def _discarded_recursion(view: View) -> Iterator[Edits]:
    for function in view.functions:
        for node in own_nodes(function):
            match node:
                case ast.Expr(value=ast.Call(func=ast.Name(id=name))) if name == function.name:
                    yield [view.source.insert_before(node, "return ")]
                case _:
                    pass


def _return_in_loop(view: View) -> Iterator[Edits]:
    """The return that ends the first round of a loop, put behind the loop."""
    for _, block, loop in _loops(view):
        last = loop.body[-1]
        if isinstance(last, ast.Return) and len(loop.body) > 1 and view.begins_line(last):
            text = view.source.segment(last)
            if loop is block[-1]:
                yield [_tail_of(view, last), view.after(loop, text, loop)]
            else:
                yield [view.without(last)]


def _else_in_loop(view: View) -> Iterator[Edits]:
    """`if found: return a` `else: return b` in a loop: the one of them belongs behind the loop."""
    for _, block, loop in _loops(view):
        last = loop.body[-1]
        if loop is not block[-1] or not isinstance(last, ast.If) or not view.begins_line(last):
            continue
        if len(last.orelse) != 1 or not isinstance(last.orelse[0], ast.Return):
            continue
        body, other = last.body[-1], last.orelse[0]
        cut = Edit(view.source.end(body), view.source.end(other), "")
        yield [cut, view.after(loop, view.source.segment(other), loop)]
        if isinstance(body, ast.Return) and len(last.body) == 1:
            yield [
                view.source.replace(last.test, f"not ({view.source.segment(last.test)})"),
                view.source.replace(body, view.source.segment(other)),
                cut,
                view.after(loop, view.source.segment(body), loop),
            ]


def _early_return(view: View) -> Iterator[Edits]:
    """Without the statement that keeps the ones behind it from being reached."""
    for function in view.functions:
        for block in blocks(function):
            place = unreachable(block)
            if place is not None and isinstance(block[place - 1], ast.Return | ast.Break):
                early = block[place - 1]
                if view.begins_line(early) and view.begins_line(block[place]):
                    yield [view.without(early)]


def _open_functions(view: View) -> list[ast.FunctionDef]:
    """Those whose end can be reached: they give None there."""
    return [it for it in view.functions if completes(it.body) and not is_generator(it)]


def _tails(block: Sequence[ast.stmt]) -> list[ast.Expr]:
    """The expression statements that control ends with."""
    if not block:
        return []
    match block[-1]:
        case ast.Expr() as last:
            return [last]
        case ast.If(body=body, orelse=orelse):
            return [*_tails(body), *_tails(orelse)]
        case ast.With(body=body):
            return _tails(body)
        case ast.Try(body=body, handlers=handlers, orelse=orelse):
            ends = [orelse or body, *(it.body for it in handlers)]
            return [node for end in ends for node in _tails(end)]
        case ast.Match(cases=cases):
            return [node for case in cases for node in _tails(case.body)]
        case _:
            return []


def _is_value(node: ast.expr) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(attr=name)):
            return name not in _CHANGERS
        case ast.Call(func=ast.Name(id="print")) | ast.Yield() | ast.YieldFrom() | ast.Await():
            return False
        case ast.Constant(value=value):
            return value is not ...
        case _:
            return True


def _is_docstring(node: ast.Expr, function: ast.FunctionDef) -> bool:
    return node is function.body[0] and isinstance(node.value, ast.Constant)


def _computed(function: ast.FunctionDef) -> list[str]:
    """The names that the body gives a value to or changes, the last one first."""
    loop_names = {
        name.id
        for node in own_nodes(function)
        if isinstance(node, ast.For | ast.comprehension)
        for name in ast.walk(node.target)
        if isinstance(name, ast.Name)
    }
    found: dict[str, int] = {}
    for node in own_nodes(function):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) if name not in loop_names:
                found[name] = node.lineno
            case ast.Subscript(value=ast.Name(id=name), ctx=ast.Store()):
                found[name] = node.lineno
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=method)):
                if method in _CHANGERS:
                    found[name] = node.lineno
            case _:
                pass
    return sorted(found, key=lambda name: -found[name])


def _loops(view: View) -> Iterator[tuple[ast.FunctionDef, list[ast.stmt], _Loop]]:
    for function in view.functions:
        for block in blocks(function):
            for node in block:
                if isinstance(node, _Loop) and not node.orelse and view.begins_line(node):
                    yield function, block, node


def _tail_of(view: View, last: ast.stmt) -> Edit:
    """Without the last statement of a block, nor the line end before it."""
    start = view.source.line_start(last.lineno) - 1
    return Edit(start, view.source.end(last), "")


RETURN_PASSES = (
    Pass("missing-return", _missing_return),
    Pass("printed-result", _printed_result),
    Pass("discarded-recursion", _discarded_recursion),
    Pass("return-in-loop", _return_in_loop),
    Pass("else-in-loop", _else_in_loop),
    Pass("early-return", _early_return),
    Pass("missing-result", _missing_result),
)
