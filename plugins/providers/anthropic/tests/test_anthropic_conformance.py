import subprocess
import sys

import pytest
from lift_sys_anthropic.plugin import AnthropicOptions
from lift_sys_anthropic.provider import create

from lift_sys.testing.asking import KEY
from lift_sys.testing.conformance import HttpProviderConformance, ProviderConformance


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


class TestAnthropicAndAHostileServer(HttpProviderConformance):
    def connect(self, server, **options):
        given = {"model": "m", "base_url": server.origin, "api_key": KEY, **options}
        return create(AnthropicOptions(**given), None)

    def document(self, text, *, model, read, written):
        return {
            "content": [{"type": "text", "text": text}],
            "model": model,
            "usage": {"input_tokens": read, "output_tokens": written},
        }
