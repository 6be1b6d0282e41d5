"""LoRA adapters that vLLM is to serve: looked at before anything is started or paid for."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from .errors import InputError

_CONFIG = "adapter_config.json"
_WEIGHTS = ("adapter_model.safetensors", "adapter_model.bin")
_RANKS = (8, 16, 32, 64, 128, 256, 320, 512)
"""Those that vLLM has kernels for."""


@dataclass(frozen=True, slots=True)
class LoraFolder:
    config: Path
    weights: Path
    rank: int

    @property
    def kernel_rank(self) -> int:
        """The least that vLLM has kernels for."""
        return next(rank for rank in _RANKS if rank >= self.rank)


def lora_in(folder: Path, model: str) -> LoraFolder:
    """Raises InputError for what vLLM would not serve beside this model."""
    config = _config(folder)
    weights = next((folder / file for file in _WEIGHTS if (folder / file).is_file()), None)
    if weights is None:
        raise InputError(
            f"{folder} has no {_WEIGHTS[0]}", remedy="give a folder that PEFT wrote, not a part"
        )
    rank, base = config.get("r"), config.get("base_model_name_or_path")
    if config.get("peft_type") != "LORA" or not isinstance(rank, int) or rank < 1:
        raise InputError(f"{folder} holds no LoRA adapter", remedy="vLLM serves no other kind")
    if rank > _RANKS[-1]:
        raise InputError(
            f"the adapter in {folder} has rank {rank}, and vLLM serves {_RANKS[-1]} at most",
            remedy="merge it into its base, or train a smaller one",
        )
    if base and base != model:
        raise InputError(
            f"the adapter in {folder} is one of {base}, and {model} is served",
            remedy="serve its base model, or mend base_model_name_or_path in its "
            f"{_CONFIG} where that is the same",
        )
    return LoraFolder(folder / _CONFIG, weights, rank)


def _config(folder: Path) -> Mapping[str, Any]:
    try:
        config = json.loads((folder / _CONFIG).read_text(encoding="utf-8"))
    except OSError:
        raise InputError(
            f"{folder} has no {_CONFIG}",
            remedy="give a folder that PEFT, or `lift train export`, wrote",
        ) from None
    except ValueError:
        raise InputError(f"{folder / _CONFIG} is not JSON", remedy="export it anew") from None
    return cast("Mapping[str, Any]", config) if isinstance(config, dict) else {}


__all__ = ["LoraFolder", "lora_in"]
