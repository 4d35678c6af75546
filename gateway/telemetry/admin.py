"""The admin port: metrics and health of all workers, from the files they count in. Served by a thread of its own.

It answers whatever the workers do, and tells what is lacking; so it is bound to an address that strangers cannot reach.
"""

import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, Final, NamedTuple

from gateway.telemetry.counts import WorkerCounts, read_counts
from gateway.telemetry.metrics import CONTENT_TYPE, prometheus_text

SILENT_SECONDS: Final = 15.0
"""A worker that has said nothing for so long does not run as it should."""

_TEXT: Final = "text/plain; charset=utf-8"


class AdminPage(NamedTuple):
    """What an address answers."""

    status: HTTPStatus
    content_type: str
    body: bytes


def metrics_page(directory: Path) -> AdminPage:
    return AdminPage(HTTPStatus.OK, CONTENT_TYPE, prometheus_text(list(read_counts(directory))))


def ready_page(directory: Path) -> AdminPage:
    """Ready if every worker is; else what is lacking, a line for each thing."""
    lacking = sorted(set(_lacking([each for each in read_counts(directory) if each.is_running])))
    if not lacking:
        return AdminPage(HTTPStatus.OK, _TEXT, b"ready\n")
    return AdminPage(
        HTTPStatus.SERVICE_UNAVAILABLE, _TEXT, "".join(f"not ready: {each}\n" for each in lacking).encode()
    )


def live_page(_directory: Path) -> AdminPage:
    return AdminPage(HTTPStatus.OK, _TEXT, b"live\n")


PAGES: Final[Mapping[str, Callable[[Path], AdminPage]]] = {
    "/metrics": metrics_page,
    "/health/ready": ready_page,
    "/health/live": live_page,
}


def _lacking(workers: Sequence[WorkerCounts]) -> Generator[str]:
    if not workers:
        yield "no worker runs"
    for state in (worker.state for worker in workers):
        if state is None:
            yield "a worker starts"
        elif state.lacking:
            yield state.lacking
        elif time.time() - state.at > SILENT_SECONDS:
            yield "a worker does not say how it is"


class _Handler(BaseHTTPRequestHandler):
    """Answers the addresses of the admin port."""

    server_version = "veil"
    sys_version = ""
    timeout = 10

    def __init__(self, *of_server: Any, directory: Path) -> None:
        self._directory = directory
        super().__init__(*of_server)

    def do_GET(self) -> None:
        page = PAGES.get(self.path.partition("?")[0])
        answer = page(self._directory) if page else AdminPage(HTTPStatus.NOT_FOUND, _TEXT, b"not found\n")
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, format: str, *_values: object) -> None:  # noqa: A002 - the name is the library's
        """Logs nothing."""


@contextmanager
def admin_port(host: str, port: int, directory: Path) -> Generator[int]:
    """Serves while this lasts. The port, chosen by the system if 0 is given. Raises `OSError`."""
    server = ThreadingHTTPServer((host, port), partial(_Handler, directory=directory))
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, name="veil admin port", daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
