from pathlib import Path

import pytest

from lift_sys.health import children, engines, guards
from lift_sys.health.children import NoAnswer


def test_the_guards_of_this_machine_are_told():
    found = {finding.name: finding for finding in guards.find()}
    assert list(found) == list(guards.PROTECTS)
    assert all(finding.detail and (finding.state == "ok" or finding.remedy)
               for finding in found.values())  # fmt: skip


def test_a_missing_guard_is_told_with_what_it_protects(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(guards, "ask", lambda *_, **__: ["no network", "seccomp"])
    found = {finding.name: finding for finding in guards.find()}
    assert found["no network"].state == "ok"
    assert found["no outside reads"].state == "absent"
    assert "keys among them" in found["no outside reads"].detail
    assert found["no outside writes"].state == "problem"
    assert "--allow-unsandboxed" in found["no outside writes"].remedy


def test_a_sandbox_that_does_not_start_is_told(monkeypatch: pytest.MonkeyPatch):
    def broken(*_: object, **__: object) -> None:
        raise NoAnswer("gives no answer within 1 s")

    monkeypatch.setattr(guards, "ask", broken)
    (finding,) = guards.find()
    assert (finding.state, finding.detail) == ("problem", "gives no answer within 1 s")
    assert finding.remedy


def test_engines_are_found_without_importing_them(monkeypatch: pytest.MonkeyPatch):
    there = {"torch", "vllm"}
    monkeypatch.setattr(engines, "find_spec", lambda name: name if name in there else None)
    found = {finding.name: finding for finding in engines.find()}
    assert found["torch"].state == found["vllm"].state == "ok"
    assert found["transformers"].state == "absent"
    assert found["transformers"].remedy == "`pip install transformers`"


def test_a_driver_is_seen_by_its_device(tmp_path: Path):
    assert not engines.has_cuda(tmp_path, tmp_path)
    (tmp_path / "nvidia0").touch()
    assert engines.has_cuda(tmp_path, tmp_path / "none")
    (tmp_path / "version").touch()
    assert engines.has_cuda(tmp_path / "none", tmp_path)


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("import time; time.sleep(60)", "gives no answer within 1 s"),
        ("import os; os._exit(3)", r"ends without an answer \(exit status 3\)"),
        ("raise SystemError", r"ends without an answer \(exit status 1\)"),
    ],
)
def test_a_child_may_do_what_it_likes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, why: str
):
    (tmp_path / "odd_child.py").write_text(code)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(NoAnswer, match=why):
        children.ask("odd_child", seconds=1)
