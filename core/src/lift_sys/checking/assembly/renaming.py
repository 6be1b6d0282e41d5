"""Names changed where they mean the same thing, and nowhere else."""

import ast
import re
from collections.abc import Callable

from ..scopes import Mention, Names, resolve
from ..source import Edit, Source, Unparsable, edited, parse_loosely, same_tree

Renames = list[tuple[Mention, str]]


def renamed(text: str, choose: Callable[[ast.Module, Names], Renames]) -> str:
    """The text after what `choose` asks for, given the module's tree and its names."""
    tree = parse_loosely(text)
    changes = choose(tree, resolve(tree))
    edits = _edits(Source(text, tree), changes)
    for mention, new in changes:
        mention.rename(new)
    if edits is not None:
        try:
            candidate = edited(text, edits)
            if same_tree(parse_loosely(candidate), tree):
                return candidate
        except Unparsable:
            pass
    # Names in f-strings and captures have no place that can be trusted.
    return ast.unparse(tree) + "\n"


def _edits(source: Source, changes: Renames) -> list[Edit] | None:
    edits: list[Edit] = []
    for mention, new in changes:
        start = _place(source, mention)
        end = None if start is None else start + len(mention.name)
        if start is None or source.text[start:end] != mention.name:
            return None
        edits.append(Edit(start, start + len(mention.name), new))
    return edits


def _place(source: Source, mention: Mention) -> int | None:
    node = mention.node
    match node:
        case ast.Name() | ast.arg() | ast.keyword():
            return source.offset(node.lineno, node.col_offset)
        case ast.FunctionDef() | ast.ClassDef():
            start = source.start(node)
            header = re.compile(r"(def|class)\s+").match(source.text, start)
            return header.end() if header else None
        case ast.Global() | ast.Nonlocal():
            start = source.start(node)
            found = re.compile(rf"\b{mention.name}\b").search(source.text, start, source.end(node))
            return found.start() if found else None
        case _:
            return None
