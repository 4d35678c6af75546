"""Sends requests to a running gateway, over connections of its own, and notes how each ended and how long it took.

A closed loop has so many connections, and each sends its next request once it is answered: it shows what the gateway can
do. An open loop sends at a rate, whatever the gateway does, as the world does. There a request's time runs from when it
was due, also while it waits for a free connection: else a gateway that stalls would hide the wait (coordinated omission).

The connections are asyncio's, with httptools for the answers: a request costs some 30 microseconds here.
"""

import asyncio
import json
import math
import ssl
from array import array
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from time import perf_counter, time
from typing import Final, cast
from urllib.parse import urlsplit

import httptools

ANSWERED: Final = "ANSWERED"
NO_ANSWER: Final = "no answer"
"""The connection failed, or was closed."""

_TICK: Final = 0.001
"""Seconds between two looks at what is due."""

_GRACE: Final = 12.0
"""Seconds for which answers are awaited at the end."""

_OPENED: Final = 100
"""Connections that are opened at once."""

_STEPS: Final = 0.2
"""Seconds between two reports of progress."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How long is sent, on how many connections, and for an open loop how many requests a second."""

    seconds: float
    connections: int
    rate: float | None = None
    give_up: float = math.inf
    """Seconds after which a request of an open loop is not sent any more, if no connection was free."""


@dataclass(slots=True, kw_only=True)
class Sent:
    """What became of all requests."""

    seconds: float = 0.0
    took: "defaultdict[str, array[float]]" = field(default_factory=lambda: defaultdict(lambda: array("d")))
    """Seconds of each request, by code; of those that were answered under `ANSWERED`."""
    statuses: Counter[int] = field(default_factory=Counter[int])
    ended: float = 0.0
    """When sending ended, in seconds since 1970."""
    unsent: int = 0
    """Requests that were due, and found no connection free in time."""

    @property
    def answered_per_second(self) -> float:
        return len(self.took[ANSWERED]) / self.seconds

    @property
    def count(self) -> int:
        return sum(map(len, self.took.values()))

    def answered_within(self, seconds: float) -> float:
        """Answers a second that came so soon after they were due."""
        return sum(took <= seconds for took in self.took[ANSWERED]) / self.seconds

    def percentile(self, share: float, code: str = ANSWERED) -> float:
        """Seconds within which this share of the requests ended; none if there are no such requests."""
        every = sorted(self.took[code])
        return every[min(len(every) - 1, int(share * len(every)))] if every else 0.0


class _Connection(asyncio.Protocol):
    """One connection: sends a request, reads its answer, and says so."""

    def __init__(self, on_idle: Callable[["_Connection"], None], on_end: Callable[["_Connection"], None]) -> None:
        self._on_idle = on_idle
        self._on_end = on_end
        self._transport: asyncio.Transport | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._body: list[bytes] = []
        self.due: float | None = None
        """When the request was due that waits for its answer."""
        self.status = 0
        self.code = NO_ANSWER

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are of no class of asyncio's.
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the name is asyncio's
        self._on_end(self)

    def send(self, request: bytes, due: float) -> None:
        self.due, self.code, self._body = due, NO_ANSWER, []
        if self._transport is not None:
            self._transport.write(request)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self.close()

    # What httptools finds.

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        self.status = self._parser.get_status_code()
        self.code = _code(self.status, b"".join(self._body))
        if self._parser.should_keep_alive():
            self._on_idle(self)
        else:
            self.close()


def _code(status: int, body: bytes) -> str:
    """`ANSWERED`, the code of a refusal, or the status of what is no answer of Veil's."""
    if status == 200 and not body.startswith(b'{"errors"'):
        return ANSWERED
    try:
        return json.loads(body)["errors"][0]["extensions"]["code"]
    except (ValueError, LookupError, TypeError):
        return f"HTTP {status}"


class Sender:
    """One load on one gateway."""

    def __init__(self, address: str, requests: Sequence[bytes], pace: Pace) -> None:
        self._parts = urlsplit(address)
        self._requests = cycle(requests)
        self._pace = pace
        self._idle: list[_Connection] = []
        self._open: set[_Connection] = set()
        self._opening: set[asyncio.Future[None]] = set()
        self._overdue: deque[float] = deque()
        """When the requests were due that wait for a connection."""
        self._ends = 0.0
        self.sent = Sent()

    async def send_all(self, on_progress: Callable[[float, int], None] = lambda *_: None) -> Sent:
        """Sends for as long as the pace says, and awaits the answers.

        `on_progress` gets the seconds and the requests so far. Raises `OSError` if no connection can be opened.
        """
        for start in range(0, self._pace.connections, _OPENED):
            opened = min(_OPENED, self._pace.connections - start)
            await asyncio.gather(*(self._connect() for _ in range(opened)))
        began = perf_counter()
        self._ends = began + self._pace.seconds
        if self._pace.rate is None:
            for _ in range(len(self._idle)):
                self._next(self._idle.pop())
        due = began
        reported = began
        while (now := perf_counter()) < self._ends:
            if self._pace.rate is not None:
                while due <= now:
                    self._send_due(due)
                    due += 1 / self._pace.rate
                self._give_up(now)
            if now - reported > _STEPS:
                reported = now
                on_progress(now - began, self.sent.count)
            await asyncio.sleep(_TICK if self._pace.rate else _STEPS / 4)
        self.sent.seconds, self.sent.ended = self._pace.seconds, time()
        await self._await_answers()
        on_progress(self._pace.seconds, self.sent.count)
        return self.sent

    # Connections.

    async def _connect(self) -> None:
        loop = asyncio.get_running_loop()
        secure = ssl.create_default_context() if self._parts.scheme == "https" else None
        port = self._parts.port or (443 if secure else 80)
        _, connection = await loop.create_connection(
            lambda: _Connection(self._on_answer, self._on_end), self._parts.hostname or "", port, ssl=secure
        )
        self._open.add(connection)
        self._next(connection)

    async def _try_to_connect(self) -> None:
        try:
            await self._connect()
        except OSError:
            self.sent.took[NO_ANSWER].append(0.0)

    def _on_end(self, connection: _Connection) -> None:
        self._open.discard(connection)
        if connection in self._idle:
            self._idle.remove(connection)
        self._note(connection)
        if perf_counter() < self._ends:
            opening = asyncio.ensure_future(self._try_to_connect())
            self._opening.add(opening)
            opening.add_done_callback(self._opening.discard)

    # Requests.

    def _send_due(self, due: float) -> None:
        if self._idle:
            self._idle.pop().send(next(self._requests), due)
            return
        self._overdue.append(due)

    def _give_up(self, now: float) -> None:
        while self._overdue and self._overdue[0] < now - self._pace.give_up:
            self._overdue.popleft()
            self.sent.unsent += 1

    def _on_answer(self, connection: _Connection) -> None:
        self._note(connection)
        self._next(connection)

    def _note(self, connection: _Connection) -> None:
        if connection.due is not None:
            self.sent.took[connection.code].append(perf_counter() - connection.due)
            self.sent.statuses[connection.status] += 1
            connection.due = None

    def _next(self, connection: _Connection) -> None:
        now = perf_counter()
        if self._pace.rate is None:
            if now < self._ends:
                connection.send(next(self._requests), now)
            else:
                self._idle.append(connection)
        elif self._overdue and now < self._ends:
            connection.send(next(self._requests), self._overdue.popleft())
        else:
            self._idle.append(connection)

    async def _await_answers(self) -> None:
        self.sent.unsent += len(self._overdue)
        self._overdue.clear()
        until = perf_counter() + _GRACE
        while any(each.due is not None for each in self._open) and perf_counter() < until:  # noqa: ASYNC110 - thousands of answers would each set an event
            await asyncio.sleep(0.01)
        for connection in list(self._open):
            connection.close()
        await asyncio.sleep(0)
