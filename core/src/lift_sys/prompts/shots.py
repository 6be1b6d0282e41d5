"""Few-shot examples: a request, its IR and its code, chosen by what the request is about."""

import hashlib
import json
from collections.abc import Mapping, Sequence, Set
from functools import cache, cached_property
from importlib.resources import files
from itertools import combinations
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import Field, model_validator

from ..errors import ConfigError, Mistake
from ..ir import IR, Frozen, ReadError, read
from ..ir.canonical import plain_data
from .data import read_text, read_toml
from .features import feature_names

_SPARE: Final = 3
"""How many more examples than are shown compete for a place."""
_CHOICES_KEPT: Final = 1000


class Shot(Frozen):
    id: str
    tags: Annotated[frozenset[str], Field(min_length=1)]
    """The features of requests that it helps with."""
    request: str
    thinking: str
    """What a model that reasons would have written first."""
    ir: str
    """As JSON."""
    code: str

    @model_validator(mode="after")
    def _readable(self) -> Self:
        unknown = self.tags - feature_names()
        if unknown:
            raise ValueError(f"the tags {', '.join(sorted(unknown))} are no features")
        try:
            read(self.ir)
        except ReadError as error:
            raise ValueError(f"its IR cannot be read: {error}") from error
        return self

    @cached_property
    def specification(self) -> IR:
        return read(self.ir).ir

    @cached_property
    def places(self) -> Mapping[str, str]:
        """Fills a user template as the request of a task does, and an answer template."""
        specification = ir_text(self.specification)
        return {
            "request": self.request.strip(),
            "thinking": self.thinking.strip(),
            "specification": specification,
            "code": self.code.strip(),
            **dict.fromkeys(("pinned", "examples", "found", "quirks"), ""),
        }


class ShotBase(Frozen):
    shots: Annotated[tuple[Shot, ...], Field(min_length=1)]

    @cached_property
    def digest(self) -> str:
        parts = [
            [shot.id, sorted(shot.tags), shot.request, shot.thinking, shot.ir, shot.code]
            for shot in self.shots
        ]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]

    def choose(self, features: Set[str], count: int, choice: int = 0) -> tuple[Shot, ...]:
        """`count` examples; choice 0 fits best, 1 is as unlike it as still fits, and so on.

        They stand in the base's own order, not by fit: requests for which the same ones are
        chosen then share their prompt up to the request, and vendors bill a shared beginning as
        cached.
        """
        count = min(count, len(self.shots))
        if count == 0:
            return ()
        key = (frozenset(features & self._frequency.keys()), count, choice)
        if key not in self._choices:
            if len(self._choices) >= _CHOICES_KEPT:
                self._choices.clear()
            self._choices[key] = self._chosen(*key)
        return self._choices[key]

    @cached_property
    def _choices(self) -> dict[tuple[frozenset[str], int, int], tuple[Shot, ...]]:
        """Many requests are about the same."""
        return {}

    def _chosen(self, features: frozenset[str], count: int, choice: int) -> tuple[Shot, ...]:
        ranked = sorted(
            range(len(self.shots)), key=lambda place: (-self._weight({place}, features), place)
        )
        pool = ranked[: count + _SPARE]
        sets = sorted(
            (frozenset(chosen) for chosen in combinations(pool, count)),
            key=lambda chosen: (-self._weight(chosen, features), sorted(chosen)),
        )
        best, *others = sets
        # A stable sort: among those equally unlike the best one, the better fit stays in front.
        others.sort(key=lambda chosen: len(chosen & best))
        chosen = [best, *others][choice % len(sets)]
        return tuple(self.shots[place] for place in sorted(chosen))

    def _weight(self, places: Set[int], features: Set[str]) -> float:
        """Rare features tell more; one that several examples show counts little more than once."""
        return sum(
            (1 - 0.25**shown) / self._frequency[feature]
            for feature in features & self._frequency.keys()
            if (shown := sum(feature in self.shots[place].tags for place in places))
        )

    @cached_property
    def _frequency(self) -> Mapping[str, int]:
        tags = [tag for shot in self.shots for tag in shot.tags]
        return {tag: tags.count(tag) for tag in sorted(set(tags))}


class _ShotFile(Frozen):
    shot: tuple[Shot, ...]


def load_shots(path: Path | None = None) -> ShotBase:
    """A person's own file of `[[shot]]`s, or the core's. Raises ConfigError."""
    if path is None:
        return _core()
    return _base(read_toml(_ShotFile, read_text(path), str(path)).shot, str(path))


@cache
def _core() -> ShotBase:
    folder = files("lift_sys.prompts") / "examples"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    texts = [(name, (folder / name).read_text(encoding="utf-8")) for name in names]
    return _base([read_toml(Shot, text, name) for name, text in texts], "examples")


def _base(shots: Sequence[Shot], where: str) -> ShotBase:
    if not shots:
        raise ConfigError([Mistake(where, None, "shot", "there is no example in it")])
    return ShotBase(shots=tuple(shots))


def ir_text(ir: IR) -> str:
    """An IR as prompts show it, in the order of its fields; white space would be paid for."""
    return json.dumps(plain_data(ir), ensure_ascii=False)
