"""Metrics: the numbers of all workers as one, in Prometheus' text and in OpenTelemetry."""

from collections.abc import Mapping
from typing import Any

import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

from gateway.telemetry import metrics
from gateway.telemetry.counts import Counts, Key, WorkerCounts


def worker(numbers: Mapping[Key, float], *, is_running: bool = True) -> WorkerCounts:
    return WorkerCounts(is_running=is_running, numbers=numbers, state=None)


def text(*workers: WorkerCounts) -> list[str]:
    return metrics.prometheus_text(workers).decode().splitlines()


ANSWERED = ("veil_requests", "PUBLIC", "public_browsing", "ANSWERED")


def test_counters_are_added_over_workers_those_that_ended_too() -> None:
    """So a counter never runs backwards."""
    found = text(worker({ANSWERED: 19}), worker({ANSWERED: 21}), worker({ANSWERED: 2}, is_running=False))
    assert 'veil_requests_total{outcome="ANSWERED",purpose="public_browsing",role="PUBLIC"} 42.0' in found


def test_histograms_are_added_bucket_by_bucket() -> None:
    one = {("veil_batch_calls", "0"): 1.0, ("veil_batch_calls", "sum"): 1.0}
    other = {("veil_batch_calls", "2"): 2.0, ("veil_batch_calls", "sum"): 6.0}
    found = text(worker(one), worker(other))
    assert 'veil_batch_calls_bucket{le="1.0"} 1.0' in found
    assert 'veil_batch_calls_bucket{le="4.0"} 3.0' in found
    assert 'veil_batch_calls_bucket{le="+Inf"} 3.0' in found
    assert "veil_batch_calls_sum 7.0" in found


@pytest.mark.parametrize(
    ("name", "joined"), [("veil_waiting_calls", 5.0), ("veil_key_set_age_seconds", 3.0), ("veil_ready", 2.0)]
)
def test_the_state_of_workers_that_run_is_joined_by_its_kind(name: str, joined: float) -> None:
    workers = [worker({(name,): number}) for number in (2, 3)]
    assert f"{name} {joined}" in text(*workers, worker({(name,): 100}, is_running=False))
    assert "veil_workers 2.0" in text(*workers)


def test_opentelemetry_reads_the_same_numbers() -> None:
    reader = InMemoryMetricReader()
    provider = MeterProvider([reader])
    counts = Counts()
    meter = provider.get_meter("veil")
    metrics.register(meter, counts)
    seconds = metrics.Distribution(metrics.REQUEST_SECONDS, counts, metrics.histogram(meter, metrics.REQUEST_SECONDS))
    counts.add(ANSWERED, 3)
    counts.set(("veil_waiting_calls",), 7)
    seconds.observe(0.003)
    seconds.flush()
    counts.flush()
    found = read(reader)
    assert [(dict(point.attributes), point.value) for point in found["veil.requests"]] == [
        ({"role": "PUBLIC", "purpose": "public_browsing", "outcome": "ANSWERED"}, 3)
    ]
    assert found["veil.waiting_calls"][0].value == 7
    assert (found["veil.request"][0].count, found["veil.request"][0].sum) == (1, 0.003)
    assert 'veil_request_seconds_bucket{le="0.005"} 1.0' in text(worker(counts.snapshot()))
    provider.shutdown()


def read(reader: InMemoryMetricReader) -> dict[str, Any]:
    data = reader.get_metrics_data()
    assert data
    scopes = (scope for resource in data.resource_metrics for scope in resource.scope_metrics)
    return {metric.name: list(metric.data.data_points) for scope in scopes for metric in scope.metrics}
