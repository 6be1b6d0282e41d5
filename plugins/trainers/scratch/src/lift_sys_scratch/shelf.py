"""Lessons as token numbers in one file, read from disk as they are needed."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lift_sys.data.dialect import Vocabulary
from lift_sys.data.dialect.marks import UNKNOWN
from lift_sys.errors import InputError

from .kept_files import damage_told, read_json, write_json
from .lessons import Lesson

NOTE = "lessons.options.json"
"""Says with which options they were made; where it stands, they are whole."""
MADE_AGAIN = f"delete {NOTE} beside it: the lessons are made once more, and are the same"
LEARNT = 0x8000
"""On a token that the model must learn to write."""
Tokens = NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class Shelf:
    tokens: Tokens
    starts: NDArray[np.int64]
    """Where each lesson begins, and where the last one ends."""
    digest: str

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def lengths(self) -> NDArray[np.int64]:
        return np.diff(self.starts)

    def lesson(self, place: int) -> Tokens:
        return self.tokens[self.starts[place] : self.starts[place + 1]]

    @classmethod
    def open(cls, folder: Path) -> "Shelf":
        """Raises InputError where it is not what was written."""
        digest = str(read_json(folder / "lessons.json", MADE_AGAIN).get("digest"))
        path, index = folder / "lessons.bin", folder / "lessons.starts.npy"
        with damage_told(index, MADE_AGAIN):
            starts = np.load(index)
            end = int(starts[-1])
        with damage_told(path, MADE_AGAIN):
            tokens: Tokens = np.memmap(path, dtype=np.uint16, mode="r")
            with path.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        if len(tokens) != end or found != digest:
            raise InputError(f"{path} is not what was written", remedy=MADE_AGAIN)
        return cls(tokens, starts, digest)


def fill(
    folder: Path, lessons: Iterable[Lesson], vocabulary: Vocabulary, longest: int, origin: str = ""
) -> Shelf:
    """Lessons that are longer, or teach to write what no token says, are left out and counted."""
    folder.mkdir(parents=True, exist_ok=True)
    starts, left_out, learnt = [0], 0, 0
    sha = hashlib.sha256()
    unknown = vocabulary.number(UNKNOWN)
    partial = folder / "lessons.bin.part"
    with partial.open("wb") as file:
        for lesson in lessons:
            given, wanted = vocabulary.encode(lesson.given), vocabulary.encode(lesson.learnt)
            if len(given) + len(wanted) > longest or unknown in wanted:
                left_out += 1
                continue
            marked = np.array([*given, *(token | LEARNT for token in wanted)], dtype=np.uint16)
            data = marked.tobytes()
            file.write(data)
            sha.update(data)
            learnt += len(wanted)
            starts.append(starts[-1] + len(marked))
    if len(starts) == 1:
        partial.unlink()
        raise InputError(
            f"not one of {left_out} lessons can be learnt from: each has more than {longest} "
            "tokens, or a character that no token says",
            remedy="raise `longest`, or make more `lessons`",
        )
    partial.replace(folder / "lessons.bin")
    np.save(folder / "lessons.starts.npy", np.array(starts, dtype=np.int64))
    count = len(starts) - 1
    about = {
        "lessons": count,
        "left_out": left_out,
        "tokens": starts[-1],
        "tokens_per_lesson": starts[-1] / count,
        "learnt_per_lesson": learnt / count,
        "origin": origin,
    }
    write_json(folder / "lessons.json", {"digest": sha.hexdigest(), **about})
    return Shelf.open(folder)
