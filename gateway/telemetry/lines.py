"""Log lines: each an object of JSON, sent by a thread, so that whoever logs waits for nobody.

A line holds codes, ids and numbers. Of an error it holds the kind and the place, because its message may hold a value.
If nobody takes the lines, the newest are dropped and counted.
"""

import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Final
from uuid import UUID

import msgspec

GATHER_SECONDS: Final = 0.05
"""Seconds that lines gather before they are written together."""

MOST_WAITING: Final = 20_000
"""Lines that may wait to be written."""

LONGEST_MESSAGE: Final = 2_000

_ATOMIC: Final = 4_096
"""Bytes that a pipe takes in one piece, so that workers' lines do not mix (PIPE_BUF)."""

_STANDARD_ERROR: Final = 2


class RequestLine(msgspec.Struct, kw_only=True, omit_defaults=True, tag_field="event", tag="request"):
    """The line of one request."""

    time: float | datetime
    """Seconds since 1970, until it is written."""
    level: str
    worker: int
    record: str | None = None
    """The id of its access record."""
    error: str | None = None
    """The id of a failure, as its answer has it. It has no record."""
    trace: str | None = None
    """The id of its trace."""
    role: str | None = None
    purpose: str | None = None
    operation: str | None = None
    """The operation's kind. Its name is its author's, and stands in the access log alone."""
    plan: UUID | None = None
    """The id of its plan in `veil.access_plan`."""
    outcome: str = ""
    status: int = 0
    cost: int | None = None
    batch: int | None = None
    """Requests in its batch."""
    cause: str | None = None
    """The kind of error and where it came from."""
    milliseconds: dict[str, float] = msgspec.field(default_factory=dict[str, float])
    """By stage; `queue` is the part of `execute` before the statement was sent, `total` the whole."""


class MessageLine(msgspec.Struct, kw_only=True, omit_defaults=True):
    """The line of anything else."""

    time: float | datetime
    level: str
    worker: int
    event: str
    """Which module it came from."""
    message: str
    cause: str | None = None


Line = RequestLine | MessageLine

_encode = msgspec.json.Encoder().encode


def _as_json(line: Line) -> bytes:
    if isinstance(line.time, float):
        line.time = datetime.fromtimestamp(line.time, UTC)
    return _encode(line) + b"\n"


@dataclass(frozen=True, slots=True)
class StandardError:
    """Where lines go."""

    def __call__(self, content: bytes) -> None:
        while content:
            content = content[os.write(_STANDARD_ERROR, content) :]


class LineWriter:
    """Takes lines, and writes them together a moment later."""

    def __init__(self, write: Callable[[bytes], None]) -> None:
        self._write = write
        self.lost = 0
        """Lines that were dropped because nobody took those before them."""
        self._waiting: deque[bytes] = deque()
        self._wake = threading.Event()
        self._has_ended = False
        self._thread = threading.Thread(target=self._run, name="veil log lines", daemon=True)
        self._thread.start()

    def add(self, line: Line) -> None:
        if len(self._waiting) >= MOST_WAITING:
            self.lost += 1
            return
        # Not in the thread: for that the loop would stand still whenever it waits for the network.
        self._waiting.append(_as_json(line))
        if not self._wake.is_set():
            self._wake.set()

    def close(self) -> None:
        """Writes what waits. Lines that come later are written at the next `close`."""
        self._has_ended = True
        self._wake.set()
        self._thread.join(timeout=2)
        self._flush()

    def _run(self) -> None:
        while not self._has_ended:
            self._wake.wait()
            if not self._has_ended:
                time.sleep(GATHER_SECONDS)
            self._wake.clear()
            self._flush()

    def _flush(self) -> None:
        # A stream that is gone takes no lines, and no line could say so.
        with suppress(OSError):
            piece = b""
            while self._waiting:
                line = self._waiting.popleft()
                if len(piece) + len(line) > _ATOMIC:
                    self._write(piece)
                    piece = b""
                piece += line
            if piece:
                self._write(piece)


class JsonHandler(logging.Handler):
    """Writes what is logged by anybody in this process as lines."""

    def __init__(self, writer: LineWriter) -> None:
        super().__init__()
        self._writer = writer

    def emit(self, record: logging.LogRecord) -> None:
        self._writer.add(
            MessageLine(
                time=record.created,
                level=record.levelname.lower(),
                worker=os.getpid(),
                event=record.name,
                message=record.getMessage()[:LONGEST_MESSAGE],
                cause=cause_of(record.exc_info[1]) if record.exc_info and record.exc_info[1] else None,
            )
        )


def log_as_json(writer: LineWriter) -> None:
    """Sends all that is logged in this process from WARNING on to this writer, and nowhere else."""
    root = logging.getLogger()
    root.handlers = [JsonHandler(writer)]
    root.setLevel(logging.WARNING)


def cause_of(error: BaseException) -> str:
    """An error's kind, and the place that raised it."""
    return f"{type(error).__name__} at {_place(error.__traceback__)}"


def _place(trace: TracebackType | None) -> str:
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "an unknown place"
