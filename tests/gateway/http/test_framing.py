"""The framing of a request (RFC 9112): which heads are refused, and with which status."""

from http import HTTPStatus

import pytest

from gateway.http.framing import LONGEST_HEAD, MOST_HEADERS, RawHeaders, refusal

HOST = (b"host", b"veil.example")
CHUNKED = (b"transfer-encoding", b"chunked")
LENGTH = (b"content-length", b"2")


@pytest.mark.parametrize("headers", [[HOST], [HOST, LENGTH], [HOST, CHUNKED], [(b"host", b"[::1]:8000")]])
def test_a_usual_head_is_read(headers: RawHeaders) -> None:
    assert refusal("1.1", b"/graphql", headers, 200) is None


@pytest.mark.parametrize(
    ("version", "headers", "status"),
    [
        ("1.1", [], HTTPStatus.BAD_REQUEST),
        ("1.1", [HOST, HOST], HTTPStatus.BAD_REQUEST),
        ("1.1", [(b"host", b"a b")], HTTPStatus.BAD_REQUEST),
        ("1.1", [HOST, CHUNKED, LENGTH], HTTPStatus.BAD_REQUEST),
        ("1.0", [HOST, CHUNKED], HTTPStatus.BAD_REQUEST),
        ("1.1", [HOST, (b"transfer-encoding", b"gzip, chunked")], HTTPStatus.NOT_IMPLEMENTED),
        ("2.0", [HOST], HTTPStatus.HTTP_VERSION_NOT_SUPPORTED),
        ("1.1", [HOST, *[(b"x-%d" % n, b"") for n in range(MOST_HEADERS)]], HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE),
        ("1.1", [HOST, (b"x", b"y" * LONGEST_HEAD)], HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE),
    ],
)
def test_a_head_that_a_proxy_could_read_otherwise_is_refused(
    version: str, headers: RawHeaders, status: HTTPStatus
) -> None:
    received = sum(len(name) + len(value) + 4 for name, value in headers)
    assert refusal(version, b"/graphql", headers, received) is status


def test_a_request_of_http_1_0_may_name_no_host() -> None:
    assert refusal("1.0", b"/graphql", [], 40) is None
