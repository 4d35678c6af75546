"""What somebody can cost the gateway before a request is one: a head without end, a body that never comes."""

import logging
import socket
import struct
import time
from collections.abc import Generator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from gateway.demo.development import DevelopmentKey
from gateway.http import connection as http_connection
from tests.conftest import PUBLIC, STAFF, Asking, Serving, run, settings_for

HEAD = b"POST /graphql HTTP/1.1\r\nHost: veil\r\nContent-Type: application/json\r\n"
BODY = b'{"query": "{ __typename }"}'
WHOLE = HEAD + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY
SOON = 0.6


@pytest.fixture
def impatient(
    market_url: str, key: DevelopmentKey, key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> Generator[Asking]:
    """A gateway that waits for a request no longer than a test does."""
    monkeypatch.setattr(http_connection, "RECEIVE_SECONDS", SOON)
    with Serving(settings_for(market_url, key_file)) as address:
        asking = Asking(address, key, market_url)
        yield asking
        asking.client.close()


def connected(gateway: Asking) -> socket.socket:
    parts = urlsplit(gateway.address)
    return socket.create_connection((parts.hostname, parts.port or 0), timeout=10)


def sent(connection: socket.socket, part: bytes, most: int) -> int:
    """How many bytes were taken, of as many as allowed, until the other side would take no more."""
    taken = 0
    try:
        while taken < most:
            connection.sendall(part)
            taken += len(part)
    except OSError:
        pass
    return taken


@pytest.mark.parametrize(
    "part",
    [b"x" * 65_536, b"X-Header: x\r\n" * 5_000, b"X: \r\n" * 10_000],
    ids=["one header", "headers", "empty headers"],
)
def test_a_head_without_end_is_given_up(gateway: Asking, part: bytes) -> None:
    """Eighty megabytes of little headers, which anybody could send, took thirteen hundred of memory."""
    with connected(gateway) as connection:
        connection.sendall(HEAD + b"X-First: ")
        assert sent(connection, part, 20_000_000) < 20_000_000
    gateway.data(PUBLIC, "{ __typename }")


CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n" % (len(BODY), BODY)


def test_trailers_are_never_headers(gateway: Asking) -> None:
    """A token in a trailer passed a proxy that forbids the header, and members' data came back."""
    body = b'{"query": "{ members { nodes { email } } }"}'
    staff = STAFF.headers(gateway.key)
    trailers = b"".join(f"{name}: {value}\r\n".encode() for name, value in staff.items())
    chunked = HEAD + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n" % (len(body), body)
    with connected(gateway) as connection:
        connection.sendall(chunked + trailers + b"\r\n")
        answer = connection.recv(65_536)
    (record,) = (line for line in answer.split(b"\r\n") if line.startswith(b"access-record: "))
    query = "select role, purpose, outcome from veil.access_record where id = $1::text::uuid"
    found = run(gateway.url, lambda connection: connection.fetchrow(query, record.split()[1].decode()))
    assert tuple(found) == ("PUBLIC", "public_browsing", "INVALID")
    assert b'"data"' not in answer


@pytest.mark.parametrize(
    "part",
    [b"0\r\n" + b"X-Trailer: x\r\n" * 5_000, b"0\r\nX-Trailer: " + b"x" * 65_536, b"1;x=" + b"x" * 65_536],
    ids=["trailers", "one trailer", "an extension of a chunk"],
)
def test_trailers_without_end_are_given_up(gateway: Asking, part: bytes) -> None:
    """Sixty megabytes of them took seven hundred of memory, without a token."""
    with connected(gateway) as connection:
        connection.sendall(CHUNKED + part)
        assert sent(connection, part.partition(b"\r\n")[2] or part, 20_000_000) < 20_000_000
    gateway.data(PUBLIC, "{ __typename }")


def test_a_target_without_end_is_given_up(gateway: Asking) -> None:
    with connected(gateway) as connection:
        connection.sendall(b"GET /")
        assert sent(connection, b"x" * 65_536, 20_000_000) < 20_000_000


def test_a_request_may_have_a_hundred_headers(gateway: Asking) -> None:
    for count, status in ((90, b"200"), (110, b"431")):
        with connected(gateway) as connection:
            headers = b"".join(b"X-%d: x\r\n" % number for number in range(count))
            connection.sendall(WHOLE.replace(b"Host", headers + b"Host", 1))
            assert connection.recv(4_096).split()[1] == status


def answers(connection: socket.socket) -> int:
    """How many answers came until the other side left."""
    received = b""
    while part := connection.recv(65_536):
        received += part
    return received.count(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    "start",
    [
        b"",
        b"\r\n",
        b"POST",
        HEAD,
        HEAD + b"Content-Length: 50\r\n\r\n",
        HEAD + b"Content-Length: 50\r\n\r\n{",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
    ],
    ids=["nothing", "a line", "a word", "half a head", "no body", "half a body", "a chunk"],
)
def test_a_request_that_does_not_come_is_not_waited_for(impatient: Asking, start: bytes) -> None:
    """Neither the first of a connection, nor one behind another that was answered."""
    # Of an idle connection that has been of use, uvicorn takes care.
    for before, answered in ((b"", 0), (WHOLE, 1))[: 2 if start.strip() else 1]:
        with connected(impatient) as connection:
            began = time.monotonic()
            connection.sendall(before + start)
            assert answers(connection) == answered
            assert time.monotonic() - began < 9


def test_who_leaves_before_the_answer_is_no_error(gateway: Asking, caplog: pytest.LogCaptureFixture) -> None:
    """Else clients that come and go would fill the log."""
    for pause in range(200):
        with connected(gateway) as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.sendall(WHOLE)
            time.sleep(pause / 50_000)
    gateway.data(PUBLIC, "{ __typename }")
    assert [record.message for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_a_body_that_trickles_in_is_not_waited_for_either(impatient: Asking) -> None:
    with connected(impatient) as connection:
        began = time.monotonic()
        connection.sendall(HEAD + b"Content-Length: 5000\r\n\r\n")
        while time.monotonic() - began < 9:
            try:
                connection.sendall(b" ")
            except OSError:
                break
            time.sleep(0.05)
        assert time.monotonic() - began < 5


def test_requests_that_come_in_pieces_and_one_behind_the_other_are_answered(impatient: Asking) -> None:
    """Each piece in its time; a connection that is used is left open."""
    with connected(impatient) as connection:
        for _ in range(3):
            for start in range(0, len(WHOLE), 40):
                connection.sendall(WHOLE[start : start + 40])
                time.sleep(0.01)
            assert connection.recv(4_096).startswith(b"HTTP/1.1 200")
            time.sleep(SOON / 2)
        connection.sendall(WHOLE * 3)
        received = b""
        while received.count(b"HTTP/1.1 200") < 3:
            received += connection.recv(65_536)
