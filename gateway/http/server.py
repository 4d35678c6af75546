"""How uvicorn serves a gateway, whoever starts it, and how it ends.

Made from the limits of connections. It must never print what a client sends: uvicorn's access log would.
"""

import asyncio
import logging
import resource
import signal
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from types import FrameType
from typing import Any, Final

from gateway.http.connection import ConnectionLimits, HttpConnection, OpenConnections
from gateway.notices import Notices

OTHER_FILES: Final = 64
"""Open files of a worker that are no client's connections."""


def uvicorn_options(limits: ConnectionLimits) -> dict[str, Any]:
    """What uvicorn is told, besides where to serve."""
    possible = replace(limits, connections=min(limits.connections, _files() - OTHER_FILES))
    if possible.connections < limits.connections:
        logging.getLogger(__name__).warning(
            "this system allows %d connections, not %d: raise `ulimit -n`", possible.connections, limits.connections
        )
    return {
        "http": partial(HttpConnection, limits=possible, notices=Notices(), others=OpenConnections()),
        "ws": "none",
        "loop": "auto",
        "access_log": False,
        "server_header": False,
        # The gateway never asks who a proxy says the client is.
        "proxy_headers": False,
        "log_level": "warning",
        "timeout_graceful_shutdown": 10,
    }


def _files() -> int:
    """How many files the system lets this process open, once it asked for all it may have."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return sys.maxsize if allowed == resource.RLIM_INFINITY else allowed


@dataclass(slots=True, kw_only=True)
class Shutdown:
    """The end of a worker: it stops being ready, goes on serving for `delay` seconds, then answers what runs and ends.

    Meanwhile a load balancer sees that it is not ready, and sends its requests elsewhere.
    """

    delay: float
    has_begun: bool = False

    @contextmanager
    def on_terminate(self) -> Generator[None]:
        """While this lasts, SIGTERM begins the shutdown. A second one does not wait."""
        handler = signal.getsignal(signal.SIGTERM)
        # Signals come to the main thread only; without a handler, a signal ends the process.
        if threading.current_thread() is not threading.main_thread() or not callable(handler):
            yield
            return
        loop = asyncio.get_running_loop()

        def begin(number: int, frame: FrameType | None) -> None:
            if self.has_begun or not self.delay:
                handler(number, frame)
            else:
                loop.call_soon_threadsafe(loop.call_later, self.delay, handler, number, None)
            self.has_begun = True

        signal.signal(signal.SIGTERM, begin)
        try:
            yield
        finally:
            signal.signal(signal.SIGTERM, handler)
