"""Spans and metrics: stages, codes, counts and times, never a value, an id or a word of a document.

Each stage has a span of the stage's name. Without an OpenTelemetry SDK there are no spans, and a stage costs nothing.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import accumulate
from math import inf
from typing import Literal

from opentelemetry import trace
from opentelemetry.trace import Tracer
from prometheus_client import generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

from gateway.http.response import Answer
from schema.refusals import Unanswered

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_SECONDS_BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_BATCH_BUCKETS = (1, 2, 4, 8, 16, 32, 64, 128, 256)

Stage = Literal["policy", "head", "identify", "read", "trust", "compile", "execute", "respond"]
"""The stages of the pipeline, in their order. Spans have these names."""

StageListener = Callable[[Stage | None], None]
"""Called with each stage as it begins, and with none when the request has ended."""


def _ignore_stage(_stage: Stage | None) -> None:
    """Listens where no spans are exported."""


class _Spans:
    """The spans of one request: its own, and inside it a span for each stage, which ends where the next begins."""

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer
        self._open = [self._start("request")]

    def __call__(self, stage: Stage | None) -> None:
        while len(self._open) > (1 if stage else 0):
            self._open.pop().__exit__(None, None, None)
        if stage:
            self._open.append(self._start(stage))

    def _start(self, name: str) -> AbstractContextManager[object]:
        # An exception's message may hold a value, so no span records one.
        span = self._tracer.start_as_current_span(name, record_exception=False, set_status_on_exception=False)
        span.__enter__()
        return span


class _Distribution:
    """A histogram: each size counts in the first bucket whose upper bound it does not exceed."""

    def __init__(self, bounds: Sequence[float]) -> None:
        self._bounds = (*bounds, inf)
        self._counts = [0] * len(self._bounds)
        self._sum = 0.0

    def observe(self, size: float) -> None:
        self._counts[bisect_left(self._bounds, size)] += 1
        self._sum += size

    def family(self, name: str, documentation: str) -> Metric:
        bounds = map(floatToGoString, self._bounds)
        buckets = list(zip(bounds, map(float, accumulate(self._counts)), strict=True))
        return HistogramMetricFamily(name, documentation, buckets=buckets, sum_value=self._sum)


class Telemetry:
    """One worker's spans and metrics. A request only counts; the metrics are formatted when somebody asks for them."""

    def __init__(self) -> None:
        self._outcomes: Counter[str] = Counter()
        self._seconds = _Distribution(_SECONDS_BUCKETS)
        self._batch_calls = _Distribution(_BATCH_BUCKETS)
        self._tracer = trace.get_tracer("veil") if _has_tracer_provider() else None

    def stages(self) -> StageListener:
        """The listener for the stages of one request."""
        return _ignore_stage if self._tracer is None else _Spans(self._tracer)

    def request_ended(self, outcome: Answer | Unanswered, seconds: float) -> None:
        """Counts the outcome of a request, by its code, and its duration."""
        self._outcomes["ANSWERED" if isinstance(outcome, Answer) else outcome.code.name] += 1
        self._seconds.observe(seconds)

    def batch_sent(self, calls: int) -> None:
        self._batch_calls.observe(calls)

    def metrics(self, *, waiting: int, ready: bool) -> bytes:
        """All metrics, in Prometheus' text format."""
        requests = CounterMetricFamily("veil_requests", "Requests by outcome.", labels=["outcome"])
        for outcome, count in self._outcomes.items():
            requests.add_metric([outcome], count)
        families = (
            requests,
            self._seconds.family("veil_request_seconds", "Seconds from a request's headers to its response."),
            self._batch_calls.family("veil_batch_calls", "Calls in one batch."),
            GaugeMetricFamily("veil_waiting_calls", "Calls that wait for a session.", value=waiting),
            GaugeMetricFamily("veil_ready", "Whether requests can be answered.", value=ready),
        )
        return generate_latest(_Snapshot(families))


@dataclass(frozen=True, slots=True)
class _Snapshot(Collector):
    """The metrics at one moment."""

    families: Sequence[Metric]

    def collect(self) -> Sequence[Metric]:
        return self.families


def _has_tracer_provider() -> bool:
    """Whether an SDK has set a tracer provider. The API's own provider exports nothing."""
    return type(trace.get_tracer_provider()).__module__.startswith("opentelemetry.sdk")
