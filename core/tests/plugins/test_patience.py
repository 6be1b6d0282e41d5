"""On a busy machine nobody is late for having waited."""

import time

import pytest

from lift_sys.plugins import _patience


@pytest.mark.parametrize(
    ("passed", "waited", "is_over"),
    [(4, 0, False), (5, 0, True), (60, 57, False), (60, 54, True), (60, None, True)],
)
def test_what_was_waited_for_a_processor_does_not_count(
    tmp_path, monkeypatch, passed, waited, is_over
):
    counts, now = tmp_path / "schedstat", [100.0]
    monkeypatch.setattr(_patience, "Path", lambda *parts: counts)
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    if waited is not None:
        counts.write_text("1 7000000000 3\n")
    patience = _patience.Patience(5)
    now[0] += passed
    if waited is not None:
        counts.write_text(f"1 {7_000_000_000 + waited * 1_000_000_000} 3\n")
    assert patience.is_over == is_over
