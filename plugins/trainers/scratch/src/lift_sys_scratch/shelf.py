"""Lessons as token numbers in one file, read from disk as they are needed."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lift_sys.data.dialect import Vocabulary
from lift_sys.data.dialect.marks import UNKNOWN

from .lessons import Lesson

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
        about = json.loads((folder / "lessons.json").read_text(encoding="utf-8"))
        tokens: Tokens = np.memmap(folder / "lessons.bin", dtype=np.uint16, mode="r")
        return cls(tokens, np.load(folder / "lessons.starts.npy"), about["digest"])


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
    partial.replace(folder / "lessons.bin")
    np.save(folder / "lessons.starts.npy", np.array(starts, dtype=np.int64))
    count = max(1, len(starts) - 1)
    about = {
        "lessons": len(starts) - 1,
        "left_out": left_out,
        "tokens": starts[-1],
        "tokens_per_lesson": starts[-1] / count,
        "learnt_per_lesson": learnt / count,
        "origin": origin,
    }
    (folder / "lessons.json").write_text(
        json.dumps({"digest": sha.hexdigest(), **about}, indent=1), encoding="utf-8"
    )
    return Shelf.open(folder)
