"""The class that is deployed, run by `.local()` with the double as its engine."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from lift_sys_modal.adapters import Adapter
from lift_sys_modal.app import declared
from lift_sys_modal.plugin import ModalOptions
from lift_sys_modal.serving import SETTINGS, EngineFailed
from modal._serialization import serialize
from modal_doubles import container, local_settings

OPTIONS = ModalOptions(model="m", template={"enable_thinking": False}, serve={"snapshot": True})
TUNED = Adapter("tuned", Path("unused"), 16, "0123")
pytestmark = pytest.mark.filterwarnings("ignore:The Model.* executing locally")


@pytest.fixture(scope="module")
def served():
    with container(OPTIONS, [TUNED]) as model:
        yield model


def body(content: str = "seen?", **more):
    asked = {"model": "m", "messages": [{"role": "user", "content": content}], "max_tokens": 9}
    return {**asked, **more}


def test_it_wakes_from_its_snapshot_warmed_up_with_every_adapter(served):
    """The double answers nothing while it is asleep."""
    answer = asyncio.run(served.complete.local(body(n=2, seed=5)))
    assert answer["status"] == 200
    texts = [json.loads(one["message"]["content"]) for one in json.loads(answer["body"])["choices"]]
    assert [text["index"] for text in texts] == [0, 1]
    assert texts[0]["warm"] == ["m", "tuned"]
    assert texts[0]["seen"] == {"model": "m", "seed": 5}
    assert served.health.local() == {"ok": True, "served": ["m", "tuned"], "ended": None}


def test_what_is_not_served_is_answered_with_what_is(served):
    answer = asyncio.run(served.complete.local(body(model="other")))
    assert (answer["status"], answer["served"]) == (404, ["m", "tuned"])


def test_a_cancelled_call_closes_the_connection(served):
    async def cancelled() -> None:
        running = asyncio.ensure_future(served.complete.local(body("SLOWLY")))
        await until(served, lambda counts: counts["in_flight"] == 2)  # with the one that asks
        running.cancel()
        await asyncio.wait([running])
        assert running.cancelled()
        await until(served, lambda counts: counts["abandoned"] == 1)

    asyncio.run(cancelled())


async def until(served, holds) -> None:
    """Of what the engine counts."""
    async with asyncio.timeout(60):
        while True:
            with await asyncio.to_thread(served._open, "/stats") as response:
                if holds(json.load(response)):
                    return


@pytest.mark.parametrize(
    ("trouble", "says"),
    [
        ("out-of-memory", "ended with status 1\nloading\ntorch.OutOfMemoryError"),
        ("never-ready", "not ready in time"),
        ("sleepless", "/sleep?level=1 was answered 500"),
    ],
)
def test_an_engine_that_does_not_start_says_why(trouble, says, monkeypatch):
    told = json.loads(local_settings(OPTIONS, trouble=trouble))
    told["start_seconds"] = 3 if trouble == "never-ready" else 60
    monkeypatch.setenv(SETTINGS, json.dumps(told))
    with pytest.raises(EngineFailed) as caught:
        declared(OPTIONS, ()).model().health.local()
    assert says in str(caught.value)


def test_an_engine_that_ends_breaks_off_the_call_with_its_last_words():
    with container(ModalOptions(model="m")) as model:
        with pytest.raises(EngineFailed, match="broke off the call") as caught:
            asyncio.run(model.complete.local(body("DIE")))
        assert model.health.local() == {"ok": False, "served": ["m"], "ended": 3}
    assert "illegal memory access" in str(caught.value)


def test_what_is_sent_wants_nothing_of_lift_sys_but_its_module(tmp_path: Path):
    """As Modal unpacks it: by value, where neither lift-sys nor pydantic need be."""
    sent = tmp_path / "class"
    sent.write_bytes(serialize(declared(OPTIONS, ()).model._get_user_cls()))
    program = (
        "import sys; from modal._serialization import deserialize;"
        f"made = deserialize(open({str(sent)!r}, 'rb').read(), None)();"
        "print(type(made).__name__, 'lift_sys' in sys.modules, 'pydantic' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env=dict(os.environ),
    )
    assert done.stdout.split() == ["Model", "False", "False"]
