"""Metrics count outcomes, times and batches, and nothing that belongs to anybody."""

import re

from gateway.http.response import Answer
from gateway.telemetry import Telemetry
from schema.refusals import Code, Failed, Refused


def lines(telemetry: Telemetry) -> list[str]:
    return telemetry.metrics(waiting=3, ready=True).decode().splitlines()


def test_a_request_counts_by_its_outcome_and_its_time() -> None:
    telemetry = Telemetry()
    telemetry.request_ended(Answer(data=b"{}", treatments=b"[]"), 0.003)
    telemetry.request_ended(Refused(Code.LIMIT, "ask for less"), 0.0001)
    telemetry.request_ended(Failed(Code.TIMED_OUT, "ask again"), 20)
    found = lines(telemetry)
    for outcome in ("ANSWERED", "LIMIT", "TIMED_OUT"):
        assert f'veil_requests_total{{outcome="{outcome}"}} 1.0' in found
    assert 'veil_request_seconds_bucket{le="0.0005"} 1.0' in found
    assert 'veil_request_seconds_bucket{le="0.005"} 2.0' in found
    assert 'veil_request_seconds_bucket{le="+Inf"} 3.0' in found


def test_a_batch_counts_by_its_calls() -> None:
    telemetry = Telemetry()
    for calls in (1, 3, 3):
        telemetry.batch_sent(calls)
    found = lines(telemetry)
    assert 'veil_batch_calls_bucket{le="2.0"} 1.0' in found
    assert 'veil_batch_calls_bucket{le="4.0"} 3.0' in found
    assert "veil_batch_calls_sum 7.0" in found


def test_the_state_of_a_worker_is_read_when_it_is_asked_for() -> None:
    assert {"veil_waiting_calls 3.0", "veil_ready 1.0"} <= set(lines(Telemetry()))


def test_a_metric_has_no_label_but_an_outcome() -> None:
    telemetry = Telemetry()
    telemetry.request_ended(Refused(Code.INVALID, "a hint"), 0.1)
    labels = {name for line in lines(telemetry) for name in re.findall(r'(\w+)="', line)}
    assert labels == {"outcome", "le"}
