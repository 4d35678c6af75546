"""Spans: the caller's trace goes on, by any provider, and a span says how a request ended in codes alone."""

from collections.abc import Sequence
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from gateway.telemetry.spans import RequestSpans, find_tracer

TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
CALLER = (b"traceparent", f"00-{TRACE}-{PARENT}-01".encode())


@pytest.fixture
def exported() -> InMemorySpanExporter:
    return InMemorySpanExporter()


def spans(exported: InMemorySpanExporter, *headers: tuple[bytes, bytes], method: str = "POST") -> RequestSpans:
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exported))
    return RequestSpans(provider.get_tracer("test"), {"method": method, "headers": headers, "scheme": "http"})


def by_name(exported: InMemorySpanExporter) -> dict[str, ReadableSpan]:
    found: Sequence[ReadableSpan] = exported.get_finished_spans()
    return {span.name: span for span in found}


def test_the_caller_s_trace_goes_on_through_stages_to_the_statement(exported: InMemorySpanExporter) -> None:
    request = spans(exported, CALLER, (b"tracestate", b"a=a-stranger's-word"))
    request.enter_stage("execute")
    request.statement_sent("SELECT", 3)
    request.enter_stage("respond")
    request.enter_stage(None)
    request.end(200, None, {"veil.outcome": "ANSWERED"})
    found = by_name(exported)
    assert set(found) == {"POST /graphql", "execute", "SELECT", "respond"}
    whole, stage, statement = found["POST /graphql"], found["execute"], found["SELECT"]
    assert whole.parent
    assert whole.context
    assert stage.context
    assert stage.parent
    assert statement.parent
    assert (f"{whole.context.trace_id:032x}", f"{whole.parent.span_id:016x}") == (TRACE, PARENT)
    assert whole.parent.is_remote
    assert dict(whole.context.trace_state) == {}
    assert stage.parent.span_id == whole.context.span_id
    assert statement.parent.span_id == stage.context.span_id
    assert (whole.kind, stage.kind, statement.kind) == (SpanKind.SERVER, SpanKind.INTERNAL, SpanKind.CLIENT)
    assert dict(statement.attributes or {}) == {
        "db.system.name": "postgresql",
        "db.operation.name": "SELECT",
        "db.operation.batch.size": 3,
    }
    assert {span.status.status_code for span in found.values()} == {StatusCode.UNSET}


@pytest.mark.parametrize("headers", [(), (CALLER, CALLER), ((b"traceparent", b"a stranger's word"),)])
def test_without_one_good_parent_a_request_begins_a_trace(exported: InMemorySpanExporter, headers: Any) -> None:
    spans(exported, *headers, method="a stranger's word").abandon()
    whole = by_name(exported)["HTTP /graphql"]
    assert whole.parent is None
    assert "stranger" not in str(dict(whole.attributes or {}))
    assert whole.status.status_code is StatusCode.ERROR


def test_a_failure_is_an_error_of_its_stage_and_of_the_request(exported: InMemorySpanExporter) -> None:
    request = spans(exported)
    request.enter_stage("execute")
    request.enter_stage("respond", "TIMED_OUT")
    request.enter_stage(None)
    request.end(504, "TIMED_OUT", {})
    found = by_name(exported)
    for name in ("execute", "POST /graphql"):
        assert found[name].status.status_code is StatusCode.ERROR
        assert dict(found[name].attributes or {})["error.type"] == "TIMED_OUT"
    assert dict(found["POST /graphql"].attributes or {})["http.response.status_code"] == 504


def test_a_refusal_is_an_error_of_its_stage_but_not_of_the_server(exported: InMemorySpanExporter) -> None:
    """As the convention for HTTP says of 4xx."""
    request = spans(exported)
    request.enter_stage("identify")
    request.enter_stage("respond", "TOKEN_INVALID")
    request.end(401, "TOKEN_INVALID", {})
    found = by_name(exported)
    assert found["identify"].status.status_code is StatusCode.ERROR
    assert found["POST /graphql"].status.status_code is StatusCode.UNSET
    assert dict(found["POST /graphql"].attributes or {})["error.type"] == "TOKEN_INVALID"


def test_any_provider_counts_but_the_api_s_own(monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_tracer() is None

    class Provider(trace.TracerProvider):
        def get_tracer(self, *_: Any, **__: Any) -> trace.Tracer:
            return trace.NoOpTracer()

    monkeypatch.setattr(trace, "get_tracer_provider", Provider)
    assert find_tracer() is not None
