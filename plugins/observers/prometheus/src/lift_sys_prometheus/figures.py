"""The metrics. No label has more values than there are providers, models, routes and statuses."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from lift_sys.interfaces import (
    AttemptEnded,
    Call,
    CallMade,
    CandidateDrawn,
    Event,
    TaskEnded,
    TaskStarted,
)

_CALL_STEPS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)
_TASK_STEPS = (0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900)
_WHOSE = ("provider", "model")
_MOST_MODELS = 50
"""That one provider may say it is; the rest are one, as each costs memory for ever."""


class Figures:
    def __init__(self, registry: CollectorRegistry) -> None:
        def counter(name: str, help_: str, *labels: str) -> Counter:
            return Counter(f"lift_{name}", help_, labels, registry=registry)

        self._running = Gauge("lift_tasks_running", "Tasks under way.", registry=registry)
        self._tasks = counter("tasks", "Tasks that ended.", "status")
        self._attempts = counter("attempts", "Attempts that ended.", "route", "status")
        self._failures = counter("failures", "Failed attempts by what went wrong.", "category")
        self._candidates = counter("candidates", "Candidates drawn.", "stage", "valid")
        self._calls = counter("calls", "Calls to models.", *_WHOSE, "outcome")
        self._retries = counter("retries", "Calls that were tries after the first.", *_WHOSE)
        self._tokens = counter("tokens", "Tokens paid for.", *_WHOSE, "kind")
        self._usd = counter("cost_usd", "US dollars paid.", *_WHOSE)
        self._saved = counter("cached_cost_usd", "US dollars that the cache saved.", *_WHOSE)
        self._unpriced = counter("unpriced_calls", "Calls whose price is unknown.", *_WHOSE)
        self._batched = counter("batch_calls", "Calls at the vendor's price for batches.", *_WHOSE)
        self._estimated = counter(
            "estimated_calls", "Calls whose tokens were estimated, lost ones among them.", *_WHOSE
        )
        self._call_seconds = Histogram(
            "lift_call_seconds",
            "How long calls took.",
            _WHOSE,
            registry=registry,
            buckets=_CALL_STEPS,
        )
        self._task_seconds = Histogram(
            "lift_task_seconds", "How long tasks took.", registry=registry, buckets=_TASK_STEPS
        )
        self._under_way: set[str] = set()
        self._models: dict[str, set[str]] = {}

    def add(self, event: Event) -> None:
        match event:
            case TaskStarted():
                self._under_way.add(event.task)
                self._running.set(len(self._under_way))
            case CallMade():
                self._called(event)
            case CandidateDrawn():
                valid = "no" if event.value is None else "yes"
                self._candidates.labels(event.stage, valid).inc()
            case AttemptEnded():
                self._attempts.labels(event.route, event.verdict.status).inc()
                if event.verdict.category is not None:
                    self._failures.labels(event.verdict.category).inc()
            case TaskEnded():
                self._under_way.discard(event.task)
                self._running.set(len(self._under_way))
                self._tasks.labels(event.status).inc()
                self._task_seconds.observe(event.seconds)
            case _:
                pass

    def _called(self, made: CallMade) -> None:
        call, usage = made.call, made.call.usage
        whose = call.provider, self._model(call)
        self._calls.labels(*whose, _outcome(made)).inc()
        if call.cached:
            self._saved.labels(*whose).inc(call.cost or 0.0)
            return
        if made.retries:
            self._retries.labels(*whose).inc()
        for kind, count in (
            ("input", usage.input_tokens - usage.cached_tokens),
            ("cached", usage.cached_tokens),
            ("output", usage.output_tokens),
        ):
            self._tokens.labels(*whose, kind).inc(count)
        self._usd.labels(*whose).inc(call.cost or 0.0)
        if call.cost is None:
            self._unpriced.labels(*whose).inc()
        if call.batch:
            self._batched.labels(*whose).inc()
        if usage.estimated:
            self._estimated.labels(*whose).inc()
        self._call_seconds.labels(*whose).observe(call.seconds)

    def _model(self, call: Call) -> str:
        known = self._models.setdefault(call.provider, set())
        if len(known) < _MOST_MODELS:
            known.add(call.model)
        return call.model if call.model in known else "others"


def _outcome(made: CallMade) -> str:
    if made.call.cached:
        return "cached"
    if made.error is None:
        return "ok"
    return "cancelled" if made.error == "cancelled" else "error"
