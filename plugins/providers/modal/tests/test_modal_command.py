"""`lift modal` against a double of Modal, and against the real client where it can go nowhere."""

import json
import os
import subprocess
import sys
from pathlib import Path

import modal
import pytest
from click.testing import CliRunner, Result
from lift_sys_modal.command import command
from lift_sys_modal.plugin import ModalOptions
from modal import exception
from modal_doubles import FakeModal

from lift_sys.errors import InputError, LiftError

PIPELINE = """
version: 1
providers:
  base: {use: modal, model: org/m, price: {input: 1, output: 1}}
  tuned: {use: modal, model: org/m, adapter: tuned, dialect: tuned, adapters: {tuned: lora}}
stages:
  specify: {provider: tuned}
  implement: {provider: base}
"""


@pytest.fixture
def world(monkeypatch, tmp_path: Path) -> FakeModal:
    monkeypatch.chdir(tmp_path)
    Path("p.yaml").write_text(PIPELINE)
    adapter(Path("lora"))
    return FakeModal(apps=set()).install(monkeypatch)


def adapter(folder: Path, **changed) -> Path:
    folder.mkdir()
    told = {"peft_type": "LORA", "r": 12, "base_model_name_or_path": "org/m", **changed}
    (folder / "adapter_config.json").write_text(json.dumps(told))
    (folder / "adapter_model.safetensors").write_bytes(b"weights of " + folder.name.encode())
    return folder


def lift(*words: str) -> Result:
    result = CliRunner().invoke(command, words, standalone_mode=False)
    if result.exception is not None:
        raise result.exception
    return result


def test_an_app_is_deployed_looked_at_and_stopped(world):
    assert "not deployed" in lift("status", "p.yaml").stdout
    assert lift("deploy", "p.yaml").stdout == "lift-sys: org/m, tuned\n"
    world.containers = 0
    assert "waits for a cold start" in lift("status", "p.yaml").stdout
    world.containers, world.health = 2, lambda: {"ok": True, "served": ["org/m", "tuned"]}
    assert "2 up, vLLM answers: org/m, tuned" in lift("status", "p.yaml").stdout
    assert lift("stop", "p.yaml").stdout == "lift-sys: stopped\n"
    assert lift("stop", "p.yaml").stdout == "lift-sys: it was not deployed\n"


def test_the_status_is_told_as_json_and_by_the_exit_code(world):
    gone = lift("status", "p.yaml", "--json")
    assert gone.return_value == 4
    assert json.loads(gone.stdout)["deployed"] is False
    world.apps.add("lift-sys")
    world.health = lambda: {"ok": False, "served": ["org/m"]}
    ill = lift("status", "p.yaml", "--json")
    assert ill.return_value == 4
    assert json.loads(ill.stdout) == {
        "version": 1,
        "app": "lift-sys",
        "deployed": True,
        "containers": 1,
        "healthy": False,
        "serves": ["org/m"],
        "detail": "",
    }


def test_adapters_go_to_the_volume_once(world):
    more = adapter(Path("more"))
    lift("deploy", "p.yaml", "--adapter", f"second={more}")
    places = {place.rpartition("/")[0] for place in world.files}
    assert {place.rpartition("-")[0] for place in places} == {"adapters/tuned", "adapters/second"}
    assert b"weights of more" in world.files.values()
    again = lift("deploy", "p.yaml", "--adapter", f"second={more}")
    assert again.stderr.count("is on the volume") == 2
    (more / "adapter_model.safetensors").write_bytes(b"trained anew")
    lift("deploy", "p.yaml", "--adapter", f"second={more}")
    assert b"weights of more" in world.files.values()
    assert b"trained anew" in world.files.values()


def test_warmed_up_the_weights_are_there_and_a_container_answers(world, monkeypatch):
    fetched = []

    async def fetch(model, revision):
        fetched.append((model, revision))

    remote = type("Remote", (), {"aio": staticmethod(fetch)})
    monkeypatch.setattr(modal.Function, "remote", remote)
    lift("deploy", "p.yaml", "--warm-up", "--set", "providers.base.revision=abc", "--provider=base",
         "--set", "providers.tuned.revision=abc")  # fmt: skip
    assert fetched == [("org/m", "abc")]
    world.health = lambda: {"ok": False}
    with pytest.raises(LiftError, match="vLLM does not answer"):
        lift("deploy", "p.yaml", "--warm-up")


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"base_model_name_or_path": "org/other"}, "one of org/other, and org/m is served"),
        ({"r": 1024}, "rank 1024"),
        ({"peft_type": "IA3"}, "no LoRA adapter"),
    ],
)
def test_a_wrong_adapter_is_refused_before_anything_is_sent(world, changed, says):
    wrong = adapter(Path("wrong"), **changed)
    with pytest.raises(InputError, match=says):
        lift("deploy", "p.yaml", "--adapter", f"tuned={wrong}")
    assert not world.deployed
    assert not world.files


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--adapter", "tuned"], "NAME=FOLDER"),
        (["--adapter", "x=nowhere"], "no adapter_config.json"),
        (["--provider", "other"], "no provider 'other'"),
        (["--set", "providers.base.model=org/n"], "more than one thing"),
        (["--set", "providers.base.app=two"], "several apps"),
        (["--set", "providers.tuned.adapters={}"], "not among those deployed"),
    ],
)
def test_what_cannot_be_deployed_is_said(world, words, says):
    with pytest.raises(LiftError, match=says):
        lift("deploy", "p.yaml", *words, *(["--provider=tuned"] if "adapters" in says else []))
    assert not world.deployed


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        (exception.AuthError("Token missing"), "modal setup"),
        (exception.ImageBuildError("no vllm==9.9", "im-1"), "log of the build"),
        (exception.NotFoundError("Secret 'hugging-face' not found"), "modal secret create"),
        (exception.ConnectionError("no route"), "network"),
    ],
)
def test_what_modal_refuses_is_told_with_a_remedy(world, error, remedy):
    world.refuses = error if isinstance(error, exception.AuthError) else None
    world.undeployable = error
    with pytest.raises(LiftError) as caught:
        lift(
            "deploy",
            "p.yaml",
            "--provider=base",
            "--set",
            "providers.base.serve.secret=hugging-face",
            "--set",
            "providers.tuned.serve.secret=hugging-face",
        )
    assert remedy in caught.value.remedy


def test_the_real_client_without_a_token_says_how_to_log_in(world, tmp_path: Path):
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MODAL_")}
    program = "import sys; from lift_sys.cli import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", program, "modal", "status", "p.yaml"],
        capture_output=True,
        text=True,
        check=False,
        env={**clean, "HOME": str(tmp_path)},
    )
    assert done.returncode == 4
    assert "run `modal setup`" in done.stderr
    assert "Traceback" not in done.stderr


def test_modal_has_all_that_its_double_has():
    """By the names under which the provider and the command call them."""
    model = modal.Cls.from_name("app", "Model", environment_name=None, client=None)
    assert all(
        hasattr(having, name)
        for having, names in {
            model.hydrate: ["aio"],
            modal.Client.from_credentials: ["aio"],
            modal.Client.from_env: ["aio"],
            modal.Client.hello: ["aio"],
            modal.Client.close: ["aio"],
            modal.App.lookup: ["aio"],
            modal.App.deploy: ["aio"],
            modal.App.stop: ["aio"],
            modal.Function: ["spawn", "remote", "get_current_stats"],
            modal.FunctionCall: ["get", "cancel"],
            modal.Volume: ["listdir", "batch_upload"],
        }.items()
        for name in names
    )


def test_options_that_do_not_go_together_are_refused():
    with pytest.raises(ValueError, match="snapshot: false"):
        ModalOptions(model="m", serve={"gpu": "H100:2", "snapshot": True})
    two = ModalOptions(model="m", serve={"gpu": "H100:2"})
    assert two.serve.gpus == 2
    with pytest.raises(ValueError, match="such as L40S"):
        ModalOptions(model="m", serve={"gpu": "a big one"})
