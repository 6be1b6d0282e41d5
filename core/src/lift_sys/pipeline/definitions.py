"""What a provider is, told so that the same one is known again in another pipeline."""

from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel

from ..interfaces import ProviderRef
from .identity import digest
from .load import ResolvedPipeline
from .shapes import leaves


def provider_identity(resolved: ResolvedPipeline, name: str) -> str:
    """Of its component and its options as they are now, and of the providers it is made of.

    Secrets are no part of it: another key is the same model. Files that its options name are, by
    size and date, as what they hold may decide what it answers.
    """
    definition = resolved.of(resolved.providers[name])
    options = definition.options
    inner = (leaf.root for _, leaf in leaves(options) if isinstance(leaf, ProviderRef))
    return digest(
        resolved.providers[name].use,
        options.model_dump_json(),
        *(provider_identity(resolved, each) for each in inner),
        *(state for path in _paths(options) for state in _state(path)),
    )


def _paths(value: object) -> Iterator[Path]:
    if isinstance(value, Path):
        yield value
    elif isinstance(value, BaseModel):
        for _, each in value:
            yield from _paths(each)


def _state(path: Path) -> Iterator[str]:
    try:
        found = path.stat()
    except OSError:
        return
    if path.is_file():
        yield f"{found.st_size}/{found.st_mtime_ns}"
