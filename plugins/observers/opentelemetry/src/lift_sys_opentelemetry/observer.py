"""The observer: a run is a trace, its tasks, attempts and calls are spans in it."""

import time
from collections.abc import Callable, Sequence

from opentelemetry.metrics import Histogram, MeterProvider
from opentelemetry.trace import (
    Span,
    SpanKind,
    Status,
    StatusCode,
    TracerProvider,
    set_span_in_context,
)

from lift_sys.interfaces import (
    AttemptEnded,
    CallMade,
    Capabilities,
    Event,
    RouteTaken,
    RunEnded,
    RunResumed,
    RunStarted,
    Spend,
    TaskEnded,
    TaskStarted,
)

from . import naming

_SCOPE = "lift_sys"
_TOKEN_STEPS = [4**power for power in range(14)]
_SECOND_STEPS = [0.01 * 2**power for power in range(14)]


class OpenTelemetryObserver:
    """Implements `Observer`. `ends` close what was set up for it alone."""

    def __init__(
        self,
        tracing: TracerProvider,
        metering: MeterProvider | None = None,
        *,
        content: bool = False,
        ends: Sequence[Callable[[], object]] = (),
    ) -> None:
        self._tracer = tracing.get_tracer(_SCOPE)
        self._figures = None if metering is None else _Figures(metering)
        self._content = content
        self._ends = list(ends)
        self._providers: dict[str, Capabilities] = {}
        self._run: Span | None = None
        self._tasks: dict[str, Span] = {}
        self._attempts: dict[str, Span] = {}

    def on_event(self, event: Event) -> None:
        match event:
            case RunStarted():
                self._providers = event.providers
                self._run = self._tracer.start_span("run", attributes={naming.RUN: event.run})
            case RunResumed():
                self._run = self._tracer.start_span("run")
            case TaskStarted():
                self._begin(event)
            case RouteTaken():
                attempt = self._start(f"attempt {event.route}", self._tasks.get(event.task))
                attempt.set_attribute(naming.ROUTE, event.route)
                self._attempts[event.task] = attempt
            case CallMade():
                self._called(event)
            case AttemptEnded():
                self._attempt_ended(event)
            case TaskEnded():
                self._task_ended(event)
            case RunEnded():
                self._run_ended(event)
            case _:
                pass

    def close(self) -> None:
        self._end_all()
        ends, self._ends = self._ends, []
        for end in ends:
            end()

    def _begin(self, event: TaskStarted) -> None:
        span = self._start("task", self._run)
        span.set_attribute(naming.TASK, event.task)
        if self._content:
            span.set_attribute(naming.REQUEST, event.request)
        self._tasks[event.task] = span

    def _called(self, made: CallMade) -> None:
        known = self._providers.get(made.call.provider)
        attributes = naming.of_call(made, known)
        if self._content:
            attributes |= naming.answers(made)
            if made.error is not None:
                attributes[naming.WHY] = made.error
        ended = time.time_ns()
        # What was made before, or for another, took no time now.
        lasted = 0 if made.call.cached else int(made.call.seconds * 1e9)
        span = self._start(
            f"{naming.OPERATION} {made.call.model}",
            self._attempts.get(made.task) or self._tasks.get(made.task) or self._run,
            kind=SpanKind.INTERNAL if made.call.cached else SpanKind.CLIENT,
            at=ended - lasted,
        )
        span.set_attributes(attributes)
        if made.error is not None:
            span.set_status(Status(StatusCode.ERROR))
        span.end(ended)
        if self._figures is not None and not made.call.cached:
            self._figures.add(made, known)

    def _attempt_ended(self, event: AttemptEnded) -> None:
        span = self._attempts.pop(event.task, None)
        if span is not None:
            span.set_attribute(naming.STATUS, event.verdict.status)
            if event.verdict.category is not None:
                span.set_attribute(naming.CATEGORY, event.verdict.category)
            _end(span, event.spend)

    def _task_ended(self, event: TaskEnded) -> None:
        attempt = self._attempts.pop(event.task, None)
        if attempt is not None:
            attempt.end()  # it was cut off
        span = self._tasks.pop(event.task, None)
        if span is None:
            return
        span.set_attribute(naming.STATUS, event.status)
        if self._content:
            span.set_attribute(naming.WHY, event.why)
        if event.status == "error":
            span.set_status(Status(StatusCode.ERROR))
        _end(span, event.spend)

    def _run_ended(self, event: RunEnded) -> None:
        run, self._run = self._run, None
        self._end_all()
        if run is not None:
            if self._content:
                run.set_attribute(naming.WHY, event.why)
            _end(run, event.spend)

    def _end_all(self) -> None:
        """What is still open, innermost first."""
        spans = [*self._attempts.values(), *self._tasks.values()]
        if self._run is not None:
            spans.append(self._run)
        self._attempts.clear()
        self._tasks.clear()
        self._run = None
        for span in spans:
            span.end()

    def _start(
        self,
        name: str,
        parent: Span | None,
        *,
        kind: SpanKind = SpanKind.INTERNAL,
        at: int | None = None,
    ) -> Span:
        context = None if parent is None else set_span_in_context(parent)
        return self._tracer.start_span(name, context, kind=kind, start_time=at)


def _end(span: Span, spend: Spend) -> None:
    span.set_attribute(naming.COST, spend.usd)
    span.end()


class _Figures:
    """The conventions' metrics of a client."""

    def __init__(self, metering: MeterProvider) -> None:
        meter = metering.get_meter(_SCOPE)
        self._tokens: Histogram = meter.create_histogram(
            naming.TOKEN_USAGE,
            unit="{token}",
            description="Number of input and output tokens used.",
            explicit_bucket_boundaries_advisory=_TOKEN_STEPS,
        )
        self._seconds: Histogram = meter.create_histogram(
            naming.OPERATION_DURATION,
            unit="s",
            description="GenAI operation duration.",
            explicit_bucket_boundaries_advisory=_SECOND_STEPS,
        )

    def add(self, made: CallMade, known: Capabilities | None) -> None:
        attributes = naming.whose(made, known)
        self._seconds.record(made.call.seconds, attributes)
        usage = made.call.usage
        for kind, count in (("input", usage.input_tokens), ("output", usage.output_tokens)):
            if count:
                self._tokens.record(count, {**attributes, naming.TOKEN_TYPE: kind})
