"""Quirks of Python that a prompt speaks of only where they apply."""

import hashlib
from collections.abc import Set
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from ..ir import Frozen
from .data import read_text, read_toml
from .features import feature_names, feature_text

ALL_STAGES: Final = ("specify", "implement")


class Quirk(Frozen):
    id: str
    when: Annotated[tuple[frozenset[str], ...], Field(min_length=1)]
    """Groups of features: it applies where all of one group hold."""
    unless: frozenset[str] = frozenset()
    stages: tuple[Literal["specify", "implement"], ...] = ALL_STAGES
    text: str

    @model_validator(mode="after")
    def _known_features(self) -> Self:
        unknown = frozenset[str]().union(*self.when, self.unless) - feature_names()
        if unknown:
            raise ValueError(f"the quirk {self.id} names no features: {', '.join(sorted(unknown))}")
        return self

    def applies(self, features: Set[str]) -> bool:
        return any(group <= features for group in self.when) and not self.unless & features


class QuirkBase(Frozen):
    quirk: tuple[Quirk, ...]
    """The most important first."""

    @cached_property
    def digest(self) -> str:
        text = "".join(quirk.text + quirk.id for quirk in self.quirk) + repr(self._rules())
        return hashlib.sha256((text + feature_text()).encode()).hexdigest()[:16]

    def applying(self, features: Set[str], stage: str, limit: int) -> tuple[Quirk, ...]:
        fitting = [
            quirk for quirk in self.quirk if stage in quirk.stages and quirk.applies(features)
        ]
        return tuple(fitting[:limit])

    def _rules(self) -> list[object]:
        return [
            ([sorted(group) for group in quirk.when], sorted(quirk.unless), quirk.stages)
            for quirk in self.quirk
        ]


def load_quirks(path: Path | None = None) -> QuirkBase:
    """A person's own file, or the core's. Raises ConfigError."""
    return _core() if path is None else read_toml(QuirkBase, read_text(path), str(path))


@cache
def _core() -> QuirkBase:
    text = (files("lift_sys.prompts") / "quirks.toml").read_text(encoding="utf-8")
    return read_toml(QuirkBase, text, "quirks.toml")
