"""`veil serve` and `veil demo`."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

import typer
import uvicorn

from gateway import app
from gateway import settings as settings_room
from gateway.cli.output import DIRECTORY, Directory, out, progress_bars, refuse, say
from gateway.demo import serving as demos
from gateway.http.console import Persona
from gateway.http.server import uvicorn_options
from gateway.identity import keys
from gateway.identity.keys import KeySetUnreachable, KeySetUnusable


def serve_command(
    workers: Annotated[int | None, typer.Option(help="server processes")] = None,
    host: Annotated[str | None, typer.Option(help="address to serve on")] = None,
    port: Annotated[int | None, typer.Option(help="port to serve on")] = None,
) -> None:
    """Serve over the PostgreSQL in VEIL_DATABASE."""
    given = {"workers": workers, "host": host, "port": port}
    settings = settings_room.read_settings(**{name: value for name, value in given.items() if value is not None})
    # A mistake is reported once, here, and not by every worker.
    app.catalog()
    try:
        asyncio.run(keys.check_key_set(settings.keys))
    except KeySetUnusable as error:
        refuse(f"VEIL_KEYS: {error}")
    except KeySetUnreachable:
        pass  # It may yet come.
    with demos.listening_socket(settings.host, settings.port):
        pass
    say(f"serving at {demos.address(settings.host, settings.port)}")
    uvicorn.run(
        "gateway.app:create",
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=settings.workers,
        **uvicorn_options(app.connection_limits(settings)),
    )


def demo_command(
    members: Annotated[int, typer.Option(help="members of the sample marketplace")] = 1_000,
    directory: Directory = DIRECTORY,
    port: Annotated[int, typer.Option(envvar="VEIL_PORT", min=1, max=65_535, help="port to serve on")] = 8_000,
    host: Annotated[str, typer.Option(envvar="VEIL_HOST", help="address to serve on")] = "127.0.0.1",
) -> None:
    """Serve a sample marketplace from an embedded PostgreSQL."""
    place = demos.DemoSettings(directory=directory, members=members, host=host, port=port)

    def kept(there: int) -> None:
        if there != members:
            say(f"the marketplace of {there:,} members in `{directory}` is kept; for another, name another --directory")

    def serving(cast: Sequence[Persona]) -> None:
        for persona in cast:
            out.print(f"[bold]{persona.name}[/bold] · {persona.role} · {' '.join(persona.purposes)}", highlight=False)
            out.print(f"  {persona.token or 'no token'}", highlight=False, style="dim", no_wrap=True)
        out.print(f"\n[bold]Veil[/bold] serves GraphiQL at [link]{place.address}[/link]; Ctrl-C stops it\n")

    demos.run(place, demos.DemoOutput(progress=progress_bars, on_existing=kept, on_serving=serving))
    say("stopped")
