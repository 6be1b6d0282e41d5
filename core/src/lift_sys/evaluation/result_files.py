"""Files of results: written and read line by line, so that one of any length takes the memory of
its rows alone. Any other layout of the same JSON is read too."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Final, cast

from pydantic import ValidationError

from ..errors import InputError
from .collecting import seldom
from .results import FORM, Evaluation, Head, Row

_BESIDE: Final = ("summary", "comparison")
"""What a document says more, for whoever reads it."""
_OPENS: Final = ', "rows": ['
_CLOSES: Final = "]"
_PIPELINES: Final = (".yaml", ".yml", ".toml")


def document_lines(found: Evaluation, beside: Mapping[str, Any]) -> Iterator[str]:
    """A line for the run, one for each row, and one for what stands `beside`; ASCII alone."""
    head = found.model_dump(mode="json", exclude={"rows"})
    yield json.dumps(head).removesuffix("}") + _OPENS
    last = len(found.rows) - 1
    for place, row in enumerate(found.rows):
        yield json.dumps(row.model_dump(mode="json")) + ("," if place < last else "")
    more = "".join(f", {json.dumps(name)}: {json.dumps(what)}" for name, what in beside.items())
    yield f"{_CLOSES}{more}}}"


def read_evaluation(path: Path) -> Evaluation:
    """Raises InputError for what is none, is cut off, or comes from another version."""
    if path.suffix in _PIPELINES:
        raise InputError(
            f"{path} is a pipeline's file, and a run is wanted",
            remedy=f"`lift eval {path} --tasks SUITE` makes one, and tells its id",
        )
    try:
        with path.open("rb") as file, seldom():
            return _read(path, file)
    except OSError as error:
        raise InputError(
            f"cannot read {path}: {error.strerror or error}", remedy="name a readable result file"
        ) from error
    except (ValueError, RecursionError) as error:
        raise _no_json(path, str(error)) from None


def _read(path: Path, file: IO[bytes]) -> Evaluation:
    first, opens = file.readline(), _OPENS.encode()
    if not first.rstrip().endswith(opens):
        return _whole(path, first + file.read())
    head = _head(path, json.loads(first.rstrip().removesuffix(opens) + b"}"))
    rows: list[Row] = []
    for line in file:
        if line.startswith(_CLOSES.encode()):
            # Nothing of the rest is needed, but that it is there.
            json.loads(b"{" + opens.lstrip(b", ") + line + file.read())
            return _of(path, head, rows)
        rows.append(_row(path, len(rows), line.rstrip(b",\r\n")))
    raise ValueError(f"it ends after {len(rows)} rows")


def _whole(path: Path, text: bytes) -> Evaluation:
    data: Any = json.loads(text)
    stated = cast("dict[str, Any]", data) if isinstance(data, dict) else {}
    head = _head(path, {name: value for name, value in stated.items() if name != "rows"})
    given = stated.get("rows")
    rows = cast("list[Any]", given) if isinstance(given, list) else []
    texts = (json.dumps(row).encode() for row in rows)
    return _of(path, head, [_row(path, place, row) for place, row in enumerate(texts)])


def _head(path: Path, stated: Any) -> Head:
    fields = cast("dict[str, Any]", stated) if isinstance(stated, dict) else {}
    version = fields.get("version")
    if version != FORM:
        raise InputError(
            f"{path} is no result of this version of lift-sys: its form is {version!r:.40}, "
            f"not {FORM}",
            remedy="`lift grade RUN -o FILE` writes it anew from the record",
        )
    own = {name: value for name, value in fields.items() if name not in _BESIDE}
    try:
        return Head.model_validate_json(json.dumps(own, allow_nan=False))
    except ValidationError as error:
        raise _no_result(path, error) from None


def _row(path: Path, place: int, text: bytes) -> Row:
    try:
        return Row.model_validate_json(text)
    except ValidationError as error:
        raise _no_result(path, error, f"rows.{place}") from None


def _of(path: Path, head: Head, rows: Sequence[Row]) -> Evaluation:
    if not rows:
        raise InputError(f"{path} is no result: it has no rows")
    return Evaluation.of(head, rows)


def _no_result(path: Path, error: ValidationError, *within: str) -> InputError:
    first = error.errors(include_url=False)[0]
    if first["type"] == "json_invalid":
        return _no_json(path, f"{'.'.join(within)}: {first['msg']}")
    where = ".".join([*within, *map(str, first["loc"])])
    return InputError(f"{path} is no result: {where}: {first['msg']}")


def _no_json(path: Path, why: str) -> InputError:
    return InputError(
        f"{path} is no JSON: {why}",
        remedy="it may be cut off: `lift grade RUN -o FILE` writes it again",
    )
