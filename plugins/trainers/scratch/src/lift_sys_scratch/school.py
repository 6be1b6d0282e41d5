"""What a training reads: made once, then kept in the training's folder."""

import random
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

from lift_sys.checking.sandbox import default_sandbox
from lift_sys.data.dataset import Funnel, training_examples
from lift_sys.data.dialect import Vocabulary
from lift_sys.errors import InputError

from .earlier import REMEDY
from .kept_files import VOCABULARY, read_json, read_vocabulary, write_json
from .lessons import Case, Lesson, Mix, lesson
from .plugin import ScratchOptions
from .shelf import MADE_AGAIN, NOTE, Shelf, fill
from .suites import Suites
from .vocabulary import make_vocabulary

_WORDINGS = 3
"""Of each function."""
_TYPOS = 0.05
"""Share of the words with a slip of the finger, in half of the requests."""


async def school(workdir: Path, options: ScratchOptions) -> tuple[Shelf, Vocabulary]:
    """From the folder, where they are there for the same options."""
    found = _kept(workdir, options)
    if found is not None:
        return found
    funnel = Funnel()
    lessons = [one async for one in _lessons(options, funnel)]
    return _furnished(workdir, options, lessons, str(funnel))


def _kept(workdir: Path, options: ScratchOptions) -> tuple[Shelf, Vocabulary] | None:
    note = workdir / NOTE
    if not note.exists():
        return None
    # Notes of before there were further curricula do not name the first.
    if {"curriculum": 1, **read_json(note, MADE_AGAIN)} != _made_with(options):
        raise InputError(
            f"the lessons in {workdir} were made with other options",
            remedy="give the same options, or another folder",
        )
    return Shelf.open(workdir), read_vocabulary(workdir, MADE_AGAIN)


def _furnished(
    workdir: Path, options: ScratchOptions, lessons: Sequence[Lesson], origin: str
) -> tuple[Shelf, Vocabulary]:
    workdir.mkdir(parents=True, exist_ok=True)
    if options.start_from is None:
        vocabulary = make_vocabulary(lessons, options.vocabulary, options.phrases)
    else:
        vocabulary = read_vocabulary(options.start_from, REMEDY).with_marks()
    vocabulary.save(workdir / VOCABULARY)
    shelf = fill(workdir, lessons, vocabulary, options.longest, origin)
    write_json(workdir / NOTE, _made_with(options))
    return shelf, vocabulary


def _made_with(options: ScratchOptions) -> dict[str, Any]:
    """All that the lessons depend on."""
    return options.model_dump(
        mode="json",
        include={
            *("seed", "lessons", "families", "vocabulary", "phrases", "longest", "unpinned"),
            *("repair", "output", "start_from", "suites", "curriculum"),
        },
    )


async def _lessons(options: ScratchOptions, funnel: Funnel) -> AsyncIterator[Lesson]:
    mix = Mix(options.unpinned, options.repair, options.output)
    dice = random.Random(f"lessons:{options.seed}")
    sandbox = default_sandbox()
    examples = training_examples(
        options.seed,
        sandbox,
        contamination=Suites.named(options.suites).contamination(),
        wordings=_WORDINGS,
        typos=_TYPOS,
        funnel=funnel,
        curriculum=options.curriculum,
    )
    count = 0
    try:
        async for example in examples:
            if count == options.lessons:
                return
            if not options.families or example.family in options.families:
                count += 1
                yield lesson(Case.of(example), dice, mix)
    finally:
        await examples.aclose()
        await sandbox.aclose()
