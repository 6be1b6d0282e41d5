import json
from typing import ClassVar

import pytest

from lift_sys.testing.conformance import ProviderConformance
from lift_sys.testing.conformance.provider import HELLO

SETTINGS = [{"max_tokens": 16}, {"max_tokens": 16, "temperature": 0.3, "logprobs": True}]


@pytest.fixture(scope="module", autouse=True)
def recording(tmp_path_factory):
    path = tmp_path_factory.mktemp("replay") / "hello.jsonl"
    messages = [message.model_dump() for message in HELLO.messages]
    lines = [
        {
            "request": {"messages": messages, "sampling": sampling},
            "completions": [{"text": f"hello {number}"} for number in range(3)],
        }
        for sampling in SETTINGS
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    TestReplay.options = {"path": path}


class TestReplay(ProviderConformance):
    component = "replay"


class TestRecording(ProviderConformance):
    """Over the model that the suite itself gives to wrap."""

    component = "replay"
    options: ClassVar = {"path": "", "record": {"provider": "model"}}

    @pytest.fixture(autouse=True)
    def fresh(self, tmp_path):
        self.options = {**self.options, "path": tmp_path / "new.jsonl"}
