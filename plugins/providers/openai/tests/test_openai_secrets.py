"""Keys planted in every place that a key may come from, and a server that tells them back at every
turn: nothing that a run leaves behind holds one."""

import asyncio
import json
import os
import sys
from itertools import count
from pathlib import Path

import pytest

from lift_sys.store import Store
from lift_sys.testing.loopback import Answer, Incoming, LoopbackServer
from lift_sys.testing.samples import IR_TEXT, RIGHT_TEXT, SPECIFIES, TASK

KEYS = {
    "OPENAI_API_KEY": "sk-planted-read-by-the-plugin-1111",
    "PLANTED_KEY": "sk-planted-named-in-the-file-2222",
    "PLANTED_HEADER": 'sk-planted-"header"-3333',
}
IN_KEYRING = "sk-planted-in-the-keyring-4444"
SECRETS = (*KEYS.values(), IN_KEYRING)

LIFT = """
import logging, sys
logging.basicConfig(level=1)
from lift_sys.cli import main
sys.exit(main())
"""
RAISING = """
import logging
logging.basicConfig(level=1)
from lift_sys import Pipeline
Pipeline.load("p.yaml").run("Create a function that triples a number")
"""
KEYRING = f"""
def get_password(service, user):
    return {IN_KEYRING!r} if (service, user) == ("models", "me") else None
"""
PIPELINE = """
version: 1
providers:
  by-itself: {{use: openai, model: m, base_url: "{url}", price: {{input: 1, output: 1}}}}
  named:
    use: openai
    model: m
    base_url: "{url}"
    api_key: "${{PLANTED_KEY}}"
    headers: {{x-extra: "${{PLANTED_HEADER}}", x-ring: "${{keyring:models/me}}"}}
    price: {{input: 1, output: 1}}
stages:
  specify: {{provider: by-itself}}
  implement: {{provider: named}}
calls: {{backoff: 0.001, attempts: 9}}
budget: {{usd: 1}}
"""


class Telltale:
    """Says all the headers back: as an error, in garbage, cut off, and in what it thinks."""

    def __init__(self) -> None:
        self._place = count()
        self.refuses = False

    def __call__(self, incoming: Incoming) -> Answer:
        seen = " ".join(incoming.headers.values())
        if self.refuses:
            return Answer(status=401, message=f"wrong key: {seen}", headers={"x-seen": seen})
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
        first = str((incoming.document.get("messages") or ("",))[0])
        text = IR_TEXT if SPECIFIES in first else RIGHT_TEXT
        return Answer(text=text, reasoning=f"I was told {seen}", headers={"x-seen": seen})


async def lift(folder: Path, *arguments: str) -> tuple[int, str]:
    return await python(folder, LIFT, *arguments)


async def python(folder: Path, code: str, *arguments: str) -> tuple[int, str]:
    """All that it prints: logs at the lowest level and tracebacks too."""
    environ = {**os.environ, **KEYS, "LIFT_DEBUG": "1", "PYTHONPATH": str(folder / "ring")}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", code, *arguments),
        cwd=folder,
        env=environ,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    return process.returncode or 0, said.decode()


def look(text: str, where: str) -> None:
    for secret in SECRETS:
        assert secret not in text, f"{where} holds {secret}"


@pytest.fixture
async def server():
    async with LoopbackServer(Telltale()) as running:
        yield running


async def test_no_key_is_in_what_a_run_leaves_behind(server, tmp_path):
    (tmp_path / "ring").mkdir()
    (tmp_path / "ring" / "keyring.py").write_text(KEYRING)
    (tmp_path / "p.yaml").write_text(PIPELINE.format(url=server.url))
    request = ("--example", "double(2) == 4", TASK.request)

    code, said = await lift(tmp_path, "run", "p.yaml", *request)
    assert code == 0, said
    assert "DEBUG" in said, "logs are looked at, or this tests little"
    look(said, "what a run with faults prints")
    sent = " ".join(value for each in server.requests for value in each.headers.values())
    assert all(secret in sent for secret in SECRETS), "each was used"

    server.answer.refuses = True
    code, said = await python(tmp_path, RAISING)
    assert code != 0
    assert "Traceback" in said
    assert "AuthenticationFailed" in said
    look(said, "the traceback of a run that is refused")
    look((await lift(tmp_path, "doctor", "p.yaml", "--online"))[1], "lift doctor --online")
    with Store.open(tmp_path / ".lift" / "store.db") as store:
        runs = [run.id for run in store.runs()]
    code, exported = await lift(tmp_path, "runs", "export", runs[-1])
    assert "call_made" in exported, exported
    look(exported, "an export")

    with Store.open(tmp_path / ".lift" / "store.db") as store:
        runs = store.runs()
        told = "".join(
            recorded.event.model_dump_json() for run in runs for recorded in store.events(run.id)
        )
    assert len(runs) == 2
    assert "I was told" in told
    assert "${PLANTED_KEY}" in told, "the key's name stands in its place"
    look(told, "the store's events")
    for file in tmp_path.rglob("*"):
        if file.is_file() and "ring" not in file.parts:
            look(file.read_bytes().decode("latin-1"), str(file))
