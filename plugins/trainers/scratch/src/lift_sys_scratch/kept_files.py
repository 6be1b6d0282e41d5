"""Files of a training's folder that a killed process leaves whole, and what is said of damage."""

import json
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lift_sys.data.dialect import Vocabulary
from lift_sys.errors import InputError

VOCABULARY = "vocabulary.json"


def write_json(path: Path, told: Mapping[str, Any]) -> None:
    """Whole or not at all."""
    partial = path.with_name(f"{path.name}.part")
    partial.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    partial.replace(path)


def read_json(path: Path, remedy: str) -> dict[str, Any]:
    """Raises InputError where it is missing or damaged."""
    with damage_told(path, remedy):
        return dict(json.loads(path.read_bytes()))


def read_vocabulary(folder: Path, remedy: str) -> Vocabulary:
    path = folder / VOCABULARY
    with damage_told(path, remedy):
        return Vocabulary.load(path)


@contextmanager
def damage_told(path: Path, remedy: str) -> Generator[None]:
    """Raises InputError for what reading a damaged file raises."""
    try:
        yield
    except OSError as error:
        raise InputError(
            f"{path} cannot be read: {error.strerror or error}", remedy=remedy
        ) from error
    except (ValueError, TypeError, LookupError, EOFError) as error:
        raise InputError(f"{path} is damaged", remedy=remedy) from error
