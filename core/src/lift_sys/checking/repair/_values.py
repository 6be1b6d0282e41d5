"""Values taken for something that they are not: bool for int, `is` for `==`, min for max."""

import ast
import re
from collections.abc import Iterator

from ..scopes import own_nodes
from ..source import Edit
from ._view import Edits, Pass, View

_OTHER = {"min": "max", "max": "min"}
_FOREIGN = {"true": "True", "false": "False", "null": "None", "nil": "None", "undefined": "None"}
_FIELD = re.compile(r"\{([A-Za-z_]\w*)[^{}]*\}")
_ALSO = {"ValueError": "TypeError", "TypeError": "ValueError", "KeyError": "IndexError"}


def _is_literal(view: View) -> Iterator[Edits]:
    """`==` where a value is compared with a literal by identity."""
    edits: Edits = []
    for node in view.nodes():
        if isinstance(node, ast.Compare):
            left = node.left
            for operator, right in zip(node.ops, node.comparators, strict=True):
                if isinstance(operator, ast.Is | ast.IsNot) and (_literal(left) or _literal(right)):
                    sign = " == " if isinstance(operator, ast.Is) else " != "
                    edits.append(Edit(view.source.end(left), view.source.start(right), sign))
                left = right
    if edits:
        yield edits


def _literal(node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return node.value is not None and not isinstance(node.value, bool)
    return isinstance(node, ast.List | ast.Dict | ast.Tuple | ast.Set)


def _bool_as_int(view: View) -> Iterator[Edits]:
    """`isinstance(x, int)` holds for True: the test shuts bool out."""
    single: list[Edits] = []
    for node in view.nodes():
        match node:
            case ast.Call(func=function, args=[value, kinds]) if view.is_builtin(
                function, "isinstance"
            ):
                if any(view.is_builtin(kind, "int") for kind in _members(kinds)):
                    test = view.source.segment(node)
                    text = f"({test} and not isinstance({view.source.segment(value)}, bool))"
                    single.append([view.source.replace(node, text)])
            case _:
                pass
    if len(single) > 1:
        yield [edit for edits in single for edit in edits]
    yield from single


def _members(kinds: ast.expr) -> list[ast.expr]:
    return kinds.elts if isinstance(kinds, ast.Tuple) else [kinds]


def _mutable_default(view: View) -> Iterator[Edits]:
    """A new object for every call."""
    for function in view.functions:
        arguments = function.args
        plain = [*arguments.posonlyargs, *arguments.args]
        pairs = zip(reversed(plain), reversed(arguments.defaults), strict=False)
        for argument, default in pairs:
            if isinstance(default, ast.List | ast.Dict | ast.Set | ast.Call):
                first = function.body[0]
                if view.begins_line(first):
                    indent = view.source.indentation(first)
                    made = view.source.segment(default)
                    test = f"if {argument.arg} is None:\n{indent}    {argument.arg} = {made}"
                    yield [
                        view.source.replace(default, "None"),
                        view.source.insert_before(first, f"{test}\n{indent}"),
                    ]


def _same_aggregate(view: View) -> Iterator[Edits]:
    """`(min(x), min(x))` for `(min(x), max(x))`; `(max(x), min(x))` likewise."""
    for node in view.nodes():
        match node:
            case ast.Tuple(elts=[ast.Call(func=one) as first, ast.Call(func=two) as second]) if (
                view.is_builtin(one, *_OTHER) and view.is_builtin(two, *_OTHER)
            ):
                name, other = view.source.segment(one), view.source.segment(two)
                if name == other:
                    yield [view.source.replace(two, _OTHER[name])]
                    yield [view.source.replace(one, _OTHER[name])]
                else:
                    texts = view.source.segment(second), view.source.segment(first)
                    yield [
                        view.source.replace(first, texts[0]),
                        view.source.replace(second, texts[1]),
                    ]
            case _:
                pass


def _same_name_twice(view: View) -> Iterator[Edits]:
    """`return low, low` where another result was computed and never used."""
    for function in view.functions:
        unused = _unused(function)
        for node in own_nodes(function):
            match node:
                case ast.Return(
                    value=ast.Tuple(elts=[ast.Name(id=one) as first, ast.Name(id=two) as second])
                ) if one == two:
                    for name in unused:
                        yield [view.source.replace(second, name)]
                        yield [view.source.replace(first, name)]
                case _:
                    pass


def _unused(function: ast.FunctionDef) -> list[str]:
    """Names that get a value and never leave the function."""
    stored: dict[str, None] = {}
    returned: set[str] = set()
    for node in own_nodes(function):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            stored[node.id] = None
        elif isinstance(node, ast.Return):
            returned |= {it.id for it in ast.walk(node) if isinstance(it, ast.Name)}
    return [name for name in stored if name not in returned]


def _missing_f(view: View) -> Iterator[Edits]:
    """The `f` before a string with names of the function in braces."""
    formatted = {
        node.value
        for node in view.nodes()
        if isinstance(node, ast.Attribute) and node.attr in ("format", "format_map")
    }
    inside = {it for node in view.nodes() if isinstance(node, ast.JoinedStr) for it in node.values}
    for function in view.functions:
        known = view.names.scopes[function].bound
        for node in own_nodes(function):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                fields = _FIELD.findall(node.value)
                plain = view.source.text[view.source.start(node)] in "'\""
                if fields and set(fields) <= known and plain and node not in formatted | inside:
                    yield [view.source.insert_before(node, "f")]


def _foreign_constants(view: View) -> Iterator[Edits]:
    """`true`, `false` and `null`, where nothing has these names."""
    edits = [
        view.source.replace(mention.node, _FOREIGN[mention.name])
        for mention in view.names.unknown()
        if mention.name in _FOREIGN and isinstance(mention.node, ast.Name)
    ]
    if edits:
        yield edits


def _narrow_except(view: View) -> Iterator[Edits]:
    """The error that goes with the one that is caught: `int(None)` raises no ValueError."""
    for node in view.nodes():
        match node:
            case ast.ExceptHandler(type=ast.Name(id=name) as kind) if name in _ALSO:
                yield [view.source.replace(kind, f"({name}, {_ALSO[name]})")]
            case _:
                pass


def _bare_except(view: View) -> Iterator[Edits]:
    """A bare `except` or `except Exception` that swallows an error raised on purpose."""
    for node in view.nodes():
        if isinstance(node, ast.Try):
            raised = [
                it for each in node.body for it in ast.walk(each) if isinstance(it, ast.Raise)
            ]
            for handler in node.handlers:
                if raised and (handler.type is None or view.is_builtin(handler.type, "Exception")):
                    text = view.source.segment(raised[0])
                    name = re.match(r"raise\s+([A-Za-z_]\w*)", text)
                    indent = " " * handler.col_offset
                    line = view.source.line_start(handler.lineno)
                    if name and view.begins_line(handler.body[0]):
                        yield [Edit(line, line, f"{indent}except {name[1]}:\n{indent}    raise\n")]


VALUE_PASSES = (
    Pass("is-literal", _is_literal),
    Pass("foreign-constant", _foreign_constants),
    Pass("same-aggregate", _same_aggregate),
    Pass("same-name-twice", _same_name_twice),
    Pass("bool-as-int", _bool_as_int),
    Pass("mutable-default", _mutable_default),
    Pass("missing-f", _missing_f),
    Pass("bare-except", _bare_except),
    Pass("narrow-except", _narrow_except, guess=True),
)
