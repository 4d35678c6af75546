"""A connection without a socket: whatever pieces a stream comes in, it is read alike."""

import asyncio
import random
from collections.abc import Sequence
from typing import Any

import pytest
from uvicorn.config import Config
from uvicorn.server import ServerState

from gateway.http.connection import ConnectionLimits
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

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...

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


async def play(segments: Sequence[bytes], *, half_close: bool) -> tuple[bytes, bool]:
    """All that is sent back, and whether the connection is closed in the end."""
    config = Config(echo, **uvicorn_options(ConnectionLimits()))
    config.load()
    made: Any = config.http_protocol_class
    connection = made(config, ServerState(), {}, asyncio.get_running_loop())
    transport = Heard()
    connection.connection_made(transport)
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
