import pytest
from lift_sys_modal.plugin import ModalOptions
from modal_doubles import FakeModal, container

from lift_sys.testing.conformance import CommandConformance, ProviderConformance

OPTIONS = {"model": "m"}


@pytest.fixture(scope="module")
def served():
    with container(ModalOptions(**OPTIONS)) as model:
        yield model


class TestModal(ProviderConformance):
    """The provider, Modal's double, the declared class by `.local()`, HTTP, the engine's double."""

    component = "modal"
    options = OPTIONS
    pytestmark = pytest.mark.filterwarnings("ignore:The Model.* executing locally")

    @pytest.fixture(autouse=True)
    def _deployed(self, served, monkeypatch):
        FakeModal(answer=served.complete.local, health=served.health.local).install(monkeypatch)


class TestModalCommand(CommandConformance):
    component = "modal"
