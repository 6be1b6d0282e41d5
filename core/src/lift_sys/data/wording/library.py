"""The skeletons of all families, and which of them are kept for evaluation."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from ..families.concept import CATEGORIES
from .render import Wording


@cache
def training() -> Mapping[str, Wording]:
    """By family. Held-out families have none."""
    return _read("", kept=False)


@cache
def kept() -> Mapping[str, Wording]:
    """By family; never trained on."""
    return _read(".kept", kept=True)


def _read(suffix: str, *, kept: bool) -> Mapping[str, Wording]:
    found: dict[str, Wording] = {}
    for category in CATEGORIES:
        file = files("lift_sys.data.wording") / "texts" / f"{category}{suffix}.toml"
        for family, text in tomllib.loads(file.read_text(encoding="utf-8")).items():
            found[family] = Wording(tuple(text.strip().splitlines()), kept)
    return found
