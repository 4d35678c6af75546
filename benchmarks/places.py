"""The places that are measured: server processes, each of one application over one database, and their CPU and memory.

What is made once (the database, the keys, Node's packages) is kept in a directory, so that a second run begins at once.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
from rich.console import Console

from gateway.demo import embedded

DIRECTORY = Path(".veil/benchmarks")
READY_WITHIN = 300
"""Seconds: a gateway that reads a policy of thousands of grants takes long to start."""

err = Console(stderr=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server under load: its first process, and where it listens."""

    name: str
    process: int
    address: str


def postmaster(cluster: embedded.Cluster) -> int:
    """The number of PostgreSQL's first process."""
    return int((cluster.directory / "data" / "postmaster.pid").read_text("utf-8").splitlines()[0])


@contextmanager
def python_server(
    name: str, application: str, environment: Mapping[str, str], *, workers: int = 1
) -> Generator[Server]:
    """A server of an application (`module:name`) in this Python, served as `veil serve` serves Veil."""
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.serving", application, str(port), str(workers)]
    with served(name, command, environment, port) as server:
        yield server


@contextmanager
def served(name: str, command: Sequence[str], environment: Mapping[str, str], port: int) -> Generator[Server]:
    """A server that a command starts, ready to answer on a port."""
    process = subprocess.Popen(command, env={**os.environ, **environment})
    server = Server(name=name, process=process.pid, address=f"http://127.0.0.1:{port}")
    try:
        _await_ready(server, process)
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _await_ready(server: Server, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until:
        if process.poll() is not None:
            raise SystemExit(f"{server.name} did not start")
        with suppress(httpx.TransportError):
            if httpx.get(f"{server.address}/health/ready").is_success:
                return
        time.sleep(0.1)
    raise SystemExit(f"{server.name} did not become ready")


def cpu(process: int) -> float:
    """Seconds of CPU time a process and all it ever started have used, those that ended included."""
    first = psutil.Process(process)
    total = 0.0
    for each in (first, *first.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            times = each.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
    return total


def memory(process: int) -> float:
    """MiB resident, of the largest among a process and its children."""
    first = psutil.Process(process)
    largest = 0
    for each in (first, *first.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            largest = max(largest, each.memory_info().rss)
    return largest / 2**20
