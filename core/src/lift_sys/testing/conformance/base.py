"""What holds for components of every kind."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Coroutine, Mapping
from typing import Any, ClassVar, Self, TypeVar

from pydantic import ValidationError

from ...interfaces import (
    Capabilities,
    Check,
    CheckRef,
    Price,
    Provider,
    ProviderHandle,
    ProviderRef,
    Scorer,
    ScorerRef,
    Strategy,
    StrategyRef,
)
from ...pipeline.strategies import PlainDraws
from ...plugins import KINDS, Component, PluginManager
from ..runs import MODEL
from ..samples import scripted_model

T = TypeVar("T")

PLUGIN_MAY_IMPORT = frozenset(
    {
        "annotated_types",
        "click",
        "lift_sys",
        "pluggy",
        "pydantic",
        "pydantic_core",
        "typing_extensions",
        "typing_inspection",
    }
)
"""Beside the standard library and its own package: what a `plugin.py` may load. It is imported to
check a config and to list options, where a model SDK would cost a second for nothing."""

FREE = Capabilities(model="test", n=64, seed=True, price=Price(input=0, output=0))

_PROBE = """
import importlib, json, sys
before = set(sys.modules)
importlib.import_module(sys.argv[1])
loaded = {name.partition(".")[0] for name in set(sys.modules) - before}
print(json.dumps(sorted(name for name in loaded if not name.startswith("_sysconfigdata"))))
"""


def run(work: Coroutine[Any, Any, T], seconds: float = 30.0) -> T:
    """Runs it to its end; what hangs fails."""

    async def bounded() -> T:
        async with asyncio.timeout(seconds):
            return await work

    return asyncio.run(bounded())


class TestParts:
    """Parts for a component that is built outside a pipeline."""

    __test__ = False

    def __init__(self, manager: PluginManager) -> None:
        self._manager = manager

    @classmethod
    def installed(cls) -> Self:
        return cls(PluginManager.installed())

    def strategy(self, ref: StrategyRef | None) -> Strategy:
        return PlainDraws() if ref is None else self._build(ref)

    def scorer(self, ref: ScorerRef) -> Scorer:
        return self._build(ref)

    def check(self, ref: CheckRef) -> Check:
        return self._build(ref)

    def provider(self, ref: ProviderRef) -> ProviderHandle:
        return MODEL

    def wrapped(self, ref: ProviderRef) -> Provider:
        return scripted_model()

    def _build(self, ref: StrategyRef | ScorerRef | CheckRef) -> Any:
        component = self._manager.component(ref.kind, ref.use)
        options = component.options.model_validate(ref.options)
        return self._manager.build(component, options, self)


class NamedParts(TestParts):
    """Where providers other than `MODEL` are asked, each by its own name."""

    def provider(self, ref: ProviderRef) -> ProviderHandle:
        return ProviderHandle(ref.root)


class ComponentConformance:
    """Subclass the suite of your kind and name your component; that is all.

    `options` are those a config would give it; override `make` only for what a config cannot say.
    """

    kind: ClassVar[str]
    component: ClassVar[str]
    options: ClassVar[Mapping[str, Any]] = {}

    def described(self) -> Component:
        return PluginManager.installed().component(self.kind, self.component)

    def make(self) -> Any:
        manager = PluginManager.installed()
        component = manager.component(self.kind, self.component)
        options = component.options.model_validate(dict(self.options))
        return manager.build(component, options, TestParts(manager))

    def test_it_is_found_by_the_name_of_its_entry_point(self) -> None:
        component = self.described()
        assert component.name == self.component.rpartition(":")[2]
        assert component.summary.strip(), "a summary is what `lift plugins` shows"
        assert "\n" not in component.summary, "a summary is one line"

    def test_its_plugin_module_imports_nothing_heavy(self) -> None:
        manager = PluginManager.installed()
        module = manager.entry(self.kind, self.component).value.partition(":")[0]
        probe = subprocess.run(
            [sys.executable, "-c", _PROBE, module], capture_output=True, text=True, check=False
        )
        assert probe.returncode == 0, f"{module} cannot be imported alone: {probe.stderr}"
        loaded = set(json.loads(probe.stdout.splitlines()[-1]))
        heavy = loaded - PLUGIN_MAY_IMPORT - set(sys.stdlib_module_names) - {module.split(".")[0]}
        assert not heavy, f"{module} imports {sorted(heavy)}; import them in the factory's module"

    def test_its_options_are_closed_documented_and_have_a_schema(self) -> None:
        model = self.described().options
        assert model.model_config.get("extra") == "forbid", "an unknown option must be an error"
        assert model.model_config.get("frozen"), "options are values: freeze them"
        undocumented = [name for name, f in model.model_fields.items() if not f.description]
        assert not undocumented, f"say in a docstring what these options mean: {undocumented}"
        model.model_json_schema()
        model.model_validate(dict(self.options))
        try:
            model.model_validate({**self.options, "no_such_option": 1})
        except ValidationError:
            return
        raise AssertionError("the options model takes an option it does not know")

    def test_what_it_makes_has_the_interface_of_its_kind(self) -> None:
        made = self.make()
        for member in members_of(self.kind):
            assert hasattr(made, member), f"a {KINDS[self.kind].singular} needs `{member}`"


def members_of(kind: str) -> tuple[str, ...]:
    """The methods that its interface asks for."""
    return _MEMBERS[kind]


_MEMBERS: Mapping[str, tuple[str, ...]] = {
    "providers": ("capabilities", "complete", "health", "aclose"),
    "strategies": ("run",),
    "scorers": ("score",),
    "routers": ("next",),
    "data_sources": ("suite", "tasks", "hidden"),
    "observers": ("on_event", "close"),
    "commands": ("main", "invoke"),
    "engines": ("run", "aclose"),
    "trainers": ("estimate", "train"),
    "stages": (),
    "sandboxes": ("guards", "run", "aclose"),
    "checks": ("examine",),
}
