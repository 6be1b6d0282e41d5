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


@cache
def training(curriculum: Curriculum = 1) -> Mapping[str, Wording]:
    """By family. Held-out families have none."""
    if curriculum == 1:
        return _read(("",), TRAINING)
    if curriculum == 2:
        return _read(("", ".second"), (*TRAINING, *CASUAL))
    return _read(("", ".second", ".third"), (*TRAINING, *CASUAL, *DIVERSE), synonyms=True)


@cache
def kept() -> Mapping[str, Wording]:
    """By family; never trained on."""
    return _read((".kept",), KEPT)


def _read(
    suffixes: Sequence[str], frames: tuple[Frame, ...], *, synonyms: bool = False
) -> Mapping[str, Wording]:
    found: dict[str, list[str]] = defaultdict(list)
    for category, suffix in product(CATEGORIES, suffixes):
        file = files("lift_sys.data.wording") / "texts" / f"{category}{suffix}.toml"
        for family, text in tomllib.loads(file.read_text(encoding="utf-8")).items():
            found[family] += text.strip().splitlines()
    return {family: Wording(tuple(lines), frames, synonyms) for family, lines in found.items()}
