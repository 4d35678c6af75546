"""Metrics: the families of numbers, as Prometheus' text and as instruments of OpenTelemetry, both from the same counts.

Labels are members of enumerations, so no requester can make up one. A label names nobody.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import accumulate
from math import inf
from typing import Final

from opentelemetry.metrics import CallbackOptions, Histogram, Meter, Observation
from prometheus_client import generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

from gateway.telemetry.counts import Counts, Key, WorkerCounts

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

_SUM: Final = "sum"


class Kind(Enum):
    """How the numbers of several workers become one."""

    COUNTER = "added, those of ended workers too"
    HISTOGRAM = "added, bucket by bucket"
    GAUGE = "added, of workers that run"
    GREATEST = "the greatest, of workers that run"
    LEAST = "the least, of workers that run"


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Numbers of one name."""

    name: str
    kind: Kind
    text: str
    labels: tuple[str, ...] = ()
    bounds: tuple[float, ...] = ()

    @property
    def unit(self) -> str:
        return "s" if self.name.endswith("_seconds") else "1"

    @property
    def instrument(self) -> str:
        """The name in OpenTelemetry, which a collector writes for Prometheus as `name`."""
        return self.name.removesuffix("_seconds").replace("veil_", "veil.", 1)


_SECONDS_BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_BATCH_BUCKETS = (1, 2, 4, 8, 16, 32, 64, 128, 256)

REQUESTS: Final = Family(
    name="veil_requests",
    kind=Kind.COUNTER,
    text="Requests by role, purpose and outcome.",
    labels=("role", "purpose", "outcome"),
)
REQUEST_SECONDS: Final = Family(
    name="veil_request_seconds",
    kind=Kind.HISTOGRAM,
    text="Seconds from a request's headers to its response.",
    bounds=_SECONDS_BUCKETS,
)
STAGE_SECONDS: Final = Family(
    name="veil_stage_seconds",
    kind=Kind.COUNTER,
    text="Seconds spent in each stage; `queue` is the part of `execute` before the statement was sent.",
    labels=("stage",),
)
BATCH_CALLS: Final = Family(
    name="veil_batch_calls", kind=Kind.HISTOGRAM, text="Requests in one batch.", bounds=_BATCH_BUCKETS
)
LEDGER_BATCH_RECORDS: Final = Family(
    name="veil_ledger_batch_records", kind=Kind.HISTOGRAM, text="Records in one batch.", bounds=_BATCH_BUCKETS
)
COST: Final = Family(name="veil_cost", kind=Kind.COUNTER, text="Cost of the operations that were sent.")
TREATMENTS: Final = Family(
    name="veil_treatments",
    kind=Kind.COUNTER,
    text="Fields of answered operations that are not plain everywhere, by treatment.",
    labels=("treatment",),
)
LOST_LINES: Final = Family(
    name="veil_lost_lines", kind=Kind.COUNTER, text="Log lines that were dropped because nobody took them."
)
READY: Final = Family(name="veil_ready", kind=Kind.LEAST, text="Whether every worker can answer and record.")
WAITING_CALLS: Final = Family(name="veil_waiting_calls", kind=Kind.GAUGE, text="Calls that wait for a session.")
WAITING_RECORDS: Final = Family(
    name="veil_ledger_waiting_records", kind=Kind.GAUGE, text="Records that wait for a session of the ledger."
)
OPEN_SESSIONS: Final = Family(name="veil_open_sessions", kind=Kind.GAUGE, text="Database sessions that are open.")
BUSY_SESSIONS: Final = Family(name="veil_busy_sessions", kind=Kind.GAUGE, text="Database sessions that run a batch.")
DOCUMENTS: Final = Family(name="veil_documents", kind=Kind.GAUGE, text="Compiled documents that are remembered.")
KEY_SET_AGE: Final = Family(
    name="veil_key_set_age_seconds", kind=Kind.GREATEST, text="Seconds since the key set was last read."
)
SEAL_LAG: Final = Family(
    name="veil_seal_lag_seconds",
    kind=Kind.GREATEST,
    text="Age of the oldest record that came after the last checkpoint of the log.",
)
BREADTH_EXCEEDED: Final = Family(
    name="veil_breadth_exceeded",
    kind=Kind.GREATEST,
    text="Requesters who saw more persons today than the policy allows for their role.",
)
WORKERS: Final = Family(name="veil_workers", kind=Kind.GAUGE, text="Workers that run.")

FAMILIES: Final = (
    *(REQUESTS, REQUEST_SECONDS, STAGE_SECONDS, BATCH_CALLS, LEDGER_BATCH_RECORDS, COST, TREATMENTS),
    *(
        LOST_LINES,
        READY,
        WAITING_CALLS,
        WAITING_RECORDS,
        OPEN_SESSIONS,
        BUSY_SESSIONS,
        DOCUMENTS,
        KEY_SET_AGE,
        SEAL_LAG,
        BREADTH_EXCEEDED,
        WORKERS,
    ),
)


class Distribution:
    """A histogram: each size counts in the first bucket whose upper bound it does not exceed."""

    def __init__(self, family: Family, counts: Counts, instrument: Histogram) -> None:
        self._name = family.name
        self._counts = counts
        self._bounds = family.bounds
        self._observed = [0] * (len(family.bounds) + 1)
        self._sum = 0.0
        self._instrument = instrument

    def observe(self, size: float) -> None:
        self._observed[bisect_left(self._bounds, size)] += 1
        self._sum += size
        self._instrument.record(size)

    def flush(self) -> None:
        """Adds to the counts what was observed since the last time."""
        for place, number in enumerate(self._observed):
            self._counts.add((self._name, str(place)), number)
        self._counts.add((self._name, _SUM), self._sum)
        self._observed = [0] * len(self._observed)
        self._sum = 0.0


# OpenTelemetry.


def register(meter: Meter, counts: Counts) -> None:
    """Gives a meter an instrument for each family that is no histogram; it reads the counts when it is asked."""
    for family in FAMILIES:
        observe = _Observer(family=family, counts=counts)
        match family.kind:
            case Kind.COUNTER:
                meter.create_observable_counter(family.instrument, [observe], family.unit, family.text)
            case Kind.GAUGE | Kind.GREATEST | Kind.LEAST:
                meter.create_observable_gauge(family.instrument, [observe], family.unit, family.text)
            case Kind.HISTOGRAM:
                pass


def histogram(meter: Meter, family: Family) -> Histogram:
    return meter.create_histogram(
        family.instrument, family.unit, family.text, explicit_bucket_boundaries_advisory=family.bounds
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Observer:
    """Reads the numbers of one family."""

    family: Family
    counts: Counts

    def __call__(self, _options: CallbackOptions) -> Iterable[Observation]:
        for key, number in self.counts.snapshot().items():
            if key[0] == self.family.name:
                yield Observation(number, dict(zip(self.family.labels, key[1:], strict=True)))


# Prometheus.


def prometheus_text(workers: Sequence[WorkerCounts]) -> bytes:
    """All metrics of these workers as one, in Prometheus' text format."""
    return generate_latest(_Snapshot([_metric(family, _joined(family, workers)) for family in FAMILIES]))


@dataclass(frozen=True, slots=True)
class _Snapshot(Collector):
    """The metrics at one moment."""

    families: Sequence[Metric]

    def collect(self) -> Sequence[Metric]:
        return self.families


def _joined(family: Family, workers: Sequence[WorkerCounts]) -> Mapping[Key, float]:
    """The numbers of a family, by label values."""
    if family is WORKERS:
        return {(): sum(each.is_running for each in workers)}
    found: dict[Key, list[float]] = defaultdict(list)
    for worker in workers:
        if worker.is_running or family.kind in (Kind.COUNTER, Kind.HISTOGRAM):
            for key, number in worker.numbers.items():
                if key[0] == family.name:
                    found[key[1:]].append(number)
    join = {Kind.GREATEST: max, Kind.LEAST: min}.get(family.kind, sum)
    return {key: join(numbers) for key, numbers in sorted(found.items())}


def _metric(family: Family, numbers: Mapping[Key, float]) -> Metric:
    match family.kind:
        case Kind.COUNTER:
            metric: Metric = CounterMetricFamily(family.name, family.text, labels=family.labels)
            for labels, number in numbers.items():
                metric.add_metric(labels, number)
        case Kind.HISTOGRAM:
            bounds = map(floatToGoString, (*family.bounds, inf))
            sizes = accumulate(numbers.get((str(place),), 0.0) for place in range(len(family.bounds) + 1))
            metric = HistogramMetricFamily(
                family.name,
                family.text,
                buckets=list(zip(bounds, sizes, strict=True)),
                sum_value=numbers.get((_SUM,), 0.0),
            )
        case Kind.GAUGE | Kind.GREATEST | Kind.LEAST:
            metric = GaugeMetricFamily(family.name, family.text, value=numbers.get((), 0.0))
    return metric
