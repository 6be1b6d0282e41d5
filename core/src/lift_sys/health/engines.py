"""What can run a model in this process, found without importing any of it."""

import os
import shutil
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from .findings import Finding

_SECTION = "engines"


class _Engine(NamedTuple):
    module: str
    distribution: str
    purpose: str


_ENGINES = (
    _Engine("torch", "torch", "models in this process, and training"),
    _Engine("transformers", "transformers", "models from the Hugging Face hub in this process"),
    _Engine("xgrammar", "xgrammar", "replies held to a schema while they are drawn"),
    _Engine("onnxruntime", "onnxruntime", "small models in this process without torch"),
    _Engine("vllm", "vllm", "many requests at once on a GPU in this machine"),
)


def find() -> Iterator[Finding]:
    for engine in _ENGINES:
        if _is_there(engine.module):
            yield Finding(
                section=_SECTION,
                name=engine.module,
                state="ok",
                detail=f"{_version(engine.distribution)}, for {engine.purpose}",
            )
        else:
            yield Finding(
                section=_SECTION,
                name=engine.module,
                state="absent",
                detail=f"not installed; for {engine.purpose}",
                remedy=f"`pip install {engine.distribution}`",
            )
    if has_cuda():
        yield Finding(section=_SECTION, name="CUDA", state="ok", detail="an NVIDIA driver is there")
    else:
        yield Finding(
            section=_SECTION,
            name="CUDA",
            state="absent",
            detail="no NVIDIA driver; models in this process run on the CPU",
            remedy="with an NVIDIA card install its driver: `nvidia-smi` then answers",
        )


def has_cuda(devices: Path = Path("/dev"), driver: Path = Path("/proc/driver/nvidia")) -> bool:
    return (
        (driver / "version").exists()
        or any(devices.glob("nvidia[0-9]*"))
        or (os.name == "nt" and shutil.which("nvidia-smi") is not None)
    )


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except (ImportError, ValueError):
        return False


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "installed"
