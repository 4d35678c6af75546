"""Spans and metrics: shapes, codes and times, never a value, an id of anybody, or a word of a document.

A span is named as its stage and the stage's function are. Without an OpenTelemetry SDK configured no span is made, and
a stage costs nothing.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import accumulate
from math import inf

from opentelemetry import trace
from opentelemetry.trace import Tracer
from prometheus_client import generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

from gateway.http.response import Answer
from schema.refusals import Unanswered

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_TOGETHER = (1, 2, 4, 8, 16, 32, 64, 128, 256)

StageListener = Callable[[str | None], None]
"""Told the name of each stage as it begins, and none when the request has ended."""


def _untold(_stage: str | None) -> None:
    """Where no spans are wanted."""


class _Spans:
    """The spans of one request: its own, and within it one for each stage, until the next begins."""

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer
        self._open = [self._begun("request")]

    def __call__(self, stage: str | None) -> None:
        while len(self._open) > (1 if stage else 0):
            self._open.pop().__exit__(None, None, None)
        if stage:
            self._open.append(self._begun(stage))

    def _begun(self, name: str) -> AbstractContextManager[object]:
        # An exception's message may carry a value: a span is told of none.
        span = self._tracer.start_as_current_span(name, record_exception=False, set_status_on_exception=False)
        span.__enter__()
        return span


class _Distribution:
    """How often which size was seen, by the smallest bound that it does not exceed."""

    def __init__(self, bounds: Sequence[float]) -> None:
        self._bounds = (*bounds, inf)
        self._counts = [0] * len(self._bounds)
        self._sum = 0.0

    def see(self, size: float) -> None:
        self._counts[bisect_left(self._bounds, size)] += 1
        self._sum += size

    def family(self, name: str, documentation: str) -> Metric:
        bounds = map(floatToGoString, self._bounds)
        buckets = list(zip(bounds, map(float, accumulate(self._counts)), strict=True))
        return HistogramMetricFamily(name, documentation, buckets=buckets, sum_value=self._sum)


class Telemetry:
    """One worker's spans and metrics.

    A request only counts; what an exporter wants to know of the counts is made when it asks.
    """

    def __init__(self) -> None:
        self._ended: Counter[str] = Counter()
        self._seconds = _Distribution(_BUCKETS)
        self._rides = _Distribution(_TOGETHER)
        self._tracer = trace.get_tracer("veil") if _traced() else None

    def stages(self) -> StageListener:
        """What one request is to tell of the stages it comes to."""
        return _untold if self._tracer is None else _Spans(self._tracer)

    def request_ended(self, outcome: Answer | Unanswered, seconds: float) -> None:
        """A request ended after some time; its outcome counts by its code."""
        self._ended["ANSWERED" if isinstance(outcome, Answer) else outcome.code.name] += 1
        self._seconds.see(seconds)

    def batch_sent(self, calls: int) -> None:
        self._rides.see(calls)

    def metrics(self, *, waiting: int, ready: bool) -> bytes:
        """All metrics, in Prometheus' text format."""
        requests = CounterMetricFamily("veil_requests", "Requests, by how they ended.", labels=["outcome"])
        for outcome, count in self._ended.items():
            requests.add_metric([outcome], count)
        families = (
            requests,
            self._seconds.family("veil_request_seconds", "Time from a request's head to its response."),
            self._rides.family("veil_batch_calls", "Calls that rode together."),
            GaugeMetricFamily("veil_waiting_calls", "Calls that wait for a lane.", value=waiting),
            GaugeMetricFamily("veil_ready", "Whether requests can be answered.", value=ready),
        )
        return generate_latest(_Read(families))


@dataclass(frozen=True, slots=True)
class _Read(Collector):
    """Metrics as they were when somebody asked."""

    families: Sequence[Metric]

    def collect(self) -> Sequence[Metric]:
        return self.families


def _traced() -> bool:
    """Whether a tracer provider of an SDK is in place: the API's own makes spans of nothing."""
    return type(trace.get_tracer_provider()).__module__.startswith("opentelemetry.sdk")
