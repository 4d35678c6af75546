"""The stages head and read: an HTTP request becomes what it asks, or is refused as malformed or too large.

Takes nothing of the request for granted: neither that a header comes once, nor that the body is JSON, nor that it
ends. Knows nothing of GraphQL beyond the names of a request's parts (GraphQL over HTTP §5).
"""

import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from functools import lru_cache
from typing import Any

import msgspec

from gateway.identity.authenticator import Credentials
from resolvers.front.document import Request
from schema.refusals import Code, Refused

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

GRAPHQL_RESPONSE = "application/graphql-response+json"
JSON = "application/json"

LONGEST_HEADER = 8_192
"""Bytes a header may have that the gateway reads."""

_TRACE_PARENT = re.compile(rb"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
_REJECTS = re.compile(r"q=0(\.0{0,3})?")
"""A weight that says: not this (RFC 9110 §12.4.2)."""

_READ = frozenset(
    {b"authorization", b"access-purpose", b"access-reference", b"content-type", b"accept", b"traceparent"}
)
_ONCE = _READ - {b"accept"}


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """What a request's headers say, and its method."""

    method: str
    credentials: Credentials
    content_type: str
    media_type: str | None
    """What to answer in; none when the requester accepts nothing the gateway has."""
    trace: str | None
    """The id of the caller's trace (W3C Trace Context §3.2), 32 hexadecimal digits."""


class RequestBody(msgspec.Struct, rename="camel"):
    """A request's body."""

    query: str
    operation_name: str | None = None
    variables: dict[str, Any] | None = None
    extensions: dict[str, Any] | None = None


_decode = msgspec.json.Decoder(RequestBody).decode


def head(scope: Scope) -> Head:
    """The headers that matter. Raises `Refused` with HEADER_INVALID or PURPOSE_REPEATED."""
    found = _headers(scope)
    return Head(
        method=scope["method"],
        credentials=Credentials(
            authorization=found.get(b"authorization"),
            purpose=found.get(b"access-purpose"),
            reference=found.get(b"access-reference"),
        ),
        content_type=found.get(b"content-type", ""),
        media_type=response_media_type(found.get(b"accept", "*/*")),
        trace=_trace(found.get(b"traceparent")),
    )


def _headers(scope: Scope) -> Mapping[bytes, str]:
    found: dict[bytes, str] = {}
    for name, value in scope["headers"]:
        if name not in _READ:
            continue
        if name in found and name in _ONCE:
            raise _repeated(name)
        if len(value) > LONGEST_HEADER or not value.isascii():
            raise Refused(Code.HEADER_INVALID, f"send `{_written(name)}` as ASCII of at most {LONGEST_HEADER} bytes")
        text = value.decode("ascii")
        found[name] = f"{found[name]},{text}" if name in found else text
    return found


def _repeated(name: bytes) -> Refused:
    if name == b"access-purpose":
        return Refused(Code.PURPOSE_REPEATED, "send `Access-Purpose` once, with one purpose")
    return Refused(Code.HEADER_INVALID, f"send `{_written(name)}` once")


def _written(name: bytes) -> str:
    return name.decode("ascii").title()


@lru_cache(maxsize=64)
def _media_type(content_type: str) -> str:
    kind, *parameters = (part.strip().lower() for part in content_type.split(";"))
    charsets = [each for each in parameters if each.startswith("charset=")]
    return kind if all(each.strip('"') in ("charset=utf-8", 'charset="utf-8') for each in charsets) else ""


@lru_cache(maxsize=256)
def response_media_type(accept: str) -> str | None:
    """The media type to answer in (GraphQL over HTTP §6.1)."""
    wanted = {kind for kind, *rest in map(_parts, accept.split(",")) if not any(map(_REJECTS.fullmatch, rest))}
    if GRAPHQL_RESPONSE in wanted:
        return GRAPHQL_RESPONSE
    return JSON if wanted & {JSON, "application/*", "*/*", ""} else None


def _parts(entry: str) -> list[str]:
    return [part.strip().lower() for part in entry.split(";")]


def _trace(header: str | None) -> str | None:
    found = _TRACE_PARENT.fullmatch(header.encode()) if header else None
    return found[1].decode() if found else None


class BodyReader(msgspec.Struct):
    """A request's body, of so many bytes at most. It comes once, however often it is asked for."""

    receive: Receive
    limit: int
    _content: bytes | None = None
    _whole: bool = True

    async def content(self) -> bytes:
        """Raises `Refused` with BODY_TOO_LARGE, or BODY_MALFORMED when it broke off."""
        content = self._content
        if content is None:
            content = self._content = await self._received()
        if len(content) > self.limit:
            raise Refused(Code.BODY_TOO_LARGE, f"send at most {self.limit} bytes")
        if not self._whole:
            raise Refused(Code.BODY_MALFORMED, "send the whole body")
        return content

    async def _received(self) -> bytes:
        message = await self.receive()
        content = message.get("body", b"")
        while message.get("more_body", False) and len(content) <= self.limit:
            message = await self.receive()
            content += message.get("body", b"")
        self._whole = message["type"] != "http.disconnect"
        return content


async def read(head: Head, body: BodyReader) -> Request:
    """What is asked.

    Raises `Refused` with METHOD, MEDIA_TYPE, NOT_ACCEPTABLE, BODY_TOO_LARGE or BODY_MALFORMED.
    """
    if head.method != "POST":
        raise Refused(Code.METHOD, "send the request by POST; a browser that asks for a page gets the console")
    if head.media_type is None:
        raise Refused(Code.NOT_ACCEPTABLE, f"accept `{GRAPHQL_RESPONSE}` or `{JSON}`")
    if _media_type(head.content_type) != JSON:
        raise Refused(Code.MEDIA_TYPE, f"send the header `Content-Type: {JSON}`")
    content = await body.content()
    try:
        asked = _decode(content)
    except (msgspec.DecodeError, ValueError, RecursionError):
        hint = 'send an object like {"query": "…", "variables": {…}} as JSON'
        raise Refused(Code.BODY_MALFORMED, hint) from None
    return Request(document=asked.query, operation_name=asked.operation_name, variables=asked.variables or {})
