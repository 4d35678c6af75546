"""The places that are measured: a PostgreSQL with the sample marketplace, and a gateway and an empty route over it.

Everything is kept in a directory, so that a second run begins at once.
"""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import httpx
from rich.console import Console

from gateway import app, embedded, migration, policies
from gateway.development import AUDIENCE, ISSUER, DevelopmentKey, secret
from gateway.owner import SESSION
from gateway.sample import marketplace

DIRECTORY = Path(".veil/benchmarks")
err = Console(stderr=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server under load: its process, and where it listens."""

    name: str
    process: int
    address: str


def prepared(cluster: embedded.Cluster, members: int) -> str:
    """Fills the database once; the URL of the gateway's own login."""
    return asyncio.run(_prepared(cluster.url, members))


def postmaster(cluster: embedded.Cluster) -> int:
    """The number of PostgreSQL's first process."""
    return int((cluster.directory / "data" / "postmaster.pid").read_text("utf-8").splitlines()[0])


async def _prepared(url: str, members: int) -> str:
    connection = await asyncpg.connect(url, server_settings=SESSION)
    try:
        await migration.migrate(connection, app.catalog())
        await policies.first(connection, app.catalog())
        if not await connection.fetchval("select exists (select from marketplace.member)"):
            err.print(f"loading {members:,} members and {10 * members:,} orders")
            await marketplace.seed(connection, members=members, seed=1, progress=lambda *_: None)
        return await migration.admit(connection, url, "veil_benchmark", "benchmark")
    finally:
        await connection.close()


def settings(database: str, key: DevelopmentKey) -> Mapping[str, str]:
    """The environment a gateway under load is started with."""
    file = DIRECTORY / "keys.json"
    file.write_text(json.dumps(key.key_set()))
    return {
        "VEIL_DATABASE": database,
        "VEIL_KEYS": str(file),
        "VEIL_ISSUER": ISSUER,
        "VEIL_AUDIENCE": AUDIENCE,
        "VEIL_SECRET": secret(DIRECTORY).hex(),
    }


@contextmanager
def served(name: str, application: str, environment: Mapping[str, str]) -> Generator[Server]:
    """A server process of one worker for an application (`module:name`), ready to answer."""
    port = _free_port()
    command = [sys.executable, "-m", "benchmarks.serving", application, str(port)]
    process = subprocess.Popen(command, env={**os.environ, **environment})
    server = Server(name=name, process=process.pid, address=f"http://127.0.0.1:{port}")
    try:
        _await_ready(server, process)
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _await_ready(server: Server, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(300):
        if process.poll() is not None:
            raise SystemExit(f"{server.name} did not start")
        try:
            if httpx.get(f"{server.address}/health/ready").is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise SystemExit(f"{server.name} did not become ready")
