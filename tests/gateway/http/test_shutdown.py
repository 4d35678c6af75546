"""How `veil serve` ends: it stops being ready, answers what runs, and is gone."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.conftest import settings_for
from tests.gateway.http.test_wire import QUERY, post

DELAY = 1.5
"""Seconds, so that a test sees what is between."""


def unused_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


@contextmanager
def served(database: str, key_file: Path, port: int, workers: int) -> Generator[subprocess.Popen[bytes]]:
    """`veil serve` in a process of its own, once it is ready."""
    settings = settings_for(database, key_file, port=port, workers=workers, shutdown_delay=DELAY)
    names = ("database", "keys", "issuer", "audience", "secret", "port", "workers", "shutdown_delay")
    values = {name: getattr(settings, name) for name in names}
    plain = {
        name: value.get_secret_value() if hasattr(value, "get_secret_value") else value
        for name, value in values.items()
    }
    environment = {f"VEIL_{name.upper()}": str(value) for name, value in plain.items()}
    command = [sys.executable, "-c", "from gateway.cli.main import main; main()", "serve"]
    process = subprocess.Popen(command, env={**os.environ, **environment}, stderr=subprocess.PIPE)
    try:
        wait_for(lambda: readiness(port) == 200)
        yield process
    finally:
        process.kill()
        process.communicate()


def readiness(port: int) -> int | None:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/health/ready").status_code
    except httpx.TransportError:
        return None


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 40
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_gateway_that_ends_is_not_ready_and_answers_what_runs(market_url: str, key_file: Path, workers: int) -> None:
    port = unused_port()
    with (
        served(market_url, key_file, port, workers) as process,
        socket.create_connection(("127.0.0.1", port), timeout=20) as connection,
    ):
        connection.sendall(post()[: -len(QUERY)])
        time.sleep(0.3)
        process.send_signal(signal.SIGTERM)
        wait_for(lambda: readiness(port) == 503)
        assert httpx.post(f"http://127.0.0.1:{port}/graphql", json={"query": "{ __typename }"}).status_code == 200
        wait_for(lambda: readiness(port) is None)
        connection.sendall(QUERY)
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))
        assert answer.startswith(b"HTTP/1.1 200 ")
        assert b"\r\nconnection: close\r\n" in answer
        process.wait(timeout=20)
        assert process.stderr
        assert b"Traceback" not in process.stderr.read()
