"""A plugin is imported when it is named, and whatever it does then becomes one clear error."""

import signal
import sys
import threading

import pytest
from planting import FACTORY, PLUGIN, plant

from lift_sys.errors import (
    AmbiguousComponent,
    BrokenPlugin,
    DeniedPlugin,
    IncompatiblePlugin,
    InputError,
    ProviderUnavailable,
    UnknownComponent,
)
from lift_sys.plugins import Catalogue, Component, Options, PluginManager, Policy
from lift_sys.plugins.status import StatusBook

HEAD = "from lift_sys.plugins import Component, hookimpl\n"


@pytest.fixture
def book(tmp_path):
    return StatusBook(tmp_path / "status.json")


def manager_of(site, book=None, policy=None, core="0.1.0"):
    found = Catalogue.scan([str(site)])
    catalogue = Catalogue(found.entries, core_version=core, problems=found.problems)
    return PluginManager(catalogue, policy=policy, book=book)


def load(site, name="planted", kind="strategies"):
    return manager_of(site).component(kind, name)


class TestLoading:
    def test_only_what_is_named_is_imported(self, site):
        a = plant(site, "dist-a", name="a")
        b = plant(site, "dist-b", name="b")
        manager = manager_of(site)
        assert list(manager.names("strategies")) == ["a", "b"]
        assert a not in sys.modules
        component = manager.component("strategies", "a")
        assert (component.name, component.summary) == ("a", "A a")
        assert a in sys.modules
        assert b not in sys.modules
        assert f"{a}_impl" not in sys.modules
        assert hasattr(manager.build(component, Options(), None), "run")
        assert manager.component("strategies", "a") is component

    def test_one_module_may_offer_several_kinds(self, site):
        plugin = HEAD + (
            "@hookimpl\ndef lift_sys_strategies():\n"
            "    return [Component('one', 'dist_a_impl:make', 's')]\n"
            "@hookimpl\ndef lift_sys_scorers():\n    raise RuntimeError('not asked for')\n"
        )
        plant(site, "dist-a", name="one", plugin=plugin)
        assert load(site, "one").name == "one"

    def test_given_components_need_no_installation(self):
        component = Component("mine", lambda options, parts: object(), "s")
        manager = PluginManager.of(scorers=[component])
        assert manager.component("scorers", "mine") is component
        assert list(manager.names("scorers")) == ["mine"]
        assert not manager.names("strategies")
        with pytest.raises(UnknownComponent):
            manager.component("strategies", "mine")

    def test_a_command_is_its_factory(self, site):
        factory = "import click\n\n@click.command()\ndef make():\n    'Does it.'\n"
        plant(site, "dist-a", kind="commands", factory=factory)
        assert manager_of(site).command("planted").help == "Does it."


class TestNames:
    def test_an_unknown_name_is_told_with_the_nearest(self, site):
        plant(site, "dist-a", name="best-of-n")
        with pytest.raises(UnknownComponent) as caught:
            load(site, "best-off-n")
        assert caught.value.remedy == "did you mean 'best-of-n'?"
        with pytest.raises(UnknownComponent, match="no installed distribution") as caught:
            load(site, "zzz")
        assert "pip install" in caught.value.remedy

    def test_an_unknown_kind_is_told(self, site):
        with pytest.raises(UnknownComponent, match="did you mean 'strategies'"):
            load(site, kind="strategie")

    def test_two_distributions_with_one_name_are_a_conflict_that_a_full_name_ends(self, site):
        plant(site, "dist-a")
        plant(site, "dist-b")
        manager = manager_of(site)
        with pytest.raises(AmbiguousComponent, match="dist-a and dist-b") as caught:
            manager.component("strategies", "planted")
        assert "`dist-a:planted` or `dist-b:planted`" in caught.value.remedy
        assert "dist_a" not in sys.modules
        assert list(manager.names("strategies")) == ["dist-a:planted", "dist-b:planted"]
        factory = manager.component("strategies", "Dist_B:planted").factory
        assert factory == "dist_b_impl:make"

    def test_denial_ends_a_conflict_too(self, site):
        plant(site, "dist-a")
        plant(site, "dist-b")
        manager = manager_of(site, policy=Policy.of(deny=["dist_a"]))
        assert manager.component("strategies", "planted").factory == "dist_b_impl:make"

    @pytest.mark.parametrize(
        ("policy", "why"),
        [
            (Policy.of(deny=["Dist.A"]), "on the deny list"),
            (Policy.of(allow=["dist-b"]), "not on the allow list"),
            (Policy.of(allow=["dist-a"], deny=["dist-a"]), "on the deny list"),
        ],
    )
    def test_a_denied_plugin_is_not_imported(self, site, policy, why):
        module = plant(site, "dist-a")
        with pytest.raises(DeniedPlugin, match=why):
            manager_of(site, policy=policy).component("strategies", "planted")
        assert module not in sys.modules
        assert not manager_of(site, policy=policy).names("strategies")

    def test_the_lists_of_file_and_environment_both_hold(self):
        environ = {"LIFT_SYS_PLUGINS_ALLOW": "a, b", "LIFT_SYS_PLUGINS_DENY": "d,"}
        policy = Policy.of(allow=["b", "c", "d"]).within(Policy.from_environment(environ))
        assert policy == Policy.of(allow=["b"], deny=["d"])
        assert Policy.from_environment({"LIFT_SYS_PLUGINS_ALLOW": ""}) == Policy()
        assert Policy.of(allow=[]).denial("lift-sys") is None


class TestCompatibility:
    @pytest.mark.parametrize(
        ("requires", "why"),
        [
            (("lift-sys>=99",), "needs lift-sys >=99, and this is 0.1.0"),
            (("lift-sys>=0.1", "lift-sys<0.1"), "needs lift-sys <0.1"),
            ((), "does not say which lift-sys"),
            (('lift-sys; extra == "x"',), "does not say which lift-sys"),
            (('lift-sys>=0; python_version < "3"',), "does not say which lift-sys"),
            (("lift-sys>>1",), "unreadable requirement"),
        ],
    )
    def test_it_is_told_before_the_import(self, site, requires, why):
        module = plant(site, "dist-a", requires=requires)
        with pytest.raises(IncompatiblePlugin, match=why) as caught:
            load(site)
        assert caught.value.remedy
        assert module not in sys.modules

    def test_without_a_version_of_the_core_nothing_is_loaded(self, site):
        plant(site, "dist-a")
        with pytest.raises(IncompatiblePlugin, match="version of lift-sys itself"):
            manager_of(site, core=None).component("strategies", "planted")

    def test_a_pre_release_of_the_core_counts(self, site):
        plant(site, "dist-a", requires=("lift-sys>=0.1",))
        assert manager_of(site, core="0.2.0.dev1").component("strategies", "planted")


MISDEEDS = {
    "raises": ("raise RuntimeError('no\\x1b[31m luck')", r"raises RuntimeError \(no\x1b\[31m luck"),
    "exits": ("import sys; sys.exit(3)", r"calls sys.exit\(3\)"),
    "exits the process": ("import os; os._exit(0)", r"calls os._exit\(0\)"),
    "hangs": ("import time; time.sleep(60)", "does not end within 0.2 s"),
    "hangs stubbornly": (
        "import time\nfor _ in range(2):\n try: time.sleep(60)\n except BaseException: pass",
        "does not end within 0.2 s",
    ),
    "has a syntax error": ("def f(:", "raises SyntaxError"),
    "is not ours to catch": ("class E(BaseException): pass\nraise E", "raises E"),
    "lacks a module": ("import no_such_module_at_all", "raises ModuleNotFoundError"),
    "raises without words": (
        "class E(Exception):\n def __str__(self): raise ValueError\nraise E",
        "raises E",
    ),
    "raises half a character": ("raise ValueError('\\ud800')", r"raises ValueError \(\?\)"),
    "raises at length": ("raise ValueError('x' * 10**6)", r"x{300}\.\.\.\)"),
}


class TestBroken:
    @pytest.fixture(autouse=True)
    def short_limit(self, monkeypatch):
        monkeypatch.setenv("LIFT_SYS_IMPORT_TIMEOUT", "0.2")

    @pytest.mark.parametrize(("code", "why"), MISDEEDS.values(), ids=MISDEEDS)
    def test_at_its_import(self, site, book, code, why):
        plant(site, "dist-a", plugin=code)
        manager = manager_of(site, book)
        with pytest.raises(BrokenPlugin, match=f"^dist-a 1.0 .*{why}") as caught:
            manager.component("strategies", "planted")
        assert caught.value.remedy
        (status,) = book.of(*manager.catalogue.entries).values()
        assert status.state == "broken"
        assert status.cause in caught.value.cause

    @pytest.mark.parametrize(("code", "why"), MISDEEDS.values(), ids=MISDEEDS)
    def test_when_its_factory_is_imported(self, site, book, code, why):
        plant(site, "dist-a", factory=code)
        manager = manager_of(site, book)
        component = manager.component("strategies", "planted")
        with pytest.raises(BrokenPlugin, match=why) as caught:
            manager.build(component, Options(), None)
        assert caught.value.cause.startswith("the strategy 'planted' of dist-a 1.0 ")
        (status,) = book.of(*manager.catalogue.entries).values()
        assert status.state == "broken"

    @pytest.mark.parametrize(
        ("code", "why", "remedy"),
        [
            (HEAD, "does not implement the hook", ""),
            (
                HEAD + "@hookimpl\ndef lift_sys_strategy(): return []",
                "the hook 'lift_sys_strategy', which does not exist",
                "did you mean 'lift_sys_strategies'?",
            ),
            (
                HEAD + "def lift_sys_strategies(): return []",
                "does not implement the hook 'lift_sys_strategies'",
                "its author decorates the function with @hookimpl",
            ),
            (
                HEAD + "@hookimpl\ndef lift_sys_strategies(surplus): return []",
                "a hook that cannot be called",
                "",
            ),
            (
                HEAD + "@hookimpl\ndef lift_sys_strategies(): return None",
                "returns a NoneType from lift_sys_strategies",
                "",
            ),
            (
                HEAD + "@hookimpl\ndef lift_sys_strategies(): return [1]",
                "returns a int from lift_sys_strategies, not a Component",
                "",
            ),
            (
                HEAD + "@hookimpl\ndef lift_sys_strategies(): raise OSError('x')",
                r"raises OSError \(x\) in lift_sys_strategies",
                "",
            ),
            (
                PLUGIN.format(kind="strategies", name="plante", module="m"),
                "promises the strategy 'planted', but dist_a does not offer it",
                "did you mean 'plante'?",
            ),
            (
                HEAD + "@hookimpl\ndef lift_sys_strategies():"
                " return [Component('planted', 'no_attribute', 's')]",
                "a factory that is no `module:attribute`",
                "",
            ),
            (
                HEAD + "@hookimpl\ndef lift_sys_strategies():"
                " return [Component('planted', 'a:b', 's', options=dict)]",
                "options that are no pydantic model",
                "",
            ),
            (
                HEAD + "@hookimpl\ndef lift_sys_strategies():"
                " return [Component('planted', 'a:b', 's', variables=('KEY',))]",
                "variables that are no tuple of Variable",
                "",
            ),
            (
                HEAD + "@hookimpl\ndef lift_sys_strategies():"
                " return [Component('planted', 'a:b', 's', starter={'model': 'm'})]",
                "a starter that is no Starter",
                "",
            ),
        ],
    )
    def test_by_what_it_says_of_itself(self, site, code, why, remedy):
        plant(site, "dist-a", plugin=code)
        with pytest.raises(BrokenPlugin, match=why) as caught:
            load(site)
        assert remedy in caught.value.remedy

    def test_an_entry_point_that_names_no_module(self, site):
        plant(site, "dist-a")
        (site / "dist_a-1.0.dist-info" / "entry_points.txt").write_text(
            "[lift_sys.strategies]\nplanted = dist_a:plugin\n"
        )
        with pytest.raises(BrokenPlugin, match="which is no module"):
            load(site)

    @pytest.mark.parametrize(
        ("factory", "why"),
        [
            ("def mak(): ...", "the factory 'dist_a_impl:make', which does not exist"),
            ("make = 3", "which is not callable"),
            ("def make(options, parts): return 3", "is a int, which is no Strategy"),
            (
                "def make(options, parts): raise KeyError('k')",
                "raises KeyError .* when it is built",
            ),
            ("import sys\ndef make(options, parts): sys.exit(1)", "calls sys.exit"),
            (
                "import os\ndef make(options, parts): os._exit(0)",
                r"calls os._exit\(0\) when it is built",
            ),
        ],
    )
    def test_by_what_it_makes(self, site, factory, why):
        plant(site, "dist-a", factory=factory)
        manager = manager_of(site)
        with pytest.raises(BrokenPlugin, match=why):
            manager.build(manager.component("strategies", "planted"), Options(), None)

    def test_its_own_error_comes_through_as_it_is(self, site):
        factory = (
            "from lift_sys.errors import ProviderUnavailable\n"
            "def make(options, parts): raise ProviderUnavailable('off')\n"
        )
        plant(site, "dist-a", factory=factory)
        manager = manager_of(site)
        with pytest.raises(ProviderUnavailable, match="off"):
            manager.build(manager.component("strategies", "planted"), Options(), None)

    def test_ctrl_c_comes_through(self, site, book):
        plant(site, "dist-a", plugin="raise KeyboardInterrupt")
        manager = manager_of(site, book)
        with pytest.raises(KeyboardInterrupt):
            manager.component("strategies", "planted")
        assert [status.state for status in book.of(*manager.catalogue.entries).values()] == [
            "unchecked"
        ]

    def test_a_mended_plugin_works_at_once(self, site, book):
        module = plant(site, "dist-a", plugin="raise RuntimeError")
        manager = manager_of(site, book)
        with pytest.raises(BrokenPlugin):
            manager.component("strategies", "planted")
        mended = PLUGIN.format(kind="strategies", name="planted", module=module)
        (site / f"{module}.py").write_text(mended)
        component = manager.component("strategies", "planted")
        manager.build(component, Options(), None)
        assert [status.state for status in book.of(*manager.catalogue.entries).values()] == ["ok"]

    def test_one_broken_plugin_leaves_the_others_alone(self, site):
        plant(site, "dist-a", name="a", plugin="raise RuntimeError")
        plant(site, "dist-b", name="b")
        manager = manager_of(site)
        with pytest.raises(BrokenPlugin):
            manager.component("strategies", "a")
        assert manager.component("strategies", "b").name == "b"

    def test_nothing_of_the_guard_is_left_behind(self, site):
        import os

        real, handler = os._exit, signal.getsignal(signal.SIGALRM)
        signal.setitimer(signal.ITIMER_REAL, 3600)
        try:
            plant(site, "dist-a", plugin="import os; os._exit(1)")
            with pytest.raises(BrokenPlugin):
                load(site)
            left, _ = signal.setitimer(signal.ITIMER_REAL, 0)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        assert 3000 < left <= 3600
        assert os._exit is real
        assert signal.getsignal(signal.SIGALRM) is handler

    def test_it_may_be_loaded_in_another_thread(self, site):
        plant(site, "dist-a", factory=FACTORY)
        found = []
        thread = threading.Thread(target=lambda: found.append(load(site)))
        thread.start()
        thread.join()
        assert found[0].name == "planted"

    @pytest.mark.parametrize("stated", ["soon", "0", "-1", "inf", "nan"])
    def test_a_limit_that_is_no_number_of_seconds_is_told(self, site, monkeypatch, stated):
        monkeypatch.setenv("LIFT_SYS_IMPORT_TIMEOUT", stated)
        plant(site, "dist-a")
        with pytest.raises(InputError, match="LIFT_SYS_IMPORT_TIMEOUT"):
            load(site)
