"""Reading: YAML 1.2 text becomes a tree that knows its lines."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml import events as kinds
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from ..errors import ConfigError, Mistake
from .syntax import stumble
from .tree import Node, Place, Scalar

MAX_NODES = 100_000
"""Counted with every alias expanded."""
MAX_DEPTH = 200

# The core schema of YAML 1.2, and nothing else: `on`, `yes`, dates and `1_000` are text.
_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_SPECIAL = re.compile(r"([-+]?)\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_CORE = "tag:yaml.org,2002:"
_TAGGED: dict[str, tuple[type, ...]] = {
    _CORE + "null": (type(None),),
    _CORE + "bool": (bool,),
    _CORE + "int": (int,),
    _CORE + "float": (float, int),
}


def parse(text: str, label: str, base: Path, *, lined: bool = True) -> Node:
    """Raises ConfigError with every mistake of the text; `lined`: lines say where they stand."""
    return _Composer(label, base, lined).compose(text)


class _TooMuch(Exception):
    """A bound was passed; carries the one mistake to show."""

    def __init__(self, mistake: Mistake) -> None:
        self.mistake = mistake


@dataclass(slots=True)
class _Composer:
    """Makes the tree from the parser's events, so that depth and aliases are bounded as we go."""

    label: str
    base: Path
    lined: bool
    mistakes: list[Mistake] = field(default_factory=list[Mistake])
    anchors: dict[str, tuple[Node, int]] = field(default_factory=dict[str, tuple[Node, int]])
    count: int = 0

    def compose(self, text: str) -> Node:
        try:
            parser: Any = YAML(typ="safe", pure=True)
            node = self._document(parser.parse(text))
        except MarkedYAMLError as error:
            self._tell(*stumble(error))
            raise ConfigError(self.mistakes) from None
        except YAMLError as error:
            position = getattr(error, "position", None)
            line = None if position is None else text.count("\n", 0, position)
            self._tell(line, "the file holds control characters, so it is not a text file")
            raise ConfigError(self.mistakes) from None
        except _TooMuch as error:
            raise ConfigError([*self.mistakes, error.mistake]) from None
        if self.mistakes:
            raise ConfigError(self.mistakes)
        return node

    def _document(self, events: Iterator[Any]) -> Node:
        root: Node | None = None
        for event in events:
            if _is(event, kinds.DocumentStartEvent):
                if root is not None:
                    line = event.start_mark.line
                    raise self._too_much(line, "a second document begins here", "keep to one")
                root = Node(None, self._place(event))
            elif _is(event, kinds.NodeEvent):
                root = self._node(event, events, 0)
        return root or Node(None, Place(self.label, None, 0, self.base))

    def _node(self, event: Any, events: Iterator[Any], depth: int) -> Node:
        before = self.count
        self._take(1, event)
        if depth > MAX_DEPTH:
            raise self._too_much(event.start_mark.line, f"nested more than {MAX_DEPTH} levels deep")
        if _is(event, kinds.AliasEvent):
            return self._alias(event)
        if _is(event, kinds.MappingStartEvent):
            self._check_tag(event, _CORE + "map")
            node = self._mapping(event, events, depth)
        elif _is(event, kinds.SequenceStartEvent):
            self._check_tag(event, _CORE + "seq")
            items: list[Node] = []
            while not _is(item := next(events), kinds.SequenceEndEvent):
                items.append(self._node(item, events, depth + 1))
            node = Node(items, self._place(event))
        else:
            node = Node(self._scalar(event), self._place(event))
        if event.anchor:
            self.anchors[event.anchor] = node, self.count - before
        return node

    def _mapping(self, event: Any, events: Iterator[Any], depth: int) -> Node:
        entries: dict[str, Node] = {}
        while not _is(key := next(events), kinds.MappingEndEvent):
            key_node = self._node(key, events, depth + 1)
            node = self._node(next(events), events, depth + 1)
            line = key.start_mark.line
            if isinstance(key_node.value, dict | list):
                self._tell(line, "a key must be plain text")
                continue
            name = key.value if _is(key, kinds.ScalarEvent) else str(key_node.value)
            if name == "<<" and key.implicit[0]:
                self._tell(line, "`<<` is no part of YAML 1.2", "use `extends:`, or an alias")
            elif name in entries:
                first = entries[name].place.line
                self._tell(
                    line, f"the key {name!r} is here twice", f"it stands on line {first} too"
                )
            else:
                # The key's line: of a block below a key, a person looks for the key.
                entries[name] = Node(node.value, self._place(key))
        return Node(entries, self._place(event))

    def _alias(self, event: Any) -> Node:
        if event.anchor not in self.anchors:
            cause = f"the alias *{event.anchor} names no anchor before it, or what it stands in"
            raise self._too_much(event.start_mark.line, cause)
        node, size = self.anchors[event.anchor]
        self._take(size, event)
        return node

    def _scalar(self, event: Any) -> Scalar:
        text: str = event.value
        try:
            text.encode()
        except UnicodeEncodeError:
            self._tell(event.start_mark.line, "half a surrogate pair is no character")
            return None
        tag = None if event.tag is None else str(event.tag)
        if tag is None:
            return resolve(text) if event.implicit[0] else text
        if tag in ("!", _CORE + "str"):
            return text
        value = resolve(text)
        if type(value) not in _TAGGED.get(tag, ()):
            self._refuse_tag(event)
        return float(value) if tag == _CORE + "float" and isinstance(value, int) else value

    def _check_tag(self, event: Any, allowed: str) -> None:
        if event.tag is not None and str(event.tag) not in ("!", allowed):
            self._refuse_tag(event)

    def _refuse_tag(self, event: Any) -> None:
        tag = str(event.tag).replace(_CORE, "!!")
        self._tell(event.start_mark.line, f"the tag {tag} does not fit here", "leave it out")

    def _take(self, size: int, event: Any) -> None:
        self.count += size
        if self.count > MAX_NODES:
            cause = f"more than {MAX_NODES} values, with its aliases expanded"
            raise self._too_much(event.start_mark.line, cause, "keep data in files of its own")

    def _place(self, event: Any) -> Place:
        line = event.start_mark.line + 1 if self.lined else None
        return Place(self.label, line, event.start_mark.column, self.base)

    def _tell(self, line: int | None, cause: str, remedy: str = "") -> None:
        self.mistakes.append(self._mistake(line, cause, remedy))

    def _too_much(self, line: int, cause: str, remedy: str = "") -> _TooMuch:
        return _TooMuch(self._mistake(line, cause, remedy))

    def _mistake(self, line: int | None, cause: str, remedy: str) -> Mistake:
        shown = None if line is None or not self.lined else line + 1
        return Mistake(self.label, shown, "", cause, remedy)


def _is(event: Any, kind: type) -> bool:
    """Not `isinstance`, which would narrow `event` to a class that has no types."""
    return isinstance(event, kind)


def resolve(text: str) -> Scalar:
    """What an unquoted scalar means in YAML 1.2."""
    if text in _WORDS:
        return _WORDS[text]
    try:
        if _INT.fullmatch(text):
            return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
    except ValueError:  # more digits than Python converts
        return text
    if special := _SPECIAL.fullmatch(text):
        return float("nan") if special[3] else float(special[1] + "inf")
    return float(text) if _FLOAT.fullmatch(text) else text
