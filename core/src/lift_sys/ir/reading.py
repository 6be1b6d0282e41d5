"""Reading an IR from what a model or a person wrote.

Mended, and noted: code fences and prose around the JSON, trailing commas, comments, single
quotes, Python's True, False and None, raw line breaks in strings, null for an absent field (not
noted: the strict schema asks for it). A reply that was cut off keeps its complete effects,
assertions, constraints and holes, provided that its intent and signature are complete.
Everything else is an error that says where.
"""

import difflib
import json
import re
from typing import Any, Final, NamedTuple

from pydantic import ValidationError

from . import models
from ._base import Frozen
from ._lenient import JsonTextError, Node, Parser, Repair
from .canonical import to_json
from .models import IR
from .problems import Problem

MAX_REPLY_CHARS: Final = 4_000_000

_MOST_OBJECTS: Final = 10_000
"""Looked at in search of the IR: a model may open braces for ever."""

_FENCE = re.compile(r"```[\w+-]*|~~~[\w+-]*")
_MARKS: Final = {"intent", "signature"}
_WRAPPERS: Final = {"ir", "IR"}
_NEEDED: Final = ("intent", "signature")


class Reading(NamedTuple):
    ir: IR
    repairs: tuple[Repair, ...] = ()
    truncated: bool = False
    """The reply was cut off: the IR may say less than was meant."""


class ReadError(ValueError):
    """No IR can be read; `problems` are all of them, the place is that of the first."""

    def __init__(
        self,
        cause: str,
        line: int = 1,
        column: int = 1,
        path: str = "",
        problems: tuple[Problem, ...] = (),
    ) -> None:
        at = f", at {path}" if path else ""
        more = f" (and {len(problems) - 1} more problems)" if len(problems) > 1 else ""
        super().__init__(f"line {line}, column {column}{at}: {cause}{more}")
        self.cause = cause
        self.line = line
        self.column = column
        self.path = path
        self.problems = problems or (Problem(path, cause),)


def read(text: str) -> Reading:
    """Raises ReadError, and nothing else."""
    if len(text) > MAX_REPLY_CHARS:
        raise ReadError(f"{len(text)} characters, {MAX_REPLY_CHARS} are allowed")
    ir = _as_asked(text)
    if ir is not None:
        return Reading(ir)
    parser = Parser(text)
    try:
        root, end = _find(parser)
    except JsonTextError as error:
        raise ReadError(error.cause, error.line, error.column, error.path) from None
    _note_surroundings(parser, root.start, end)
    root = _unwrap(parser, root)
    truncated = not root.complete
    if truncated:
        root = _keep_complete(parser, root)
    ir = _validated(parser, root)
    repairs = tuple(
        Repair(*parser.place(offset), what)
        for what, offset in sorted(parser.repairs.items(), key=lambda item: item[1])
    )
    return Reading(ir, repairs, truncated)


def _as_asked(text: str) -> IR | None:
    """From a reply that is the JSON of an IR and nothing else, as most are; None: look closer."""
    if not text.startswith("{"):
        return None
    try:
        data = _DECODER.decode(text)
        return IR.model_validate(data) if data.keys() & _MARKS else None
    except (ValueError, RecursionError):
        return None


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """null is an absent field, and no field stands twice."""
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError
    return {key: value for key, value in pairs if value is not None}


def _no_number(constant: str) -> Any:
    raise ValueError(constant)


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_members, parse_constant=_no_number)


def _find(parser: Parser) -> tuple[Node, int]:
    """The one object in the text that looks like an IR."""
    found: list[tuple[Node, int]] = []
    others: list[tuple[Node, int]] = []
    failure: JsonTextError | None = None
    start = parser.text.find("{")
    for _ in range(_MOST_OBJECTS):
        if start < 0:
            break
        noted = dict(parser.repairs)
        try:
            node = parser.parse_object(start)
        except JsonTextError as error:
            if parser.seen_keys & (_MARKS | _WRAPPERS):
                raise
            failure = failure or error
            parser.repairs = noted
        else:
            alike = _looks_right(node)
            (found if alike else others).append((node, parser.offset))
            if not alike or len(found) > 1:
                parser.repairs = noted
        start = parser.text.find("{", max(start + 1, parser.offset))
    if not found and failure is not None:
        raise failure
    chosen = found or others[:1]
    if not chosen:
        parser.path.clear()
        raise parser.error("there is no JSON object in the reply", 0)
    if len({to_json(_plain(node)) for node, _ in chosen}) > 1:
        parser.path.clear()
        raise parser.error("a second, different IR begins here", chosen[1][0].start)
    return chosen[0]


def _looks_right(node: Node) -> bool:
    keys = (node.members or {}).keys()
    return bool(keys & _MARKS) or (len(keys) == 1 and bool(keys & _WRAPPERS))


def _unwrap(parser: Parser, root: Node) -> Node:
    members = root.members or {}
    if len(members) == 1 and members.keys() & _WRAPPERS:
        (name, inner), *_ = members.items()
        if inner.members is not None:
            parser.note(f"the IR was taken out of the field {name!r}", root.start)
            return inner._replace(complete=root.complete)
    return root


def _note_surroundings(parser: Parser, start: int, end: int) -> None:
    outside = parser.text[:start], parser.text[end:]
    if any(_FENCE.sub("", part).strip("\ufeff \t\r\n") for part in outside):
        parser.note("text around the JSON was left out", 0)
    elif any(_FENCE.search(part) for part in outside):
        parser.note("a code fence was left out", 0)


def _keep_complete(parser: Parser, root: Node) -> Node:
    """Lists may be shorter than meant; a branch without its condition would mean another thing."""
    end = len(parser.text)
    where = parser.cut_path or "the IR"
    members = root.members or {}
    for name in _NEEDED:
        if name not in members or not members[name].complete:
            line, column = parser.place(end)
            raise ReadError(f"the reply ends before its {name} is complete", line, column, where)
    kept = {name: node for name, node in members.items() if node.complete or node.items is not None}
    parser.note(f"the reply ends within {where}; what is complete before it was kept", end)
    return root._replace(members=kept)


def _plain(node: Node) -> Any:
    if node.members is not None:
        items = node.members.items()
        return {key: _plain(item) for key, item in items if not item.is_null}
    return node.scalar if node.items is None else [_plain(item) for item in node.items]


def _validated(parser: Parser, root: Node) -> IR:
    try:
        return IR.model_validate(_plain(root))
    except ValidationError as error:
        located = [_locate(root, one["loc"]) for one in error.errors()]
        messages = [
            _message(one["type"], one["msg"], path)
            for one, (path, _) in zip(error.errors(), located, strict=True)
        ]
        problems = tuple(
            Problem(path, message) for (path, _), message in zip(located, messages, strict=True)
        )
        path, offset = located[0]
        line, column = parser.place(offset)
        raise ReadError(messages[0], line, column, path, problems) from None


def _locate(root: Node, location: tuple[int | str, ...]) -> tuple[str, int]:
    """Path and offset; names of union members that pydantic puts in between are passed over."""
    node, path, offset = root, "", root.start
    for number, step in enumerate(location):
        inner: Node | None = None
        if node.items is not None and isinstance(step, int):
            inner = node.items[step] if step < len(node.items) else None
            path += f"[{step}]"
        elif node.members is not None and isinstance(step, str):
            inner = node.members.get(step)
            if inner is not None or number == len(location) - 1:
                path += f".{step}" if path else step
        if inner is not None:
            node, offset = inner, inner.start
    return path, offset


def _message(kind: str, message: str, path: str) -> str:
    name = path.rpartition(".")[2]
    if kind == "missing":
        return f"the field {name} is missing"
    if kind == "extra_forbidden":
        near = difflib.get_close_matches(name, _FIELDS, n=1, cutoff=0.5)
        hint = f"; did you mean {near[0]}?" if near else ""
        return f"there is no field {name[:60]!r}{hint}"
    if kind == "string_too_short":
        return "a text is expected, this is empty"
    return message.removeprefix("Value error, ")


def _field_names() -> list[str]:
    return sorted(
        {
            name
            for model in vars(models).values()
            if isinstance(model, type) and issubclass(model, Frozen)
            for name in model.model_fields
        }
    )


_FIELDS: Final = _field_names()
