"""Files: a pipeline file and all it extends become one tree."""

from dataclasses import dataclass
from pathlib import Path

from ..errors import ConfigError, Mistake
from .source import parse
from .tree import Node, Place, merge

MAX_BYTES = 2**20
MAX_EXTENDS = 50


@dataclass(frozen=True, slots=True)
class Document:
    """A file with all it extends merged in, and the files it came from, the first one first."""

    tree: Node
    files: tuple[Path, ...]


def read(path: Path) -> Document:
    """Raises ConfigError with every mistake of reading."""
    return _Extending().document(path)


def read_tree(tree: Node) -> Document:
    """As `read`, of a tree that stands in no file."""
    extending = _Extending()
    merged = extending.extended(tree, ())
    extending.stop_on_mistakes()
    return Document(merged, tuple(extending.done))


class _Extending:
    def __init__(self) -> None:
        self.done: dict[Path, Node] = {}
        self.mistakes: list[Mistake] = []

    def document(self, path: Path) -> Document:
        tree = self.file(path, Place(str(path), None, 0, path.parent), (), ())
        self.stop_on_mistakes()
        return Document(tree, tuple(self.done))

    def stop_on_mistakes(self) -> None:
        if self.mistakes:
            raise ConfigError(self.mistakes)

    def file(
        self, path: Path, stated: Place, key: tuple[str, ...], chain: tuple[Path, ...]
    ) -> Node:
        real = _real(path)
        if real in self.done:
            return self.done[real]
        self.done[real] = Node({}, stated)
        try:
            tree = parse(_text(path, stated, key), str(path), path.parent)
        except ConfigError as error:
            self.mistakes += error.mistakes
            return self.done[real]
        if not isinstance(tree.value, dict):
            cause = "is empty" if tree.value is None else "is not a mapping of keys to values"
            self.mistakes.append(Mistake(str(path), None, "", f"the file {cause}", _REMEDY))
            return self.done[real]
        self.done[real] = self.extended(tree, (*chain, path))
        return self.done[real]

    def extended(self, tree: Node, chain: tuple[Path, ...]) -> Node:
        stated = tree.child("extends")
        if stated is None:
            return tree
        merged: Node | None = None
        for node in stated.value if isinstance(stated.value, list) else [stated]:
            base = self._base(node, chain)
            merged = base if merged is None or base is None else merge(merged, base)
        rest = tree.without("extends")
        return merge(merged, rest) if merged else rest

    def _base(self, node: Node, chain: tuple[Path, ...]) -> Node | None:
        key = ("extends",)
        if not isinstance(node.value, str) or not node.value:
            cause = "expected the path of a file, or a list of such paths"
            self.mistakes.append(node.place.mistake(key, cause))
            return None
        path = node.place.base / Path(node.value).expanduser()
        resolved = [_real(link) for link in chain]
        if _real(path) in resolved:
            shown = " -> ".join(str(link) for link in (*chain, path))
            itself = "the file extends itself" if _real(path) == resolved[-1] else "a circle"
            self.mistakes.append(
                node.place.mistake(key, f"{itself}: {shown}", "take one of these links out")
            )
            return None
        if len(chain) >= MAX_EXTENDS:
            cause = f"more than {MAX_EXTENDS} files extend one another"
            self.mistakes.append(node.place.mistake(key, cause, "extend fewer files"))
            return None
        return self.file(path, node.place, key, chain)


_REMEDY = "begin with `version: 1`, then `providers:` and `stages:`"


def _real(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):  # a loop of links, or no path at all
        return path


def _text(path: Path, stated: Place, key: tuple[str, ...]) -> str:
    def refuse(cause: str, remedy: str = "") -> ConfigError:
        cause = f"{path} {cause}" if key else f"the file {cause}"
        return ConfigError([stated.mistake(key, cause, remedy)])

    too_large = f"is larger than {MAX_BYTES // 2**20} MiB"
    remedy = "keep data in files of its own and name them"
    try:
        if path.is_dir():
            raise refuse("is a folder", "name the file in it")
        if path.stat().st_size > MAX_BYTES:
            raise refuse(too_large, remedy)
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise refuse("does not exist", "check the path") from None
    except (OSError, ValueError) as error:
        raise refuse(f"cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if len(raw) > MAX_BYTES:
        raise refuse(too_large, remedy)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise refuse("is not UTF-8 text", "save it as UTF-8") from None
