"""Python as words: no spaces, literals and names of the request as slots, blocks as marks.

What comes back is Python's own way of writing the same tree (`ast.unparse`).
"""

import ast
import re
import textwrap
from collections.abc import Iterator, Sequence
from typing import Final

from ...ir import Signature
from ...ir.annotations import type_names
from .marks import DEDENT, INDENT, LINE, MODULE, OLD, RAW
from .slots import Read, Slots
from .words import from_words, to_words

_LEXEME = re.compile(
    r"(?P<string>[rbfuRBFU]{0,2}(?:'''(?:[^\\]|\\.)*?'''|\"\"\"(?:[^\\]|\\.)*?\"\"\""
    r"|'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\"))"
    r"|(?P<number>(?:\d[\d_]*\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?|0[xob]\w+)j?)"
    # In what Python wrote, only names have other characters: marks on letters are no `\w`.
    r"|(?P<name>(?:[^\W\d]|[^\x00-\x7f])(?:\w|[^\x00-\x7f])*)"
    r"|(?P<line>\n[ ]*)"
    r"|\*\*=|//=|>>=|<<=|\.\.\.|==|!=|<=|>=|->|:=|\*\*|//|<<|>>|[-+*/%@&|^]=|[^\s]",
    re.DOTALL,
)
_OLD: Final = "old_"
_BEFORE_SIGN: Final = frozenset("([{,:=<>+-*/%|&^~") | {
    *("==", "!=", "<=", ">=", "**", "//", "return", "in", "not", "and", "or", "if", "else", "is"),
    *("+=", "-=", "*=", LINE, INDENT, DEDENT, "lambda", "yield", "for"),
}
_OTHER_SIGN: Final = {"+": "-", "-": "+"}
_FACTORS: Final = (" *", " /", " %", " @")
_STEP: Final = 4
_TYPING: Final = frozenset(
    {
        *("Any", "Callable", "Hashable", "Iterable", "Iterator", "Literal", "Mapping"),
        *("Optional", "Sequence", "Union"),
    }
)
"""Names of annotations that have to be imported."""


def expression_words(text: str, slots: Slots) -> list[str]:
    """Of a predicate, a condition, a literal, a type."""
    try:
        normal = _normal(ast.parse(text.strip(), mode="eval"))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return [RAW, *to_words(text, slots)]
    return _words(normal, slots)


def expression_text(words: Sequence[str], slots: Slots) -> str:
    """What is no expression is given as it is: whoever reads it says what is wrong."""
    if words and words[0] == RAW:
        return from_words(words[1:], slots)
    text = "".join(_text(words, slots)).strip()
    try:
        return _normal(ast.parse(text, mode="eval"))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return text


def code_words(source: str, signature: Signature, slots: Slots) -> list[str]:
    """Imports and the body alone where that is all there is. Raises SyntaxError."""
    tree = ast.parse(source)
    *before, function = tree.body or [ast.Pass()]
    is_plain = (
        isinstance(function, ast.FunctionDef)
        and all(isinstance(one, ast.Import | ast.ImportFrom) for one in before)
        and not any(isinstance(one, ast.Import | ast.ImportFrom) for one in function.body)
        and not function.decorator_list
        and _head_of(function) == _head(signature)
    )
    if not is_plain:
        return [MODULE, *_words(_normal(tree), slots)]
    assert isinstance(function, ast.FunctionDef)
    own = _imports_of_head(signature)
    said = [one for one in before if ast.unparse(one) not in own]
    return _words(_normal(ast.Module([*said, *function.body], [])), slots)


def code_text(words: Sequence[str], signature: Signature, slots: Slots) -> str:
    is_module = bool(words) and words[0] == MODULE
    lines = "".join(_text(words[is_module:], slots)).strip("\n").split("\n")
    text = "\n".join(lines) if is_module else _around(lines, signature)
    try:
        return _normal(ast.parse(text)) + "\n"
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return text + "\n"


def _around(lines: Sequence[str], signature: Signature) -> str:
    count = 0
    while count < len(lines) and lines[count].startswith(("import ", "from ")):
        count += 1
    body = textwrap.indent("\n".join(lines[count:]), " " * _STEP)
    said = lines[:count]
    imports = [*_imports_of_head(signature, said), *said]
    return "\n".join([*imports, f"{_head(signature)}\n{body}"])


def _imports_of_head(signature: Signature, said: Sequence[str] = ()) -> list[str]:
    """What the annotations need and no line has `said`. It follows from the signature, so nobody
    has to say it."""
    types = (*(one.type for one in signature.parameters), signature.returns)
    names = {name for text in types for name in type_names(text)}
    there = {
        name
        for line in said
        if line.startswith("from typing ")
        for name in re.findall(r"\w+", line)
    }
    needed = sorted((names & _TYPING) - there)
    return [f"from typing import {', '.join(needed)}"] if needed else []


def _head(signature: Signature) -> str:
    parameters = ", ".join(f"{one.name}: {one.type}" for one in signature.parameters)
    return f"def {signature.name}({parameters}) -> {signature.returns}:"


def _head_of(function: ast.FunctionDef) -> str:
    bare = ast.FunctionDef(
        function.name, function.args, [ast.Pass()], [], function.returns, type_comment=None
    )
    return ast.unparse(ast.fix_missing_locations(bare)).strip().split("\n")[0]


def _words(normal: str, slots: Slots) -> list[str]:
    words: list[str] = []
    depth = 0
    for match in _LEXEME.finditer(normal):
        text = match[0]
        if match["line"] is not None:
            fresh = (len(text) - 1) // _STEP
            words += [INDENT] * (fresh - depth) or [DEDENT] * (depth - fresh) or [LINE]
            depth = fresh
        elif match["string"] is not None:
            words += _string(text, slots)
        elif match["number"] is not None:
            _number(text, words, slots, before=normal[match.end() : match.end() + 3])
        elif match["name"] is not None:
            # `.items` and `key=` mean what they mean, whatever a parameter is called.
            is_own = words[-1:] == ["."] or normal.startswith("=", match.end())
            words += (text,) if is_own else _name(text, slots)
        else:
            words.append(text)
    return _without_doubled(words)


def _without_doubled(words: list[str]) -> list[str]:
    """`sum((x for x in y))`, as Python writes it down, with one pair of brackets."""
    opened: list[int] = []
    pairs: dict[int, int] = {}
    for place, word in enumerate(words):
        if word == "(":
            opened.append(place)
        elif word == ")" and opened:
            pairs[opened.pop()] = place
    doubled = {place: close for place, close in pairs.items() if pairs.get(place - 1) == close + 1}
    dropped = {
        end
        for place, close in doubled.items()
        if _has_for(words[place + 1 : close])
        for end in (place, close)
    }
    return [word for place, word in enumerate(words) if place not in dropped]


def _has_for(words: Sequence[str]) -> bool:
    """Outside all brackets."""
    depth = 0
    for word in words:
        depth += (word in ("(", "[", "{")) - (word in (")", "]", "}"))
        if word == "for" and depth == 0:
            return True
    return False


def _string(text: str, slots: Slots) -> tuple[str, ...]:
    if text[0] not in "'\"":
        return (text,)
    value: object = ast.literal_eval(text)
    return (slots.string(value) if isinstance(value, str) else None) or (text,)


def _number(text: str, words: list[str], slots: Slots, *, before: str) -> None:
    """`before`: what it stands before."""
    value: object = ast.literal_eval(text)
    if type(value) not in (int, float) or repr(value) != text:
        words.append(text)
        return
    assert isinstance(value, int | float)
    plain, negative = slots.number(value), slots.number(-value)
    left = words[-2] if len(words) > 1 else LINE
    # Unlike in `-5 ** 2`, the minus before it belongs to it.
    is_signed = words[-1:] == ["-"] and left in _BEFORE_SIGN and before != " **"
    is_term = (
        words[-1:] in (["+"], ["-"])
        and left not in _BEFORE_SIGN
        and left != "case"  # a pattern has no terms
        and not before.startswith(_FACTORS)
    )
    if negative is None or (plain is not None and len(plain) <= len(negative)):
        words += plain or (text,)
    elif is_signed:
        words[-1:] = negative
    elif is_term and len(negative) == 1:
        # Whether a slot's number is negative, the model cannot see: with -5 in it `n + 5` is
        # said as `n - <n1>`, as with any other number.
        words[-1:] = [_OTHER_SIGN[words[-1]], *negative]
    else:
        words.append(text)


def _name(name: str, slots: Slots) -> tuple[str, ...]:
    mark = slots.name(name)
    if mark is not None:
        return (mark,)
    if name.startswith(_OLD):
        mark = slots.name(name.removeprefix(_OLD))
        if mark is not None:
            return (OLD, mark)
    return (name,)


def _text(words: Sequence[str], slots: Slots) -> Iterator[str]:
    """The source, with a space behind each word: parsing sees to the rest."""
    depth = 0
    place = 0
    while place < len(words):
        word = words[place]
        place += 1
        if word in (LINE, INDENT, DEDENT):
            depth += {LINE: 0, INDENT: 1, DEDENT: -1}[word]
            if place < len(words) and words[place] == word != LINE:
                continue
            yield "\n" + " " * (_STEP * max(depth, 0))
        elif word == OLD:
            yield _OLD
        else:
            read = slots.read(words, place - 1)
            if read is None:
                yield f"{word} "
            else:
                yield _written(read)
                place = read.end


def _written(read: Read) -> str:
    if isinstance(read.value, str):
        return f"{read.value} " if read.is_name else f"{read.value!r} "
    return f"({read.value!r}) " if read.value < 0 else f"{read.value!r} "


class _Signs(ast.NodeTransformer):
    """`n - -5` is `n + 5`."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        right = node.right
        if not isinstance(node.op, ast.Add | ast.Sub) or not isinstance(right, ast.UnaryOp):
            return node
        if not isinstance(right.op, ast.USub) or not _is_number(right.operand):
            return node
        other = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
        return ast.BinOp(node.left, other, right.operand)


def _is_number(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) in (int, float)


def _normal(tree: ast.AST) -> str:
    return ast.unparse(_Signs().visit(tree))
