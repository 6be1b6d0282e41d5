import subprocess
import sys

import pytest
from lift_sys_openai.plugin import OpenAIOptions
from lift_sys_openai.provider import create

from lift_sys.testing.asking import KEY
from lift_sys.testing.conformance import HttpProviderConformance, ProviderConformance


@pytest.fixture(scope="module", autouse=True)
def server():
    """In a process of its own: each test of the suite has an event loop of its own."""
    command = [sys.executable, "-m", "lift_sys.testing.loopback", "--text", "hello"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        url = process.stdout.readline().strip()
        TestOpenAI.options = {"model": "loopback", "base_url": url, "api_key": "any"}
        yield
        process.terminate()


class TestOpenAI(ProviderConformance):
    component = "openai"


class TestOpenAIAndAHostileServer(HttpProviderConformance):
    def connect(self, server, **options):
        given = {"model": "m", "base_url": server.url, "api_key": KEY, **options}
        return create(OpenAIOptions(**given), None)

    def document(self, text, *, model, read, written):
        return {
            "choices": [{"message": {"content": text}}],
            "model": model,
            "usage": {"prompt_tokens": read, "completion_tokens": written},
        }
