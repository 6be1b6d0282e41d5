"""Reads templates and fills them in."""

import hashlib
import string
import tomllib
from collections.abc import Mapping
from functools import cached_property
from importlib.resources import files
from pathlib import Path

from pydantic import Field, ValidationError

from ..ir import Frozen


class PromptError(ValueError):
    """A template that cannot be read, or a place in it that nothing fills."""


class Variant(Frozen):
    """The texts of one way to ask."""

    system: str
    user: str
    feedback: str
    """Added as a further user message when an earlier result was not good enough."""


class Prompt(Frozen):
    """One stage's templates for one dialect. `$name` marks a place to fill."""

    id: str
    version: int = Field(ge=1)
    dialect: str
    variants: dict[str, Variant] = Field(min_length=1)
    """By name, the ordinary one first."""

    @cached_property
    def digest(self) -> str:
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]

    def fill(self, variant: str, part: str, places: Mapping[str, str]) -> str:
        text: str = getattr(self.variants[variant], part)
        try:
            return string.Template(text).substitute(places).strip()
        except (KeyError, ValueError) as error:
            raise PromptError(
                f"prompt {self.id} ({self.dialect}), {variant}.{part}: no such place: {error}"
            ) from error


class PromptLibrary:
    """The templates of the core, some of them replaced by a person's own files."""

    def __init__(self, overrides: Mapping[str, Path] | None = None) -> None:
        self._overrides = dict(overrides or {})
        self._read: dict[tuple[str, str], Prompt] = {}

    def get(self, stage: str, dialect: str) -> Prompt:
        """For a dialect without templates of its own, the ones for chat models."""
        key = (stage, dialect)
        if key not in self._read:
            self._read[key] = self._load(stage, dialect)
        return self._read[key]

    def _load(self, stage: str, dialect: str) -> Prompt:
        if stage in self._overrides:
            path = self._overrides[stage]
            return parse(path.read_text(encoding="utf-8"), str(path))
        folder = files("lift_sys.prompts") / "templates"
        for name in (f"{stage}.{dialect}.toml", f"{stage}.chat.toml"):
            if (folder / name).is_file():
                return parse((folder / name).read_text(encoding="utf-8"), name)
        raise PromptError(f"no prompt for stage {stage!r}")


def parse(text: str, where: str) -> Prompt:
    try:
        return Prompt.model_validate(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise PromptError(f"{where} is no prompt template: {error}") from error
