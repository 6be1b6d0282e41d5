"""Reads templates and fills them in."""

import hashlib
import string
from collections.abc import Mapping
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import Field, model_validator

from ..errors import ConfigError, Mistake
from ..ir import Frozen
from .data import read_text, read_toml
from .quirks import load_quirks
from .shots import load_shots

_STAGES: Final = ("specify", "implement")
_NAMES: Final = (*_STAGES, "quirks", "examples")
PLACES: Final[Mapping[str, frozenset[str]]] = {
    "specify": frozenset({"request", "pinned", "examples", "found", "quirks", "asked"}),
    "implement": frozenset({"request", "specification", "examples", "found", "quirks", "asked"}),
}
"""What a stage's template may ask for; `asked` is all of it as JSON, for programs."""
_ANSWER_PLACES: Final = frozenset({"thinking", "specification", "code"})


class Variant(Frozen):
    """The texts of one way to ask."""

    system: str
    """The same for every task, so that vendors bill it as cached."""
    user: str
    feedback: str
    """Added as a further user message when an earlier result was not good enough."""
    answer: str = ""
    """How an example's answer is shown; with `shots` above 0 only."""
    apart: str | None = None
    """The variant that asks for the same reasoning in a call of its own."""
    thought: str = ""
    """How an example's reasoning is shown there."""
    then: str = ""
    """What asks for the answer after it."""


class Prompt(Frozen):
    """One stage's templates for one dialect. `$name` marks a place to fill."""

    id: str
    version: int = Field(ge=1)
    dialect: str
    shots: Annotated[int, Field(ge=0, le=8)] = 0
    """How many examples are shown; a model for which they are too long a read gets none."""
    quirks: Annotated[int, Field(ge=0)] = 0
    """The most quirks told."""
    parts: dict[str, str] = {}
    """Texts that the system messages of several variants share."""
    sections: dict[str, str] = {}
    """Around what fills a place, `$items`; where nothing fills it, the section is left out."""
    variants: dict[str, Variant] = Field(min_length=1)
    """By name, the ordinary one first."""

    @model_validator(mode="after")
    def _fillable(self) -> Self:
        known = PLACES.get(self.id)
        for name, text in self.sections.items():
            _check(f"sections.{name}", text, frozenset({"items"}))
        for name, variant in self.variants.items():
            where = f"variants.{name}"
            _check(f"{where}.system", variant.system, frozenset(self.parts))
            if known is not None:
                _check(f"{where}.user", variant.user, known)
                _check(f"{where}.feedback", variant.feedback, known | {"failures", "categories"})
            _check(f"{where}.answer", variant.answer, _ANSWER_PLACES)
            _check(f"{where}.thought", variant.thought, _ANSWER_PLACES)
            _check(f"{where}.then", variant.then, frozenset())
            if self.shots and not variant.answer.strip():
                raise ValueError(f"{where}.answer is missing: examples are shown with it")
            if self.shots and variant.then and not variant.thought.strip():
                raise ValueError(f"{where}.thought is missing: examples are shown with it")
            if variant.apart is not None and not self._asks_twice(variant.apart):
                raise ValueError(f"{where}.apart names no variant that has a `then`")
        return self

    def _asks_twice(self, name: str) -> bool:
        return name in self.variants and bool(self.variants[name].then.strip())

    @cached_property
    def digest(self) -> str:
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]

    def fill(self, variant: str, part: str, places: Mapping[str, str]) -> str:
        text: str = getattr(self.variants[variant], part)
        filled = {name: self._section(name, items) for name, items in places.items()}
        parts = {name: shared.strip() for name, shared in self.parts.items()}
        return string.Template(text).substitute(parts | filled).strip()

    def _section(self, name: str, items: str) -> str:
        if name not in self.sections or not items:
            return items
        return string.Template(self.sections[name]).substitute(items=items)


class PromptLibrary:
    """What prompts are made from: the core's data, some replaced by a person's own files.

    `overrides` are read at once, so that a mistake in one is told before anything is paid for.
    """

    def __init__(self, overrides: Mapping[str, Path] | None = None) -> None:
        """Raises ConfigError with the mistakes of every override."""
        self._own: dict[str, Prompt] = {}
        self._read: dict[tuple[str, str], Prompt] = {}
        self.quirks, self.shots = load_quirks(), load_shots()
        mistakes: list[Mistake] = []
        for name, path in (overrides or {}).items():
            try:
                self._override(name, path)
            except ConfigError as error:
                mistakes += error.mistakes
        if mistakes:
            raise ConfigError(mistakes)

    def _override(self, name: str, path: Path) -> None:
        if name in _STAGES:
            self._own[name] = _template(name, read_text(path), str(path))
        elif name == "quirks":
            self.quirks = load_quirks(path)
        elif name == "examples":
            self.shots = load_shots(path)
        else:
            cause, remedy = f"there are no prompts for {name!r}", f"these are: {', '.join(_NAMES)}"
            raise ConfigError([Mistake(str(path), None, "", cause, remedy)])

    def get(self, stage: str, dialect: str) -> Prompt:
        """For a dialect without templates of its own, the ones for chat models."""
        if stage in self._own:
            return self._own[stage]
        key = (stage, dialect)
        if key not in self._read:
            self._read[key] = _core_template(stage, dialect)
        return self._read[key]

    def digest(self, stage: str, dialect: str) -> str:
        """Of all that a prompt of the stage may be made from: any other word is another digest."""
        parts = (self.get(stage, dialect).digest, self.quirks.digest, self.shots.digest)
        return hashlib.sha256("".join(parts).encode()).hexdigest()[:16]


def _core_template(stage: str, dialect: str) -> Prompt:
    folder = files("lift_sys.prompts") / "templates"
    for name in (f"{stage}.{dialect}.toml", f"{stage}.chat.toml"):
        if (folder / name).is_file():
            return _template(stage, (folder / name).read_text(encoding="utf-8"), name)
    raise ValueError(f"no prompt for stage {stage!r}")


def _template(stage: str, text: str, where: str) -> Prompt:
    prompt = read_toml(Prompt, text, where)
    if prompt.id != stage:
        cause = f"this is a prompt for {prompt.id!r}, it is used for {stage!r}"
        raise ConfigError([Mistake(where, None, "id", cause)])
    return prompt


def _check(where: str, text: str, known: frozenset[str]) -> None:
    template = string.Template(text)
    if not template.is_valid():
        raise ValueError(f"{where}: a $ that marks no place; write $$ for a dollar sign")
    unknown = sorted(set(template.get_identifiers()) - known)
    if unknown:
        places = ", ".join(f"${name}" for name in sorted(known)) or "none"
        raise ValueError(f"{where}: ${unknown[0]} is no place here; there are: {places}")
