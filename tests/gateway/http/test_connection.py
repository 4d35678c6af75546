"""A connection without a socket: whatever pieces a stream comes in, it is read alike."""

import asyncio
import random
from collections.abc import Sequence
from typing import Any

import pytest
from uvicorn.config import Config
from uvicorn.server import ServerState

from gateway.http.connection import GATE, MOMENT, MOST_REFUSED, ConnectionLimits, Gate
from gateway.http.request import Receive, Scope
from gateway.http.response import Send
from gateway.http.server import uvicorn_options
from tests.gateway.http.test_wire import WIRE, Wire

TURNS = 400
"""Of the loop, after which all that came is answered."""


class Heard(asyncio.Transport):
    """A transport that keeps what is sent."""

    def __init__(self) -> None:
        super().__init__()
        self.sent = b""
        self.closed = False
        self.is_read = True

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.sent += bytes(data)

    def is_closing(self) -> bool:
        return self.closed

    def close(self) -> None:
        self.closed = True

    def abort(self) -> None:
        self.closed = True

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        del name
        return default

    def pause_reading(self) -> None:
        self.is_read = False

    def resume_reading(self) -> None:
        self.is_read = True

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None: ...


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Tells what came: the path, how many headers, and how long the body was."""
    size, is_whole = 0, False
    while not is_whole:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        size, is_whole = size + len(message["body"]), not message["more_body"]
    body = b"%b %d %d" % (scope["path"].encode(), len(scope["headers"]), size)
    headers = [(b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def opened(state: dict[str, Any]) -> tuple[Any, Heard]:
    """A connection of an application with this state, and its transport."""
    config = Config(echo, **uvicorn_options(ConnectionLimits()))
    config.load()
    made: Any = config.http_protocol_class
    connection = made(config, ServerState(), state, asyncio.get_running_loop())
    transport = Heard()
    connection.connection_made(transport)
    return connection, transport


async def play(segments: Sequence[bytes], *, half_close: bool) -> tuple[bytes, bool]:
    """All that is sent back, and whether the connection is closed in the end."""
    connection, transport = opened({})
    for segment in segments:
        if not transport.closed:
            connection.data_received(segment)
        await turns(2)
    await turns(TURNS)
    if half_close and not transport.closed and not connection.eof_received():
        transport.close()
    await turns(2)
    heard = transport.sent, transport.closed
    transport.close()
    connection.connection_lost(None)
    await turns(2)
    return heard


async def turns(number: int) -> None:
    for _ in range(number):
        await asyncio.sleep(0)


def cut(stream: bytes, pieces: int, chance: random.Random) -> list[bytes]:
    places = sorted(chance.sample(range(1, len(stream)), min(pieces, len(stream) - 1)))
    return [stream[start:end] for start, end in zip([0, *places], [*places, len(stream)], strict=True)]


@pytest.mark.parametrize(
    "wire",
    # Of a hundred and fifty requests at once, as many are answered as there is room for when they come.
    [
        pytest.param(wire, id=name)
        for name, wire in WIRE.items()
        if len(b"".join(wire.sends)) > 1 and len(wire.gets) < 50
    ],
)
def test_where_a_stream_is_cut_changes_nothing(wire: Wire) -> None:
    stream, chance = b"".join(wire.sends), random.Random(7)
    whole = asyncio.run(play([stream], half_close=wire.half_close))
    for pieces in (1, 2, 20, 100, len(stream) if len(stream) < 3_000 else 200):
        assert asyncio.run(play(cut(stream, pieces, chance), half_close=wire.half_close)) == whole


# The gate.

REFUSED = b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n"


class Gatekeeper:
    """A gate that refuses all or nothing, and counts what it refused."""

    def __init__(self) -> None:
        self.is_open = False
        self.refused = 0

    def state(self) -> dict[str, Any]:
        return {GATE: Gate(accepts=lambda _: self.is_open, on_refused=self._count, response=REFUSED)}

    def _count(self) -> None:
        self.refused += 1


def post(*headers: bytes, body: bytes = b"12345") -> bytes:
    return b"\r\n".join([b"POST /x HTTP/1.1", b"Host: v", b"Content-Length: %d" % len(body), *headers, b"", body])


def test_what_the_gate_refuses_is_answered_unread_and_what_it_accepts_is_passed_on() -> None:
    async def scene() -> bytes:
        keeper = Gatekeeper()
        connection, transport = opened(keeper.state())
        connection.data_received(post())
        await turns(2)
        assert (transport.sent, transport.is_read, keeper.refused) == (REFUSED, True, 1)
        keeper.is_open, transport.sent = True, b""
        connection.data_received(post())
        await turns(TURNS)
        return transport.sent

    assert asyncio.run(scene()).endswith(b"/x 2 5")


def test_so_many_are_refused_in_a_moment_and_the_others_are_read_later_in_turn() -> None:
    async def scene(moments: int) -> Sequence[int]:
        loop, state = asyncio.get_running_loop(), Gatekeeper().state()
        every = [opened(state) for _ in range(moments * MOST_REFUSED)]
        for connection, _ in every:
            connection.data_received(post())
        await turns(2)
        # Refusing may take longer than a moment on a slow machine, but what waits is read on in turn.
        read = [sum(transport.is_read for _, transport in every)]
        waiting = list(state[GATE].unread)
        every[-1][0].transport.close()
        began = loop.time()
        while state[GATE].unread:
            assert list(state[GATE].unread) == waiting[len(waiting) - len(state[GATE].unread) :]
            await asyncio.sleep(MOMENT / 4)
        assert loop.time() - began >= (len(waiting) // MOST_REFUSED - 1) * MOMENT * 0.9
        assert all(transport.sent == REFUSED for _, transport in every)
        return [*read, sum(transport.is_read for _, transport in every)]

    assert asyncio.run(scene(1)) == [MOST_REFUSED, MOST_REFUSED]
    first, last = asyncio.run(scene(5))
    assert first < last == 5 * MOST_REFUSED - 1


def test_a_connection_that_sends_many_requests_ahead_waits_once() -> None:
    async def scene() -> None:
        state = Gatekeeper().state()
        greedy, other = opened(state), opened(state)
        greedy[0].data_received(post() * (3 * MOST_REFUSED))
        other[0].data_received(post())
        assert list(state[GATE].unread) == [greedy[0], other[0]]
        while not other[1].is_read:
            await asyncio.sleep(MOMENT / 4)
        assert not state[GATE].unread

    asyncio.run(scene())


def test_a_refused_request_may_come_in_pieces_and_its_body_is_no_request() -> None:
    async def scene() -> bytes:
        connection, transport = opened(Gatekeeper().state())
        for piece in cut(post(body=post()), 7, random.Random(1)):
            connection.data_received(piece)
            await turns(1)
        await turns(TURNS)
        return transport.sent

    assert asyncio.run(scene()) == REFUSED


def test_a_client_that_says_it_will_not_ask_again_is_refused_and_left() -> None:
    async def scene() -> tuple[bytes, bool]:
        connection, transport = opened(Gatekeeper().state())
        connection.data_received(post(b"Connection: close"))
        await turns(TURNS)
        return transport.sent, transport.closed

    assert asyncio.run(scene()) == (REFUSED, True)


def test_what_waits_behind_an_answer_is_not_refused_before_it_and_a_page_of_another_site_gets_all_its_headers() -> None:
    async def scene() -> bytes:
        keeper = Gatekeeper()
        connection, transport = opened(keeper.state())
        keeper.is_open = True
        connection.data_received(post())
        keeper.is_open = False
        connection.data_received(post() + post(b"Origin: https://shop.example"))
        await turns(TURNS)
        assert keeper.refused == 0
        return transport.sent

    assert asyncio.run(scene()).count(b"200 OK") == 3


def test_a_broken_body_behind_a_refused_head_ends_the_connection() -> None:
    async def scene() -> tuple[bytes, bool]:
        connection, transport = opened(Gatekeeper().state())
        connection.data_received(b"POST /x HTTP/1.1\r\nHost: v\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
        await turns(TURNS)
        return transport.sent, transport.closed

    sent, is_closed = asyncio.run(scene())
    assert (sent.split(b"\r\n")[0], is_closed) == (b"HTTP/1.1 400 Bad Request", True)
