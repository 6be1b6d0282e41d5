"""What docs/versioning.md promises to plugins of other versions, row by row."""

import sys
from pathlib import Path

import pytest

from lift_sys.errors import BrokenPlugin, IncompatiblePlugin
from lift_sys.plugins import Catalogue, PluginManager

CORE = "0.4.2"
CLASS = """
from lift_sys.plugins import Component, hookimpl

class Old:
    def __init__(self, options, parts): ...
    async def run(self, problem, ctx, want=1): ...
"""


def registering(hook: str, offer: str) -> str:
    return f"{CLASS}\n@hookimpl\ndef {hook}:\n    {offer}\n"


OFFER = "return [Component('old', 'old_plugin:Old', 'The three fields that the first core had')]"
HOOK = "lift_sys_strategies()"
OLD_SHAPE = registering(HOOK, OFFER)


class Site:
    """A folder on the path, into which plugins are put as an installer would."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def plant(self, requires: str, source: str = OLD_SHAPE, group: str = "strategies") -> None:
        info = self.folder / "old_plugin-1.0.dist-info"
        info.mkdir(parents=True)
        needs = f"Requires-Dist: {requires}\n" if requires else ""
        text = f"Metadata-Version: 2.1\nName: old-plugin\nVersion: 1.0\n{needs}\n"
        (info / "METADATA").write_text(text, encoding="utf-8")
        groups = {"strategies", group}
        lines = [f"[lift_sys.{each}]\nold = old_plugin\n" for each in sorted(groups)]
        (info / "entry_points.txt").write_text("\n".join(lines), encoding="utf-8")
        (self.folder / "old_plugin.py").write_text(source, encoding="utf-8")

    def manager(self) -> PluginManager:
        found = Catalogue.scan([str(self.folder)])
        return PluginManager(Catalogue(found.entries, core_version=CORE, problems=found.problems))


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.syspath_prepend(str(tmp_path))
    yield Site(tmp_path)
    sys.modules.pop("old_plugin", None)


@pytest.mark.parametrize("requires", ["lift-sys>=0.4,<0.5", "lift-sys>=0.1", "lift-sys ~= 0.4.0"])
def test_one_that_this_core_is_in_the_range_of_loads(site: Site, requires: str):
    site.plant(requires)
    manager = site.manager()
    component = manager.component("strategies", "old")
    built = manager.build(component, component.options(), None)
    assert type(built).__name__ == "Old"


@pytest.mark.parametrize(
    ("requires", "said"),
    [
        ("lift-sys>=0.1,<0.2", "needs lift-sys <0.2,>=0.1, and this is 0.4.2"),
        ("lift-sys>=0.5,<0.6", "needs lift-sys <0.6,>=0.5, and this is 0.4.2"),
        ("lift-sys>=1", "needs lift-sys >=1, and this is 0.4.2"),
        ("", "does not say which lift-sys it needs"),
    ],
)
def test_one_for_another_core_is_refused_before_it_is_imported(
    site: Site, requires: str, said: str
):
    site.plant(requires, source="raise SystemExit('imported')")
    with pytest.raises(IncompatiblePlugin) as refusal:
        site.manager().component("strategies", "old")
    assert said in refusal.value.cause
    assert refusal.value.remedy
    assert "old_plugin" not in sys.modules


def test_a_kind_of_another_core_is_skipped_and_told(site: Site):
    site.plant("lift-sys>=0.4", group="oracles")
    manager = site.manager()
    assert manager.component("strategies", "old").name == "old"
    (problem,) = manager.catalogue.problems
    assert "old-plugin offers 'oracles', which is no kind" in problem


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (registering("lift_sys_strategy()", OFFER), "which does not exist"),
        (registering("lift_sys_strategies(config)", OFFER), "a hook that cannot be called"),
        (registering(HOOK, "return {'old': Old}"), "returns a dict"),
        (registering(HOOK, "yield Component('old', 'old_plugin:Old', '')"), "returns a generator"),
        (registering(HOOK, "return [('old', Old)]"), "not a Component"),
        (
            registering(HOOK, "return [Component('old', Old, summary='', kind='strategies')]"),
            "kind",
        ),
        (CLASS + "def register(registry):\n    registry.add(Old)\n", "does not implement the hook"),
    ],
)
def test_an_old_way_to_register_is_refused_with_a_reason(site: Site, source: str, said: str):
    site.plant("lift-sys>=0.4", source=source)
    with pytest.raises(BrokenPlugin) as refusal:
        site.manager().component("strategies", "old")
    assert said in refusal.value.cause
    assert refusal.value.remedy


def test_a_refused_one_is_no_trouble_to_those_that_do_not_name_it(site: Site):
    site.plant("lift-sys>=9", source="raise SystemExit('imported')")
    manager = PluginManager(Catalogue(Catalogue.installed().entries, core_version=CORE))
    assert "old" in manager.names("strategies")
    assert manager.component("sandboxes", "subprocess").name == "subprocess"
