"""Python text that came from somewhere else, parsed without ever being run."""

import ast
import warnings

MAX_DEPTH = 40
MAX_NODES = 600


class PythonTextError(ValueError):
    """Python text that is broken or not allowed; `column` counts from 1, where one is known."""

    def __init__(self, cause: str, column: int | None = None) -> None:
        super().__init__(cause if column is None else f"{cause} (at column {column})")
        self.cause = cause
        self.column = column


def refuse(cause: str, node: ast.AST) -> PythonTextError:
    """An error that points at `node`."""
    offset = getattr(node, "col_offset", None)
    return PythonTextError(cause, None if offset is None else offset + 1)


def parse_expression(text: str, limit: int) -> ast.expr:
    """The tree of one expression, bounded in length, size and depth."""
    if len(text) > limit:
        raise PythonTextError(f"{len(text)} characters, {limit} are allowed")
    stripped = text.strip()
    if not stripped:
        raise PythonTextError("an expression is expected, this is empty")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(stripped, mode="eval").body
    except SyntaxError as error:
        raise PythonTextError(f"not a Python expression: {error.msg}", error.offset) from None
    except (ValueError, MemoryError, RecursionError) as error:
        raise PythonTextError(f"not a Python expression: {error or 'too deep'}") from None
    _bound(tree)
    return tree


def unparse(tree: ast.AST) -> str:
    """The one way to write `tree`."""
    try:
        return ast.unparse(tree)
    except (ValueError, RecursionError) as error:
        raise PythonTextError(f"cannot be written down again: {error}") from None


def is_dunder(name: str) -> bool:
    return name.startswith("__")


def _bound(tree: ast.AST) -> None:
    level, depth, size = [tree], 0, 0
    while level:
        depth, size = depth + 1, size + len(level)
        if depth > MAX_DEPTH:
            raise PythonTextError(f"nested deeper than {MAX_DEPTH} levels")
        if size > MAX_NODES:
            raise PythonTextError(f"more than {MAX_NODES} parts")
        level = [child for node in level for child in ast.iter_child_nodes(node)]
