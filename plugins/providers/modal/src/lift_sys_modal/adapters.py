"""LoRA adapters that are to be served: looked at here, before anything is paid for."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from lift_sys.lora import lora_in


@dataclass(frozen=True, slots=True)
class Adapter:
    name: str
    folder: Path
    rank: int
    """Of vLLM's kernels."""
    digest: str

    @property
    def place(self) -> str:
        """On the volume; one of its own for every content, so that none is overwritten in use."""
        return f"adapters/{self.name}-{self.digest}"


def adapter_in(name: str, folder: Path, model: str) -> Adapter:
    """Raises InputError for what vLLM would not serve beside this model."""
    found = lora_in(folder, model)
    content = hashlib.sha256(found.config.read_bytes())
    with found.weights.open("rb") as file:
        content.update(hashlib.file_digest(file, "sha256").digest())
    return Adapter(name, folder, found.kernel_rank, content.hexdigest()[:16])
