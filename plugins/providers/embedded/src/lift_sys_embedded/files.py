"""A model's folder: weights, vocabulary, and a card that says what they are."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

import numpy as np

from lift_sys.data.dialect import Vocabulary
from lift_sys.errors import UnusableModel
from lift_sys.ir import Frozen

from .network import Floats, Network

CARD: Final = "card.json"
WEIGHTS: Final = "weights.npz"
VOCABULARY: Final = "vocabulary.json"
MODELS: Final = Path(__file__).with_name("models")
_AGAIN: Final = "install lift-sys-embedded again, or export the model again"


class Domain(Frozen):
    """Tells requests of the kinds that were taught from others; measured, in the card."""

    bias: float
    unknown: float
    """What the share of unknown words adds to the doubt."""
    logprob: float
    """What the mean log-probability takes from it."""


@dataclass(frozen=True, slots=True)
class Model:
    name: str
    """With the beginning of its weights' digest: other weights are another model."""
    network: Network
    vocabulary: Vocabulary
    domain: Domain | None
    """None: nobody measured where its knowledge ends."""


def load(folder: Path) -> Model:
    """Raises UnusableModel. Read once; nobody changes what is read."""
    return _load(folder.resolve())


def name_of(folder: Path) -> str:
    """Without reading the weights. Raises UnusableModel."""
    digest = str(_card(folder)["files"][WEIGHTS])
    return f"embedded-{folder.name}-{digest[:8]}"


@lru_cache(maxsize=4)
def _load(folder: Path) -> Model:
    card = _card(folder)
    contents = {name: _content(folder / name, card["files"][name]) for name in card["files"]}
    try:
        data: Mapping[str, Any] = json.loads(contents[VOCABULARY])
        domain: Mapping[str, Any] | None = card.get("domain")
        return Model(
            name=name_of(folder),
            network=Network(card["shape"], _weights(contents[WEIGHTS])),
            vocabulary=Vocabulary.of(data),
            domain=None if domain is None else Domain.model_validate(domain["limits"]),
        )
    except (BadZipFile, EOFError, KeyError, TypeError, ValueError) as error:
        raise UnusableModel(f"the model in {folder} cannot be read ({error})", remedy=_AGAIN) from (
            error
        )


def _card(folder: Path) -> Mapping[str, Any]:
    try:
        card: Mapping[str, Any] = json.loads((folder / CARD).read_text(encoding="utf-8"))
        found = {WEIGHTS, VOCABULARY} <= set(card["files"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnusableModel(
            f"there is no model in {folder} ({_reason(error)})", remedy=_AGAIN
        ) from error
    if not found:
        raise UnusableModel(f"the card in {folder} is no model's", remedy=_AGAIN)
    return card


def _content(path: Path, digest: str) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnusableModel(f"{path} cannot be read ({_reason(error)})", remedy=_AGAIN) from error
    if hashlib.sha256(content).hexdigest() != digest:
        raise UnusableModel(f"{path} is not the file that its card describes", remedy=_AGAIN)
    return content


def _reason(error: Exception) -> str:
    return (isinstance(error, OSError) and error.strerror) or str(error)


def _weights(content: bytes) -> Mapping[str, Floats]:
    """Numbers of one byte are multiplied out: as they are, no product of numpy's takes them."""
    with np.load(BytesIO(content), allow_pickle=False) as arrays:
        found = dict(arrays.items())
    return {
        name: array * found[f"{name}.scale"][:, None] if array.dtype == np.int8 else array
        for name, array in found.items()
        if not name.endswith(".scale")
    }
