"""Spans and metrics: shapes, codes and times, never a value, an id of anybody, or a word of a document.

A span is named as its stage and the stage's function are. Without an OpenTelemetry SDK configured no span is made, and
a stage costs nothing.
"""

from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from opentelemetry import trace
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from gateway.response import Answered
from schema.refusals import Ended

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_TOGETHER = (1, 2, 4, 8, 16, 32, 64, 128, 256)
_NOTHING = nullcontext()


class Telemetry:
    """One worker's spans and metrics."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter("veil_requests", "Requests, by how they ended.", ["outcome"], registry=self._registry)
        self._seconds = Histogram(
            "veil_request_seconds",
            "Time from a request's head to its response.",
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self._rides = Histogram(
            "veil_ride_calls", "Calls that rode together.", buckets=_TOGETHER, registry=self._registry
        )
        self._waiting = Gauge("veil_waiting_calls", "Calls that wait for a lane.", registry=self._registry)
        self._ready = Gauge("veil_ready", "Whether requests can be answered.", registry=self._registry)
        self._answered = self._requests.labels("ANSWERED")
        self._tracer = trace.get_tracer("veil") if _traced() else None

    def stage(self, name: str) -> AbstractContextManager[object]:
        """A span around a stage, where spans are wanted."""
        return _NOTHING if self._tracer is None else self._span(name)

    @contextmanager
    def _span(self, name: str) -> Generator[None]:
        if self._tracer is None:
            yield
            return
        # An exception's message may carry a value: the span tells only that there was one.
        with self._tracer.start_as_current_span(name, record_exception=False, set_status_on_exception=False):
            yield

    def ended(self, outcome: Answered | Ended, seconds: float) -> None:
        """A request ended after some time; its outcome counts by its code."""
        (self._answered if isinstance(outcome, Answered) else self._requests.labels(outcome.code.name)).inc()
        self._seconds.observe(seconds)

    def rode(self, calls: int) -> None:
        self._rides.observe(calls)

    def metrics(self, *, waiting: int, ready: int) -> bytes:
        """All metrics, in Prometheus' text format."""
        self._waiting.set(waiting)
        self._ready.set(ready)
        return generate_latest(self._registry)


def _traced() -> bool:
    """Whether a tracer provider of an SDK is in place: the API's own makes spans of nothing."""
    return type(trace.get_tracer_provider()).__module__.startswith("opentelemetry.sdk")
