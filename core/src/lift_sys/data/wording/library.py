"""The skeletons of all families, and which of them are kept for evaluation."""

import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import product

from ..curriculum import Curriculum
from ..families.concept import CATEGORIES
from .frames import CASUAL, DIVERSE, KEPT, TRAINING, Frame
from .render import Wording

_ACROSS_CATEGORIES = ("branches", "chains", "everyday_one", "everyday_two", "everyday_labels")


@cache
def training(curriculum: Curriculum = 1) -> Mapping[str, Wording]:
    """By family. Held-out families have none."""
    if curriculum == 1:
        return _read(_files(""), TRAINING)
    if curriculum == 2:
        return _read(_files("", ".second"), (*TRAINING, *CASUAL))
    every = (*_files("", ".second", ".third"), *_ACROSS_CATEGORIES)
    return _read(every, (*TRAINING, *CASUAL, *DIVERSE), varied=True)


@cache
def kept() -> Mapping[str, Wording]:
    """By family; never trained on."""
    return _read(_files(".kept"), KEPT)


def _files(*suffixes: str) -> Sequence[str]:
    return [f"{category}{suffix}" for category, suffix in product(CATEGORIES, suffixes)]


def _read(
    names: Sequence[str], frames: tuple[Frame, ...], *, varied: bool = False
) -> Mapping[str, Wording]:
    found: dict[str, list[str]] = defaultdict(list)
    for name in names:
        file = files("lift_sys.data.wording") / "texts" / f"{name}.toml"
        for several, text in tomllib.loads(file.read_text(encoding="utf-8")).items():
            for family in several.split():
                found[family] += text.strip().splitlines()
    return {family: Wording(tuple(lines), frames, varied) for family, lines in found.items()}
