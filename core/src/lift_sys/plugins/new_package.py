"""Writes a third party's plugin: a whole package that installs and passes its tests as it is."""

import re
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Template

from ..errors import InputError
from .kinds import Kind

_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_LONGEST_NAME = 60
_SUFFIX = ".txt"  # so that no tool takes a template for a module
_SHARED = {
    "pyproject.toml": "pyproject",
    "README.md": "readme",
    "src/$package/__init__.py": "init",
    "src/$package/plugin.py": "plugin",
    "src/$package/py.typed": "",
    "tests/test_$package.py": "test",
}
"""The files of every package, and the template of each."""


def new_package(kind: Kind, name: str, folder: Path, core_version: str) -> list[Path]:
    """The files written. Raises InputError."""
    if not _NAME.fullmatch(name) or len(name) > _LONGEST_NAME:
        raise InputError(
            f"{name!r} is no name for a plugin",
            remedy=f"use lower-case letters, digits and single hyphens, such as {_proposed(name)}",
        )
    words = _words(kind, name, core_version)
    contents = {
        folder / path: Template(text).substitute(words) for path, text in _templates(kind, words)
    }
    try:
        _refuse_to_overwrite(folder)
        for path, text in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"cannot write to {folder}: {error.strerror or error}", remedy="name another with --dir"
        ) from error
    return list(contents)


def _refuse_to_overwrite(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(
            f"{folder} is there already", remedy="remove it, or name another with --dir"
        )


def _words(kind: Kind, name: str, core_version: str) -> dict[str, str]:
    underscored = name.replace("-", "_")
    class_name = "".join(part.capitalize() for part in name.split("-"))
    major, minor = (*core_version.split("."), "0")[:2]
    return {
        "name": name,
        "distribution": f"lift-sys-{name}",
        "package": f"lift_sys_{underscored}",
        "class_name": class_name,
        "kind": kind.name,
        "singular": kind.singular,
        "module": kind.singular.replace(" ", "_"),
        "attribute": "command" if kind.name == "commands" else class_name,
        "hook": kind.hook,
        "suite": kind.conformance.rpartition(":")[2],
        "core": f"lift-sys>={major}.{minor},<{_next(major, minor)}",
    }


def _next(major: str, minor: str) -> str:
    """The first version that may break what was written for this one."""
    return f"0.{int(minor) + 1}" if major == "0" else str(int(major) + 1)


def _templates(kind: Kind, words: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Path and text of each file; the kind's own pieces stand within files that all share."""
    root = files("lift_sys.plugins").joinpath("scaffold")
    own = root.joinpath(kind.name)
    for piece in ("summary", "options", "usage"):
        words[piece] = Template(_text(own.joinpath(piece + _SUFFIX))).substitute(words).strip()
    yield f"src/{words['package']}/{words['module']}.py", _text(own.joinpath("component" + _SUFFIX))
    for path, template in _SHARED.items():
        text = _text(root.joinpath("shared", template + _SUFFIX)) if template else ""
        yield Template(path).substitute(words), text


def _text(item: Traversable) -> str:
    return item.read_text(encoding="utf-8")


def _proposed(name: str) -> str:
    proposed = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-0123456789")[:_LONGEST_NAME]
    return repr(proposed) if _NAME.fullmatch(proposed) else "'my-idea'"
