"""What is wrong with a request's head, before anything looks into it (RFC 9112): a status, or nothing.

Made from the head alone. It must never let a head through in which a proxy in front could find another end of the
body, or another host.
"""

import re
from collections.abc import Sequence
from http import HTTPStatus
from typing import Final

LONGEST_HEAD: Final = 65_536
"""Bytes of a request's head, and of its trailers."""

MOST_HEADERS: Final = 100

HOST: Final = re.compile(rb"[A-Za-z0-9._~!$&'()*+,;=%:\[\]-]*")
"""A host and its port (RFC 3986 §3.2.2), loosely: without user, path or blanks."""

RawHeaders = Sequence[tuple[bytes, bytes]]
"""Names in lower case, and values."""


def refusal(version: str, target: bytes, headers: RawHeaders, received: int) -> HTTPStatus | None:
    """Why a request cannot be read; none if it can. Its head has `received` bytes at most."""
    values = dict(headers)
    is_usual = (
        len(values) == len(headers) <= MOST_HEADERS
        and received <= LONGEST_HEAD
        and version == "1.1"
        and b"transfer-encoding" not in values
        and HOST.fullmatch(values.get(b"host", b" "))
    )
    # A quick look at what nearly all requests are: no header comes twice, and the body in one piece.
    return None if is_usual else _refusal(version, target, headers)


def _refusal(version: str, target: bytes, headers: RawHeaders) -> HTTPStatus | None:
    size, hosts, codings, has_length = len(target), list[bytes](), list[bytes](), False
    for name, value in headers:
        size += len(name) + len(value) + 4
        if name == b"host":
            hosts.append(value)
        elif name == b"transfer-encoding":
            codings.append(value)
        elif name == b"content-length":
            has_length = True
    if size > LONGEST_HEAD or len(headers) > MOST_HEADERS:
        return HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
    if version not in ("1.1", "1.0"):
        return HTTPStatus.HTTP_VERSION_NOT_SUPPORTED
    if not _is_one_host(hosts, version) or (codings and (has_length or version == "1.0")):
        return HTTPStatus.BAD_REQUEST
    return _coding_refusal(codings) if codings else None


def _is_one_host(hosts: Sequence[bytes], version: str) -> bool:
    """Whether the request names one host (RFC 9112 §3.2); HTTP/1.0 may leave it out."""
    if len(hosts) != 1:
        return not hosts and version == "1.0"
    return HOST.fullmatch(hosts[0]) is not None


def _coding_refusal(values: Sequence[bytes]) -> HTTPStatus | None:
    """Only `chunked` is read (RFC 9112 §6.1). Behind it nothing may come: the end of the body would be unknown."""
    codings = [coding.strip().lower() for value in values for coding in value.split(b",")]
    if b"chunked" in codings[:-1]:
        return HTTPStatus.BAD_REQUEST
    return None if codings == [b"chunked"] else HTTPStatus.NOT_IMPLEMENTED
