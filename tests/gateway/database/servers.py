"""Servers of a test's own: a PostgreSQL that can be stopped and killed, behind a relay that counts round trips."""

import asyncio
import os
import re
import signal
import socket
import struct
import threading
import time
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit, urlunsplit

import httpx
from pydantic import SecretStr

from gateway import app
from gateway.database import migration
from gateway.database.address import Pooler
from gateway.database.decisions import PoolSettings
from gateway.database.opening import Use
from gateway.database.pool import Pool
from gateway.demo import embedded
from gateway.demo.development import DevelopmentKey
from gateway.demo.sample import marketplace
from gateway.policy import in_force
from gateway.settings import Settings
from resolvers.sql.render import Statement
from schema.catalog import Catalog
from schema.refusals import Code
from tests.conftest import Asking, Serving, run, settings_for, silent


class Relay:
    """Relays connections to a PostgreSQL that may go away and come back elsewhere, and counts round trips.

    Every `Sync` and `Query` message of a client is one round trip (PostgreSQL's protocol §54.7).
    """

    def __init__(self) -> None:
        self.target: Path | None = None
        self.round_trips = 0
        self.silent = False
        """Whether it sends nothing back, without closing anything."""
        self.loses_answer_to: bytes | None = None
        """Part of the name of a prepared statement. In place of the next answer to it the connection is closed."""
        self._clients: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._open, daemon=True).start()

    @property
    def port(self) -> int:
        return self._listener.getsockname()[1]

    def close(self) -> None:
        self._listener.close()

    def cut(self) -> None:
        """Cuts every connection there is."""
        for client in tuple(self._clients):
            with suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)

    def _open(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._relay, args=(client,), daemon=True).start()

    def _relay(self, client: socket.socket) -> None:
        with client, socket.socket(socket.AF_UNIX) as server, suppress(OSError):
            if self.target is None:
                return
            server.connect(str(self.target))
            loses = threading.Event()
            threading.Thread(target=self._copy, args=(server, client, loses), daemon=True).start()
            self._clients.add(client)
            try:
                self._count(client, server, loses)
            finally:
                self._clients.discard(client)

    def _count(self, client: socket.socket, server: socket.socket, loses: threading.Event) -> None:
        started = False
        while head := _read(client, 5 if started else 4):
            (length,) = struct.unpack("!i", head[-4:])
            body = _read(client, length - 4)
            self.round_trips += started and head[:1] in (b"S", b"Q")
            started = started or body[:4] == struct.pack("!i", 3 << 16)
            if self.loses_answer_to and head[:1] == b"B" and self.loses_answer_to in body:
                self.loses_answer_to = None
                loses.set()
            server.sendall(head + body)

    def _copy(self, server: socket.socket, client: socket.socket, loses: threading.Event) -> None:
        with suppress(OSError):
            while piece := server.recv(65_536):
                while self.silent:
                    time.sleep(0.02)
                if loses.is_set():
                    break
                client.sendall(piece)
        with suppress(OSError):
            client.shutdown(socket.SHUT_RDWR)


def _read(connection: socket.socket, length: int) -> bytes:
    received = b""
    while len(received) < length and (piece := connection.recv(length - len(received))):
        received += piece
    return received


class Server:
    """A PostgreSQL of a test's own, that may be stopped, killed and started again."""

    def __init__(self, directory: Path) -> None:
        self.relay = Relay()
        self._directory = directory
        self.cluster = self.start()

    def start(self, **options: str) -> embedded.Cluster:
        self.cluster = embedded.start(self._directory, options)
        folder = parse_qs(urlsplit(self.cluster.url).query)["host"][0]
        self.relay.target = Path(folder) / ".s.PGSQL.5432"
        return self.cluster

    def stop(self) -> None:
        self.relay.target = None
        embedded.stop(self.cluster)

    def kill(self) -> None:
        """At once, as a loss of power would."""
        process = int((self._directory / "data" / "postmaster.pid").read_text().splitlines()[0])
        os.kill(process, signal.SIGKILL)
        self.stop()

    def settings(self, key_file: Path, **others: Any) -> Settings:
        known = settings_for(self.cluster.url, key_file, **others)
        parts = urlsplit(known.database.get_secret_value())
        login = parts.netloc.rpartition("@")[0]
        relayed = parts._replace(netloc=f"{login}@127.0.0.1:{self.relay.port}", query="")
        return known.model_copy(update={"database": SecretStr(urlunsplit(relayed))})


async def make_marketplace(connection: Any, catalog: Catalog) -> None:
    await migration.migrate(connection, catalog)
    await in_force.ensure_active(connection, catalog)
    await marketplace.seed(connection, members=20, seed=7, progress=silent)


@contextmanager
def served(server: Server, key: DevelopmentKey, key_file: Path, **settings: Any) -> Generator[Asking]:
    with Serving(server.settings(key_file, **settings)) as address:
        asking = Asking(address, key, server.cluster.url)
        try:
            yield asking
        finally:
            asking.client.close()


def wait_for(condition: Callable[[], object]) -> None:
    until = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)


def assert_failed(response: httpx.Response, code: Code, *, retry_after: str | None) -> None:
    """A failure has its code, promises no record, and says when to ask again."""
    assert response.status_code == code.status
    assert set(response.json()) == {"errors"}
    (error,) = response.json()["errors"]
    assert error["message"] == code.meaning
    assert error["extensions"]["code"] == code.name
    assert error["extensions"]["hint"]
    assert "access-record" not in response.headers
    assert response.headers.get("retry-after") == retry_after


@contextmanager
def locked(url: str, table: str, mode: str = "access exclusive") -> Generator[Callable[[], None]]:
    """A table locked until the given function is called, or the block ends. By default nobody can read it."""
    release, taken = threading.Event(), threading.Event()

    async def hold(connection: Any) -> None:
        async with connection.transaction():
            await connection.execute("set local search_path = marketplace, pg_catalog")
            await connection.execute(f"lock table {table} in {mode} mode")
            taken.set()
            await asyncio.to_thread(release.wait)

    with ThreadPoolExecutor(1) as pool:
        holder = pool.submit(run, url, hold)
        taken.wait(10)
        try:
            yield release.set
        finally:
            release.set()
            holder.result(10)


def metric(asking: Asking, name: str) -> float:
    found = re.search(rf"^{name} ([0-9.]+)$", asking.metrics(), re.MULTILINE)
    assert found
    return float(found[1])


def waiting_for_a_lock(url: str) -> int:
    query = "select count(*) from pg_stat_activity where application_name = 'veil' and wait_event_type = 'Lock'"
    return run(url, lambda connection: connection.fetchval(query))


def pool_settings(
    database: str,
    *,
    timeout: float = 5,
    batch_calls: int = 64,
    pooler: Pooler = Pooler.SESSION,
    use: Use = Use.READ,
) -> PoolSettings:
    """One session."""
    return PoolSettings(
        database=database,
        size=1,
        timeout=timeout,
        queue=100,
        batch_wait=0.02,
        batch_calls=batch_calls,
        batch_rows=2_000,
        required_migrations=migration.required_migrations(app.marketplace()),
        schema=app.marketplace().schema,
        pooler=pooler,
        use=use,
    )


def executed(
    server: Server,
    key_file: Path,
    statement: Statement,
    rows: Sequence[Sequence[Any]],
    *,
    timeout: float = 5,
    batch_calls: int = 64,
) -> list[Any]:
    """What a statement answers to calls that arrive at once: bytes, or how it failed."""
    database = server.settings(key_file).database.get_secret_value()
    return asyncio.run(answers(pool_settings(database, timeout=timeout, batch_calls=batch_calls), statement, rows))


async def answers(settings: PoolSettings, statement: Statement, rows: Sequence[Sequence[Any]]) -> list[Any]:
    pool = Pool(settings)
    await pool.start()
    try:
        return await asyncio.gather(*(pool.ask(statement, *row) for row in rows), return_exceptions=True)
    finally:
        await pool.stop()


CALLS = "unnest($1::boolean[]) with ordinality as call (asks, n)"
"""Calls without values."""


def statement(sql: str) -> Statement:
    return Statement(sql=sql, plan=None, treatments=b"")
