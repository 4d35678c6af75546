"""A demo: an embedded PostgreSQL with the sample marketplace, a development key, and a gateway over them.

A directory holds everything, so the next demo starts in seconds. Stopping the demo stops every process it started.
"""

import asyncio
import contextlib
import errno
import json
import secrets
import socket
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import uvicorn

from gateway import app
from gateway import settings as settings_room
from gateway.database import migration
from gateway.database.owner import owner
from gateway.demo import embedded, personas, releases
from gateway.demo.development import AUDIENCE, ISSUER, DevelopmentKey, secret
from gateway.demo.ending import end_in_order
from gateway.demo.first_looks import LookedAt
from gateway.demo.looking import Looking
from gateway.demo.sample import marketplace
from gateway.demo.sealing import demo_signer, sealing
from gateway.http.console import Persona
from gateway.http.server import uvicorn_options
from gateway.policy import in_force
from schema.policy.grants import Policy

LOGIN = "veil_demo"
"""The login a demo's gateway uses."""


class AddressUnusable(Exception):
    """The gateway cannot serve at this address. The message says why, and what to change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoSettings:
    """The directory of a demo, its number of members when it is created, and the address it serves."""

    directory: Path
    members: int
    host: str
    port: int

    @property
    def address(self) -> str:
        return address(self.host, self.port)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoOutput:
    """How a demo reports: the progress of long work, and that it is about to serve."""

    progress: Callable[[], AbstractContextManager[marketplace.Progress]]
    on_existing: Callable[[int], None]
    """Called with the number of members when the directory already holds a marketplace."""
    on_serving: Callable[[Sequence[Persona], Persona], None]
    """Called with all personas, and with the first of them under a token of a short life."""


def address(host: str, port: int) -> str:
    """The URL of the GraphQL endpoint (an IPv6 address is in brackets: RFC 3986 §3.2.2)."""
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/graphql"


def listening_socket(host: str, port: int) -> socket.socket:
    """A socket bound to the address. Raises `AddressUnusable`."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            problem = f"port {port} of {host} is taken; choose another with `--port` or VEIL_PORT"
        elif error.errno == errno.EACCES:
            problem = f"this user may not serve at port {port}; choose one above 1023 with `--port` or VEIL_PORT"
        else:
            problem = f"this machine has no address {host}; choose another with `--host` or VEIL_HOST"
        raise AddressUnusable(problem) from None
    return listener


def run(demo: DemoSettings, output: DemoOutput) -> None:
    """Serves until it is interrupted. Raises `AddressUnusable`, `EmbeddedError`, `MigrationError` or `SettingsError`."""
    embedded.programs()
    end_in_order()
    with (
        contextlib.suppress(KeyboardInterrupt),
        listening_socket(demo.host, demo.port) as listener,
        embedded.running(demo.directory) as cluster,
    ):
        _serve(cluster, demo, output, listener)


def _serve(cluster: embedded.Cluster, demo: DemoSettings, output: DemoOutput, listener: socket.socket) -> None:
    key = DevelopmentKey.in_directory(demo.directory)
    login, policy, is_new = asyncio.run(_prepare(cluster.url, demo, output))
    settings = settings_room.read_settings(**_settings(demo, key, login))
    looking = Looking(url=cluster.url, key=demo_signer(demo.directory).public[0], marketplace=app.marketplace())
    gateway = app.application(settings, partial(looking.offer, lambda: personas.personas(key, policy)))
    if is_new:
        gateway = LookedAt(gateway, personas.personas(key, policy))
    output.on_serving(personas.personas(key, policy), personas.short_lived(key, policy))
    options = uvicorn_options(app.connection_limits(settings))
    with sealing(cluster.url, demo.directory):
        uvicorn.Server(uvicorn.Config(gateway, **options)).run(sockets=[listener])


def _settings(demo: DemoSettings, key: DevelopmentKey, database: str) -> dict[str, Any]:
    published = demo.directory / "development-keys.json"
    published.write_text(json.dumps(key.key_set()), "utf-8")
    return {
        "database": database,
        "keys": str(published),
        "issuer": ISSUER,
        "audience": AUDIENCE,
        "secret": secret(demo.directory).hex(),
        # A demo has no load balancer that would need the delay.
        "shutdown_delay": 0,
        # A line for each request would hide what a demo prints.
        "request_log": False,
    }


async def _prepare(url: str, demo: DemoSettings, output: DemoOutput) -> tuple[str, Policy, bool]:
    """Creates the tables, the policy, the sample and a login for the gateway.

    Returns the login's URL, the policy, and whether nobody has looked at anything yet.
    """
    catalog = app.catalog()
    async with owner(url) as connection:
        await migration.migrate(connection, catalog)
        policy = await in_force.ensure_active(connection, catalog)
        await _seed(connection, demo, output)
        is_new = not await connection.fetchval("select exists (select from veil.access_record)")
        login = await migration.create_login(connection, url, LOGIN, secrets.token_urlsafe(24))
        return login, policy, is_new


async def _seed(connection: Any, demo: DemoSettings, output: DemoOutput) -> None:
    if there := await connection.fetchval("select count(*) from marketplace.member"):
        output.on_existing(there)
        return
    with output.progress() as progress:
        await marketplace.seed(connection, members=demo.members, seed=1, progress=progress)
        await releases.release_last_year(connection, app.catalog(), progress)
