"""Spans, through OpenTelemetry's API alone: a request's own, one for each of its stages, and one for its statement.

Names and attributes follow the conventions for HTTP, GraphQL and databases. They are codes, numbers and ids: never a
value, a header, a word of a document or an error's message.
"""

from collections.abc import Sequence
from typing import Final, Literal

from opentelemetry import trace
from opentelemetry.context import Context, attach, detach
from opentelemetry.propagators.textmap import Getter
from opentelemetry.trace import NoOpTracerProvider, ProxyTracerProvider, Span, SpanKind, Status, StatusCode, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from gateway.http.request import Scope

Stage = Literal[
    "policy", "head", "identify", "admit", "read", "trust", "compile", "execute", "change", "record", "respond"
]
"""The stages of the pipeline, in their order. Spans have these names."""

_Headers = Sequence[tuple[bytes, bytes]]

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "QUERY"})
_OTHER_METHOD: Final = "_OTHER"
"""What the convention calls a method that a stranger made up."""


class _TraceParent(Getter[_Headers]):
    """Reads the trace's parent and nothing else: other headers of a trace hold a stranger's words."""

    def get(self, carrier: _Headers, key: str) -> list[str] | None:
        values = [value for name, value in carrier if name == b"traceparent"]
        # What comes twice is refused by the stage `head`.
        return [values[0].decode("latin-1")] if key == "traceparent" and len(values) == 1 else None

    def keys(self, carrier: _Headers) -> list[str]:
        return ["traceparent"] if any(name == b"traceparent" for name, _ in carrier) else []


_PROPAGATOR: Final = TraceContextTextMapPropagator()
_GETTER: Final = _TraceParent()


def find_tracer() -> Tracer | None:
    """A tracer, if anybody has set a provider of tracers. The API's own ones export nothing."""
    provider = trace.get_tracer_provider()
    return None if isinstance(provider, ProxyTracerProvider | NoOpTracerProvider) else provider.get_tracer("veil")


class RequestSpans:
    """The spans of one request. A stage's span ends where the next begins."""

    def __init__(self, tracer: Tracer, scope: Scope) -> None:
        self._tracer = tracer
        parent = _PROPAGATOR.extract(scope["headers"], Context(), _GETTER)
        method = scope["method"] if scope["method"] in _METHODS else _OTHER_METHOD
        self._request = tracer.start_span(
            f"{method if method in _METHODS else 'HTTP'} /graphql",
            parent,
            SpanKind.SERVER,
            {
                "http.request.method": method,
                "http.route": "/graphql",
                "url.path": "/graphql",
                "url.scheme": scope.get("scheme", "http"),
            },
        )
        self._context = trace.set_span_in_context(self._request, parent)
        self._token = attach(self._context)
        self._is_recorded = self._request.is_recording()
        """Whether the trace is sampled. If not, its parts need no spans."""
        self._stage: Span | None = None
        self._stage_context = self._context
        self._statement: Span | None = None

    def enter_stage(self, stage: Stage | None, error: str | None = None) -> None:
        """`error` is why the stage before ended the request, if it did."""
        for span in (self._statement, self._stage):
            if span is not None:
                _end(span, error)
        self._statement = self._stage = None
        if stage and self._is_recorded:
            self._stage = self._tracer.start_span(stage, self._context)
            self._stage_context = trace.set_span_in_context(self._stage, self._context)

    def statement_sent(self, operation: str, calls: int) -> None:
        """A session runs the request's statement now, for so many requests."""
        if not self._is_recorded:
            return
        if self._statement is not None:
            # A session was lost, and another runs it again.
            _end(self._statement, "UNAVAILABLE")
        attributes: dict[str, str | int] = {"db.system.name": "postgresql", "db.operation.name": operation}
        if calls > 1:
            attributes["db.operation.batch.size"] = calls
        self._statement = self._tracer.start_span(operation, self._stage_context, SpanKind.CLIENT, attributes)

    def end(self, status: int, error: str | None, attributes: dict[str, str]) -> None:
        """The response is made. `error` is the code of a request without an answer."""
        self._request.set_attributes({"http.response.status_code": status, **attributes})
        if error:
            self._request.set_attribute("error.type", error)
        if status >= 500:
            self._request.set_status(Status(StatusCode.ERROR, error))
        self._request.end()
        detach(self._token)

    def abandon(self) -> None:
        """The request ends without a response."""
        self.enter_stage(None, "CANCELLED")
        self._request.set_status(Status(StatusCode.ERROR, "CANCELLED"))
        self._request.end()
        detach(self._token)


def _end(span: Span, error: str | None) -> None:
    if error:
        span.set_attribute("error.type", error)
        span.set_status(Status(StatusCode.ERROR, error))
    span.end()
