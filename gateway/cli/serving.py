"""`veil serve` and `veil demo`."""

import asyncio
import json
import os
import sys
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Annotated

import typer
import uvicorn

from gateway import app
from gateway import settings as settings_room
from gateway.cli.output import DIRECTORY, Directory, out, progress_bar, refuse, say, tell
from gateway.demo import serving as demos
from gateway.http.console import Persona
from gateway.http.server import uvicorn_options
from gateway.identity import keys
from gateway.identity.keys import KeySetUnreachable, KeySetUnusable
from gateway.settings import Settings
from gateway.telemetry.admin import admin_port
from gateway.telemetry.lines import LineWriter, StandardError, log_as_json


def serve_command(
    workers: Annotated[int | None, typer.Option(metavar="N", help="server processes")] = None,
    host: Annotated[str | None, typer.Option(metavar="ADDRESS", help="address to serve on")] = None,
    port: Annotated[int | None, typer.Option(metavar="PORT", help="port to serve on")] = None,
) -> None:
    """Serve over the PostgreSQL in VEIL_DATABASE."""
    given = {"workers": workers, "host": host, "port": port}
    settings = settings_room.read_settings(**{name: value for name, value in given.items() if value is not None})
    # A mistake is reported once, here, and not by every worker.
    app.installation(settings, app.catalog())
    try:
        asyncio.run(keys.check_key_set(settings.keys))
    except KeySetUnusable as error:
        refuse(f"VEIL_KEYS: {error}")
    except KeySetUnreachable:
        pass  # It may yet come.
    with demos.listening_socket(settings.host, settings.port):
        pass
    log_as_json(LineWriter(StandardError()))
    with _admin_port(settings):
        say(f"serving at {demos.address(settings.host, settings.port)}")
        # Once, and not by every worker; nobody waits for it.
        Thread(target=lambda: asyncio.run(app.report_columns(settings)), daemon=True).start()
        uvicorn.run(
            "gateway.app:create",
            factory=True,
            host=settings.host,
            port=settings.port,
            workers=settings.workers,
            # Its loggers go where all others do.
            log_config=None,
            **uvicorn_options(app.connection_limits(settings)),
        )


@contextmanager
def _admin_port(settings: Settings) -> Generator[None]:
    """Serves metrics and health of the workers to come, if a port is set."""
    if settings.admin_port is None:
        yield
        return
    with ExitStack() as served:
        directory = settings.runtime_directory or Path(served.enter_context(TemporaryDirectory(prefix="veil-")))
        # Workers read their settings from the environment.
        os.environ[f"{settings_room.PREFIX}RUNTIME_DIRECTORY"] = str(directory)
        try:
            served.enter_context(admin_port(settings.admin_host, settings.admin_port, directory))
        except OSError as error:
            refuse(f"VEIL_ADMIN_PORT: port {settings.admin_port} of {settings.admin_host}: {error.strerror}")
        yield


def _first_steps(address: str, first: Persona) -> Iterator[str]:
    """Three things to try, and a request to copy."""
    query = first.queries[0]
    yield "Three things to try:"
    yield f"  1. Open {address} and run the query: {first.name} sees masked members, and one whole."
    yield "  2. There, compare with Marketplace staff, and read why each field is shown so."
    yield f"  3. In another terminal, ask who else may see a field: {Path(sys.argv[0])} policy who Member.email"
    yield ""
    yield "Or ask as a service does; this token holds for a quarter of an hour, and `--tokens` prints one for each persona:"
    yield ""
    body = json.dumps({"query": " ".join(query.query.split())})
    yield f"  curl {address} -H 'Content-Type: application/json' -H 'Access-Purpose: {query.purpose}' \\"
    yield f"    -d '{body}' \\"
    yield f"    -H 'Authorization: Bearer {first.token}'"


def demo_command(
    members: Annotated[int, typer.Option(metavar="N", help="members of the sample marketplace")] = 1_000,
    directory: Directory = DIRECTORY,
    port: Annotated[
        int, typer.Option(metavar="PORT", envvar="VEIL_PORT", min=1, max=65_535, help="port to serve on")
    ] = 8_000,
    host: Annotated[str, typer.Option(metavar="ADDRESS", envvar="VEIL_HOST", help="address to serve on")] = "127.0.0.1",
    tokens: Annotated[bool, typer.Option("--tokens", help="print a token for each persona")] = False,
) -> None:
    """Serve a sample marketplace from an embedded PostgreSQL."""
    place = demos.DemoSettings(directory=directory, members=members, host=host, port=port)

    def kept(there: int) -> None:
        if there != members:
            say(f"the marketplace of {there:,} members in `{directory}` is kept; for another, name another --directory")

    def serving(cast: Sequence[Persona], first: Persona) -> None:
        for persona in cast if tokens else ():
            say(f"{persona.name} · {persona.role} · {' '.join(persona.purposes)}")
            say(f"  {persona.token or 'no token'}")
        tell(_first_steps(place.address, first))
        out.print(f"\n[bold]Veil[/bold] serves GraphiQL at [link]{place.address}[/link]; Ctrl-C stops it\n")

    demos.run(place, demos.DemoOutput(progress=progress_bar, on_existing=kept, on_serving=serving))
    say("stopped")
