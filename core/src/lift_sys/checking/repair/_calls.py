"""Calls whose result is thrown away, or that have none."""

import ast
from collections.abc import Iterator

from ..scopes import Scope
from ..source import Edit
from ._view import Edits, Pass, View

_IN_PLACE = frozenset({"add", "append", "extend", "insert", "remove", "reverse", "sort", "update"})
_NEW_STRING = frozenset(
    {"capitalize", "casefold", "lower", "lstrip", "removeprefix", "removesuffix", "replace"}
    | {"rstrip", "strip", "swapcase", "title", "translate", "upper", "zfill"}
)


def _no_result(view: View) -> Iterator[Edits]:
    """`return items.sort()` and `items = items.append(x)` give None."""
    for node in view.nodes():
        match node:
            case ast.Return(value=ast.Call(func=ast.Attribute(value=owner, attr=name)) as call) if (
                name in _IN_PLACE and view.begins_line(node)
            ):
                items, indent = view.source.segment(owner), view.source.indentation(node)
                text = f"{view.source.segment(call)}\n{indent}return {items}"
                if name == "sort":
                    options = "".join(
                        f", {view.source.text[slice(*_span(view, it))]}" for it in call.keywords
                    )
                    yield [view.source.replace(call, f"sorted({items}{options})")]
                if name == "reverse":
                    yield [view.source.replace(call, f"{items}[::-1]")]
                yield [view.source.replace(node, text)]
            case ast.Assign(
                targets=[ast.Name(id=target)],
                value=ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr=name)) as call,
            ) if name in _IN_PLACE:
                if target == owner:
                    yield [Edit(view.source.start(node), view.source.start(call), "")]
                elif name == "sort":
                    yield [view.source.replace(call, f"sorted({owner})")]
            case _:
                pass


def _span(view: View, keyword: ast.keyword) -> tuple[int, int]:
    return view.source.offset(keyword.lineno, keyword.col_offset), view.source.end(keyword.value)


def _lost_string(view: View) -> Iterator[Edits]:
    """`text.strip()` as a statement changes nothing: strings are never changed in place."""
    edits = [
        view.source.insert_before(node, f"{name} = ")
        for node in view.nodes()
        if isinstance(node, ast.Expr) and (name := _string_owner(node.value)) is not None
    ]
    if edits:
        yield edits


def _string_owner(node: ast.expr) -> str | None:
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=method)):
            return name if method in _NEW_STRING else None
        case _:
            return None


def _missing_nonlocal(view: View) -> Iterator[Edits]:
    """An inner function that adds to a name of the outer one without saying so."""
    for function in view.functions:
        scope = view.names.scopes[function]
        first = function.body[0]
        for node in ast.walk(function):
            match node:
                case ast.AugAssign(target=ast.Name(id=name)) if view.begins_line(first):
                    outer = _outer(scope, name)
                    if outer is not None and name not in _parameters(function):
                        word = "global" if outer.kind == "module" else "nonlocal"
                        indent = view.source.indentation(first)
                        text = f"{word} {name}\n{indent}"
                        yield [view.source.insert_before(first, text)]
                case _:
                    pass


def _outer(scope: Scope, name: str) -> Scope | None:
    """The scope around that owns the name too."""
    if scope.owner(name) is not scope or scope.parent is None:
        return None
    return scope.parent.owner(name)


def _parameters(function: ast.FunctionDef) -> set[str]:
    return {node.arg for node in ast.walk(function.args) if isinstance(node, ast.arg)}


def _foreign_members(view: View) -> Iterator[Edits]:
    """`items.length` and `items.push(x)`."""
    for node in view.nodes():
        match node:
            case ast.Call(func=ast.Attribute(value=owner, attr="push") as function):
                yield [Edit(view.source.end(owner), view.source.end(function), ".append")]
            case ast.Call(func=ast.Attribute(value=owner, attr="length" | "size"), args=[]):
                yield [view.source.replace(node, f"len({view.source.segment(owner)})")]
            case ast.Attribute(value=owner, attr="length"):
                yield [view.source.replace(node, f"len({view.source.segment(owner)})")]
            case ast.Call(
                func=ast.Attribute(value=owner, attr="toUpperCase" | "toLowerCase") as it
            ):
                name = ".upper" if it.attr == "toUpperCase" else ".lower"
                yield [Edit(view.source.end(owner), view.source.end(it), name)]
            case _:
                pass


CALL_PASSES = (
    Pass("no-result", _no_result),
    Pass("lost-string", _lost_string),
    Pass("missing-nonlocal", _missing_nonlocal),
    Pass("foreign-member", _foreign_members),
)
