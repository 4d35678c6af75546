"""A demo: an embedded PostgreSQL with the sample marketplace, a development key, and a gateway over them.

Everything is kept in a directory, so that the next demo begins in seconds. Must never leave a process behind, nor take
a port before it is known to be free.
"""

import asyncio
import contextlib
import errno
import json
import secrets
import signal
import socket
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import uvicorn

from gateway import app
from gateway import settings as settings_room
from gateway.database import migration
from gateway.database.owner import owner
from gateway.demo import embedded, personas
from gateway.demo.development import AUDIENCE, ISSUER, DevelopmentKey, secret
from gateway.demo.sample import marketplace
from gateway.http.console import Persona
from gateway.http.server import UVICORN_OPTIONS
from gateway.policy import in_force
from schema.policy.grants import Policy

LOGIN = "veil_demo"
"""The login a demo's gateway uses."""


class AddressUnusable(Exception):
    """The gateway cannot serve there; the message says why, and what to change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoSettings:
    """Where a demo keeps its things, how many members it has when it is made, and where it serves."""

    directory: Path
    members: int
    host: str
    port: int

    @property
    def address(self) -> str:
        return address(self.host, self.port)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoOutput:
    """How a demo tells of itself: of long work, and once it is about to serve."""

    progress: Callable[[], AbstractContextManager[marketplace.Progress]]
    kept: Callable[[int], None]
    """An earlier demo's marketplace, with so many members, is there already."""
    serving: Callable[[Sequence[Persona]], None]


def address(host: str, port: int) -> str:
    """Where requests are sent (an IPv6 address in brackets: RFC 3986 §3.2.2)."""
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/graphql"


def listening_socket(host: str, port: int) -> socket.socket:
    """A socket that listens there. Raises `AddressUnusable`."""
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        if error.errno == errno.EADDRINUSE:
            problem = f"port {port} of {host} is taken; choose another with `--port` or VEIL_PORT"
        elif error.errno == errno.EACCES:
            problem = f"this user may not serve at port {port}; choose one above 1023 with `--port` or VEIL_PORT"
        else:
            problem = f"this machine has no address {host}; choose another with `--host` or VEIL_HOST"
        raise AddressUnusable(problem) from None
    return listening


def run(place: DemoSettings, telling: DemoOutput) -> None:
    """Serves until it is interrupted. Raises `AddressUnusable`, `EmbeddedError`, `MigrationError` or `SettingsError`."""
    signal.signal(signal.SIGTERM, _interrupted)
    for end in (signal.SIGHUP, signal.SIGQUIT):
        # A terminal that is closed ends the demo, unless `nohup` says otherwise.
        if signal.getsignal(end) is not signal.SIG_IGN:
            signal.signal(end, _ended)
    with (
        contextlib.suppress(KeyboardInterrupt),
        listening_socket(place.host, place.port) as listening,
        embedded.running(place.directory) as cluster,
    ):
        _serve(cluster, place, telling, listening)


def _interrupted(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _ended(_signal: int, _frame: FrameType | None) -> None:
    """As if it were told to terminate, which the server, once it runs, does in its own way."""
    signal.raise_signal(signal.SIGTERM)


def _serve(cluster: embedded.Cluster, place: DemoSettings, telling: DemoOutput, listening: socket.socket) -> None:
    key = DevelopmentKey.kept_in(place.directory)
    login, policy = asyncio.run(_prepare(cluster.url, place, telling))
    settings = settings_room.read_settings(**_settings(place, key, login))
    gateway = app.application(settings, lambda: personas.personas(key, policy))
    telling.serving(personas.personas(key, policy))
    uvicorn.Server(uvicorn.Config(gateway, **UVICORN_OPTIONS)).run(sockets=[listening])


def _settings(place: DemoSettings, key: DevelopmentKey, database: str) -> dict[str, Any]:
    published = place.directory / "development-keys.json"
    published.write_text(json.dumps(key.key_set()), "utf-8")
    return {
        "database": database,
        "keys": str(published),
        "issuer": ISSUER,
        "audience": AUDIENCE,
        "secret": secret(place.directory).hex(),
    }


async def _prepare(url: str, place: DemoSettings, telling: DemoOutput) -> tuple[str, Policy]:
    """Tables, a policy, the sample and a login for the gateway; the URL of that login, and the policy."""
    catalog = app.catalog()
    async with owner(url) as connection:
        await migration.migrate(connection, catalog)
        policy = await in_force.ensure_active(connection, catalog)
        await _seed(connection, place, telling)
        return await migration.create_login(connection, url, LOGIN, secrets.token_urlsafe(24)), policy


async def _seed(connection: Any, place: DemoSettings, telling: DemoOutput) -> None:
    if there := await connection.fetchval("select count(*) from marketplace.member"):
        telling.kept(there)
        return
    with telling.progress() as told:
        await marketplace.seed(connection, members=place.members, seed=1, progress=told)
