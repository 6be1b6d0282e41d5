"""What a pure function does not need and the sandbox refuses."""

import ast
from collections.abc import Iterator
from typing import Final

from ...interfaces import Finding
from ._module import Module, finding

FORBIDDEN_MODULES: Final = frozenset(
    {"asyncio", "builtins", "concurrent", "ctypes", "faulthandler", "fcntl", "ftplib", "gc", "glob"}
    | {"http", "importlib", "inspect", "marshal", "mmap", "multiprocessing", "os", "pathlib"}
    | {"pickle", "pty", "requests", "resource", "runpy", "shelve", "shutil", "signal", "smtplib"}
    | {"socket", "sqlite3", "subprocess", "tempfile", "threading", "urllib", "webbrowser"}
)
FORBIDDEN_CALLS: Final = frozenset(
    {"__import__", "breakpoint", "compile", "eval", "exec", "exit", "input", "open", "quit"}
)
_PATH_TEXT: Final = frozenset(
    {"basename", "commonprefix", "dirname", "join", "normpath", "sep", "split", "splitext"}
)


def forbidden(module: Module) -> Iterator[Finding]:
    for node in module.nodes:
        for name in _imported(node):
            root = name.partition(".")[0]
            if root in FORBIDDEN_MODULES and not _only_path_text(module, root):
                yield _finding("forbidden-module", getattr(node, "lineno", 1), f"import of {name}")
    for call, name in module.calls_of_builtins():
        if name in FORBIDDEN_CALLS:
            yield _finding("forbidden-call", call.lineno, f"call of {name}")


def _finding(code: str, line: int, what: str) -> Finding:
    return finding(
        code,
        "warning",
        line,
        f"{what}: a pure function needs none, and the sandbox refuses what it does",
        "compute the result from the arguments alone",
    )


def _imported(node: ast.AST) -> list[str]:
    match node:
        case ast.Import(names=names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module=str(name), level=0):
            return [] if name == "os.path" else [name]
        case _:
            return []


def _only_path_text(module: Module, root: str) -> bool:
    """`os` for nothing but the text side of `os.path`."""
    if root != "os":
        return False
    uses = [node for node in module.nodes if isinstance(node, ast.Attribute)]
    texts = {
        node.value.value
        for node in uses
        if node.attr in _PATH_TEXT
        and isinstance(node.value, ast.Attribute)
        and node.value.attr == "path"
    }
    names = [n for n in module.nodes if isinstance(n, ast.Name) and n.id == "os"]
    return bool(names) and all(name in texts for name in names)
