"""A model of random numbers, for what does not depend on having learnt."""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
from lift_sys_embedded.files import CARD, MODELS, VOCABULARY, WEIGHTS

from lift_sys.data.dialect import Vocabulary


def write_model(folder: Path, *, domain: dict[str, float] | None = None, spread: float = 0.5):
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(MODELS / "small" / VOCABULARY, folder)
    vocabulary = len(Vocabulary.load(folder / VOCABULARY))
    shape: dict[str, Any] = {
        "vocabulary": vocabulary,
        "width": 32,
        "layers": 2,
        "heads": 2,
        "hidden": 48,
    }
    shape |= {"context": 512, "theta": 10000.0}
    np.savez(folder / WEIGHTS, allow_pickle=False, **_weights(shape, spread))
    card: dict[str, Any] = {"shape": shape, "files": digests(folder)}
    if domain is not None:
        card["domain"] = {"limits": domain}
    (folder / CARD).write_text(json.dumps(card), encoding="utf-8")
    return folder


def digests(folder: Path) -> dict[str, str]:
    return {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
        for name in (WEIGHTS, VOCABULARY)
    }


def _weights(shape: dict[str, Any], spread: float) -> dict[str, Any]:
    dice = np.random.default_rng(7)

    def matrix(*size: int):
        return (spread * dice.standard_normal(size)).astype(np.float32)

    width, hidden = shape["width"], shape["hidden"]
    weights = {"embedding.weight": matrix(shape["vocabulary"], width)}
    for number in range(shape["layers"]):
        name = f"layers.{number}."
        weights |= {
            f"{name}before.weight": np.ones(width, np.float32),
            f"{name}near": matrix(3, width),
            f"{name}qkv.weight": matrix(3 * width, width),
            f"{name}out.weight": matrix(width, width),
            f"{name}between.weight": np.ones(width, np.float32),
            f"{name}up.weight": matrix(2 * hidden, width),
            f"{name}down.weight": matrix(width, hidden),
        }
    return {**weights, "last.weight": np.ones(width, np.float32)}
