"""The command line, `veil`: 0 when done, 1 when refused or a check failed, 2 when called wrongly.

Puts together what the other rooms do and tells of it; decides nothing.
"""

import asyncio
import getpass
import os
import re
import time
from collections.abc import Awaitable, Callable, Generator, Iterable, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
import uvicorn
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from gateway import app, embedded, explaining, finding, keys, log, migration, policies
from gateway import demo as demos
from gateway import settings as settings_room
from gateway.console import Persona
from gateway.development import DevelopmentKey
from gateway.finding import Criteria, Window
from gateway.identity import LARGEST_ID, LONGEST_LIFE
from gateway.keys import KeySetUnreachable, KeySetUnusable
from gateway.owner import OwnerError, owner
from gateway.sample import marketplace
from gateway.sealing import LogError, SealKey, Trust
from gateway.serving import SERVER
from gateway.settings import SettingsError
from resolvers.compiler import Compiler
from resolvers.document import Request
from schema import policy_file
from schema.catalog import Catalog, CatalogError
from schema.changes import changes
from schema.policy import Policy
from schema.policy_file import PolicyError
from schema.refusals import Refused
from schema.requester import THIRD_PARTIES, Purpose, Role
from schema.view import View

DIRECTORY = Path(".veil")
out = Console(soft_wrap=True)
err = Console(stderr=True, soft_wrap=True)

veil = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="A privacy-aware GraphQL gateway."
)
policy_commands = typer.Typer(no_args_is_help=True, help="Read, check and explain the privacy policy.")
veil.add_typer(policy_commands, name="policy")

Directory = Annotated[Path, typer.Option(help="where the demo keeps its database and its keys")]


def main() -> None:
    """Runs `veil`; whatever a room refuses is told in a line or two, with exit code 1."""
    try:
        veil()
    except (
        SettingsError,
        CatalogError,
        PolicyError,
        LogError,
        embedded.EmbeddedError,
        migration.MigrationError,
        marketplace.AlreadySeeded,
        marketplace.TooFewMembers,
        OwnerError,
        demos.AddressUnusable,
    ) as error:
        _refuse(str(error))
    except OSError as error:
        _refuse(f"{error.filename or 'the system refused it'}: {error.strerror or type(error).__name__}")


def _refuse(problem: str) -> NoReturn:
    err.print(f"veil: {problem}", highlight=False, markup=False, style="red")
    raise SystemExit(1)


# Serving.


@veil.command()
def serve(
    workers: Annotated[int | None, typer.Option(help="server processes")] = None,
    host: Annotated[str | None, typer.Option(help="address to serve on")] = None,
    port: Annotated[int | None, typer.Option(help="port to serve on")] = None,
) -> None:
    """Serve over the PostgreSQL of VEIL_DATABASE."""
    given = {"workers": workers, "host": host, "port": port}
    settings = settings_room.read(**{name: value for name, value in given.items() if value is not None})
    # What is wrong is told once, here, and not by every worker.
    app.catalog()
    try:
        asyncio.run(keys.checked(settings.keys))
    except KeySetUnusable as error:
        _refuse(f"VEIL_KEYS: {error}")
    except KeySetUnreachable:
        pass  # It may yet come.
    with demos.bound(settings.host, settings.port):
        pass
    _say(f"serving at {demos.address(settings.host, settings.port)}")
    uvicorn.run(
        "gateway.app:create", factory=True, host=settings.host, port=settings.port, workers=settings.workers, **SERVER
    )


@veil.command()
def demo(
    members: Annotated[int, typer.Option(help="members of the sample marketplace")] = 1_000,
    directory: Directory = DIRECTORY,
    port: Annotated[int, typer.Option(envvar="VEIL_PORT", min=1, max=65_535, help="port to serve on")] = 8_000,
    host: Annotated[str, typer.Option(envvar="VEIL_HOST", help="address to serve on")] = "127.0.0.1",
) -> None:
    """Serve a sample marketplace over an embedded PostgreSQL."""
    place = demos.Place(directory=directory, members=members, host=host, port=port)

    def kept(there: int) -> None:
        if there != members:
            _say(
                f"the marketplace of {there:,} members in `{directory}` is kept; for another, name another --directory"
            )

    def serving(cast: Sequence[Persona]) -> None:
        for persona in cast:
            out.print(f"[bold]{persona.name}[/bold] · {persona.role} · {' '.join(persona.purposes)}", highlight=False)
            out.print(f"  {persona.token or 'no token'}", highlight=False, style="dim", no_wrap=True)
        out.print(f"\n[bold]Veil[/bold] serves GraphiQL at [link]{place.address}[/link]; Ctrl-C stops it\n")

    demos.run(place, demos.Telling(progress=_progress, kept=kept, serving=serving))
    _say("stopped")


def _say(text: str) -> None:
    out.print(text, highlight=False, markup=False)


@contextmanager
def _progress() -> Generator[marketplace.Progress]:
    """Tells of long work: a bar for each table being filled."""
    columns = (TextColumn("{task.description:>18}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    bars = Progress(*columns, console=err)
    tasks: dict[str, Any] = {}
    with ExitStack() as begun:

        def told(table: str, done: int, total: int) -> None:
            if not tasks:
                begun.enter_context(bars)  # what is done before it could be told of leaves no empty line
            if table not in tasks:
                tasks[table] = bars.add_task(table, total=total)
            bars.update(tasks[table], completed=done, total=total)

        yield told


# The database.


Database = Annotated[str, typer.Option(envvar="VEIL_DATABASE", help="URL of the database, as the owner of its tables")]


@veil.command()
def migrate(database: Database) -> None:
    """Create or update the tables, and the role the gateway works as."""

    async def migrated() -> list[str]:
        async with owner(database) as connection:
            applied = await migration.migrate(connection, app.catalog())
            await policies.first(connection, app.catalog())
            return applied

    applied = asyncio.run(migrated())
    out.print(f"applied {', '.join(applied)}" if applied else "everything was up to date")


@veil.command()
def seed(
    database: Database,
    members: Annotated[int, typer.Option(help="how many members; orders are about ten times as many")] = 1_000,
    number: Annotated[int, typer.Option("--seed", help="the same number gives the same marketplace")] = 1,
) -> None:
    """Load the sample marketplace into empty tables."""

    async def seeded() -> None:
        async with owner(database) as connection:
            with _progress() as told:
                await marketplace.seed(connection, members=members, seed=number, progress=told)

    asyncio.run(seeded())


@veil.command()
def database(directory: Directory = DIRECTORY) -> None:
    """Print the URL of the embedded PostgreSQL of a running demo."""
    out.print(embedded.found(directory).url, highlight=False)


# Requesters.


@veil.command()
def token(
    role: Annotated[Role, typer.Argument(case_sensitive=False)],
    purpose: Annotated[list[Purpose], typer.Option(help="a purpose the token carries; may be given again")],
    member: Annotated[int | None, typer.Option(min=1, max=LARGEST_ID, help="the member a MEMBER is")] = None,
    organisation: Annotated[
        int | None, typer.Option(min=1, max=LARGEST_ID, help="the organisation a third party is")
    ] = None,
    ttl: Annotated[str, typer.Option(help="how long it holds: 30s, 15m, 1h, 2d")] = "1h",
    directory: Directory = DIRECTORY,
) -> None:
    """Sign a token with the key of a demo. Refused where a production key set is configured."""
    if os.environ.get("VEIL_KEYS"):
        _refuse("VEIL_KEYS names a key set, so tokens come from its issuer; unset it to sign with a demo's key")
    _stands(role, member, organisation)
    allowed = _policy(policies.OWN, app.catalog()).roles[role]
    if others := sorted(set(purpose) - allowed):
        raise typer.BadParameter(
            f"{role} may ask for {', '.join(sorted(allowed))}, not {others[0]}", param_hint="--purpose"
        )
    if not directory.is_dir():
        err.print(f"`{directory}` is new, and so is its key: a demo of another directory does not know it")
    signed = DevelopmentKey.kept_in(directory).sign(
        role,
        purpose,
        member=member,
        organisation=organisation,
        lifetime_seconds=_seconds(ttl),
        now=int(time.time()),
    )
    _say(signed)


def _stands(role: Role, member: int | None, organisation: int | None) -> None:
    """Refuses to sign what the gateway would refuse."""
    if role is Role.PUBLIC:
        raise typer.BadParameter("PUBLIC asks without a token", param_hint="role")
    if role is Role.MEMBER and member is None:
        raise typer.BadParameter("say which member", param_hint="--member")
    if role in THIRD_PARTIES and organisation is None:
        raise typer.BadParameter("say which organisation", param_hint="--organisation")


def _seconds(text: str) -> int:
    units = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
    if not (text[:-1].isascii() and text[:-1].isdigit() and text[-1:] in units):
        raise typer.BadParameter("give a time like 30s, 15m, 1h or 2d", param_hint="--ttl")
    seconds = int(text[:-1]) * units[text[-1]]
    if not 0 < seconds <= LONGEST_LIFE:
        raise typer.BadParameter("give a time of more than none, and of at most 366 days", param_hint="--ttl")
    return seconds


# The schema and the policy.

PolicyName = Annotated[str, typer.Option("--policy", help="a version Veil carries, or a file")]


@veil.command()
def schema(
    role: Annotated[Role | None, typer.Argument(case_sensitive=False)] = None,
    purpose: Annotated[Purpose | None, typer.Argument()] = None,
    policy: PolicyName = policies.OWN,
) -> None:
    """Print the schema with its labels or, with a role and purpose, what that requester may ever see."""
    if role is None and policy != policies.OWN:
        raise typer.BadParameter("give a role and a purpose too: without, the schema is that of all", param_hint="role")
    if role is None:
        out.print(View(app.catalog()).as_str(), highlight=False, markup=False)
    elif purpose is None:
        raise typer.BadParameter("give a purpose too", param_hint="purpose")
    else:
        compiler = _compiler(policy)
        _may_ask(compiler.policy, role, purpose)
        _say(compiler.view(role, purpose).as_str())


def _may_ask(policy: Policy, role: Role, purpose: Purpose) -> None:
    if purpose not in policy.roles[role]:
        _refuse(f"{role} may ask for {', '.join(sorted(policy.roles[role]))}, not {purpose}")


def _compiler(policy: str) -> Compiler:
    catalog = app.catalog()
    return Compiler(catalog, _policy(policy, catalog), settings_room.LIMITS)


def _policy(name: str, catalog: Catalog) -> Policy:
    return policy_file.load(policy_file.named(name), catalog)


@policy_commands.command()
def check(policy: Annotated[str, typer.Argument(help="a version Veil carries, or a file")] = policies.OWN) -> None:
    """Check a policy: every name known, every clause there, nothing granted that never may be."""
    checked = _compiler(policy).policy
    grants = {grant.id for granted in checked.grants.values() for grant in granted}
    out.print(f"{checked.version}: {len(checked.clauses)} clauses, {len(grants)} grants, no mistake found")


@policy_commands.command()
def activate(
    policy: Annotated[str, typer.Argument(help="a version Veil carries, or a file")],
    database: Database,
    by: Annotated[str | None, typer.Option(help="who puts it in force; you, unless told")] = None,
) -> None:
    """Put a policy in force, at once and for every running gateway."""

    version = _policy(policy, app.catalog()).version

    async def activated() -> Policy | None:
        async with owner(database) as connection:
            return await policies.activate(connection, policy, app.catalog(), by or _oneself())

    out.print(f"policy {version} {'is in force' if asyncio.run(activated()) else 'was in force already'}")


def _oneself() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        _refuse("who puts it in force? say so with `--by`")


@policy_commands.command()
def diff(
    old: Annotated[str, typer.Argument(help="a version Veil carries, or a file")],
    new: Annotated[str, typer.Argument(help="another")],
) -> None:
    """Tell, for each role, purpose and field, what becomes more open (★) and what closes."""
    catalog = app.catalog()
    before, after = _policy(old, catalog), _policy(new, catalog)
    told = [*explaining.renewed(before, after), *explaining.changed(changes(before, after, catalog))]
    _tell(told or ["nothing changes for anybody"])


@policy_commands.command()
def simulate(
    policy: Annotated[str, typer.Argument(help="a version Veil carries, or a file")], database: Database
) -> None:
    """List the operations recorded so far that would lose or gain under another policy."""
    catalog = app.catalog()

    async def looked_up() -> tuple[Policy, Sequence[policies.Recorded]]:
        async with owner(database) as connection:
            current = await policies.in_force(connection, catalog)
            if current is None:
                _refuse("no policy is in force yet; `veil migrate` puts the first one in force")
            return current, await policies.recorded(connection)

    current, plans = asyncio.run(looked_up())
    other = _policy(policy, catalog)
    met = list(explaining.simulated(policies.simulated(plans, changes(current, other, catalog))))
    _tell([*explaining.renewed(current, other), *(met or [f"none of {len(plans)} recorded operations would change"])])


@policy_commands.command()
def show(policy: PolicyName = policies.OWN) -> None:
    """Print the policy to be read aloud."""
    _tell(explaining.readable(_compiler(policy).policy))


@policy_commands.command()
def matrix(policy: PolicyName = policies.OWN) -> None:
    """Print what each role sees for each purpose, by category."""
    catalog = app.catalog()
    _tell(explaining.laid_out(explaining.matrix(_policy(policy, catalog), catalog)))


@policy_commands.command()
def explain(
    role: Annotated[Role, typer.Argument(case_sensitive=False)],
    purpose: Annotated[Purpose, typer.Argument()],
    query: Annotated[str, typer.Argument(help="a GraphQL query")],
    policy: PolicyName = policies.OWN,
) -> None:
    """Tell, for a query, how each field is shown, by which clause, and with which SQL."""
    request = Request(document=query, operation_name=None, variables={})
    compiler = _compiler(policy)
    _may_ask(compiler.policy, role, purpose)
    try:
        compiled = compiler.compiled(request, role, purpose)
    except Refused as refused:
        problems = "; ".join(problem.message for problem in refused.problems)
        _refuse(f"{refused.code.name}: {problems} ({refused.hint})")
    _tell([*explaining.explained(compiled.plan), "", compiled.statement.sql])


def _tell(lines: Iterable[str]) -> None:
    for line in lines:
        _say(line)


# The access log.

log_commands = typer.Typer(no_args_is_help=True, help="Seal, verify, search and export the access log.")
veil.add_typer(log_commands, name="log")

TIMES = ["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"]
Since = Annotated[datetime | None, typer.Option(formats=TIMES, metavar="TIME", help="from then on; UTC unless told")]
Until = Annotated[datetime | None, typer.Option(formats=TIMES, metavar="TIME", help="up to before then")]


def _outcome(text: str) -> str:
    if text.upper() not in finding.OUTCOMES:
        raise typer.BadParameter(f"give one of {', '.join(finding.OUTCOMES)}")
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


@log_commands.command()
def seal(database: Database) -> None:
    """Seal the records older than a minute, with the key of VEIL_SEAL_KEY if set. To be run by a timer."""
    key = SealKey.read(os.environ.get("VEIL_SEAL_KEY"))
    with _progress() as told:
        done = _as_owner(database, lambda connection: log.seal(connection, key, told))
    _tell(log.told_sealed(done))


@log_commands.command()
def verify(
    database: Database,
    digest: Annotated[bytes | None, typer.Option(parser=_digest, metavar="HEX", help="kept elsewhere")] = None,
) -> None:
    """Hold every seal against the log, with the key of VEIL_SEAL_KEY if set, and tell of the first that does not fit."""
    trust = Trust(key=SealKey.read(os.environ.get("VEIL_SEAL_KEY")), digest=digest)
    with _progress() as told:
        found = _as_owner(database, lambda connection: log.verify(connection, trust, told))
    _tell(log.told_verified(found))
    if found.fault:
        _refuse(found.fault)


@log_commands.command()
def find(  # noqa: PLR0913, PLR0917 - each parameter is an option, and they are one value at once
    database: Database,
    member: Annotated[
        int | None, typer.Option(min=1, max=LARGEST_ID, metavar="ID", help="whose data was in the answer")
    ] = None,
    requester: Annotated[str | None, typer.Option(help="who asked: the token's `sub`")] = None,
    organisation: Annotated[
        int | None, typer.Option(min=1, max=LARGEST_ID, metavar="ID", help="for which it was asked")
    ] = None,
    role: Annotated[Role | None, typer.Option(case_sensitive=False, help="as what")] = None,
    purpose: Annotated[Purpose | None, typer.Option(case_sensitive=False, help="for what")] = None,
    outcome: Annotated[str | None, typer.Option(parser=_outcome, metavar="OUTCOME", help="ANSWERED, or a code")] = None,
    reference: Annotated[str | None, typer.Option(help="on which legal instrument")] = None,
    since: Since = None,
    until: Until = None,
    limit: Annotated[int, typer.Option(min=1, max=LARGEST_ID, metavar="N", help="how many records, at most")] = 50,
) -> None:
    """List the newest records that meet all that is given, for a member: who has seen her data, and for what."""
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
    found = _as_owner(database, lambda connection: finding.find(connection, criteria, limit))
    # Whoever searches on needs no lines that are folded.
    Console(width=None if out.is_terminal else 1_000).print(finding.table(found))
    err.print(f"records: {len(found):,}" + ("; `--limit` shows older ones" if len(found) == limit else ""))


@log_commands.command()
def export(
    database: Database,
    since: Since = None,
    until: Until = None,
    form: Annotated[finding.Form, typer.Option("--format", help="JSON lines or CSV")] = finding.Form.JSONL,
    output: Annotated[Path | None, typer.Option(help="a file, in place of standard output")] = None,
) -> None:
    """Write all records of a time, each with the fields of its plan, the newest last."""
    window = Window.read(since, until)
    with finding.written(output) as into, _progress() as told:
        progress = told if output else lambda *_: None
        count = _as_owner(database, lambda connection: finding.export(connection, window, form, into, progress))
    if output:
        err.print(f"{count:,} records written to {output}", highlight=False)
