"""A built data set: its files, and whether they are what was written."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, TypeVar

from pydantic import BaseModel, ValidationError, model_validator

from ...errors import InputError
from ...ir import Frozen
from ..jsonl import json_lines
from ..splits import SHARES
from .journal import JOURNAL
from .records import DatasetExample, Negative

M = TypeVar("M", bound=BaseModel)
MANIFEST, CARD = "dataset.json", "README.md"
FORMAT = 1
PARTS = tuple(SHARES)

Counts = dict[str, int]


class Checks(Frozen):
    """What must be 0 is, else nothing is written; `alike` is for information."""

    clusters_in_two_parts: int
    requests_in_two_parts: int
    kept_for_evaluation: int
    """Examples whose function is kept for evaluation, by its family or its parameters."""
    known: int
    """Requests that resemble a task of the suites it is kept apart from."""
    known_tasks: int
    """Tasks of those suites."""
    alike: Counts
    """Requests of the other parts to which one for training is alike, by MinHash (0.8): the
    same words for another function."""


class Manifest(Frozen):
    format: int = FORMAT
    command: str
    """What makes it again."""
    origin: dict[str, Any]
    """All that its bytes depend on, beside the reviews."""
    asked: int
    """Examples that were asked for."""
    funnel: Counts
    examples: Counts
    clusters: Counts
    negatives: Counts
    categories: dict[str, Counts]
    """By part."""
    difficulties: dict[str, Counts]
    families: Counts
    quality: dict[str, float]
    """Means, and the lowest score."""
    mistakes: dict[str, Counts]
    """Categories of the negatives, by stage."""
    operators: dict[str, Counts]
    reviewed: Counts
    checks: Checks
    digests: dict[str, str]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        """What is not in it could be neither counted nor verified."""
        by_part = (self.examples, self.clusters, self.negatives, self.categories, self.difficulties)
        if any(set(each) != {*PARTS} for each in by_part):
            raise ValueError(f"it counts other parts than {', '.join(PARTS)}")
        if set(self.digests) != {name(part) for part in PARTS for name in _FILES}:
            raise ValueError("a file has no digest in it, or one has that is none of a data set")
        return self

    @property
    def digest(self) -> str:
        """Of all lines of all parts."""
        told = "\n".join(f"{name} {digest}" for name, digest in sorted(self.digests.items()))
        return hashlib.sha256(told.encode()).hexdigest()


def file_of(part: str) -> str:
    return f"{part}.jsonl"


def negatives_file_of(part: str) -> str:
    return f"{part}.negatives.jsonl"


_FILES = (file_of, negatives_file_of)


@dataclass(frozen=True, slots=True)
class DataSet:
    folder: Path
    manifest: Manifest

    @classmethod
    def open(cls, folder: Path) -> "DataSet":
        """Raises InputError where it is none, or not the one that was written."""
        path = folder / MANIFEST
        if not path.exists():
            if (folder / JOURNAL).exists():
                raise InputError(
                    f"{folder} is not built to its end",
                    remedy=f"`lift data build {folder}` goes on with it",
                )
            raise InputError(
                f"{folder} is no data set: it has no {MANIFEST}",
                remedy="name a folder that `lift data build` made",
            )
        found = cls(folder, _manifest(path))
        for name, digest in found.manifest.digests.items():
            _verify(folder / name, digest)
        return found

    def examples(self, *parts: str) -> Iterator[DatasetExample]:
        """Of these parts; of none: of all."""
        for part in parts or PARTS:
            yield from self._lines(file_of(part), DatasetExample)

    def negatives(self, *parts: str) -> Iterator[Negative]:
        for part in parts or PARTS:
            yield from self._lines(negatives_file_of(part), Negative)

    def _lines(self, name: str, model: type[M]) -> Iterator[M]:
        for line in json_lines(self.folder / name):
            yield line.read(model)


def write(folder: Path, texts: Mapping[str, str]) -> None:
    """All of them whole. The manifest goes first and comes last: where it stands, so do they."""
    try:
        (folder / MANIFEST).unlink(missing_ok=True)
        for name, text in texts.items():
            (folder / f"{name}.part").write_text(text, encoding="utf-8")
        for name in sorted(texts, key=lambda name: name == MANIFEST):
            (folder / f"{name}.part").replace(folder / name)
    except OSError as error:
        raise InputError(
            f"cannot write to {folder}: {error.strerror or error}",
            remedy="make room there, or give yourself the right to write",
        ) from error


def _manifest(path: Path) -> Manifest:
    try:
        text = path.read_bytes()
        manifest = Manifest.model_validate_json(text)
    except (OSError, ValidationError) as error:
        raise InputError(
            f"{path} cannot be read as what describes a data set: {_first(error)}",
            remedy="build it again",
        ) from error
    if manifest.format != FORMAT:
        raise InputError(
            f"{path} has the format {manifest.format}, this version reads {FORMAT}",
            remedy="build it again",
        )
    return manifest


def _first(error: OSError | ValidationError) -> str:
    if isinstance(error, OSError):
        return error.strerror or str(error)
    mistake = error.errors(include_url=False, include_context=False, include_input=False)[0]
    where = ".".join(map(str, mistake["loc"]))
    return f"{where}: {mistake['msg']}" if where else mistake["msg"]


def _verify(path: Path, digest: str) -> None:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(
            f"cannot read {path}: {error.strerror or error}", remedy="build it again"
        ) from error
    if hashlib.sha256(data).hexdigest() == digest:
        return
    if data and not data.endswith(b"\n"):
        raise InputError(f"{path} is cut off", remedy="copy it again, or build it again")
    raise InputError(
        f"{path} is not what was built: its digest is another one",
        remedy="build it again; what is to be changed is changed by `lift data review`",
    )
