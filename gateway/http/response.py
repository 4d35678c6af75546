"""The stage respond: what became of a request, as an HTTP response (GraphQL over HTTP §6).

The answer's JSON is passed on as the database made it, never decoded. Says of a refusal what to change, and of a
failure nothing but its code.
"""

import json
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from http import HTTPStatus
from typing import Any

import msgspec

from gateway.http.media_types import JSON
from schema.refusals import Code, Failed, Unanswered

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

_LATER = {Code.RATE_LIMITED: 1, Code.OVERLOADED: 1, Code.UNAVAILABLE: 2, Code.TIMED_OUT: 5}
"""Seconds after which it makes sense to ask again (RFC 9110 §10.2.3), where the failure does not say."""


_INSTRUMENT: Mapping[bool | None, bytes] = {
    True: b',"instrumentApplies":true',
    False: b',"instrumentApplies":false',
    None: b"",
}


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """An operation's answer, recorded."""

    data: bytes
    """JSON."""
    treatments: bytes
    """JSON, for `extensions.privacy.treatments`."""
    instrument_applies: bool | None = None
    """Whether the legal instrument that an authority cites applies at all. Nobody else is told."""

    @classmethod
    def of(cls, found: Mapping[str, Any], treatments: bytes) -> "Answer":
        """Made of the row that a statement returned."""
        return cls(data=found["json"], treatments=treatments, instrument_applies=found.get("instrument_applies"))


class ResponseContext(msgspec.Struct, frozen=True, kw_only=True):
    """What a response carries whatever became of the request."""

    record: str
    policy: str
    media_type: str | None
    """What the requester accepts; without any, JSON is sent all the same."""


class Response(msgspec.Struct, frozen=True, kw_only=True):
    """An HTTP response."""

    status: int
    headers: Headers
    body: bytes

    def as_http(self) -> bytes:
        """The whole message, as HTTP/1.1 writes it."""
        head = [b"HTTP/1.1 %d %b" % (self.status, HTTPStatus(self.status).phrase.encode())]
        lines = head + [b"%b: %b" % header for header in self.headers]
        return b"\r\n".join(lines) + b"\r\n\r\n" + self.body

    async def send(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": self.body})


def respond(outcome: Answer | Unanswered, context: ResponseContext) -> Response:
    record = context.record.encode()
    if isinstance(outcome, Answer):
        privacy = b'{"policy":"%b","record":"%b","treatments":%b%b}' % (
            context.policy.encode(),
            record,
            outcome.treatments,
            _INSTRUMENT[outcome.instrument_applies],
        )
        body = b'{"data":%b,"extensions":{"privacy":%b}}' % (outcome.data, privacy)
        return Response(status=200, headers=_headers(context, record, body), body=body)
    return _ended(outcome, context, record)


def _ended(outcome: Unanswered, context: ResponseContext, record: bytes) -> Response:
    code = outcome.code
    # Invariant: what failed left no record that could be promised. Its id leads to its line in the gateway's log.
    failure = outcome if isinstance(outcome, Failed) else None
    recorded = failure is None
    found_by = {} if failure is None or failure.is_only_counted else {"errorId": context.record}
    errors = [problem.as_json(code, outcome.hint, **found_by) for problem in outcome.problems]
    privacy = {"privacy": {"policy": context.policy, "record": record.decode()}} if recorded else {}
    body = json.dumps({"errors": errors, **({"extensions": privacy} if privacy else {})}, ensure_ascii=False).encode()
    headers = _headers(context, record if recorded else None, body)
    if code in _LATER:
        seconds = failure.retry_seconds if failure else None
        headers.append((b"retry-after", b"%d" % (seconds or _LATER[code])))
    if code.status == 401:
        headers.append((b"www-authenticate", b'Bearer realm="veil", error="invalid_token"'))
    if code is Code.METHOD:
        headers.append((b"allow", b"POST"))
    legacy = context.media_type in (JSON, None) and code.is_document_error
    return Response(status=200 if legacy else code.status, headers=headers, body=body)


def _headers(context: ResponseContext, record: bytes | None, body: bytes) -> Headers:
    headers = [
        (b"content-type", b"%b; charset=utf-8" % (context.media_type or JSON).encode()),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"no-store"),
    ]
    if record:
        headers.append((b"access-record", record))
    return headers
