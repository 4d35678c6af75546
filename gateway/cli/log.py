"""`veil log …`: seal, verify, find, export."""

import asyncio
import os
import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from gateway.cli.output import Database, err, out, progress_bars, refuse, tell
from gateway.database.owner import owner
from gateway.log import seals, search
from gateway.log.chain import SealKey, TrustAnchor
from gateway.log.search import Criteria, Window
from schema.labels import LARGEST_ID
from schema.requester import Purpose, Role

log_commands = typer.Typer(no_args_is_help=True, help="Seal, verify, search and export the access log.")

TIMES = ["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"]
Since = Annotated[datetime | None, typer.Option(formats=TIMES, metavar="TIME", help="start, included; UTC by default")]
Until = Annotated[
    datetime | None, typer.Option(formats=TIMES, metavar="TIME", help="end, not included; UTC by default")
]


def _outcome(text: str) -> str:
    if text.upper() not in search.OUTCOMES:
        raise typer.BadParameter(f"give one of {', '.join(search.OUTCOMES)}")
    return text.upper()


def _digest(text: str) -> bytes:
    if not re.fullmatch("[0-9a-fA-F]{64}", text):
        raise typer.BadParameter("give the 64 hexadecimal digits that `veil log seal` printed")
    return bytes.fromhex(text)


def _as_owner(database: str, work: Callable[[Any], Awaitable[Any]]) -> Any:
    async def done() -> Any:
        async with owner(database) as connection:
            return await work(connection)

    return asyncio.run(done())


@log_commands.command("seal")
def seal_command(database: Database) -> None:
    """Seal the records older than a minute, with the key in VEIL_SEAL_KEY if set. Run it from a timer."""
    key = SealKey.read(os.environ.get("VEIL_SEAL_KEY"))
    with progress_bars() as progress:
        done = _as_owner(database, lambda connection: seals.seal(connection, key, progress))
    tell(seals.sealing_report(done))


@log_commands.command("verify")
def verify_command(
    database: Database,
    digest: Annotated[
        bytes | None, typer.Option(parser=_digest, metavar="HEX", help="digest of a seal that must be there")
    ] = None,
) -> None:
    """Check every seal against the log, with the key in VEIL_SEAL_KEY if set. Report the first that does not fit."""
    trust = TrustAnchor(key=SealKey.read(os.environ.get("VEIL_SEAL_KEY")), digest=digest)
    with progress_bars() as progress:
        found = _as_owner(database, lambda connection: seals.verify(connection, trust, progress))
    tell(seals.verification_report(found))
    if found.fault:
        refuse(found.fault)


@log_commands.command("find")
def find_command(  # noqa: PLR0913, PLR0917 - each parameter is an option, and they are one value at once
    database: Database,
    member: Annotated[
        int | None, typer.Option(min=1, max=LARGEST_ID, metavar="ID", help="member whose data was shown")
    ] = None,
    requester: Annotated[str | None, typer.Option(help="the requester's `sub`")] = None,
    organisation: Annotated[
        int | None, typer.Option(min=1, max=LARGEST_ID, metavar="ID", help="organisation of the requester")
    ] = None,
    role: Annotated[Role | None, typer.Option(case_sensitive=False, help="role of the requester")] = None,
    purpose: Annotated[Purpose | None, typer.Option(case_sensitive=False, help="purpose of the request")] = None,
    outcome: Annotated[
        str | None, typer.Option(parser=_outcome, metavar="OUTCOME", help="ANSWERED, or a refusal code")
    ] = None,
    reference: Annotated[str | None, typer.Option(help="legal instrument of the request")] = None,
    since: Since = None,
    until: Until = None,
    limit: Annotated[int, typer.Option(min=1, max=LARGEST_ID, metavar="N", help="maximum number of records")] = 50,
) -> None:
    """List the newest records that match every option. With `--member`: who saw that member's data, and for what."""
    criteria = Criteria(
        member=member,
        requester=requester,
        organisation=organisation,
        role=role,
        purpose=purpose,
        outcome=outcome,
        reference=reference,
        window=Window.read(since, until),
    )
    found = _as_owner(database, lambda connection: search.find(connection, criteria, limit))
    # A program that reads these lines needs them unfolded.
    Console(width=None if out.is_terminal else 1_000).print(search.records_table(found))
    err.print(f"records: {len(found):,}" + ("; `--limit` shows older ones" if len(found) == limit else ""))


@log_commands.command("export")
def export_command(
    database: Database,
    since: Since = None,
    until: Until = None,
    form: Annotated[
        search.ExportFormat, typer.Option("--format", help="JSON lines or CSV")
    ] = search.ExportFormat.JSONL,
    output: Annotated[Path | None, typer.Option(help="file to write; standard output by default")] = None,
) -> None:
    """Write all records of a period, each with the fields of its plan, the newest last."""
    window = Window.read(since, until)
    with search.output_file(output) as into, progress_bars() as bars:
        progress = bars if output else lambda *_: None
        count = _as_owner(database, lambda connection: search.export(connection, window, form, into, progress))
    if output:
        err.print(f"{count:,} records written to {output}", highlight=False)
