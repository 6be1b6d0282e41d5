"""Python text that a model wrote: parsed without being run, and edited by place."""

import ast
import warnings
from collections.abc import Iterable
from typing import NamedTuple

MAX_SOURCE_CHARS = 40_000


class Unparsable(ValueError):
    """Text that is no Python module; `line` counts from 1."""

    def __init__(self, cause: str, line: int | None = None) -> None:
        super().__init__(cause if line is None else f"line {line}: {cause}")
        self.cause = cause
        self.line = line


def parse_module(text: str) -> ast.Module:
    """The tree of a module, that also compiles."""
    if len(text) > MAX_SOURCE_CHARS:
        raise Unparsable(f"{len(text):,} characters, {MAX_SOURCE_CHARS:,} are allowed")
    tree = parse_loosely(text)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(tree, "<candidate>", "exec", dont_inherit=True)
    except SyntaxError as error:
        raise Unparsable(error.msg, error.lineno) from None
    except (ValueError, MemoryError, RecursionError, OverflowError) as error:
        raise Unparsable(str(error) or "too deeply nested") from None
    return tree


def parse_loosely(text: str) -> ast.Module:
    """The tree of text that need not compile: `return` may stand outside a function."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as error:
        raise Unparsable(error.msg, error.lineno) from None
    except (ValueError, MemoryError, RecursionError) as error:
        raise Unparsable(str(error) or "too deeply nested") from None


def same_tree(one: ast.AST, other: ast.AST) -> bool:
    return ast.dump(one) == ast.dump(other)


class Edit(NamedTuple):
    """Put `text` in the place of the characters from `start` to `end`."""

    start: int
    end: int
    text: str

    @property
    def size(self) -> int:
        return self.end - self.start + len(self.text)


def edited(source: str, edits: Iterable[Edit]) -> str:
    """The text after edits that do not overlap."""
    for edit in sorted(edits, reverse=True):
        source = source[: edit.start] + edit.text + source[edit.end :]
    return source


class Source:
    """A parsed module with the places of its nodes in the text."""

    def __init__(self, text: str, tree: ast.Module) -> None:
        self.text = text
        self.tree = tree
        self._lines = text.split("\n")
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line) + 1)

    @classmethod
    def of(cls, text: str) -> "Source":
        return cls(text, parse_module(text))

    def offset(self, line: int, column: int) -> int:
        """Of a place as `ast` gives it: lines from 1, columns in bytes."""
        content = self._lines[line - 1]
        if not content.isascii():
            column = len(content.encode()[:column].decode(errors="ignore"))
        return self._starts[line - 1] + column

    def line(self, number: int) -> str:
        return self._lines[number - 1]

    def line_start(self, number: int) -> int:
        """The offset of a line's first character; of the line past the last, the text's end."""
        return min(self._starts[number - 1], len(self.text))

    def indentation(self, node: ast.stmt) -> str:
        """What stands before a statement that begins its line."""
        return self.line(node.lineno)[: self.start(node) - self._starts[node.lineno - 1]]

    def start(self, node: ast.expr | ast.stmt) -> int:
        return self.offset(node.lineno, node.col_offset)

    def end(self, node: ast.expr | ast.stmt) -> int:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self.offset(node.end_lineno, node.end_col_offset)

    def segment(self, node: ast.expr | ast.stmt) -> str:
        return self.text[self.start(node) : self.end(node)]

    def replace(self, node: ast.expr | ast.stmt, text: str) -> Edit:
        return Edit(self.start(node), self.end(node), text)

    def insert_before(self, node: ast.expr | ast.stmt, text: str) -> Edit:
        return Edit(self.start(node), self.start(node), text)

    def insert_after(self, node: ast.expr | ast.stmt, text: str) -> Edit:
        return Edit(self.end(node), self.end(node), text)

    def whole_lines(self, first: ast.stmt, last: ast.stmt) -> tuple[int, int]:
        """From the start of the one's first line to the start of the line after the other."""
        start = min([first.lineno, *(one.lineno for one in decorators(first))])
        assert last.end_lineno is not None
        return self.line_start(start), self.line_start(last.end_lineno + 1)


def decorators(node: ast.stmt) -> list[ast.expr]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return node.decorator_list
    return []
