"""`veil figures …`: release."""

import asyncio
from typing import Annotated

import typer

from gateway import app
from gateway.cli.output import Database, say
from gateway.cli.policy import oneself
from gateway.database.owner import owner
from gateway.figures.months import Month
from gateway.figures.release import AlreadyReleased, Release, release

figures_commands = typer.Typer(no_args_is_help=True, help="Release figures about many members.")


def _month(text: str) -> Month:
    try:
        return Month.read(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


@figures_commands.callback()
def figures() -> None:
    """Without this, the only command would have no name."""


@figures_commands.command("release")
def release_command(
    database: Database,
    month: Annotated[
        Month | None, typer.Option(parser=_month, metavar="YYYY-MM", help="month; by default the one that is over")
    ] = None,
    by: Annotated[str | None, typer.Option(metavar="NAME", help="who releases it; your login name by default")] = None,
) -> None:
    """Release the figures of a month: recorded, with noise, once. Run it from a timer."""
    releasing = by or oneself()

    async def released() -> Release:
        async with owner(database) as connection:
            return await release(connection, app.catalog(), month, releasing)

    try:
        done = asyncio.run(released())
    except AlreadyReleased as problem:
        if month is not None:
            raise
        # A timer may come again.
        say(str(problem))
    else:
        say(f"released {done.month}: {done.cells:,} figures; record {done.record}")
