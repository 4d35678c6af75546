"""`veil log …`: keep, prove, verify, find, show, export, report, erase, retire."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.console import Console

from gateway import app
from gateway.cli.output import Database, Json, Yes, err, out, progress_bar, refuse, say, tell
from gateway.cli.words import OnePurpose, OneRole, member_of, number_of, organisation_of
from gateway.database.owner import owner
from gateway.ledger.settling import Settler
from gateway.log import erasing, keeping, proving, retiring, search, signing, verification
from gateway.log.organisations import organisation_names
from gateway.log.search import Criteria, ExportRange, ListedRecord, Window
from gateway.log.snapshot import LogError
from gateway.log.veil_verify import Trust, VerificationError, VerifierKey
from gateway.log.verification import Earlier, Expected, VerificationResult
from gateway.log.walk import Sessions
from gateway.progress import Progress
from gateway.reports.letter import LetterScope, letter
from gateway.reports.month import ReportMonth, month_report
from gateway.reports.processing import processing_report
from gateway.reports.report import Report
from gateway.reports.telling import withholds_instruments
from gateway.reports.writing import ReportFormat, write_report
from schema.identities import Identity

log_commands = typer.Typer(no_args_is_help=True, help="Seal, prove, verify, search and export the access log.")

TIMES = ["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"]
Since = Annotated[datetime | None, typer.Option(formats=TIMES, metavar="TIME", help="start, included; UTC by default")]
Until = Annotated[
    datetime | None, typer.Option(formats=TIMES, metavar="TIME", help="end, not included; UTC by default")
]
Checkpoints = Annotated[
    Path | None,
    typer.Option(metavar="FILE", envvar="VEIL_CHECKPOINTS", help="file of the newest checkpoint, outside the database"),
]


def _key(text: str) -> VerifierKey:
    try:
        return VerifierKey.read(text)
    except VerificationError as error:
        raise typer.BadParameter(str(error)) from None


LogKeys = Annotated[
    list[VerifierKey],
    typer.Option("--key", envvar="VEIL_LOG_PUBLIC_KEY", parser=_key, metavar="KEY", help="public key of the log"),
]


def _outcome(text: str) -> str:
    if text.upper() not in search.OUTCOMES:
        raise typer.BadParameter(f"give one of {', '.join(search.OUTCOMES)}")
    return text.upper()


def _record(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        raise typer.BadParameter("give the id of a record, as `Access-Record` has it") from None


def _month(text: str) -> ReportMonth:
    try:
        found = datetime.strptime(text, "%Y-%m").replace(tzinfo=UTC)
    except ValueError:
        raise typer.BadParameter("give a month like 2025-03") from None
    return ReportMonth(year=found.year, month=found.month)


def _note(path: Path) -> str:
    if keeping.checkpoint_in_file(path) is None:
        raise LogError(f"`{path}` is not there")
    return path.read_text("utf-8")


def _as_owner(database: str, work: Callable[[Any], Awaitable[Any]]) -> Any:
    async def done() -> Any:
        async with owner(database) as connection:
            return await work(connection)

    return asyncio.run(done())


@log_commands.command("key")
def key_command(
    name: Annotated[str, typer.Argument(help="name of the log, like `market.example/access-log`")],
    output: Annotated[Path, typer.Option(metavar="FILE", help="file that the private key is added to")],
) -> None:
    """Make a key that signs checkpoints, and print the public key that verifies them."""
    made = signing.SigningKey.generate(name)
    signing.write_key(output, made)
    say(str(made.public))


@log_commands.command("keep")
def keep_command(
    database: Database,
    key: Annotated[
        Path, typer.Option(metavar="FILE", envvar="VEIL_LOG_KEY", help="file of the keys that sign checkpoints")
    ],
    checkpoints: Checkpoints = None,
    data: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            envvar="VEIL_DATA",
            help="database of the data, if the log is elsewhere: tells which announced changes were made",
        ),
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="seal what is there, and end")] = False,
) -> None:
    """Seal the log, for ever: add new records to its tree and sign a checkpoint, about once a second."""
    signer, settle = signing.Signer.in_file(key), Settler(data=data).settle
    if not once:
        _as_owner(database, lambda connection: keeping.keep(connection, signer, checkpoints, settle))
        return
    with progress_bar() as progress:
        sealed = _as_owner(
            database, lambda connection: keeping.seal_all(connection, signer, checkpoints, progress, settle)
        )
    say(f"sealed now: {sealed:,} leaves")


@log_commands.command("prove")
def prove_command(
    database: Database,
    record: Annotated[str | None, typer.Argument(parser=_record, metavar="RECORD", help="id of the record")] = None,
    earlier: Annotated[
        Path | None, typer.Option(metavar="FILE", help="file of an earlier checkpoint, which the log must extend")
    ] = None,
    witnessed: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="file of a checkpoint that witnesses have signed; the newest by default"),
    ] = None,
    output: Annotated[
        Path | None, typer.Option(metavar="FILE", help="file to write; standard output by default")
    ] = None,
) -> None:
    """Write a proof that a record is in the log, or that the log extends an earlier checkpoint."""
    if not (record or earlier):
        raise typer.BadParameter("give a record, or `--earlier`, or both")
    notes = [_note(path) if path else None for path in (earlier, witnessed)]
    proof = _as_owner(database, lambda connection: proving.prove(connection, record, *notes))
    with search.output_file(output) as into:
        into.write(f"{proof}\n")


async def _verified(database: str, expected: Expected, progress: Progress) -> VerificationResult:
    """Two sessions hash leaves, while a third asks the rest."""
    async with owner(database) as asking, owner(database) as one, owner(database) as other:
        return await verification.verify(Sessions(asking=asking, hashing=(one, other)), expected, progress)


@log_commands.command("verify")
def verify_command(
    database: Database,
    key: LogKeys,
    checkpoints: Checkpoints = None,
    state: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="file of the checkpoint to go on from; what is verified is written there"),
    ] = None,
) -> None:
    """Check the log against its tree and its checkpoints. List everything that does not fit."""
    trust = Trust(keys=key)
    earlier = [
        Earlier(checkpoint=kept, called=f"the checkpoint in `{path}`", is_verified=path is state)
        for path in (state, checkpoints)
        if path and (kept := keeping.checkpoint_in_file(path, trust))
    ]
    members = [role.value for role in app.marketplace().roles if role.is_member]
    expected = Expected(trust=trust, member_roles=members, earlier=earlier)
    with progress_bar() as progress:
        found = asyncio.run(_verified(database, expected, progress))
    tell(verification.report(found))
    if found.faults:
        refuse("\n".join(found.faults))
    if state and found.note:
        keeping.write_checkpoint(state, found.note)


@log_commands.command("show")
def show_record_command(
    database: Database,
    record: Annotated[str, typer.Argument(parser=_record, metavar="RECORD", help="id of the record")],
    as_json: Json = False,
) -> None:
    """Show all of one record and its plan."""

    async def looked_up(connection: Any) -> tuple[Mapping[str, Any], Mapping[Identity, str]]:
        shown = await search.show(connection, record)
        asking = shown["record"]["organisation_id"]
        return shown, await organisation_names(connection, app.catalog(), [asking] if asking else [])

    found, organisations = _as_owner(database, looked_up)
    tell([json.dumps(found, ensure_ascii=False)] if as_json else search.record_lines(found, organisations))


@log_commands.command("find")
def find_command(  # noqa: PLR0913, PLR0917 - each parameter is an option, and they are one value at once
    database: Database,
    member: Annotated[Any, typer.Option(parser=member_of, metavar="ID", help="member whose data was shown")] = None,
    requester: Annotated[str | None, typer.Option(metavar="SUB", help="the requester's `sub`")] = None,
    organisation: Annotated[
        Any, typer.Option(parser=organisation_of, metavar="ID", help="organisation of the requester")
    ] = None,
    role: OneRole = None,
    purpose: OnePurpose = None,
    outcome: Annotated[
        str | None,
        typer.Option(parser=_outcome, metavar="OUTCOME", help="ANSWERED, DESCRIBED, ANNOUNCED, or a refusal code"),
    ] = None,
    reference: Annotated[str | None, typer.Option(metavar="REFERENCE", help="legal instrument of the request")] = None,
    trace: Annotated[str | None, typer.Option(metavar="TRACE", help="trace id of the request")] = None,
    record: Annotated[str | None, typer.Option(parser=_record, metavar="RECORD", help="id of the record")] = None,
    since: Since = None,
    until: Until = None,
    limit: Annotated[int, typer.Option(parser=number_of, metavar="N", help="maximum number of records")] = 50,
    as_json: Json = False,
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
        trace=trace,
        record=record,
        window=Window.read(since, until),
    )

    async def looked_up(connection: Any) -> tuple[Sequence[ListedRecord], Mapping[Identity, str]]:
        listed = await search.find(connection, criteria, limit)
        return listed, await organisation_names(
            connection, app.catalog(), (each.organisation for each in listed if each.organisation)
        )

    found, organisations = _as_owner(database, looked_up)
    if as_json:
        tell(search.records_json(found))
    else:
        # No id is folded or cut, whatever the width of the terminal.
        Console(width=max(out.width, 1_000)).print(search.records_table(found, organisations), soft_wrap=True)
    err.print(f"records: {len(found):,}" + ("; `--limit` shows older ones" if len(found) == limit else ""))


@log_commands.command("export")
def export_command(  # noqa: PLR0913, PLR0917 - each parameter is an option
    database: Database,
    after: Annotated[
        int | None, typer.Option(min=0, metavar="POSITION", help="what was sealed after this position")
    ] = None,
    since: Since = None,
    until: Until = None,
    form: Annotated[
        search.ExportFormat, typer.Option("--format", help="JSON lines or CSV")
    ] = search.ExportFormat.JSONL,
    proofs: Annotated[bool, typer.Option("--proofs", help="JSON lines that `veil-verify` can check")] = False,
    output: Annotated[
        Path | None, typer.Option(metavar="FILE", help="file to write; standard output by default")
    ] = None,
) -> None:
    """Write sealed records, each with the fields of its plan, in the order in which they were sealed."""
    part = ExportRange(after=after, window=Window.read(since, until))
    with search.output_file(output) as into, progress_bar() as bars:
        progress = bars if output else lambda *_: None
        if proofs:
            done = _as_owner(database, lambda connection: proving.export_proofs(connection, part, into, progress))
        else:
            done = _as_owner(database, lambda connection: search.export(connection, part, form, into, progress))
    if output:
        what = "leaves" if proofs else "records"
        err.print(f"{done.count:,} {what} written to {output}", highlight=False)
    err.print(f"not sealed yet: {done.unsealed:,} records; go on with `--after {done.last}`", highlight=False)


@log_commands.command("erase")
def erase_command(
    database: Database,
    member: Annotated[Any, typer.Option(parser=member_of, metavar="ID", help="member to erase")],
    yes: Yes = False,
) -> None:
    """Take a member out of all records, for ever. The log still verifies, and names nobody in their place."""
    if not yes:
        typer.confirm(f"Nobody can find out any more who saw data of member {member}. Erase?", abort=True)
    with progress_bar() as progress:
        erased = _as_owner(database, lambda connection: erasing.erase(connection, member, progress))
    say(f"erased from {erased:,} records")


@log_commands.command("retire")
def retire_command(
    database: Database,
    before: Annotated[
        datetime, typer.Option(formats=TIMES, metavar="TIME", help="months that ended by then; UTC by default")
    ],
    output: Annotated[Path, typer.Option(metavar="FILE", help="file of the export, which `veil-verify` can check")],
    key: LogKeys,
    yes: Yes = False,
) -> None:
    """Export the records of whole months with their proofs, and remove them. What remains still verifies."""
    if not yes:
        typer.confirm(f"Records of months that ended before {before} will be in `{output}` alone. Go on?", abort=True)
    ended = before if before.tzinfo else before.replace(tzinfo=UTC)
    with progress_bar() as progress:
        retired = _as_owner(
            database,
            lambda connection: retiring.retire(connection, ended, output, Trust(keys=key), progress),
        )
    say(
        f"retired: {retired.records:,} records of {retired.partitions:,} months; SHA-256 of the export {retired.digest}"
    )


@log_commands.command("report")
def report_command(  # noqa: PLR0913, PLR0917 - each parameter is an option
    database: Database,
    month: Annotated[
        ReportMonth | None, typer.Option(parser=_month, metavar="YYYY-MM", help="who asked for what in a month")
    ] = None,
    member: Annotated[
        Any, typer.Option(parser=member_of, metavar="ID", help="the letter to a member (GDPR article 15)")
    ] = None,
    processing: Annotated[
        bool, typer.Option("--processing", help="the record of processing (GDPR article 30): granted beside used")
    ] = False,
    since: Since = None,
    until: Until = None,
    withhold: Annotated[
        list[str] | None,
        typer.Option(metavar="REFERENCE", help="leave out accesses under this legal instrument; may be repeated"),
    ] = None,
    form: Annotated[
        ReportFormat, typer.Option("--format", help="text, HTML that prints, CSV, or Markdown")
    ] = ReportFormat.TEXT,
    output: Annotated[
        Path | None, typer.Option(metavar="FILE", help="file to write; standard output by default")
    ] = None,
) -> None:
    """Write a report: of a month, to a member, or of processing."""
    if (month is not None) + (member is not None) + processing != 1:
        raise typer.BadParameter("give one of `--month`, `--member` and `--processing`")
    if month and (since or until):
        raise typer.BadParameter("`--since` and `--until` go with `--member` or `--processing`")
    if withhold and member is None:
        raise typer.BadParameter("`--withhold` goes with `--member`")
    window, catalog = Window.read(since, until), app.catalog()

    async def made(connection: Any) -> Report:
        if month:
            return await month_report(connection, catalog, month)
        if member is None:
            return await processing_report(connection, catalog, window)
        if await withholds_instruments(connection, catalog):
            say(
                "accesses under legal instruments are left out: it cannot be read here when members may be told of them"
            )
        return await letter(connection, catalog, LetterScope(member=member, window=window, withheld=withhold or ()))

    report = _as_owner(database, made)
    with search.output_file(output) as into:
        write_report(report, form, into)
