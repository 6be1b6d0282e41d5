"""LoRA adapters that are to be served: looked at here, before anything is paid for."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from lift_sys.errors import InputError

_CONFIG = "adapter_config.json"
_WEIGHTS = ("adapter_model.safetensors", "adapter_model.bin")
RANKS = (8, 16, 32, 64, 128, 256, 320, 512)
"""Those that vLLM has kernels for."""


@dataclass(frozen=True, slots=True)
class Adapter:
    name: str
    folder: Path
    rank: int
    digest: str

    @property
    def place(self) -> str:
        """On the volume; one of its own for every content, so that none is overwritten in use."""
        return f"adapters/{self.name}-{self.digest}"


def adapter_in(name: str, folder: Path, model: str) -> Adapter:
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
    if rank > RANKS[-1]:
        raise InputError(
            f"the adapter in {folder} has rank {rank}, and vLLM serves {RANKS[-1]} at most",
            remedy="merge it into its base, or train a smaller one",
        )
    if base and base != model:
        raise InputError(
            f"the adapter in {folder} is one of {base}, and {model} is deployed",
            remedy="deploy its base model, or mend base_model_name_or_path in its "
            f"{_CONFIG} where that is the same",
        )
    content = hashlib.sha256((folder / _CONFIG).read_bytes())
    with weights.open("rb") as file:
        content.update(hashlib.file_digest(file, "sha256").digest())
    return Adapter(name, folder, rank, content.hexdigest()[:16])


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
