from typing import ClassVar

import pytest
from asked_cases import ASKED, request_of

from lift_sys.testing.conformance import ProviderConformance


class TestShipped(ProviderConformance):
    component = "embedded"
    options: ClassVar = {"refuse": False}
    request = request_of(ASKED["specify"], max_tokens=16)


class TestSmall(ProviderConformance):
    component = "embedded"
    options: ClassVar = {"model": "small", "refuse": False}
    request = request_of(ASKED["implement"], max_tokens=16)


class TestOwn(ProviderConformance):
    """A model of one's own, by its folder."""

    component = "embedded"
    request = request_of(ASKED["implement"], max_tokens=16)

    @pytest.fixture(autouse=True)
    def folder(self, tiny):
        TestOwn.options = {"path": tiny}
