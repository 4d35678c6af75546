"""How uvicorn serves a gateway, whoever starts it: nothing a client sends is printed, or waited for without an end.

Its access log would print what it must not: it is off. What of a request comes before the gateway sees it, its head, is
bounded here; httptools keeps all of it, and uvicorn waits for the rest for ever.
"""

import asyncio
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LONGEST_HEAD: Final = 65_536
"""Bytes of a request's head after which no more of it is read."""

MOST_HEADERS: Final = 100

RECEIVE_SECONDS: Final = 30.0
"""Seconds a request may take to come, from its connection or its first byte to its last."""


class CoalescingTransport(asyncio.Transport):
    """A transport that sends as one what is written to it in one turn of the loop.

    uvicorn writes the head of a response and its body apart, and each would be a packet of its own.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._transport = transport
        self._loop = loop
        self._written: list[bytes] = []

    def write(self, data: bytes | bytearray | memoryview) -> None:
        if not self._written:
            self._loop.call_soon(self._send)
        self._written.append(bytes(data))

    def _send(self) -> None:
        # Who asked may have left since.
        if self._written and not self.is_closing():
            self._transport.write(b"".join(self._written))
        self._written.clear()

    def close(self) -> None:
        self._send()
        self._transport.close()

    def is_closing(self) -> bool:
        return self._transport.is_closing()

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return self._transport.get_extra_info(name, default)

    def pause_reading(self) -> None:
        self._transport.pause_reading()

    def resume_reading(self) -> None:
        self._transport.resume_reading()


class BoundedProtocol(HttpToolsProtocol):
    """uvicorn's protocol, bounded in the size of a request's head and in the time a request takes to come."""

    _pending = 0
    """Bytes since the last head that was whole, or the last of a body: of a head, of trailers, of chunks' extensions."""
    _in_head = True
    _is_coming = True
    """Whether a part of a request is there, or nothing yet of the first."""
    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:
        super().connection_made(CoalescingTransport(transport, self.loop))
        self._await_rest()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_awaiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        if self._pending > LONGEST_HEAD:
            self.send_400_response("The head or the trailers of the request are too long.")
            return
        self._pending += len(data)
        self._is_coming = True
        super().data_received(data)
        if self._is_coming and self._late is None:
            self._await_rest()

    def on_message_begin(self) -> None:
        self._is_coming = True
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        # Trailers come here too, after the head. They are never headers (RFC 9110 §6.5.1): a proxy in front has not
        # looked at them.
        if self._in_head:
            super().on_header(name, value)

    def on_body(self, body: bytes) -> None:
        self._pending = 0
        super().on_body(body)

    def on_headers_complete(self) -> None:
        if len(self.headers) > MOST_HEADERS:
            # httptools takes whatever is raised for a malformed request.
            raise ValueError
        self._pending, self._in_head = 0, False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._pending, self._in_head, self._is_coming = 0, True, False
        self._stop_awaiting()
        super().on_message_complete()

    def _await_rest(self) -> None:
        self._late = self.loop.call_later(RECEIVE_SECONDS, self._give_up)

    def _stop_awaiting(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _give_up(self) -> None:
        self._late = None
        if self._is_answering():
            # The request before it is answered first; a transport that is closed can carry no answer.
            self._await_rest()
        else:
            self.transport.close()

    def _is_answering(self) -> bool:
        """Whether a request that came whole still waits for its answer."""
        cycle = self.cycle
        # There is none before the first request, whatever its type says.
        return bool(self.pipeline or (cycle and not cycle.more_body and not cycle.response_complete))


UVICORN_OPTIONS: Final[dict[str, Any]] = {
    "http": BoundedProtocol,
    "ws": "none",
    "loop": "auto",
    "access_log": False,
    "server_header": False,
    # Who a proxy says the client is, nobody asks.
    "proxy_headers": False,
    "log_level": "warning",
    "timeout_graceful_shutdown": 10,
}
