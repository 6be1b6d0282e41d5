"""Which part may import which. A part that is not listed here may not exist."""

import ast
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CORE = ROOT / "core" / "src" / "lift_sys"

BASE = {"_lazy", "errors", "ir", "interfaces", "nearest"}
MAY_IMPORT = {
    "_lazy": set(),
    "errors": set(),
    "local_models": {"_lazy", "errors", "interfaces", "plugins"},
    "lora": {"errors"},
    "model_http": {"errors"},
    "nearest": set(),
    "secrecy": set(),
    "server_failures": {"errors", "model_http", "secrecy"},
    "training_journal": {"errors"},
    "ir": set(),
    "interfaces": {"ir", "errors"},
    "plugins": BASE,
    "prompts": BASE,
    "engines": BASE | {"plugins"},
    "checking": BASE | {"plugins"},
    "data": BASE | {"checking", "engines"},
    "store": BASE | {"training_journal"},
    "pipeline": BASE | {"plugins", "prompts", "checking", "data", "engines", "store"},
    "evaluation": BASE | {"plugins", "prompts", "checking", "engines", "pipeline", "store"},
    "testing": BASE | {"plugins", "prompts", "checking", "data", "engines", "pipeline", "store"},
    "health": BASE | {"plugins", "prompts", "checking", "pipeline", "store"},
    "cli": BASE
    | {"plugins", "prompts", "checking", "data", "evaluation", "health", "pipeline", "store"}
    | {"engines", "training_journal"},
}
LAZY_FRONTS = {"__init__.py", "plugins/__init__.py"}
HEAVY = {
    *("anthropic", "modal", "numpy", "peft", "ray", "scipy", "sklearn"),
    *("torch", "transformers", "vllm", "xgrammar", "hypothesis", "z3"),
}


def modules(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.py") if "scaffold" not in path.parts)


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports(path: Path) -> list[tuple[ast.stmt, str]]:
    """Every import of a module with the absolute name it asks for."""
    tree = parsed(path)
    package = ("lift_sys", *path.relative_to(CORE).parts[:-1]) if CORE in path.parents else ()
    found: list[tuple[ast.stmt, str]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(node, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = list(package[: len(package) - node.level + 1]) if node.level else []
            module = ".".join([*base, *((node.module or "").split(".") if node.module else [])])
            # `from . import x` may import a module x.
            found += [(node, f"{module}.{alias.name}") for alias in node.names]
    return found


def part_of(name: str) -> str:
    return name.split(".")[1] if "." in name else ""


def parts_of_core() -> dict[str, list[Path]]:
    found: dict[str, list[Path]] = {}
    for path in modules(CORE):
        found.setdefault(path.relative_to(CORE).parts[0].removesuffix(".py"), []).append(path)
    return found


PARTS = parts_of_core()
each_part = pytest.mark.parametrize(("part", "paths"), PARTS.items(), ids=PARTS)


@each_part
def test_a_part_of_the_core_imports_only_what_it_may(part: str, paths: list[Path]):
    if part == "__init__":
        return
    assert part in MAY_IMPORT, f"say in MAY_IMPORT what {part} may import"
    allowed = MAY_IMPORT[part] | {part}

    def may(name: str) -> bool:
        top = name.split(".", maxsplit=1)[0]
        if top == "lift_sys":
            return part_of(name) in allowed
        return top not in HEAVY and not top.startswith("lift_sys_")

    assert forbidden(paths, may) == []


@each_part
def test_core_imports_stand_at_the_top(part: str, paths: list[Path]):
    """Inside functions they hide cycles; only the lazy fronts and the dispatcher need it."""
    hidden = [
        told(path, inner)
        for path in paths
        for function in ast.walk(parsed(path))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(function)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []


@pytest.mark.parametrize(
    "package", sorted(ROOT.glob("plugins/*/*/src/lift_sys_*")), ids=lambda path: path.name
)
def test_a_plugin_imports_no_other_plugin_and_not_the_cli(package: Path):
    def may(name: str) -> bool:
        top = name.split(".", maxsplit=1)[0]
        of_another = top.startswith("lift_sys_") and top != package.name
        return not of_another and not name.startswith("lift_sys.cli")

    assert forbidden(modules(package), may) == []


def forbidden(paths: list[Path], may: Callable[[str], bool]) -> list[str]:
    return [
        f"{told(path, node)}: {name}"
        for path in paths
        for node, name in imports(path)
        if not may(name)
    ]


def told(path: Path, node: ast.stmt) -> str:
    return f"{path.relative_to(ROOT)}:{node.lineno}"


def test_core_has_no_import_cycle():
    graph: dict[str, set[str]] = {}
    for path in modules(CORE):
        parts = ("lift_sys", *path.relative_to(CORE).with_suffix("").parts)
        name = ".".join(part for part in parts if part != "__init__")
        graph[name] = set()
        for node, target in imports(path):
            if in_type_checking(path, node):
                continue
            graph[name].add(target)
    known = set(graph)
    edges = {
        name: {nearest(target, known) for target in targets} & known - {name}
        for name, targets in graph.items()
    }
    # A package's own front gathers its modules; they do not import the front.
    edges = {
        name: {target for target in targets if not name.startswith(f"{target}.")}
        for name, targets in edges.items()
    }
    sys.setrecursionlimit(10_000)
    done: set[str] = set()

    def visit(name: str, chain: tuple[str, ...]) -> None:
        assert name not in chain, f"a cycle: {' -> '.join([*chain, name])}"
        if name in done:
            return
        for target in edges[name]:
            visit(target, (*chain, name))
        done.add(name)

    for name in edges:
        visit(name, ())


def nearest(target: str, known: set[str]) -> str:
    while target and target not in known:
        target = target.rpartition(".")[0]
    return target


def in_type_checking(path: Path, node: ast.stmt) -> bool:
    tree = parsed(path)
    guards = [
        n for n in tree.body if isinstance(n, ast.If) and ast.unparse(n.test) == "TYPE_CHECKING"
    ]
    return any(guard.lineno <= node.lineno <= (guard.end_lineno or 0) for guard in guards)
