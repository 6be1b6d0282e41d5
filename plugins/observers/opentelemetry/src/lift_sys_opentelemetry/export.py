"""Where spans and metrics go."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from opentelemetry import metrics, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter

from lift_sys.errors import InputError
from lift_sys.interfaces import Parts

from .observer import OpenTelemetryObserver
from .plugin import OpenTelemetryOptions

_OTLP = "opentelemetry.exporter.otlp.proto.http"


def create(options: OpenTelemetryOptions, parts: Parts) -> OpenTelemetryObserver:
    if options.to == "global":
        return OpenTelemetryObserver(
            trace.get_tracer_provider(), metrics.get_meter_provider(), content=options.content
        )
    resource = Resource.create({"service.name": options.service})
    tracing = TracerProvider(resource=resource, shutdown_on_exit=False)
    if options.to == "otlp":
        spans, measures = _exporters()
        tracing.add_span_processor(BatchSpanProcessor(spans))
        reader = PeriodicExportingMetricReader(measures)
        metering = MeterProvider(resource=resource, metric_readers=[reader], shutdown_on_exit=False)
        ends: list[Callable[[], object]] = [tracing.shutdown, metering.shutdown]
        return OpenTelemetryObserver(tracing, metering, content=options.content, ends=ends)
    assert options.file is not None  # the options see to it
    try:
        options.file.parent.mkdir(parents=True, exist_ok=True)
        file = options.file.open("a", encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"spans cannot be written to {options.file}: {error.strerror or error}",
            remedy="name a file that can be written",
        ) from error
    exporter = ConsoleSpanExporter(out=file, formatter=_line)
    tracing.add_span_processor(BatchSpanProcessor(exporter))
    ends = [tracing.shutdown, file.close]
    return OpenTelemetryObserver(tracing, None, content=options.content, ends=ends)


def _line(span: ReadableSpan) -> str:
    return span.to_json(indent=None) + "\n"


def _exporters() -> tuple[Any, Any]:
    try:
        spans = import_module(f"{_OTLP}.trace_exporter")
        measures = import_module(f"{_OTLP}.metric_exporter")
    except ImportError as error:
        raise InputError(
            "the exporter to a collector is not installed",
            remedy="pip install 'lift-sys-opentelemetry[otlp]'",
        ) from error
    return spans.OTLPSpanExporter(), measures.OTLPMetricExporter()
