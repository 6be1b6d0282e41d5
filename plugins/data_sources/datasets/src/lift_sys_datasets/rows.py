"""Rows of files, whatever their form; each knows where it stands."""

import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from lift_sys.errors import InputError

from .plugin import FileOptions

_TEXT = (".jsonl", ".json")
_COLUMNAR = (".parquet", ".arrow")
_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Row:
    path: Path
    number: int
    values: Mapping[str, Any]

    def wrong(self, cause: str, remedy: str = "") -> InputError:
        return InputError(f"{self.path}, row {self.number}: {cause}", remedy=remedy)

    def text(self, *names: str) -> str:
        """The first of these columns that there is; raises InputError where it is no text."""
        for name in names:
            if name in self.values:
                value = self.values[name]
                if not isinstance(value, str):
                    raise self.wrong(f"{name} is a {type(value).__name__}, not a text")
                return value
        known = ", ".join(list(self.values)[:_SHOWN]) or "none"
        raise self.wrong(f"there is no column {' or '.join(names)}", f"its columns: {known}")

    def texts(self, name: str) -> list[str]:
        value = self.values.get(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(
            isinstance(each, str) for each in cast("list[object]", value)
        ):
            raise self.wrong(f"{name} is no list of texts")
        return cast("list[str]", value)


def read_rows(options: FileOptions) -> Iterator[Row]:
    """In the order of the files' names. Raises InputError where there is nothing to read."""
    empty = True
    for path in _files(options):
        for number, values in enumerate(_rows(path), 1):
            empty = False
            if not isinstance(values, Mapping):
                raise Row(path, number, {}).wrong("not an object")
            yield Row(path, number, cast("Mapping[str, Any]", values))
    if empty:
        raise InputError(f"{options.path} holds no task", remedy="name a file that has rows")


def _files(options: FileOptions) -> list[Path]:
    if not options.path.is_dir():
        return [options.path]
    found = sorted(
        path
        for path in options.path.rglob("*")
        if _kind(path) and path.name.startswith(options.split or "") and not _is_metadata(path)
    )
    if not found:
        named = f" whose name begins with {options.split!r}" if options.split else ""
        raise InputError(
            f"{options.path} holds no dataset file{named}",
            remedy=f"it should hold {', '.join((*_TEXT, *_COLUMNAR))}",
        )
    return found


def _is_metadata(path: Path) -> bool:
    """Which `datasets` leaves beside the data."""
    return path.name in ("dataset_info.json", "state.json", "dataset_dict.json")


def _kind(path: Path) -> str:
    suffix = Path(path.stem).suffix if path.suffix == ".gz" else path.suffix
    return suffix if suffix in (*_TEXT, *_COLUMNAR) else ""


def _rows(path: Path) -> Iterator[object]:
    kind = _kind(path)
    try:
        if kind == ".jsonl":
            yield from _json_lines(path)
        elif kind == ".json":
            yield from _json_array(path)
        elif kind:
            yield from _columnar(path, kind)
        else:
            raise InputError(
                f"{path} is of no form that can be read",
                remedy=f"it should end in {', '.join((*_TEXT, *_COLUMNAR))}",
            )
    except (OSError, EOFError) as error:
        raise InputError(
            f"cannot read {path}: {getattr(error, 'strerror', None) or error}",
            remedy="name a readable file; if it was cut off, fetch it again",
        ) from error


def _json_lines(path: Path) -> Iterator[object]:
    with (gzip.open if path.suffix == ".gz" else open)(path, "rb") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                yield _json(line, path, f"line {number}")


def _json_array(path: Path) -> Iterator[object]:
    with (gzip.open if path.suffix == ".gz" else open)(path, "rb") as file:
        data = _json(file.read(), path, "it")
    if not isinstance(data, list):
        raise InputError(f"{path} is no list of objects", remedy="name a .json file that is one")
    yield from cast("list[object]", data)


def _json(text: bytes, path: Path, where: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"{path}: {where} is no JSON: {error}", remedy="if it was cut off, fetch it again"
        ) from None


def _columnar(path: Path, kind: str) -> Iterator[object]:
    try:
        pa: Any = import_module("pyarrow")
        pq: Any = import_module("pyarrow.parquet")
    except ImportError as error:
        raise InputError(
            f"reading {path} needs pyarrow", remedy="pip install 'lift-sys-datasets[parquet]'"
        ) from error
    try:
        if kind == ".parquet":
            with pq.ParquetFile(path) as file:
                for batch in file.iter_batches():
                    yield from batch.to_pylist()
        else:
            with pa.OSFile(str(path), "rb") as file, pa.ipc.open_stream(file) as stream:
                for batch in stream:
                    yield from batch.to_pylist()
    except pa.ArrowException as error:
        raise InputError(
            f"cannot read {path}: {error}", remedy="if it was cut off, fetch it again"
        ) from error
