import pytest

from lift_sys.plugins import Component, PluginManager
from lift_sys.store import Store
from lift_sys.testing.fixtures import small_embedded_model
from lift_sys.testing.samples import TASK, scripted_model

pytest_plugins = ["lift_sys.testing.fixtures"]

SCRIPTED = Component("scripted", lambda options, parts: scripted_model(), "Always right")
CONFIG = {
    "providers": {"model": {"use": "scripted"}},
    "stages": {"specify": {"provider": "model"}, "implement": {"provider": "model"}},
    "sandbox": "subprocess",
}


def test_a_manager_knows_what_it_is_given_and_nothing_else(plugin_manager):
    manager = plugin_manager(providers=[SCRIPTED])
    assert manager.component("providers", "scripted") is SCRIPTED
    assert list(manager.names("strategies")) == []


def test_a_pipeline_runs_on_the_components_given(make_pipeline, tmp_path):
    from lift_sys.checking.sandbox.plugin import lift_sys_sandboxes

    pipeline = make_pipeline(CONFIG, providers=[SCRIPTED], sandboxes=lift_sys_sandboxes())
    assert pipeline.run(TASK).status == "pass"
    with Store.open(tmp_path / "store.db") as store:
        assert len(store.runs()) == 1


def test_without_the_embedded_model_a_test_is_skipped_with_the_way_to_it():
    with pytest.raises(pytest.skip.Exception, match="pip install lift-sys-embedded"):
        small_embedded_model(PluginManager.of())
