"""HTTP/1.1 as it is written (RFC 9112), byte by byte: each row is what is sent, and what comes back."""

import base64
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from gateway.demo.development import DevelopmentKey
from tests.conftest import PUBLIC, Asking, Serving, settings_for

QUERY = b'{"query": "{ __typename }"}'
LIVE = b"GET /health/live HTTP/1.1\r\nHost: veil\r\n\r\n"
CHUNKS = b"%x\r\n%b\r\n0\r\n\r\n" % (len(QUERY), QUERY)
OFFER = (b"Connection: Upgrade, HTTP2-Settings", b"Upgrade: h2c", b"HTTP2-Settings: AAMAAABkAAQAAP__")
WEBSOCKET = (
    b"Connection: Upgrade",
    b"Upgrade: websocket",
    b"Sec-WebSocket-Version: 13",
    b"Sec-WebSocket-Key: %b" % base64.b64encode(b"0123456789abcdef"),
)


def post(
    *headers: bytes,
    body: bytes = QUERY,
    host: Sequence[bytes] = (b"Host: veil",),
    version: bytes = b"1.1",
    length: bool = True,
) -> bytes:
    """A request; without `length`, its headers say how its body ends."""
    lengths = [b"Content-Length: %d" % len(body)] if length else []
    lines = [
        b"POST /graphql HTTP/%b" % version,
        *host,
        b"Content-Type: application/json",
        *headers,
        *lengths,
    ]
    return b"\r\n".join([*lines, b"", body])


def chunked(body: bytes = CHUNKS, coding: bytes = b"chunked") -> bytes:
    return post(b"Transfer-Encoding: " + coding, body=body, length=False)


def lengths(*values: bytes) -> bytes:
    return post(*(b"Content-Length: " + value for value in values), body=b"12345" + LIVE, length=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """What is sent, in as many segments, and the statuses that come back."""

    sends: tuple[bytes, ...]
    gets: tuple[int, ...]
    closes: bool = False
    """Whether the gateway closes the connection afterwards."""
    half_close: bool = False
    """Whether the client says that it has sent all."""


def answered(*sends: bytes, gets: tuple[int, ...] = (200,)) -> Wire:
    return Wire(sends=sends, gets=gets)


def closed(*sends: bytes, gets: tuple[int, ...] = (200,), half_close: bool = False) -> Wire:
    return Wire(sends=sends, gets=gets, closes=True, half_close=half_close)


def refused(*sends: bytes, status: int = 400) -> Wire:
    return Wire(sends=sends, gets=(status,), closes=True)


WIRE = {
    # Framing.
    "a request": answered(post()),
    "three requests in turn": answered(post(), post(), post(), gets=(200, 200, 200)),
    "three requests at once": answered(post() * 3, gets=(200, 200, 200)),
    "head and body apart": answered(post()[: -len(QUERY)], QUERY),
    "a request in many pieces": answered(*(post()[at : at + 9] for at in range(0, len(post()), 9))),
    "an empty line before it": answered(b"\r\n" + post()),
    "Connection: close": closed(post(b"Connection: close")),
    "Connection: Close among others": closed(post(b"Connection: x, Close")),
    "a request behind Connection: close": closed(post(b"Connection: close") + post()),
    "HTTP/1.0": closed(post(version=b"1.0")),
    "HTTP/1.0 without a host": closed(post(version=b"1.0", host=())),
    "the address in full": answered(post().replace(b" /graphql", b" http://veil/graphql")),
    "a query in the address": answered(post().replace(b"/graphql", b"/graphql?x=1")),
    "a slash behind the address": answered(post().replace(b"/graphql", b"/graphql/"), gets=(404,)),
    "names in capitals": answered(post().replace(b"Content-", b"CONTENT-")),
    "blanks around values": answered(post().replace(b": application/json", b": \t application/json \t")),
    "GET live": answered(LIVE),
    # Host.
    "no host": refused(post(host=())),
    "an empty host": answered(post(host=(b"Host:",))),
    "a host with a port": answered(post(host=(b"Host: veil.example:8000",))),
    "a host of IPv6": answered(post(host=(b"Host: [::1]:8000",))),
    "two hosts": refused(post(host=(b"Host: veil", b"Host: other"))),
    "one host twice": refused(post(host=(b"Host: veil", b"host: veil"))),
    "two hosts of HTTP/1.0": refused(post(host=(b"Host: veil", b"Host: veil"), version=b"1.0")),
    "two hosts in one header": refused(post(host=(b"Host: veil, other",))),
    "a host with a blank": refused(post(host=(b"Host: veil other",))),
    "a host with a path": refused(post(host=(b"Host: veil/other",))),
    "a host with a user": refused(post(host=(b"Host: other@veil",))),
    # Transfer codings.
    "chunked": answered(chunked()),
    "CHUNKED": answered(chunked(coding=b"CHUNKED")),
    "chunks of one byte": answered(chunked(b"".join(b"1\r\n%c\r\n" % byte for byte in QUERY) + b"0\r\n\r\n")),
    "extensions of chunks": answered(chunked(CHUNKS.replace(b"\r\n", b";name=value\r\n", 1))),
    "trailers": answered(chunked(CHUNKS[:-2] + b"Authorization: Bearer nonsense\r\n\r\n")),
    "a trailer that is a length": answered(chunked(CHUNKS[:-2] + b"X-Length: 5\r\n\r\n") + LIVE, gets=(200, 200)),
    "gzip": refused(chunked(coding=b"gzip"), status=501),
    "gzip, chunked": refused(chunked(coding=b"gzip, chunked"), status=501),
    "xchunked": refused(chunked(coding=b"xchunked"), status=501),
    "identity": refused(chunked(coding=b"identity"), status=501),
    "chunked, gzip": refused(chunked(coding=b"chunked, gzip")),
    "chunked, chunked": refused(chunked(coding=b"chunked, chunked")),
    "chunked, and identity in a header of its own": refused(chunked(coding=b"chunked\r\nTransfer-Encoding: identity")),
    "chunked behind a vertical tab": refused(chunked(coding=b"\x0bchunked")),
    "a blank before the colon": refused(chunked().replace(b"Encoding:", b"Encoding :")),
    "chunked in HTTP/1.0": refused(chunked().replace(b"HTTP/1.1", b"HTTP/1.0")),
    "chunked and a length": refused(post(b"Transfer-Encoding: chunked", body=CHUNKS + LIVE)),
    "a length and chunked": refused(
        post(b"Content-Length: 4", b"Transfer-Encoding: chunked", body=CHUNKS + LIVE, length=False)
    ),
    # Lengths.
    "two lengths": refused(lengths(b"5", b"0")),
    "one length twice": refused(lengths(b"5", b"5")),
    "two lengths in one header": refused(lengths(b"5, 5")),
    "a length with a sign": refused(lengths(b"+5")),
    "a negative length": refused(lengths(b"-5")),
    "a hexadecimal length": refused(lengths(b"0x5")),
    "a length with a blank": refused(lengths(b"5 5")),
    "a length beyond all": refused(lengths(b"9" * 30)),
    "an empty length": refused(lengths(b"")),
    # Chunks.
    "a chunk of no size": refused(chunked(b"z\r\n" + LIVE)),
    "a chunk of negative size": refused(chunked(b"-1\r\n" + LIVE)),
    "a chunk of a size beyond all": refused(chunked(b"f" * 17 + b"\r\n" + LIVE)),
    "a chunk longer than it says": refused(chunked(b"5\r\n1234567\r\n0\r\n\r\n" + LIVE)),
    "a chunk that ends in a line feed": refused(chunked(b"5\n12345\n0\n\n" + LIVE)),
    # Heads.
    "a header on two lines": refused(post(b"X-Folded: a\r\n b")),
    "a NUL in a header": refused(post(b"X-Null: a\0b")),
    "a carriage return in a header": refused(post(b"X-Return: a\rb")),
    "a header without a colon": refused(post(b"X-Colon")),
    "a header without a name": refused(post(b": value")),
    "a blank in a name": refused(post(b"X Blank: value")),
    "lines that end in a line feed": refused(post().replace(b"\r\n", b"\n")),
    "an unknown method": refused(post().replace(b"POST", b"POKE")),
    "a method in small letters": refused(post().replace(b"POST", b"post")),
    "a blank in the address": refused(post().replace(b"/graphql", b"/graph ql")),
    "HTTP/0.9": refused(post(version=b"0.9"), status=505),
    "HTTP/2.0": refused(post(version=b"2.0"), status=505),
    "HTTP/7.3": refused(post(version=b"7.3")),
    "HTTP/2 known beforehand": refused(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    "TLS": refused(bytes.fromhex("16030100c8010000c40303") + b"x" * 190),
    "CONNECT": refused(b"CONNECT veil:443 HTTP/1.1\r\nHost: veil:443\r\n\r\n" + LIVE, status=501),
    # Sizes.
    "a head of 60 kB": answered(post(b"X-Long: " + b"x" * 60_000)),
    "a head of 70 kB": refused(post(b"X-Long: " + b"x" * 70_000), status=431),
    "an address of 70 kB": refused(post().replace(b"/graphql", b"/" + b"x" * 70_000), status=431),
    "a head of 70 kB in pieces": refused(
        b"POST /graphql HTTP/1.1\r\nX-Long: ", b"x" * 40_000, b"x" * 40_000, status=431
    ),
    "a head of 70 kB behind a request, in pieces": closed(
        post() + post(b"X-Long: " + b"x" * 70_000)[:30_000],
        post(b"X-Long: " + b"x" * 70_000)[30_000:],
        gets=(200, 431),
    ),
    "a hundred headers": answered(post(*(b"X-%d: x" % number for number in range(97)))),
    "a hundred and one headers": refused(post(*(b"X-%d: x" % number for number in range(98))), status=431),
    # Offers of another protocol (RFC 9110 §7.8), and what might be smuggled behind them.
    "an offer of HTTP/2": answered(post(*OFFER)),
    "an offer, and its body apart": answered(post(*OFFER)[: -len(QUERY)], QUERY),
    "an offer in many pieces": answered(*(post(*OFFER)[at : at + 30] for at in range(0, len(post(*OFFER)), 30))),
    "an offer with chunks": answered(post(b"Transfer-Encoding: chunked", *OFFER, body=CHUNKS, length=False)),
    "two offers at once": answered(post(*OFFER) * 2, gets=(200, 200)),
    "an offer, then a request": answered(post(*OFFER) + LIVE, post(), gets=(200, 200, 200)),
    "an offer and the end": closed(post(b"Connection: close, Upgrade", b"Upgrade: h2c")),
    "an offer with a request as its body": answered(post(*OFFER, body=LIVE), gets=(400,)),
    "an offer with a request as its body, apart": answered(post(*OFFER, body=LIVE)[: -len(LIVE)], LIVE, gets=(400,)),
    "an offer with chunks and a length": refused(post(b"Transfer-Encoding: chunked", *OFFER, body=CHUNKS + LIVE)),
    "an offer without a host": refused(post(*OFFER, host=())),
    "an offer of a WebSocket": answered(post(*WEBSOCKET)),
    "a WebSocket": answered(post(*WEBSOCKET, body=b"").replace(b"POST", b"GET"), gets=(405,)),
    # Good before bad.
    "a request, then garbage": closed(post() + b"garbage\r\n\r\n", gets=(200, 400)),
    "a request, then one without a host": closed(post() + post(host=()), gets=(200, 400)),
    "two requests, then an unknown coding": closed(post() * 2 + chunked(coding=b"gzip"), gets=(200, 200, 501)),
    "a request, then a broken chunk": closed(post() + chunked(b"z\r\n"), gets=(200, 400)),
    "a request, then a long head": closed(post() + post(b"X-Long: " + b"x" * 70_000), gets=(200, 431)),
    "a hundred and fifty requests at once": closed(post() * 150, gets=(*(200,) * 101, 503)),
    # Clients that have sent all.
    "the end behind a request": closed(post(), half_close=True),
    "the end behind two requests": closed(post() * 2, gets=(200, 200), half_close=True),
    "the end within a body": closed(post()[:-5], gets=(), half_close=True),
    "the end within a second body": closed(post() + post()[:-5], half_close=True),
    "the end within a head": closed(post()[:50], gets=(), half_close=True),
    "the end at once": closed(gets=(), half_close=True),
}


def responses(stream: bytes) -> Iterator[int]:
    """The statuses of whole responses."""
    while stream:
        head, separator, rest = stream.partition(b"\r\n\r\n")
        found = [line.split(b":")[1] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        size = int(found[0]) if found else 0
        if not separator or len(rest) < size:
            return
        assert head.startswith(b"HTTP/1.1 "), head
        yield int(head.split()[1])
        stream = rest[size:]


def connected(gateway: Asking) -> socket.socket:
    place = urlsplit(gateway.address)
    return socket.create_connection((place.hostname, place.port), timeout=5)


@pytest.mark.parametrize("wire", [pytest.param(wire, id=name) for name, wire in WIRE.items()])
def test_what_comes_over_the_wire_is_read_as_it_is_written(gateway: Asking, wire: Wire) -> None:
    received = b""
    with connected(gateway) as connection:
        for number, segment in enumerate(wire.sends):
            time.sleep(0.002 if number else 0)
            connection.sendall(segment)
        if wire.half_close:
            connection.shutdown(socket.SHUT_WR)
        while wire.closes or len(list(responses(received))) < len(wire.gets):
            part = connection.recv(65_536)
            received += part
            if not part:
                break
        else:
            connection.sendall(LIVE)
            assert connection.recv(65_536).endswith(b"live\n"), "the connection is not in order"
    assert tuple(responses(received)) == wire.gets


def test_an_offer_is_ignored_and_its_headers_count(gateway: Asking) -> None:
    with connected(gateway) as connection:
        connection.sendall(post(*OFFER, b"Access-Purpose: nonsense"))
        assert b"PURPOSE_NOT_CARRIED" in connection.recv(65_536)


def test_no_word_is_logged_of_an_offer(gateway: Asking, caplog: pytest.LogCaptureFixture) -> None:
    """uvicorn would advise to install a WebSocket library, once for each request."""
    for offer in (OFFER, WEBSOCKET):
        with connected(gateway) as connection:
            connection.sendall(post(*offer))
            assert connection.recv(65_536).startswith(b"HTTP/1.1 200 ")
    assert caplog.records == []


@pytest.mark.skipif(not shutil.which("curl"), reason="there is no curl")
def test_curl_may_offer_http_2(gateway: Asking) -> None:
    asked = ["--http2", "--header", "Content-Type: application/json", "--data", QUERY.decode()]
    answer = subprocess.run(
        ["curl", "--silent", "--max-time", "10", *asked, f"{gateway.address}/graphql"], capture_output=True, check=True
    )
    assert b'"data"' in answer.stdout


JAVA = """
import java.net.URI; import java.net.http.*;
class Ask {
  public static void main(String[] arguments) throws Exception {
    var client = HttpClient.newHttpClient();
    for (int times = 0; times < 2; times++) {
      var request = HttpRequest.newBuilder(URI.create(arguments[0])).header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(arguments[1])).build();
      System.out.println(client.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }
  }
}
"""


@pytest.mark.skipif(not shutil.which("java"), reason="there is no Java")
def test_java_s_own_client_is_answered(gateway: Asking, tmp_path: Path) -> None:
    """It offers HTTP/2, and sends the body in a segment of its own."""
    source = tmp_path / "Ask.java"
    source.write_text(JAVA)
    command = ["java", str(source), f"{gateway.address}/graphql", QUERY.decode()]
    answer = subprocess.run(command, capture_output=True, check=True, timeout=60)
    assert answer.stdout.count(b'"data"') == 2


# Limits of connections.


@pytest.fixture(scope="module")
def narrow(market_url: str, key: DevelopmentKey, key_file: Path) -> Iterator[Asking]:
    """A gateway of few connections, which waits a second at most for its clients."""
    settings = settings_for(market_url, key_file, connections=20, keep_alive=1, write_timeout=1)
    with Serving(settings) as address:
        asking = Asking(address, key, market_url)
        yield asking
        asking.client.close()


def test_a_connection_may_rest_between_two_requests_as_long_as_the_setting_says(narrow: Asking) -> None:
    with connected(narrow) as connection:
        connection.sendall(LIVE)
        assert connection.recv(65_536)
        began = time.monotonic()
        assert connection.recv(65_536) == b""
        assert 0.7 < time.monotonic() - began < 3


def test_a_client_that_never_reads_its_answer_is_dropped(narrow: Asking, caplog: pytest.LogCaptureFixture) -> None:
    """Forty of them held three megabytes each, for ever."""
    page = b'{"query": "{ products(first: 100) { nodes { %b } } }"}' % b" ".join(
        b"a%d: description" % number for number in range(90)
    )
    with connected(narrow) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        connection.sendall(post(body=page) * 20)
        until = time.monotonic() + 20
        while not any("did not read" in record.message for record in caplog.records):
            assert time.monotonic() < until
            time.sleep(0.02)


def test_new_clients_are_served_at_the_limit_of_connections(narrow: Asking, caplog: pytest.LogCaptureFixture) -> None:
    """Four hundred idle connections shut everybody else out, and no line said so."""
    idle = [connected(narrow) for _ in range(60)]
    try:
        for _ in range(30):
            narrow.data(PUBLIC, "{ __typename }")
    finally:
        for connection in idle:
            connection.close()
    lines = [record.message for record in caplog.records if "limit" in record.message]
    assert len(lines) == 1
    narrow.data(PUBLIC, "{ __typename }")
