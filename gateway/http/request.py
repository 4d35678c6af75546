"""The stages head and read: an HTTP request becomes what it asks, or is refused as malformed or too large.

Takes nothing of the request for granted: neither that a header comes once, nor that the body is JSON, nor that it
ends. Knows nothing of GraphQL beyond the names of a request's parts (GraphQL over HTTP §5).
"""

import enum
import json
import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, cast

import msgspec

from gateway.http.media_types import GRAPHQL_RESPONSE, JSON, is_json, response_media_type
from gateway.identity.authenticator import Credentials
from resolvers.front.document import Request, document_digest
from schema.refusals import Code, Refused

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

PATH = "/graphql"
"""The address of GraphQL."""

LONGEST_HEADER = 8_192
"""Bytes a header may have that the gateway reads."""

LONGEST_KEY = 255
"""Bytes an idempotency key may have."""

_IDEMPOTENCY_KEY = b"idempotency-key"

_TRACE_PARENT = re.compile(rb"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")

_READ = frozenset(
    {
        *(b"authorization", b"access-purpose", b"access-reference"),
        *(b"content-type", b"content-encoding", b"accept", b"traceparent"),
    }
)
_ONCE = _READ - {b"accept", b"content-encoding"}

_DIGEST = re.compile(r"[0-9a-f]{64}")
_DOCUMENT_ID = re.compile(r"(?:sha256:)?([0-9a-f]{64})")

_BODY_HINT = 'send an object like {"query": "…", "variables": {…}} as JSON, each key once'
_REFERENCE_HINT = (
    "name a document by `documentId`, or by `extensions.persistedQuery` of version 1:"
    " the SHA-256 of its text, in 64 hexadecimal digits of lower case"
)

_CODINGS = frozenset({"gzip", "x-gzip", "deflate", "compress", "br", "zstd"})
"""Content codings that a refusal names; another is the client's own word (RFC 9110 §8.4.1)."""


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """What a request's headers say, and its method."""

    method: str
    credentials: Credentials
    content_type: str
    content_encoding: str
    media_type: str | None
    """What to answer in; none when the requester accepts nothing the gateway has."""
    trace: str | None
    """The id of the caller's trace (W3C Trace Context §3.2), 32 hexadecimal digits."""


class RequestBody(msgspec.Struct, rename="camel"):
    """A request's body."""

    query: str | None = None
    document_id: str | None = None
    operation_name: str | None = None
    variables: dict[str, Any] | None = None
    extensions: dict[str, Any] | None = None


class ReferenceForm(enum.Enum):
    """How a request names a trusted document, and so the answer where there is none."""

    DOCUMENT_ID = enum.auto()
    """`documentId` (GraphQL over HTTP, appendix A)."""
    APOLLO = enum.auto()
    """`extensions.persistedQuery`."""


class DocumentReference(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked with a trusted document: its digest, which of its operations, and the values of its variables."""

    digest: str
    form: ReferenceForm
    operation_name: str | None
    variables: Mapping[str, Any]


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
        content_encoding=found.get(b"content-encoding", ""),
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


def idempotency_key(scope: Scope) -> str | None:
    """What a client names a request by, so that it may send it again (the header `Idempotency-Key`). Only mutations have one.

    Raises `Refused` with HEADER_INVALID.
    """
    found = [value for name, value in scope["headers"] if name == _IDEMPOTENCY_KEY]
    if not found:
        return None
    if len(found) > 1:
        raise _repeated(_IDEMPOTENCY_KEY)
    if not 0 < len(found[0]) <= LONGEST_KEY or not found[0].isascii():
        raise Refused(Code.HEADER_INVALID, f"send `Idempotency-Key` as ASCII of 1 to {LONGEST_KEY} bytes")
    return found[0].decode("ascii")


def _repeated(name: bytes) -> Refused:
    if name == b"access-purpose":
        return Refused(Code.PURPOSE_REPEATED, "send `Access-Purpose` once, with one purpose")
    return Refused(Code.HEADER_INVALID, f"send `{_written(name)}` once")


def _written(name: bytes) -> str:
    return name.decode("ascii").title()


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


async def read(head: Head, body: BodyReader) -> Request | DocumentReference:
    """What is asked.

    Raises `Refused` with METHOD, MEDIA_TYPE, NOT_ACCEPTABLE, BODY_TOO_LARGE or BODY_MALFORMED.
    """
    if head.method != "POST":
        hint = (
            "send the request by POST (urql: `preferGetMethod: false`; Apollo: no `useGETForQueries` and no "
            "`useGETForHashedQueries`); a browser that asks for a page gets the console"
        )
        raise Refused(Code.METHOD, hint)
    if head.media_type is None:
        raise Refused(Code.NOT_ACCEPTABLE, f"accept `{GRAPHQL_RESPONSE}` or `{JSON}`")
    _check_content(head)
    content = await body.content()
    try:
        asked = _decode(content)
        if not _has_each_key_once(content, asked):
            _check_keys(content)
    except (msgspec.DecodeError, ValueError, RecursionError):
        raise Refused(Code.BODY_MALFORMED, _BODY_HINT) from None
    return _request(asked)


def _request(asked: RequestBody) -> Request | DocumentReference:
    # Clients that run an operation without a name send an empty one.
    name = asked.operation_name or None
    variables = asked.variables or {}
    found = _reference(asked)
    if asked.query is None:
        if found is None:
            raise Refused(Code.BODY_MALFORMED, _BODY_HINT)
        digest, form = found
        return DocumentReference(digest=digest, form=form, operation_name=name, variables=variables)
    if found is not None and document_digest(asked.query) != found[0]:
        raise Refused(Code.BODY_MALFORMED, "send with `query` no digest but the SHA-256 of its text")
    return Request(document=asked.query, operation_name=name, variables=variables)


def _reference(asked: RequestBody) -> tuple[str, ReferenceForm] | None:
    """The digest of a document that the request names, and how it names it; none if it names none."""
    persisted = asked.extensions.get("persistedQuery") if asked.extensions else None
    match asked.document_id, persisted:
        case None, None:
            return None
        case str(text), None if found := _DOCUMENT_ID.fullmatch(text):
            return found[1], ReferenceForm.DOCUMENT_ID
        case None, {"version": 1, "sha256Hash": str(text)} if _DIGEST.fullmatch(text):
            return text, ReferenceForm.APOLLO
        case _:
            raise Refused(Code.BODY_MALFORMED, _REFERENCE_HINT)


def _check_content(head: Head) -> None:
    if not is_json(head.content_type):
        raise Refused(Code.MEDIA_TYPE, f"send the header `Content-Type: {JSON}`")
    coding = head.content_encoding.strip().lower()
    if coding not in ("", "identity"):
        named = f"`{coding}`" if coding in _CODINGS else "this one"
        raise Refused(Code.MEDIA_TYPE, f"send the body without a `Content-Encoding`; the gateway does not read {named}")


def _has_each_key_once(content: bytes, asked: RequestBody) -> bool:
    """Whether the body has no more colons than its keys and its texts need: the quick way to be sure."""
    # A text that was written with escapes may have more colons than the body.
    if b"\\" in content and b"\\u" in content:
        return False
    colons = 0
    for value in (asked.query, asked.document_id, asked.operation_name, asked.variables, asked.extensions):
        if value is not None:
            colons += 1 + _colons(value)
    return colons == content.count(b":")


def _colons(value: Any) -> int:
    if isinstance(value, str):
        return value.count(":")
    colons = 0
    if isinstance(value, dict):
        for name, each in cast("dict[str, Any]", value).items():
            colons += 1 + name.count(":") + _colons(each)
    elif isinstance(value, list):
        for each in cast("list[Any]", value):
            colons += _colons(each)
    return colons


def _check_keys(content: bytes) -> None:
    """Raises `ValueError` where an object has a key twice: a filter in front may have read the other one."""
    json.loads(content, object_pairs_hook=_single)


def _single(pairs: list[tuple[str, object]]) -> None:
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError
