"""Fixtures for tests of plugins: `pytest_plugins = ["lift_sys.testing.fixtures"]`."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import pytest

from ..errors import UnknownComponent
from ..interfaces import Provider
from ..pipeline.pipeline import Pipeline
from ..plugins import Component, PluginManager
from .conformance.base import TestParts


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


@pytest.fixture
def embedded_model() -> Provider:
    """A real model that draws at random from a seed, without a key or a network: the small one of
    lift-sys-embedded. Where that is not installed, the test is skipped."""
    return small_embedded_model(PluginManager.installed())


def small_embedded_model(manager: PluginManager) -> Provider:
    try:
        component = manager.component("providers", "embedded")
    except UnknownComponent:
        pytest.skip("lift-sys-embedded is not installed: `pip install lift-sys-embedded`")
    options = component.options.model_validate({"model": "small"})
    return manager.build(component, options, TestParts(manager))
