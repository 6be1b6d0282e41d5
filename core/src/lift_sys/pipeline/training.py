"""Training files: what is trained, how, and in which folder. Read and checked as pipelines are."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ..errors import ConfigError
from ..interfaces import ConfigPath, Trainer, TrainerRef
from ..ir import Frozen
from ..plugins import PluginManager
from .alone import NoParts
from .config import RecordPlace
from .extends import read
from .overrides import override
from .resolve import Registry, Resolved, Resolver


class TrainingFile(Frozen):
    """A training file, version 1."""

    version: Literal[1]
    """Of the form of this file."""
    trainer: TrainerRef
    """Who trains, with its options."""
    folder: ConfigPath
    """Where checkpoints, logs and the model are kept."""
    record: RecordPlace | None = None
    """A store in which its curves are kept too: a file, or a `postgresql://` URL."""


@dataclass(frozen=True, slots=True)
class Training:
    """A training file without a mistake in it."""

    folder: Path
    record: str | None
    use: str
    _resolved: Resolved

    def trainer(self, manager: PluginManager) -> Trainer:
        """Made now: what it trains with is imported."""
        parts = NoParts("trainer", self.use, "use a trainer that needs none")
        return manager.build(self._resolved.component, self._resolved.options, parts)


def load_training(
    path: Path,
    registry: Registry,
    *,
    overrides: Sequence[str] = (),
    environ: Mapping[str, str] | None = None,
) -> Training:
    """Raises ConfigError with all mistakes in the file."""
    tree = override(read(path).tree, overrides, Path.cwd())
    environ = os.environ if environ is None else environ
    resolver = Resolver(registry, environ, tables={"provider": (), "route": ()})
    file = resolver.model(TrainingFile, tree, ())
    if resolver.mistakes or file is None:
        raise ConfigError(resolver.mistakes)
    resolved = resolver.resolutions.of(file.trainer)
    return Training(file.folder, file.record, file.trainer.use, resolved)
