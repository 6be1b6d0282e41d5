import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(autouse=True)
def private_environment(tmp_path_factory, monkeypatch):
    """No list and no status of the person who runs the tests."""
    monkeypatch.setenv("LIFT_SYS_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
    for name in ("PLUGINS_ALLOW", "PLUGINS_DENY", "IMPORT_TIMEOUT"):
        monkeypatch.delenv(f"LIFT_SYS_{name}", raising=False)


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A folder on the search path whose modules are forgotten afterwards."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    before = set(sys.modules)
    yield folder
    for name in set(sys.modules) - before:
        if str(getattr(sys.modules[name], "__file__", "") or "").startswith(str(folder)):
            del sys.modules[name]
