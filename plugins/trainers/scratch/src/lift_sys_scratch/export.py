"""The model as files that need no torch: numbers of one byte each, words, and a card."""
# Torch's own annotations are partial.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from lift_sys.errors import InputError

from .checkpoint import network_of
from .journal import Journal
from .kept_files import VOCABULARY, read_json, read_vocabulary, write_json
from .network import Network, Shape

WEIGHTS = "weights.npz"
CARD = "card.json"
_ITS_OWN = "bring back a copy of it: the model cannot be used without its own"
_FORMS = {
    "int8": "one byte a number and one scale a row, for the provider `embedded`",
    "float32": "the numbers as they were trained",
}


def forms() -> Mapping[str, str]:
    return _FORMS


def export(checkpoint: Path, form: str, to: Path, about: Mapping[str, Any]) -> Path:
    """`weights.npz`, `vocabulary.json` and `card.json`. Raises InputError."""
    if form not in _FORMS:
        raise InputError(f"there is no form {form!r}", remedy=f"one of {', '.join(_FORMS)}")
    if not checkpoint.exists():
        raise InputError(
            f"there is no trained model in {checkpoint.parent}",
            remedy="train it: `lift train FILE`",
        )
    network, progress = network_of(checkpoint)
    folder = checkpoint.parent
    vocabulary = read_vocabulary(folder, _ITS_OWN)
    lessons = read_json(folder / "lessons.json", _ITS_OWN)
    measured = [line for line in Journal(folder).lines() if "measured" in line]
    to.mkdir(parents=True, exist_ok=True)
    (to / CARD).unlink(missing_ok=True)  # where it stands, the others are whole
    arrays: dict[str, NDArray[Any]] = {}
    for name, value in network.state_dict().items():
        matrix: NDArray[np.float32] = value.numpy()
        if form == "int8" and matrix.ndim == 2 and not name.endswith("near"):
            arrays[name], arrays[f"{name}.scale"] = quantised(matrix)
        else:
            arrays[name] = matrix
    np.savez(to / WEIGHTS, allow_pickle=False, **arrays)
    vocabulary.save(to / VOCABULARY)
    card = {
        "form": form,
        "files": {name: _digest(to / name) for name in (WEIGHTS, VOCABULARY)},
        "shape": network.shape.as_dict(),
        "parameters": network.shape.parameters,
        "trained": {name: progress[name] for name in ("step", "tokens", "seconds")},
        "options": dict(about),
        "lessons": lessons,
        "measured": measured[-1] if measured else None,
    }
    write_json(to / CARD, card)
    return to


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def quantised(matrix: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Whole numbers from -127 to 127, and what one of them is worth in each row."""
    scale = np.abs(matrix).max(axis=1) / 127
    scale = np.where(scale == 0, 1, scale).astype(np.float32)
    return np.round(matrix / scale[:, None]).astype(np.int8), scale


def exported(folder: Path) -> Network:
    """The network as its users get it, to be measured."""
    shape = json.loads((folder / CARD).read_text(encoding="utf-8"))["shape"]
    network = Network(Shape.of(shape))
    with np.load(folder / WEIGHTS, allow_pickle=False) as arrays:
        state = {
            name: torch.from_numpy(
                array * arrays[f"{name}.scale"][:, None] if array.dtype == np.int8 else array
            )
            for name, array in arrays.items()
            if not name.endswith(".scale")
        }
    network.load_state_dict(state)
    return network.eval()
