"""Whole runs, told to real in-memory exporters."""

import json
from pathlib import Path

import pytest
from lift_sys_opentelemetry.export import create
from lift_sys_opentelemetry.observer import OpenTelemetryObserver
from lift_sys_opentelemetry.plugin import OpenTelemetryOptions, lift_sys_observers
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode
from pydantic import ValidationError

from lift_sys import Pipeline
from lift_sys.errors import InputError, ProviderUnavailable
from lift_sys.interfaces import Price
from lift_sys.plugins import Component, PluginManager
from lift_sys.testing.conformance import ObserverConformance
from lift_sys.testing.providers import FailingProvider
from lift_sys.testing.samples import TASK, scripted_model
from lift_sys.testing.sandboxes import TrustingSandbox

PLANTED = "sk-planted-0123456789"


class TestOpenTelemetry(ObserverConformance):
    component = "opentelemetry"


class TestOpenTelemetryFile(ObserverConformance):
    component = "opentelemetry"

    @pytest.fixture(autouse=True)
    def into_a_file(self, tmp_path):
        self.options = {"to": "file", "file": tmp_path / "spans.jsonl"}


@pytest.fixture
def told():
    """The observer, its spans and its metrics."""
    spans, reader = InMemorySpanExporter(), InMemoryMetricReader()
    tracing, metering = TracerProvider(), MeterProvider(metric_readers=[reader])
    tracing.add_span_processor(SimpleSpanProcessor(spans))
    yield (lambda **settings: OpenTelemetryObserver(tracing, metering, **settings)), spans, reader
    tracing.shutdown()
    metering.shutdown()


async def solved(observer, record=None, error=None):
    model = scripted_model()
    known = {"price": Price(input=1, output=2), "vendor": "api.openai.com", "model": "gpt-x"}
    model._capabilities = model.capabilities().model_copy(update=known)
    provider = model if error is None else FailingProvider(model, error)
    manager = PluginManager.of(
        providers=[Component("scripted", lambda *_: provider, "for tests")],
        sandboxes=[Component("trusting", lambda *_: TrustingSandbox(), "for tests")],
    )
    stage = {"provider": "model"}
    document = {
        "version": 1,
        "providers": {"model": "scripted"},
        "stages": {"specify": stage, "implement": stage},
        "sandbox": "trusting",
        "calls": {"backoff": 0},
        "record": record,
    }
    pipeline = Pipeline.load(document, plugins=manager)
    async with pipeline.open(observers=[observer]) as session:
        return await session.solve(TASK)


async def test_a_run_is_a_trace_of_tasks_attempts_and_calls(told):
    make, exporter, reader = told
    result = await solved(make(), error=ProviderUnavailable(f"down, and {PLANTED} was sent"))
    spans = exporter.get_finished_spans()
    assert len({span.context.trace_id for span in spans}) == 1
    by_id = {span.context.span_id: span for span in spans}

    def path(span) -> list[str]:
        above = [] if span.parent is None else path(by_id[span.parent.span_id])
        return [*above, span.name]

    inside = ["run", "task", "attempt default"]
    around = [path(span) for span in spans if not span.name.startswith("chat")]
    assert sorted(around) == [inside[:1], inside[:2], inside]
    calls = [span for span in spans if span.name.startswith("chat")]
    assert len(calls) == 3
    assert all(path(span)[:3] == inside for span in calls)
    failed, *worked = sorted(calls, key=lambda span: span.end_time)
    assert failed.status.status_code is StatusCode.ERROR
    assert failed.attributes["error.type"] == "_OTHER"
    for span in worked:
        attributes = span.attributes
        assert span.kind is SpanKind.CLIENT
        assert attributes["gen_ai.operation.name"] == "chat"
        assert attributes["gen_ai.provider.name"] == "openai"
        assert attributes["gen_ai.request.model"] == "gpt-x"
        assert attributes["server.address"] == "api.openai.com"
        assert attributes["gen_ai.response.finish_reasons"] == ("stop",)
        assert attributes["gen_ai.usage.input_tokens"] > 0
        assert span.end_time >= span.start_time
    cost = sum(span.attributes["lift_sys.cost_usd"] for span in worked)
    assert cost == pytest.approx(result.spend.usd)
    (task,) = (span for span in spans if span.name == "task")
    assert task.attributes["lift_sys.status"] == "pass"
    assert task.attributes["lift_sys.cost_usd"] == pytest.approx(cost)

    # The conventions' metrics say the same.
    measured = {
        metric.name: metric.data.data_points
        for resource in reader.get_metrics_data().resource_metrics
        for scope in resource.scope_metrics
        for metric in scope.metrics
    }
    tokens = {
        kind: sum(
            point.sum
            for point in measured["gen_ai.client.token.usage"]
            if point.attributes["gen_ai.token.type"] == kind
        )
        for kind in ("input", "output")
    }
    assert tokens == {
        kind: sum(span.attributes[f"gen_ai.usage.{kind}_tokens"] for span in worked)
        for kind in tokens
    }
    assert sum(p.count for p in measured["gen_ai.client.operation.duration"]) == len(calls)


async def test_texts_go_along_only_where_somebody_asks(told):
    make, exporter, _ = told
    error = ProviderUnavailable(f"down, and {PLANTED} was sent")
    await solved(make(), error=error)
    everything = "".join(span.to_json() for span in exporter.get_finished_spans())
    for text in (PLANTED, TASK.request, "return"):
        assert text not in everything
    exporter.clear()
    await solved(make(content=True), error=error)
    spans = exporter.get_finished_spans()
    everything = "".join(span.to_json() for span in spans)
    assert TASK.request in everything
    messages = [
        json.loads(span.attributes["gen_ai.output.messages"])
        for span in spans
        if "gen_ai.output.messages" in span.attributes
    ]
    assert len(messages) == 2
    assert all(one["role"] == "assistant" for said in messages for one in said)


async def test_what_comes_from_the_cache_is_told_apart(told, tmp_path):
    make, exporter, reader = told
    store = str(tmp_path / "store.db")
    await solved(make(), store)
    exporter.clear()
    before = reader.get_metrics_data()
    await solved(make(), store)
    calls = [span for span in exporter.get_finished_spans() if span.name.startswith("chat")]
    assert len(calls) == 2
    assert all(span.attributes["lift_sys.cached"] for span in calls)
    assert all(span.start_time == span.end_time for span in calls)
    counts = [
        sum(point.count for point in metric.data.data_points)
        for data in (before, reader.get_metrics_data())
        for resource in data.resource_metrics
        for scope in resource.scope_metrics
        for metric in scope.metrics
        if metric.name == "gen_ai.client.operation.duration"
    ]
    assert counts == [2, 2]


async def test_to_a_file_spans_are_appended_as_lines(tmp_path):
    file = tmp_path / "new" / "spans.jsonl"
    for _ in range(2):
        observer = create(OpenTelemetryOptions(to="file", file=file, service="mine"), None)
        await solved(observer)
        observer.close()
        observer.close()
    spans = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert [span["name"] for span in spans].count("run") == 2
    assert {span["resource"]["attributes"]["service.name"] for span in spans} == {"mine"}


async def test_where_nobody_set_anything_up_nothing_happens():
    result = await solved(create(OpenTelemetryOptions(), None))
    assert result.status == "pass"


def test_options_that_go_nowhere_are_refused(tmp_path):
    for wrong in ({"to": "file"}, {"file": Path("x")}):
        with pytest.raises(ValidationError):
            OpenTelemetryOptions(**wrong)
    with pytest.raises(InputError, match="cannot be written"):
        create(OpenTelemetryOptions(to="file", file=tmp_path), None)
    assert [component.name for component in lift_sys_observers()] == ["opentelemetry"]


def test_a_collector_without_its_exporter_is_told_how_to_get_it(monkeypatch):
    import lift_sys_opentelemetry.export as export

    monkeypatch.setattr(export, "_OTLP", "no.such.exporter")
    with pytest.raises(InputError, match=r"lift-sys-opentelemetry\[otlp\]"):
        create(OpenTelemetryOptions(to="otlp"), None)


def test_the_names_are_those_of_the_conventions():
    from lift_sys_opentelemetry import naming
    from opentelemetry.semconv._incubating.attributes import gen_ai_attributes
    from opentelemetry.semconv._incubating.metrics import gen_ai_metrics
    from opentelemetry.semconv.attributes import error_attributes, server_attributes

    stated = {value for value in vars(naming).values() if isinstance(value, str)}
    stated = {value for value in stated if value.startswith(("gen_ai.", "error.", "server."))}
    packages = (gen_ai_attributes, gen_ai_metrics, error_attributes, server_attributes)
    known = {value for each in packages for value in vars(each).values() if isinstance(value, str)}
    assert len(stated) > 10
    assert stated <= known
