"""Keys planted in every place that a key may come from, and servers that tell them back at every
turn: nothing that a run leaves behind holds one."""

import asyncio
import json
import os
import sys
from importlib.metadata import entry_points
from itertools import count

import pytest

from lift_sys.store import Store
from lift_sys.testing.loopback import Answer, Incoming, LoopbackServer
from lift_sys.testing.samples import IR_TEXT, RIGHT_TEXT, SPECIFIES, TASK

KEYS = {
    "OPENAI_API_KEY": "sk-planted-read-by-openai-1111",
    "ANTHROPIC_API_KEY": "sk-planted-read-by-anthropic-2222",
    "PLANTED_KEY": "sk-planted-named-in-the-file-3333",
    "PLANTED_HEADER": 'sk-planted-"header"-4444',
}
IN_KEYRING = "sk-planted-in-the-keyring-5555"
SECRETS = (*KEYS.values(), IN_KEYRING)

HERE = {"openai", "anthropic", "fallback", "replay", "opentelemetry", "prometheus"}
"""Providers and observers that the pipeline below is made of."""
NO_KEY = {"embedded", "transformers", "vllm"}
"""They run in this process and are given none; a token of the hub is read by its own library."""
ELSEWHERE = {"modal"}
"""test_modal_provider.py: the token goes to Modal and nowhere else."""

ALL = f"""
import logging, sys, traceback
logging.basicConfig(level=1)
from lift_sys import Pipeline
from lift_sys.cli import main
from lift_sys.store import Store

def lift(*arguments):
    sys.argv = ["lift", *arguments]
    code = main()
    print("EXIT", code or 0)

lift("run", "p.yaml", "--example", "double(2) == 4", {TASK.request!r})
try:
    Pipeline.load("refused.yaml").run("Create a function that triples a number")
except Exception:
    traceback.print_exc()
lift("doctor", "refused.yaml", "--online")
with Store.open(".lift/store.db") as store:
    run = [run.id for run in store.runs()][-1]
lift("runs", "export", run)
"""
KEYRING = f"""
def get_password(service, user):
    return {IN_KEYRING!r} if (service, user) == ("models", "me") else None
"""
PIPELINE = """
version: 1
providers:
  by-itself: {{use: openai, model: m, base_url: "{url}/v1", price: {{input: 1, output: 1}}}}
  claude: {{use: anthropic, model: m, base_url: "{url}", price: {{input: 1, output: 1}}}}
  both: {{use: fallback, providers: [by-itself, claude], failures: 99}}
  named:
    use: openai
    model: m
    base_url: "{url}/v1"
    api_key: "${{PLANTED_KEY}}"
    headers: {{x-extra: "${{PLANTED_HEADER}}", x-ring: "${{keyring:models/me}}"}}
    price: {{input: 1, output: 1}}
  recorded: {{use: replay, path: said.jsonl, record: {{provider: named}}}}
stages:
  specify: {{provider: both}}
  implement: {{provider: recorded}}
observers:
  - {{use: opentelemetry, to: file, file: spans.jsonl, content: true}}
  - {{use: prometheus, file: lift.prom, every: 1}}
calls: {{backoff: 0.001, attempts: 9}}
budget: {{usd: 1}}
"""


class Telltale:
    """Says all the headers back: as an error, in garbage, cut off, and in what it thinks."""

    def __init__(self) -> None:
        self._place = count()

    def __call__(self, incoming: Incoming) -> Answer:
        seen = " ".join(incoming.headers.values())
        faults = (
            Answer(status=429, message=f"slow down: {seen}", headers={"retry-after": "0"}),
            Answer(status=500, message=f"broken: {seen}", code=seen),
            Answer(body=json.dumps({"error": {"message": seen, "code": 503}}).encode()),
            Answer(body=f"<html>{seen}".encode()),
            Answer(body=seen.encode(), cut_after=200),
        )
        place = next(self._place) % (len(faults) + 1)
        if place < len(faults):
            return faults[place]
        asked = incoming.document
        first = str(asked.get("system") or (asked.get("messages") or ("",))[0])
        text = IR_TEXT if SPECIFIES in first else RIGHT_TEXT
        return Answer(text=text, reasoning=f"I was told {seen}", headers={"x-seen": seen})


def refusing(incoming: Incoming) -> Answer:
    seen = " ".join(incoming.headers.values())
    return Answer(status=401, message=f"wrong key: {seen}", headers={"x-seen": seen})


def look(text: str, where: str) -> None:
    for secret in SECRETS:
        assert secret not in text, f"{where} holds {secret}"
        assert json.dumps(secret)[1:-1] not in text, f"{where} holds {secret} as JSON"


def test_no_plugin_is_forgotten():
    """A new provider or observer belongs into the pipeline of this test, or is said why not."""
    groups = ("lift_sys.providers", "lift_sys.observers")
    installed = {entry.name for group in groups for entry in entry_points(group=group)}
    assert installed <= HERE | NO_KEY | ELSEWHERE


@pytest.fixture
async def told(tmp_path):
    """All that a run with faults, one that is refused and two commands print, in one process: logs
    at the lowest level and tracebacks too."""
    (tmp_path / "ring").mkdir()
    (tmp_path / "ring" / "keyring.py").write_text(KEYRING)
    environ = {**os.environ, **KEYS, "LIFT_DEBUG": "1", "PYTHONPATH": str(tmp_path / "ring")}
    async with LoopbackServer(Telltale()) as server, LoopbackServer(refusing) as closed:
        for name, url in (("p.yaml", server.origin), ("refused.yaml", closed.origin)):
            (tmp_path / name).write_text(PIPELINE.format(url=url))
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", ALL),
            cwd=tmp_path,
            env=environ,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await process.communicate()
    sent = " ".join(value for each in server.requests for value in each.headers.values())
    assert all(secret in sent for secret in SECRETS), "each was used"
    return said.decode()


async def test_no_key_is_in_what_a_run_leaves_behind(told, tmp_path):
    look(told, "what is printed")
    assert told.count("EXIT 0") == 2, told
    assert "EXIT 1" in told, "the doctor met the server that refuses"
    for proof in ("DEBUG", "Traceback", "AuthenticationFailed", "call_made", "wrong key: "):
        assert proof in told, f"without {proof} this tests little"

    with Store.open(tmp_path / ".lift" / "store.db") as store:
        runs = store.runs()
        events = "".join(
            recorded.event.model_dump_json() for run in runs for recorded in store.events(run.id)
        )
    assert len(runs) == 2
    assert "I was told" in events
    assert "${PLANTED_KEY}" in events, "the key's name stands in its place"
    look(events, "the store's events")

    left = [file for file in tmp_path.rglob("*") if file.is_file() and "ring" not in file.parts]
    assert {"said.jsonl", "spans.jsonl", "lift.prom", "store.db"} <= {file.name for file in left}
    for file in left:
        look(file.read_bytes().decode("latin-1"), str(file))
