"""What a run told is read as a scraper reads it."""

import urllib.request

import pytest
from lift_sys_prometheus.observer import create
from lift_sys_prometheus.plugin import PrometheusOptions
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import ValidationError

from lift_sys.errors import InputError
from lift_sys.interfaces import (
    AttemptEnded,
    Call,
    CallMade,
    CandidateDrawn,
    Failure,
    Spend,
    TaskEnded,
    TaskStarted,
    Usage,
    Verdict,
)
from lift_sys.testing.conformance import ObserverConformance

PLANTED = "sk-planted-0123456789"


class TestPrometheus(ObserverConformance):
    component = "prometheus"
    options = {"port": 0}


def call(number: int, cost: float | None = 0.5, **more) -> Call:
    usage = Usage(input_tokens=100, cached_tokens=40, output_tokens=10, **more.pop("usage", {}))
    return Call(
        id=f"c{number}", provider="main", model="m", usage=usage, cost=cost, seconds=2.0, **more
    )


_LABELS = ("provider", "model", "stage", "route", "outcome", "kind", "category", "status", "valid")
EVENTS = (
    TaskStarted(task="t", request=f"a secret request {PLANTED}", document={}),
    TaskStarted(task="u", request="r", document={}),
    CallMade(task="t", call=call(1), request="d"),
    CallMade(task="t", call=call(2, None), request="d", retries=1),
    CallMade(task="t", call=call(3, usage={"estimated": True}), request="d", error=PLANTED),
    CallMade(task="t", call=call(4, cached=True), request="d"),
    CallMade(task="t", call=call(5, None), request="d", error="cancelled"),
    CandidateDrawn(task="t", stage="specify", candidate="1", text=PLANTED, value={"a": 1}),
    CandidateDrawn(task="t", stage="specify", candidate="2", text="x"),
    AttemptEnded(
        task="t",
        attempt=1,
        route="default",
        verdict=Verdict(status="fail", failures=(Failure(category="timeout", message=PLANTED),)),
        fault="implement",
        spend=Spend(),
    ),
    TaskEnded(task="t", status="fail", why=PLANTED, spend=Spend(), seconds=3.0),
)


def samples(text: str) -> dict[tuple, float]:
    """By name and the values of the labels, in the order of `_LABELS`."""
    return {
        (sample.name, *(sample.labels[x] for x in _LABELS if x in sample.labels)): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if "bucket" not in sample.name and "created" not in sample.name
    }


@pytest.fixture
def observed():
    made = []

    def observe(**options):
        made.append(create(PrometheusOptions(**options), None))
        for event in EVENTS:
            made[-1].on_event(event)
        return made[-1]

    yield observe
    for observer in made:
        observer.close()


def expected(found: dict[tuple, float]) -> None:
    assert found["lift_tasks_running",] == 1
    assert found["lift_tasks_total", "fail"] == 1
    assert found["lift_task_seconds_sum",] == 3.0
    assert found["lift_attempts_total", "default", "fail"] == 1
    assert found["lift_failures_total", "timeout"] == 1
    assert found["lift_candidates_total", "specify", "yes"] == 1
    assert found["lift_candidates_total", "specify", "no"] == 1
    calls = {
        key[-1]: value
        for key, value in found.items()
        if key[:3] == ("lift_calls_total", "main", "m")
    }
    assert calls == {"ok": 2, "error": 1, "cached": 1, "cancelled": 1}
    assert found["lift_retries_total", "main", "m"] == 1
    assert found["lift_tokens_total", "main", "m", "input"] == 4 * 60
    assert found["lift_tokens_total", "main", "m", "cached"] == 4 * 40
    assert found["lift_tokens_total", "main", "m", "output"] == 4 * 10
    assert found["lift_cost_usd_total", "main", "m"] == 1.0
    assert found["lift_cached_cost_usd_total", "main", "m"] == 0.5
    assert found["lift_unpriced_calls_total", "main", "m"] == 2
    assert found["lift_estimated_calls_total", "main", "m"] == 1
    assert found["lift_call_seconds_count", "main", "m"] == 4


def test_it_is_served_while_the_run_goes_on_and_not_after(observed):
    observer = observed(port=0)
    url = f"http://127.0.0.1:{observer.port}/metrics"
    with urllib.request.urlopen(url, timeout=10) as response:
        text = response.read().decode()
    expected(samples(text))
    assert PLANTED not in text
    with pytest.raises(InputError, match="cannot be served"):
        create(PrometheusOptions(port=observer.port), None)
    observer.close()
    with pytest.raises(OSError):
        urllib.request.urlopen(url, timeout=10)


def test_it_is_written_at_the_start_every_so_often_and_at_the_end(observed, tmp_path):
    file = tmp_path / "new" / "lift.prom"
    observer = observed(file=file, every=3600)
    assert ("lift_tasks_total", "fail") not in samples(file.read_text("utf-8"))
    observer.close()
    text = file.read_text("utf-8")
    expected(samples(text))
    assert PLANTED not in text
    often = tmp_path / "often.prom"
    observed(file=often, every=1e-9)
    expected(samples(often.read_text("utf-8")))


def test_it_goes_somewhere_or_is_refused(tmp_path):
    with pytest.raises(ValidationError, match="port"):
        PrometheusOptions()
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="cannot be written"):
        create(PrometheusOptions(file=tmp_path / "file" / "x.prom"), None)


def test_a_server_that_calls_itself_ever_other_names_fills_no_memory():
    observer = create(PrometheusOptions(port=0), None)
    made = next(event for event in EVENTS if event.kind == "call_made")
    for number in range(99):
        call = made.call.model_copy(update={"model": f"m{number}", "batch": True})
        observer.on_event(made.model_copy(update={"call": call}))
    found = samples(generate_latest(observer.registry).decode())
    observer.close()
    models = {key[2] for key in found if key[0] == "lift_calls_total"}
    assert len(models) == 51
    assert "others" in models
    assert found["lift_batch_calls_total", "main", "m0"] == 1
    assert found["lift_batch_calls_total", "main", "others"] == 49
