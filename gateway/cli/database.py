"""`veil migrate`, `veil seed` and `veil database`."""

import asyncio
from typing import Annotated

import typer

from gateway import app
from gateway.cli.output import DIRECTORY, Database, Directory, out, progress_bar
from gateway.database import migration
from gateway.database.owner import owner
from gateway.demo import embedded, releases
from gateway.demo.sample import marketplace
from gateway.policy import in_force


def migrate_command(database: Database) -> None:
    """Create or update the tables, the gateway's role and its grants."""

    async def migrated() -> list[str]:
        async with owner(database) as connection:
            applied = await migration.migrate(connection, app.catalog())
            await in_force.ensure_active(connection, app.catalog())
            return applied

    applied = asyncio.run(migrated())
    out.print(f"applied {', '.join(applied)}" if applied else "everything was up to date")


def seed_command(
    database: Database,
    members: Annotated[int, typer.Option(metavar="N", help="number of members; each has about ten orders")] = 1_000,
    number: Annotated[
        int, typer.Option("--seed", metavar="N", help="seed; the same seed gives the same marketplace")
    ] = 1,
) -> None:
    """Load the sample marketplace into empty tables."""
    # The sample belongs to the demo: an installation for production must not be able to fill its tables with it.
    embedded.programs()

    async def seeded() -> None:
        async with owner(database) as connection:
            with progress_bar() as progress:
                await marketplace.seed(connection, members=members, seed=number, progress=progress)
                await releases.release_last_year(connection, app.catalog(), progress)

    asyncio.run(seeded())


def database_command(directory: Directory = DIRECTORY) -> None:
    """Print the URL of the embedded PostgreSQL of a running demo."""
    out.print(embedded.running_cluster(directory).url, highlight=False)
