"""What of a module the function needs: its imports, its helpers, its tables, and no more."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from ..scopes import Names, resolve
from ..source import Source, decorators, parse_loosely
from .target import Definition, definition


@dataclass(frozen=True, slots=True)
class _Part:
    node: ast.stmt
    gives: frozenset[str]
    """Module names that it binds or changes."""
    needs: frozenset[str]

    @property
    def imports(self) -> bool:
        return isinstance(self.node, ast.Import | ast.ImportFrom)


def reduced(text: str, name: str) -> tuple[list[str], list[str]]:
    """The import statements, and the other statements with the function `name` as the last."""
    tree = parse_loosely(text)
    source, names = Source(text, tree), resolve(tree)
    target = definition(tree.body, name)
    parts = [part for part in _parts(tree, names) if _counts(part.node, tree.body)]
    kept = _needed(parts, name)
    imports = [source.segment(part.node) for part in kept if part.imports]
    rest = [part for part in kept if not part.imports]
    crowded = _crowded(tree)
    if not _used_while_loading(rest, name):
        rest.sort(key=lambda part: part.node is target)
    return list(dict.fromkeys(imports)), [_text(source, part.node, crowded) for part in rest]


def _counts(node: ast.stmt, body: list[ast.stmt]) -> bool:
    """Whether it is more than a leftover: an earlier draft, a guard, a bare value."""
    if isinstance(node, Definition) and not node.decorator_list:
        return node is definition(body, node.name)
    return not (isinstance(node, ast.If) and "__name__" in ast.dump(node.test))


def _parts(tree: ast.Module, names: Names) -> list[_Part]:
    place_of = {inner: place for place, node in enumerate(tree.body) for inner in ast.walk(node)}
    gives = [set[str]() for _ in tree.body]
    needs = [set[str]() for _ in tree.body]
    for mention in names.mentions:
        owner = mention.scope.owner(mention.name)
        place = place_of[mention.node]
        if mention.binds and owner is names.module and mention.scope is names.module:
            gives[place].add(mention.name)
        if mention.reads and owner in (None, names.module):
            needs[place].add(mention.name)
    for node, given in zip(tree.body, gives, strict=True):
        if isinstance(node, ast.ImportFrom) and (node.module == "__future__" or _is_star(node)):
            given.add("*")
        elif not isinstance(node, ast.Import | ast.ImportFrom):
            given.update(_changed(node))
    return [
        _Part(node, frozenset(given), frozenset(needed))
        for node, given, needed in zip(tree.body, gives, needs, strict=True)
    ]


def _changed(node: ast.stmt) -> Iterator[str]:
    """Names whose objects a statement changes: `table[1] = 2`, `table.append(3)`, `@f.register`."""
    places: list[ast.expr] = []
    if isinstance(node, Definition | ast.ClassDef):
        places = [it.func if isinstance(it, ast.Call) else it for it in decorators(node)]
    else:
        for inner in ast.walk(node):
            if isinstance(inner, ast.Call):
                places.append(inner.func)
            elif isinstance(inner, ast.Attribute | ast.Subscript) and _is_changed(inner):
                places.append(inner)
    for place in places:
        root = place
        while isinstance(root, ast.Attribute | ast.Subscript):
            root = root.value
        if isinstance(root, ast.Name) and root is not place:
            yield root.id


def _needed(parts: list[_Part], name: str) -> list[_Part]:
    """Everything that the function needs, directly or not."""
    imported = {given for part in parts if part.imports for given in part.gives}
    names, kept = {name, "*"}, set[int]()
    growing = True
    while growing:
        growing = False
        for place, part in enumerate(parts):
            # A call on a module, such as sys.setrecursionlimit, gives nothing to the function.
            given = part.gives if part.imports else part.gives - imported
            if place not in kept and given & names:
                kept.add(place)
                names |= part.needs
                growing = True
    return [part for place, part in enumerate(parts) if place in kept]


def _used_while_loading(parts: list[_Part], name: str) -> bool:
    return any(
        name in part.needs for part in parts if not isinstance(part.node, Definition | ast.ClassDef)
    ) or any(
        name == getattr(it, "id", None)
        for part in parts
        for decorator in decorators(part.node)
        for it in ast.walk(decorator)
    )


def _is_changed(node: ast.Attribute | ast.Subscript) -> bool:
    return not isinstance(node.ctx, ast.Load)


def _is_star(node: ast.ImportFrom) -> bool:
    return any(alias.name == "*" for alias in node.names)


def _text(source: Source, node: ast.stmt, crowded: set[ast.stmt]) -> str:
    """The statement as it was written, with the comments right above it."""
    if node in crowded:
        return source.segment(node)
    start, end = source.whole_lines(node, node)
    line = source.text.count("\n", 0, start)
    while line > 0 and source.line(line).startswith("#"):
        line -= 1
    return source.text[source.line_start(line + 1) : end].rstrip()


def _crowded(tree: ast.Module) -> set[ast.stmt]:
    """The statements that share a line with another."""
    pairs = [pair for pair in pairwise(tree.body) if pair[0].end_lineno == pair[1].lineno]
    return {node for pair in pairs for node in pair}
