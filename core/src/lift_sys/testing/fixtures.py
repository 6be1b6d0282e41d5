"""Fixtures for tests of plugins: `pytest_plugins = ["lift_sys.testing.fixtures"]`."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import pytest

from ..pipeline.pipeline import Pipeline
from ..plugins import Component, PluginManager


class MakeManager(Protocol):
    def __call__(self, **components: Sequence[Component]) -> PluginManager: ...


@pytest.fixture
def plugin_manager() -> MakeManager:
    """A manager of just the components given, by kind: nothing installed is looked at."""
    return PluginManager.of


@pytest.fixture
def make_pipeline(tmp_path: Path) -> Callable[..., Pipeline]:
    """A pipeline from a mapping over just the components given; its record is in `tmp_path`."""

    def make(config: Mapping[str, Any], **components: Sequence[Component]) -> Pipeline:
        whole = {"version": 1, "record": str(tmp_path / "store.db"), **config}
        return Pipeline.load(whole, plugins=PluginManager.of(**components))

    return make
