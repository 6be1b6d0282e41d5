"""What a training reads: made once, then kept in the training's folder."""

import json
import random
from collections.abc import Iterator
from pathlib import Path

from lift_sys.data.dialect import Vocabulary
from lift_sys.errors import InputError

from .cases import cases
from .lessons import Lesson, Mix, lesson
from .plugin import ScratchOptions
from .shelf import Shelf, fill
from .suites import Suites
from .vocabulary import make_vocabulary

VOCABULARY = "vocabulary.json"


def school(workdir: Path, options: ScratchOptions) -> tuple[Shelf, Vocabulary]:
    """From the folder, where they are there for the same options."""
    made_with = options.model_dump(
        mode="json",
        include={
            *(
                "seed",
                "lessons",
                "families",
                "vocabulary",
                "phrases",
                "longest",
                "unpinned",
                "repair",
            ),
            *("output", "start_from", "suites"),
        },
    )
    note = workdir / "lessons.options.json"
    if note.exists():
        if json.loads(note.read_text(encoding="utf-8")) != made_with:
            raise InputError(
                f"the lessons in {workdir} were made with other options",
                remedy="give the same options, or another folder",
            )
        return Shelf.open(workdir), Vocabulary.load(workdir / VOCABULARY)
    workdir.mkdir(parents=True, exist_ok=True)
    lessons = list(_lessons(options))
    if options.start_from is None:
        vocabulary = make_vocabulary(lessons, options.vocabulary, options.phrases)
    else:
        vocabulary = Vocabulary.load(options.start_from / VOCABULARY)
    vocabulary.save(workdir / VOCABULARY)
    shelf, _ = fill(workdir, lessons, vocabulary, options.longest)
    note.write_text(json.dumps(made_with, indent=1), encoding="utf-8")
    return shelf, vocabulary


def _lessons(options: ScratchOptions) -> Iterator[Lesson]:
    mix = Mix(options.unpinned, options.repair, options.output)
    dice = random.Random(f"lessons:{options.seed}")
    words = Suites.named(options.suites).words()
    for case in cases(options.seed, options.lessons, options.families, words):
        yield lesson(case, dice, mix)
