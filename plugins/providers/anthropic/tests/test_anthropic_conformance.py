import subprocess
import sys

import pytest

from lift_sys.testing.conformance import ProviderConformance


@pytest.fixture(scope="module", autouse=True)
def server():
    """In a process of its own: each test of the suite has an event loop of its own."""
    command = [sys.executable, "-m", "lift_sys.testing.loopback", "--text", "hello"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        url = process.stdout.readline().strip().removesuffix("/v1")
        TestAnthropic.options = {"model": "loopback", "base_url": url, "api_key": "any"}
        yield
        process.terminate()


class TestAnthropic(ProviderConformance):
    component = "anthropic"
