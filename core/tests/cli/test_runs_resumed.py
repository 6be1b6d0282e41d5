"""`lift runs resume`, as a person meets it: runs that were killed, or that an error ended."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from run_world import EXAMPLES, LIFT, REQUEST, World, one_sentence, plant

HOLDING = """
from lift_sys.interfaces import ConfigPath
from lift_sys.plugins import Component, Options, hookimpl

class HoldingOptions(Options):
    gate: ConfigPath
    log: ConfigPath

@hookimpl
def lift_sys_providers():
    return [Component("holding", "holding_model_impl:make", "Gives no code before a file is there",
                      HoldingOptions)]
"""
HOLDING_FACTORY = """
import asyncio
from lift_sys.testing.providers import Wrapper
from lift_sys.testing.samples import asks_for_ir, scripted_model

class Holding(Wrapper):
    def __init__(self, options):
        super().__init__(scripted_model())
        self.options = options

    async def complete(self, requests):
        with self.options.log.open("a") as log:
            log.writelines("ir\\n" if asks_for_ir(each) else "code\\n" for each in requests)
        while not asks_for_ir(requests[0]) and not self.options.gate.exists():
            await asyncio.sleep(0.01)
        return await super().complete(requests)

def make(options, parts):
    return Holding(options)
"""


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


def until(condition) -> None:
    for _ in range(6000):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("it never came to that")


def test_a_killed_run_goes_on_and_pays_only_for_what_was_lost(world):
    plant(
        world.site,
        "holding-model",
        name="holding",
        kind="providers",
        plugin=HOLDING,
        factory=HOLDING_FACTORY,
    )
    log, gate = world.home / "calls.log", world.home / "gate"
    model = {"use": "holding", "gate": "gate", "log": "calls.log"}
    pipeline = world.pipeline(model=model)
    command = [*LIFT, "run", pipeline, REQUEST, *EXAMPLES]
    with subprocess.Popen(
        command,
        env=world.environ,
        cwd=world.home,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:
        until(lambda: log.exists() and log.read_text() == "ir\ncode\n")

        def recorded() -> bool:
            done = world.lift("runs", "export", "last")
            return '"candidate_drawn"' in done.stdout

        until(recorded)
        refused = world.lift("runs", "resume", "last")
        one_sentence(refused, "is under way", "wait for its end")
        assert "running" in world.lift("runs").stdout
        process.kill()
        process.communicate()
    assert "broken off" in world.lift("runs").stdout
    one_sentence(world.lift("runs", "replay", "last"), "was broken off", "lift runs resume")
    gate.touch()
    done = world.lift("runs", "resume", "last", "--json")
    result = json.loads(done.stdout)
    assert (done.returncode, result["status"]) == (0, "pass")
    assert log.read_text() == "ir\ncode\ncode\n"
    assert result["spend"]["calls"] == 2
    again = world.lift("runs", "resume", "last")
    assert again.returncode == 0
    assert "is complete: there is nothing to go on with" in again.stderr
    # And shown to a sceptic who has none of the model's plugin.
    (world.site / "holding_model.py").unlink()
    replay = world.lift("runs", "replay", "last", "--json")
    assert (replay.returncode, replay.stdout) == (0, done.stdout)


def test_a_run_that_an_error_ended_goes_on_once_its_cause_is_gone(world):
    world.environ["FAILS"] = "AuthenticationFailed"
    pipeline = world.pipeline(model={"fails": "${FAILS:-}"})
    failed = world.lift("run", pipeline, REQUEST, *EXAMPLES)
    assert failed.returncode == 4
    assert "lift runs resume" in failed.stderr
    replay = world.lift("runs", "replay", "last")
    assert replay.returncode == 0
    assert "the model is away" in replay.stderr
    assert "ended the run then, too" in replay.stderr
    del world.environ["FAILS"]
    done = world.lift("runs", "resume", "last", "--json")
    assert (done.returncode, json.loads(done.stdout)["status"]) == (0, "pass")


def test_a_secret_that_stood_in_the_file_is_asked_for(world):
    plugin = world.site / "fake_model.py"
    text = plugin.read_text().replace('key: str = ""', "key: SecretStr")
    plugin.write_text("from pydantic import SecretStr\n" + text)
    world.lift("run", world.pipeline(model={"key": "abcdefgh", "fails": "OutOfCredit"}), REQUEST)
    done = world.lift("runs", "resume", "last")
    one_sentence(done, "a secret stood here in the pipeline file", "write ${NAME} for it")
    assert "abcdefgh" not in done.stdout + done.stderr


def test_the_second_of_two_equal_runs_costs_nothing_and_says_so(world):
    first = world.run(*EXAMPLES, "--json")
    second = world.run(*EXAMPLES, "--json")
    paid, free = (json.loads(done.stdout)["spend"] for done in (first, second))
    assert (paid["calls"], paid["cached_calls"]) == (2, 0)
    assert (free["calls"], free["cached_calls"]) == (0, 2)
    assert "2 calls answered by the record" in second.stderr
    for arguments in (("--set", "seed=1"), ("--set", "cache=off")):
        drawn = json.loads(world.run(*EXAMPLES, "--json", *arguments).stdout)["spend"]
        assert (drawn["calls"], drawn["cached_calls"]) == (2, 0), arguments
