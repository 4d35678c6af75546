"""One client's connection: uvicorn's protocol, reading requests as RFC 9112 says, bounded in bytes and in seconds.

Made from the limits of connections. It must never take a trailer for a header, read two requests where a proxy reads
one, print what a client sends, or wait without an end. httptools keeps all of a head, and uvicorn waits for ever.
"""

import asyncio
import math
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import islice
from typing import Any, Final, cast

import httptools
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from gateway.http import framing
from gateway.http.request import Scope
from gateway.http.transport import CoalescingTransport
from gateway.notices import Notices

MOST_PIPELINED: Final = 100
"""Requests of one connection that may wait for the answer of another."""

RECEIVE_SECONDS: Final = 30.0
"""Seconds a request may take to come, from its connection or its first byte to its last."""

MOMENT: Final = 0.02
"""Seconds in which the gate refuses no more than `MOST_REFUSED`."""

MOST_REFUSED: Final = 100
"""So no more than 5,000 a second are refused, which takes an eighth of a processor."""

SCANNED: Final = 100
"""Connections that are looked at to find an idle one."""

OFFERS: Final = (b"upgrade", b"http2-settings")
"""Headers that offer to go on in another protocol."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionLimits:
    """The limits of one worker's connections."""

    connections: int = 4_000
    keep_alive: int = 75
    """Seconds a connection may rest between two requests."""
    write_seconds: float = 60.0
    """Seconds a client may take to read what was sent to it."""


@dataclass(slots=True, kw_only=True)
class Gate:
    """What a worker refuses unread. It stands in the state of the application (ASGI, lifespan state).

    A connection that was refused is read on at once, unless too many were in this moment. Those wait for the next ones,
    in turn.
    """

    accepts: Callable[[Scope], bool]
    """Whether a request is passed on."""
    on_refused: Callable[[], None]
    response: bytes
    """What a refused request is answered."""
    unread: "OpenConnections" = field(default_factory=OrderedDict["HttpConnection", None])
    """The connections that wait to be read on, in turn: each once, however many requests it sent ahead."""
    _refused: int = 0
    """Requests that were refused in this moment."""

    def holds(self, connection: "HttpConnection") -> bool:
        """Whether a connection that was refused is not to be read before the gate says so."""
        if not self._refused:
            connection.loop.call_later(MOMENT, self._next_moment, connection.loop)
        self._refused += 1
        if self._refused <= MOST_REFUSED:
            return False
        self.unread[connection] = None
        return True

    def _next_moment(self, loop: asyncio.AbstractEventLoop) -> None:
        released = [self.unread.popitem(last=False)[0] for _ in range(min(MOST_REFUSED, len(self.unread)))]
        self._refused = len(released)
        if released:
            loop.call_later(MOMENT, self._next_moment, loop)
        for each in released:
            each.read_on()


GATE: Final = "gate"
"""The gate's name in the state."""

OpenConnections = OrderedDict["HttpConnection", None]
"""A worker's connections, in the order in which they last sent something."""


class HttpConnection(HttpToolsProtocol):
    """A connection. What it is made with is shared by all connections of a worker."""

    _pending = 0
    """Bytes since the last head that was whole, or the last of a body: of a head, of trailers, of chunks' extensions."""
    _received = 0
    """Bytes since the last request that ended with what had come by then: no head is longer."""
    _in_head = True
    _is_coming = True
    """Whether a part of a request is there, or nothing yet of the first."""
    _is_ending = False
    """Whether nothing more is read, and the connection ends once what came whole is answered."""
    _refusal: HTTPStatus | None = None
    """How the connection ends, or why the head that is being read is refused."""
    _is_timed = False
    """Whether the rest of a request is awaited for so long, and no longer."""
    _due = math.inf
    """When the connection is closed, in the loop's time, if nothing comes."""
    _timer: asyncio.TimerHandle | None = None
    """Looks whether that time has come. Moving it with each request would cost more than looking twice."""
    _looks_at = math.inf
    _unread: asyncio.TimerHandle | None = None
    _is_refused = False
    """Whether the request that is being read is refused by the gate, and what comes of it is dropped."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        limits: ConnectionLimits,
        notices: Notices,
        others: OpenConnections,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._limits = limits
        self._notices = notices
        self._others = others

    # The connection.

    def connection_made(self, transport: asyncio.Transport) -> None:
        # So `pause_writing` says that something is unread, and `resume_writing` that nothing is.
        transport.set_write_buffer_limits(high=0)
        super().connection_made(CoalescingTransport(transport, self.loop))
        self._is_timed = True
        self._close_in(RECEIVE_SECONDS)
        if len(self._others) >= self._limits.connections:
            self._make_room()
        self._others[self] = None

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_looking()
        self._stop_timing()
        self._others.pop(self, None)
        super().connection_lost(exc)

    def _make_room(self) -> None:
        """Drops the connection that has been silent longest, unless it waits for an answer; else refuses this one."""
        self._notices.add(f"the limit of {self._limits.connections} connections was reached", self.loop.time())
        idle = next((each for each in islice(self._others, SCANNED) if not each.is_answering()), None)
        if idle is None:
            self._end(HTTPStatus.SERVICE_UNAVAILABLE)
        else:
            # It would count until the loop's next turn.
            del self._others[idle]
            idle.transport.abort()

    def is_answering(self) -> bool:
        """Whether a request that came whole still waits for its answer."""
        cycle = self.cycle
        # There is none before the first request, whatever its type says.
        return bool(self.pipeline or (cycle and not cycle.more_body and not cycle.response_complete))

    def eof_received(self) -> bool:  # pyright: ignore[reportIncompatibleMethodOverride] - as asyncio's own protocols may
        """A client that has sent all it had to send still reads its answers (RFC 9112 §9.6)."""
        self._is_ending = True
        if self.is_answering():
            self.cycle.keep_alive = False
        else:
            self.transport.close()
        return True

    # Requests.

    def data_received(self, data: bytes) -> None:
        if self._is_ending or self.transport.is_closing():
            return
        self._others.move_to_end(self)
        self._pending += len(data)
        self._received += len(data)
        self._is_coming = True
        try:
            self._parse(data)
        except httptools.HttpParserError:
            self._end(self._refusal or HTTPStatus.BAD_REQUEST)
            return
        if self._pending > framing.LONGEST_HEAD:
            self._end(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        if not self._is_coming:
            self._received = 0
        elif not self._is_timed:
            self._is_timed = True
            self._close_in(RECEIVE_SECONDS)

    def _parse(self, data: bytes) -> None:
        while True:
            try:
                self.parser.feed_data(data)
            except httptools.HttpParserUpgrade as offer:
                # httptools takes no body behind an offer of another protocol, which may be ignored (RFC 9110 §7.8).
                data = self._head_without_offer() + data[offer.args[0] :]
                self.parser = httptools.HttpRequestParser(self)
                self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
            else:
                return

    def _head_without_offer(self) -> bytes:
        version = self.parser.get_http_version().encode()
        lines = [b"%b: %b\r\n" % header for header in self.headers if header[0] not in OFFERS]
        return b"%b %b HTTP/%b\r\n%b\r\n" % (self.parser.get_method(), self.url, version, b"".join(lines))

    def on_message_begin(self) -> None:
        self._is_coming = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        is_offer = self.parser.should_upgrade()
        if is_offer and self.parser.get_method() != b"CONNECT":
            return
        self._refusal = framing.refusal(self.parser.get_http_version(), self.url, self.headers, self._received)
        if is_offer:
            self._refusal = HTTPStatus.NOT_IMPLEMENTED
        elif len(self.pipeline) >= MOST_PIPELINED:
            self._refusal = HTTPStatus.SERVICE_UNAVAILABLE
        if self._refusal:
            # httptools takes whatever is raised for a malformed request.
            raise ValueError
        self._is_refused = self._is_refused_by_gate()
        if not self._is_refused:
            super().on_headers_complete()
        # Trailers follow where headers do. They are never headers (RFC 9110 §6.5.1): no proxy has looked at them.
        self.headers = []
        self._pending, self._in_head = 0, False

    def _is_refused_by_gate(self) -> bool:
        gate: Gate | None = self.app_state.get(GATE)
        self.scope["method"], self.scope["path"] = self.parser.get_method().decode("ascii"), self.url.decode("latin-1")
        if gate is None or gate.accepts(cast("Scope", self.scope)):
            return False
        # Its answer may not overtake another, and must tell a page of another site that it may read it.
        is_of_page = any(name == b"origin" for name, _ in self.headers)
        return not (self.is_answering() or self.expect_100_continue or is_of_page)

    def on_body(self, body: bytes) -> None:
        self._pending = 0
        if not self._is_refused:
            super().on_body(body)

    def on_message_complete(self) -> None:
        if self._in_head:
            # An offer: it is read again.
            return
        self._pending, self._in_head, self._is_coming, self._is_timed = 0, True, False, False
        if self._is_refused:
            self._answer_refused()
            return
        if self.cycle.response_complete:
            self._close_in(self._limits.keep_alive)
        else:
            self._due = math.inf
        super().on_message_complete()

    def _answer_refused(self) -> None:
        """Refuses a request unread. Refusing costs time too, so the next may have to wait."""
        self._is_refused = False
        gate: Gate = self.app_state[GATE]
        gate.on_refused()
        self.transport.write(gate.response)
        if not self.parser.should_keep_alive():
            self._is_ending = True
            self.transport.close()
            return
        self._close_in(self._limits.keep_alive)
        if gate.holds(self):
            self.flow.pause_reading()

    def read_on(self) -> None:
        """After the gate held it."""
        if not self.transport.is_closing():
            self.flow.resume_reading()

    # Endings.

    def on_response_complete(self) -> None:
        # As uvicorn does it, but for a timer with each request.
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
        elif not self._is_coming:
            self._close_in(self._limits.keep_alive)
        if self._is_ending and not self.is_answering():
            self._close()

    def _end(self, status: HTTPStatus) -> None:
        """Reads no more. The requests that came whole are answered first."""
        self._notices.add(f"a request was refused unread with {status.value} ({status.phrase})", self.loop.time())
        self._is_ending, self._refusal = True, status
        if not self.is_answering():
            self._close()

    def _close(self) -> None:
        # Where the answer began before the request came whole, another would pass for the next.
        has_begun = not (self._in_head or self._is_refused) and self.cycle.response_started
        if self._refusal and not has_begun:
            self.transport.write(_refused(self._refusal))
        self.transport.close()

    def _close_in(self, seconds: float) -> None:
        self._due = self.loop.time() + seconds
        if self._due < self._looks_at:
            self._stop_looking()
            self._look_at(self._due)

    def _look_at(self, due: float) -> None:
        self._looks_at = due
        self._timer = self.loop.call_at(due, self._look)

    def _stop_looking(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer, self._looks_at = None, math.inf

    def _look(self) -> None:
        self._timer, self._looks_at = None, math.inf
        if self._due > self.loop.time():
            if self._due < math.inf:
                self._look_at(self._due)
        elif self.is_answering():
            # The request before it is answered first; a transport that is closed can carry no answer.
            self._close_in(RECEIVE_SECONDS)
        else:
            self.transport.close()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread = self.loop.call_later(self._limits.write_seconds, self._give_up_writing)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._stop_timing()

    def _stop_timing(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def _give_up_writing(self) -> None:
        self._notices.add("a client did not read its answer", self.loop.time())
        self.transport.abort()


def _refused(status: HTTPStatus) -> bytes:
    reason = status.phrase.encode()
    head = b"HTTP/1.1 %d %b\r\ncontent-type: text/plain; charset=utf-8\r\n" % (status.value, reason)
    retry = b"retry-after: 1\r\n" if status is HTTPStatus.SERVICE_UNAVAILABLE else b""
    return b"%b%bcontent-length: %d\r\nconnection: close\r\n\r\n%b\n" % (head, retry, len(reason) + 1, reason)
