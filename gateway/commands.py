"""The command line, `veil`: 0 when done, 1 when refused or a check failed, 2 when called wrongly.

Puts together what the other rooms do and tells of it; decides nothing.
"""

import asyncio
import getpass
import json
import os
import secrets
import signal
import time
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, NoReturn

import asyncpg
import typer
import uvicorn
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from gateway import app, embedded, explaining, migration, personas, policies
from gateway import settings as settings_room
from gateway.development import AUDIENCE, ISSUER, DevelopmentKey, secret
from gateway.sample import marketplace
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
from schema.requester import Purpose, Role
from schema.view import View

DIRECTORY = Path(".veil")
LOGIN = "veil_demo"
"""The login a demo's gateway uses."""

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
        embedded.EmbeddedError,
        migration.MigrationError,
        marketplace.AlreadySeeded,
        marketplace.TooFewMembers,
    ) as error:
        _refuse(str(error))


def _refuse(problem: str) -> NoReturn:
    err.print(f"[red]veil:[/red] {problem}", highlight=False)
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
    app.catalog()  # a mistake in a type is told once, here, and not by every worker
    uvicorn.run(
        "gateway.app:create", factory=True, host=settings.host, port=settings.port, workers=settings.workers, **SERVER
    )


@veil.command()
def demo(
    members: Annotated[int, typer.Option(help="members of the sample marketplace")] = 1_000,
    directory: Directory = DIRECTORY,
    port: Annotated[int, typer.Option(envvar="VEIL_PORT", help="port to serve on")] = 8_000,
    host: Annotated[str, typer.Option(envvar="VEIL_HOST", help="address to serve on")] = "127.0.0.1",
) -> None:
    """Serve a sample marketplace over an embedded PostgreSQL."""
    signal.signal(signal.SIGTERM, _interrupted)
    try:
        with embedded.running(directory) as cluster:
            _serve_demo(cluster, directory, members, host, port)
    except KeyboardInterrupt:
        pass
    out.print("stopped")


def _interrupted(_signal: int, _frame: object) -> NoReturn:
    raise KeyboardInterrupt


def _serve_demo(cluster: embedded.Cluster, directory: Path, members: int, host: str, port: int) -> None:
    key = DevelopmentKey.kept_in(directory)
    login, policy = asyncio.run(_prepare(cluster.url, members))
    settings = settings_room.read(**_demo_settings(directory, login, host, port))
    cast = personas.personas(key, policy)
    _greet(cast, host, port)
    gateway = app.application(settings, lambda: personas.personas(key, policy))
    server = uvicorn.Server(uvicorn.Config(gateway, host=host, port=port, **SERVER))
    server.run()


def _demo_settings(directory: Path, database: str, host: str, port: int) -> dict[str, Any]:
    return {
        "database": database,
        "keys": str(_published(directory)),
        "issuer": ISSUER,
        "audience": AUDIENCE,
        "secret": secret(directory).hex(),
        "host": host,
        "port": port,
    }


def _published(directory: Path) -> Path:
    file = directory / "development-keys.json"
    file.write_text(json.dumps(DevelopmentKey.kept_in(directory).key_set()), "utf-8")
    return file


def _greet(cast: Any, host: str, port: int) -> None:
    out.print(f"\n[bold]Veil[/bold] serves GraphiQL at [link]http://{host}:{port}/graphql[/link] (Ctrl-C stops it)\n")
    for persona in cast:
        out.print(f"[bold]{persona.name}[/bold] · {persona.role} · {' '.join(persona.purposes)}", highlight=False)
        out.print(f"  {persona.token or 'no token'}", highlight=False, style="dim", no_wrap=True)


async def _prepare(url: str, members: int) -> tuple[str, Policy]:
    """Tables, a policy, the sample and a login for the gateway; the URL of that login, and the policy."""
    catalog = app.catalog()
    async with _owner(url) as connection:
        await migration.migrate(connection, catalog)
        policy = await policies.first(connection, catalog)
        if not await connection.fetchval("select exists (select from marketplace.member)"):
            with _progress() as told:
                await marketplace.seed(connection, members=members, seed=1, progress=told)
        password = secrets.token_urlsafe(24)
        return await migration.admit(connection, url, LOGIN, password), policy


@contextmanager
def _progress() -> Generator[marketplace.Progress]:
    """Tells of long work: a bar for each table being filled."""
    columns = (TextColumn("{task.description:>18}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err) as bars:
        tasks: dict[str, Any] = {}

        def told(table: str, done: int, total: int) -> None:
            if table not in tasks:
                tasks[table] = bars.add_task(table, total=total)
            bars.update(tasks[table], completed=done, total=total)

        yield told


# The database.


class _owner:  # noqa: N801 - used as a context, like a function
    """A connection as the owner of the tables."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def __aenter__(self) -> Any:
        try:
            self._connection = await asyncpg.connect(self._url, server_settings=migration.owner_settings())
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as error:
            _refuse(f"the database cannot be reached ({type(error).__name__}); check its URL and that it runs")
        return self._connection

    async def __aexit__(self, *_: object) -> None:
        await self._connection.close()


Database = Annotated[str, typer.Option(envvar="VEIL_DATABASE", help="URL of the database, as the owner of its tables")]


@veil.command()
def migrate(database: Database) -> None:
    """Create or update the tables, and the role the gateway works as."""

    async def migrated() -> list[str]:
        async with _owner(database) as connection:
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
        async with _owner(database) as connection:
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
    member: Annotated[int | None, typer.Option(help="the member a MEMBER is")] = None,
    organisation: Annotated[int | None, typer.Option(help="the organisation a third party is")] = None,
    ttl: Annotated[str, typer.Option(help="how long it holds: 30s, 15m, 1h, 2d")] = "1h",
    directory: Directory = DIRECTORY,
) -> None:
    """Sign a token with the key of a demo. Refused where a production key set is configured."""
    if os.environ.get("VEIL_KEYS"):
        _refuse("VEIL_KEYS names a key set, so tokens come from its issuer; unset it to sign with a demo's key")
    key = DevelopmentKey.kept_in(directory)
    try:
        signed = key.sign(
            role,
            purpose,
            member=member,
            organisation=organisation,
            lifetime_seconds=_seconds(ttl),
            now=int(time.time()),
        )
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    out.print(signed, highlight=False)


def _seconds(text: str) -> int:
    units = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
    if not (text[:-1].isascii() and text[:-1].isdigit() and text[-1:] in units):
        raise typer.BadParameter("give a time like 30s, 15m, 1h or 2d", param_hint="--ttl")
    return int(text[:-1]) * units[text[-1]]


# The schema and the policy.

PolicyName = Annotated[str, typer.Option("--policy", help="a version Veil carries, or a file")]


@veil.command()
def schema(
    role: Annotated[Role | None, typer.Argument(case_sensitive=False)] = None,
    purpose: Annotated[Purpose | None, typer.Argument()] = None,
    policy: PolicyName = policies.OWN,
) -> None:
    """Print the schema with its labels or, with a role and purpose, what that requester may ever see."""
    if role is None:
        out.print(View(app.catalog()).as_str(), highlight=False, markup=False)
    elif purpose is None:
        raise typer.BadParameter("give a purpose too", param_hint="purpose")
    else:
        out.print(_compiler(policy).view(role, purpose).as_str(), highlight=False, markup=False)


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

    async def activated() -> Policy | None:
        async with _owner(database) as connection:
            return await policies.activate(connection, policy, app.catalog(), by or getpass.getuser())

    done = asyncio.run(activated())
    out.print(f"policy {done.version} is in force" if done else f"policy {policy} was in force already")


@policy_commands.command()
def diff(
    old: Annotated[str, typer.Argument(help="a version Veil carries, or a file")],
    new: Annotated[str, typer.Argument(help="another")],
) -> None:
    """Tell, for each role, purpose and field, what becomes more open (★) and what closes."""
    catalog = app.catalog()
    told = list(explaining.changed(changes(_policy(old, catalog), _policy(new, catalog), catalog)))
    _tell(told or ["nothing changes for anybody"])


@policy_commands.command()
def simulate(
    policy: Annotated[str, typer.Argument(help="a version Veil carries, or a file")], database: Database
) -> None:
    """List the operations recorded so far that would lose or gain under another policy."""
    catalog = app.catalog()

    async def looked_up() -> tuple[Policy, Sequence[policies.Recorded]]:
        async with _owner(database) as connection:
            return await policies.first(connection, catalog), await policies.recorded(connection)

    current, plans = asyncio.run(looked_up())
    met = policies.simulated(plans, changes(current, _policy(policy, catalog), catalog))
    _tell(list(explaining.simulated(met)) or [f"none of {len(plans)} recorded operations would change"])


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
    try:
        compiled = _compiler(policy).compiled(request, role, purpose)
    except Refused as refused:
        problems = "; ".join(problem.message for problem in refused.problems)
        _refuse(f"{refused.code.name}: {problems} ({refused.hint})")
    _tell([*explaining.explained(compiled.plan), "", compiled.statement.sql])


def _tell(lines: Iterable[str]) -> None:
    for line in lines:
        out.print(line, highlight=False, markup=False)
