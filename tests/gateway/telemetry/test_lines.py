"""Log lines: each is JSON, leaves whole, and keeps nobody waiting."""

import json
import logging
import sys
import threading
from typing import Any

from gateway.telemetry.lines import MOST_WAITING, JsonHandler, LineWriter, MessageLine, RequestLine

VALUE = "john.smith@example.com"


def request(**others: Any) -> RequestLine:
    return RequestLine(time=1.5, level="info", worker=7, outcome="ANSWERED", status=200, **others)


def written(*lines: RequestLine | MessageLine) -> list[bytes]:
    pieces: list[bytes] = []
    writer = LineWriter(pieces.append)
    for line in lines:
        writer.add(line)
    writer.close()
    return pieces


def test_a_request_is_an_object_of_json_without_what_is_not_known() -> None:
    (piece,) = written(request(milliseconds={"head": 0.1, "total": 10.0}, error="0192"))
    assert json.loads(piece) == {
        "event": "request",
        "time": "1970-01-01T00:00:01.500000Z",
        "level": "info",
        "worker": 7,
        "error": "0192",
        "outcome": "ANSWERED",
        "status": 200,
        "milliseconds": {"head": 0.1, "total": 10.0},
    }


def test_lines_leave_in_whole_pieces_that_a_pipe_takes_at_once() -> None:
    """So those of several workers do not mix."""
    pieces = written(*(request(record=str(number) * 100) for number in range(50)))
    assert 1 < len(pieces) < 50
    assert all(len(piece) <= 4_096 and piece.endswith(b"\n") for piece in pieces)
    assert len(b"".join(pieces).splitlines()) == 50


def test_where_nobody_takes_the_lines_the_newest_are_dropped_and_counted() -> None:
    release = threading.Event()
    writer = LineWriter(lambda _piece: (release.wait(), None)[1])
    writer.add(request())
    for _ in range(2 * MOST_WAITING):
        writer.add(request())
    assert MOST_WAITING - 100 < writer.lost <= MOST_WAITING + 1
    release.set()
    writer.close()


def test_what_anybody_logs_is_a_line_and_an_error_in_it_a_kind_and_a_place() -> None:
    """What strangers chose is escaped, and no error's words are told."""
    pieces: list[bytes] = []
    writer = LineWriter(pieces.append)
    handler = JsonHandler(writer)
    try:
        raise LookupError(VALUE)
    except LookupError:
        record = logging.LogRecord(
            "uvicorn.error", logging.ERROR, "", 1, "a\nline of %s", ("x" * 9_999,), sys.exc_info()
        )
    handler.emit(record)
    writer.close()
    (line,) = b"".join(pieces).splitlines()
    found = json.loads(line)
    assert (found["event"], found["level"]) == ("uvicorn.error", "error")
    assert found["message"].startswith("a\nline of xxx")
    assert len(found["message"]) == 2_000
    assert found["cause"].startswith("LookupError at ")
    assert VALUE not in line.decode()
