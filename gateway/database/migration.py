"""Creates or updates the tables, and gives five roles what they may do.

The gateway's role reads the catalog's columns. The ledger's adds records. The writer's changes the columns that mutations
name, and adds the records of that. The role that releases figures reads the facts
these are made from, and adds records and releases. The officer's reads the log.

Veil's own tables (the log, the policy) and the marketplace's are two sets of files, applied in order; see
`migration_files`. The grants are made anew each time, from the catalog.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, LiteralString
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg

from gateway.column_types import misfits_sql, ungranted_sql
from gateway.database.migration_files import MigrationError, MigrationFile, apply
from gateway.database.opening import Use
from gateway.database.owner import look_in, mapping_faults_as_owner
from gateway.database.session import GATEWAY_ROLE, LEDGER_ROLE, WRITER_ROLE
from resolvers.sql.pieces import Sql, constant, sql, table_name
from resolvers.sql.statistics import FIGURE_COLUMNS
from schema.access_record import INSERTED_COLUMNS, PLAN_COLUMNS, PLAN_TABLE, RECORD_TABLE
from schema.catalog import Catalog
from schema.definition import Marketplace

_OWN_TABLES = Path(__file__).parent / "tables"

_KEPT = """\
create schema if not exists veil;
create table if not exists veil.migration (
    name text primary key, digest text not null, applied_at timestamptz not null default now()
)"""

# Each of these writes a statement for the role `$1`, which the owner then runs.
FIGURES_ROLE = "veil_figures"
"""The role that releases figures."""

OFFICER_ROLE = "veil_officer"
"""The role that reads the log, and nothing of the marketplace."""

VEIL_ROLES = (GATEWAY_ROLE, LEDGER_ROLE, WRITER_ROLE, FIGURES_ROLE, OFFICER_ROLE)
"""The roles that Veil makes."""

RECORDING_ROLES = (LEDGER_ROLE, WRITER_ROLE, FIGURES_ROLE)
"""Those of them that add records and plans to the log."""

_ROLE = """\
select format($do$do $$ begin
    if not exists (select from pg_roles where rolname = %L) then
        create role %I nologin nosuperuser nocreatedb nocreaterole noinherit;
    end if;
exception when duplicate_object or unique_violation then null;  -- made by another migration just now
end $$$do$, $1::text, $1::text)"""

# A superuser may work as any role. Where this owner may not give the role away, an operator does.
_OWNER_MAY_BECOME = """\
select format($do$do $$ begin
    if not (select rolsuper from pg_roles where rolname = current_user) then
        grant %I to current_user;
    end if;
exception when insufficient_privilege then null;
end $$$do$, $1::text)"""

_LOST = """\
select relation || ' is missing, though Veil made it: restore it from a backup, or drop the schema veil to begin a new log'
    as notice
from json_array_elements_text({}::json) relation where to_regclass(relation) is null order by 1"""

# Of what this owner has given it, in whichever schema.
_REVOKE = """\
select coalesce(string_agg(format('revoke all on %s from %I', given, $1::text), '; '), 'select')
from (
    select 'table ' || pg_class.oid::regclass as given from pg_class
    where relkind in ('r', 'p', 'v', 'm', 'f') and pg_has_role(relowner, 'usage') and (
        exists (select from aclexplode(relacl) where grantee = to_regrole($1)) or exists (
            select from pg_attribute cross join aclexplode(attacl)
            where attrelid = pg_class.oid and grantee = to_regrole($1)
        )
    )
    union all
    select 'schema ' || quote_ident(nspname) from pg_namespace
    where pg_has_role(nspowner, 'usage') and exists (select from aclexplode(nspacl) where grantee = to_regrole($1))
) each"""

_USAGE = """\
select format('grant usage on schema veil to %I', $1::text)"""

_GRANT_READING = """\
select format('grant select on %s to %I', $2::text::regclass, $1::text)"""

_GRANT_REMOVING = """\
select format('grant delete on %s to %I', $2::text::regclass, $1::text)"""

# Anybody may, unless an operator has taken that from functions to come.
_EXECUTE = """\
select format(
    'grant execute on function veil.json_text(text), veil.redact(text), veil.cursor(bytea, bytea, text) to %I', $1::text
)"""

_GRANT = """\
select format('grant usage on schema %s to %I; grant %s (%s) on %s to %I', relnamespace::regnamespace, $1::text, $2::text,
              (select string_agg(quote_ident(name), ', ') from unnest($3::text[]) name), oid::regclass, $1::text)
from pg_class where oid = $4::text::regclass"""

_INSERTED: Mapping[str, Sequence[str]] = {
    PLAN_TABLE: [column for column, _ in PLAN_COLUMNS],
    RECORD_TABLE: [column.name for column in INSERTED_COLUMNS],
}
"""The columns of the rows that the ledger adds."""

_READ_BY_LEDGER: Mapping[str, Sequence[str]] = {
    # It is told which records the table has taken, which plans are there, and how old the oldest record is that is not
    # sealed.
    RECORD_TABLE: ("id", "at"),
    PLAN_TABLE: ("id",),
    "veil.checkpoint": ("at",),
    "veil.migration": ("name",),
}

CHANGE_KEY_TABLE: Final = "veil.change_key"
"""What clients have named their mutations by."""

_READ_BY_WRITER: Mapping[str, Sequence[str]] = {
    # The policy must still be in force, and the record be taken.
    "veil.policy_activation": ("id", "version", "digest"),
    RECORD_TABLE: ("id",),
    PLAN_TABLE: ("id",),
    CHANGE_KEY_TABLE: ("id", "request", "answer", "at"),
    "veil.migration": ("name",),
}

_READ: Mapping[str, Sequence[str]] = {
    "veil.policy_activation": ("id", "version", "digest", "content"),
    "veil.access_breadth_count": ("day", "requester", "role", "persons"),
    "veil.trusted_document": ("id", "role", "purpose", "document"),
    "veil.figure_release": ("month",),
    "veil.figure": FIGURE_COLUMNS,
    # A session reads it to see whether the tables are up to date.
    "veil.migration": ("name",),
}
"""The columns of Veil's own tables that a session reads."""

_READ_BY_OFFICERS = (
    *("veil.access_record", "veil.access_plan", "veil.access_field", "veil.access_summary", "veil.policy_activation"),
    *("veil.access_breadth", "veil.access_breadth_count", "veil.access_use"),
    *("veil.policy_version", "veil.policy_proposal"),
    *("veil.retirement", "veil.proof_leaf", "veil.proof_tile", "veil.checkpoint"),
)
"""The log's tables and views: what `veil log` reads to find, report, export, prove and verify."""

_READ_FOR_RELEASES: Mapping[str, Sequence[str]] = {
    "veil.policy_activation": ("id", "version", "digest", "content"),
    # The statement that records returns the ids of the records that the table has taken.
    RECORD_TABLE: ("id",),
    PLAN_TABLE: ("id",),
    "veil.figure_release": ("month",),
}
_INSERTED_BY_RELEASES: Mapping[str, Sequence[str]] = {
    **_INSERTED,
    "veil.figure_release": ("month", "policy", "record"),
    "veil.figure": FIGURE_COLUMNS,
}
"""The columns of Veil's own tables that a release reads and adds."""


async def migrate(connection: Any, catalog: Catalog) -> list[str]:
    """The names of the files applied. `connection` is the owner's. Raises `MigrationError`."""
    await look_in(connection, catalog.marketplace.schema)
    await connection.execute("select pg_advisory_lock(hashtext('veil.migration'))")
    try:
        await connection.execute(_KEPT)
        await _make_roles(connection)
        files = _all_files(catalog.marketplace)
        applied = [each.name for each in files if not each.makes and await apply(connection, each)]
        still_to_make = {made for each in files for made in each.makes}
        await _refuse(connection, _missing_sql(), all_misfits_sql(catalog, still_to_make))
        applied += [each.name for each in files if each.makes and await apply(connection, each)]
        async with connection.transaction():
            await connection.execute("select veil.add_partitions()")
            await _grant(connection, catalog)
        return applied
    finally:
        await connection.execute("select pg_advisory_unlock(hashtext('veil.migration'))")


def required_migrations(marketplace: Marketplace) -> tuple[str, ...]:
    """The migrations that a gateway of this version needs."""
    return tuple(file.name for file in _files(marketplace))


def table_file(stem: str) -> str:
    """The text of a file of Veil's own tables."""
    return (_OWN_TABLES / f"{stem}.sql").read_text("utf-8")


def ledger_migrations() -> tuple[str, ...]:
    """The migrations that a ledger of this version needs."""
    return ("veil/001_log",)


def _all_files(marketplace: Marketplace) -> Sequence[MigrationFile]:
    """What is applied once comes before what is made over it; of each, Veil's own first, then the marketplace's."""
    return sorted(_files(marketplace), key=lambda file: bool(file.makes))


def _files(marketplace: Marketplace) -> Sequence[MigrationFile]:
    """None of them is read yet."""
    types = {"member_id_type": marketplace.member_type, "organisation_id_type": marketplace.organisation_type}
    own = (MigrationFile(set_name="veil", path=path, types=types) for path in sorted(_OWN_TABLES.glob("*.sql")))
    theirs = (
        MigrationFile(set_name="marketplace", path=path, over_tables_of_others=True)
        for path in (sorted(marketplace.tables.glob("*.sql")) if marketplace.tables else ())
    )
    return [*own, *theirs]


async def _make_roles(connection: Any) -> None:
    for role in VEIL_ROLES:
        try:
            await _execute_for_role(connection, role, _ROLE)
        except asyncpg.InsufficientPrivilegeError:
            raise MigrationError(
                f"this login may not make the role `{role}`; let it: `alter role … createrole`, or make the roles "
                f"{', '.join(VEIL_ROLES)} as a superuser, each `nologin noinherit`"
            ) from None
    await _execute_for_role(connection, FIGURES_ROLE, _OWNER_MAY_BECOME)


def _missing_sql() -> Sql:
    """A query of Veil's own tables that are no longer there: a sentence for each."""
    own = {*_READ, *_READ_BY_LEDGER, *_INSERTED, *_READ_BY_OFFICERS, *_READ_FOR_RELEASES, *_INSERTED_BY_RELEASES}
    return sql(_LOST, constant(json.dumps(sorted(own - {"veil.access_field"}))))


async def _refuse(connection: Any, *questions: Sql) -> None:
    """Raises `MigrationError` with the notices of the first query that has some."""
    for question in questions:
        if notices := await connection.fetch(question.text):
            raise MigrationError("\n".join(row["notice"] for row in notices))


def all_misfits_sql(catalog: Catalog, leave_out: Collection[str] = ()) -> Sql:
    """A query of what does not fit in the tables that are read or changed, by whichever role; see `misfits_sql`."""
    read = (("select", _readable(catalog)), ("select", catalog.fact_columns()))
    needed = {(table, column) for _, table, column in _privileges(*read, *writing_privileges(catalog))}
    return misfits_sql(catalog, sorted(each for each in needed if each[0] not in leave_out))


def ungranted_sql_of(catalog: Catalog) -> Sql:
    """A query of what the gateway's role may not read though it must; see `ungranted_sql`."""
    needed = required_privileges(catalog)[Use.READ]
    return ungranted_sql(GATEWAY_ROLE, [(table, column) for _, table, column in needed])


async def _grant(connection: Any, catalog: Catalog) -> None:
    await _refuse(connection, all_misfits_sql(catalog))
    if faults := await mapping_faults_as_owner(connection, catalog):
        raise MigrationError("\n".join(faults))
    for role in VEIL_ROLES:
        await _execute_for_role(connection, role, _REVOKE)
        await _execute_for_role(connection, role, _USAGE)
    for table in _READ_BY_OFFICERS:
        await _execute_for_role(connection, OFFICER_ROLE, _GRANT_READING, table)
    for role in (GATEWAY_ROLE, WRITER_ROLE):
        await _execute_for_role(connection, role, _EXECUTE)
    await _grant_columns(connection, GATEWAY_ROLE, "select", _readable(catalog))
    await _grant_columns(connection, LEDGER_ROLE, "select", _READ_BY_LEDGER)
    await _grant_columns(connection, LEDGER_ROLE, "insert", _INSERTED)
    for privilege, columns in writing_privileges(catalog):
        await _grant_columns(connection, WRITER_ROLE, privilege, columns)
    if catalog.mutations:
        await _execute_for_role(connection, WRITER_ROLE, _GRANT_REMOVING, CHANGE_KEY_TABLE)
    for table in sorted(catalog.destruction.removed_tables) if catalog.destruction else ():
        await _execute_for_role(connection, WRITER_ROLE, _GRANT_REMOVING, table_name(table).text)
    await _grant_columns(connection, FIGURES_ROLE, "select", {**catalog.fact_columns(), **_READ_FOR_RELEASES})
    await _grant_columns(connection, FIGURES_ROLE, "insert", _INSERTED_BY_RELEASES)


async def _grant_columns(
    connection: Any, role: str, privilege: LiteralString, tables: Mapping[str, Iterable[str]]
) -> None:
    for table, columns in tables.items():
        await _execute_for_role(connection, role, _GRANT, privilege, sorted(columns), table_name(table).text)


async def _execute_for_role(connection: Any, role: str, writing: LiteralString, *values: object) -> None:
    """Runs the statement that a query writes for a role and these values."""
    await connection.execute(await connection.fetchval(writing, role, *values))


def _readable(catalog: Catalog) -> Mapping[str, set[str]]:
    """What a session reads: the columns of every table that the catalog, its conditions or the log name."""
    found: dict[str, set[str]] = {}
    for readable in (catalog.readable_columns(), _READ):
        for table, columns in readable.items():
            found.setdefault(table, set()).update(columns)
    return found


def writing_privileges(catalog: Catalog) -> Sequence[tuple[LiteralString, Mapping[str, Iterable[str]]]]:
    """What a session that changes may do, and with which columns of which tables: what mutations name, and no other."""
    read: dict[str, set[str]] = {}
    for readable in (catalog.columns_read_to_change(), _READ_BY_WRITER) if catalog.mutations else ():
        for table, columns in readable.items():
            read.setdefault(table, set()).update(columns)
    recorded = {**_INSERTED, CHANGE_KEY_TABLE: ("id", "request")} if catalog.mutations else {}
    return (
        ("select", read),
        (
            "update",
            {**catalog.edited_columns(), **({CHANGE_KEY_TABLE: ("request", "answer", "at")} if recorded else {})},
        ),
        ("insert", {**catalog.entered_columns(), **recorded}),
    )


def required_privileges(catalog: Catalog) -> Mapping[Use, Sequence[tuple[str, str, str]]]:
    """What the role of a session needs, as (privilege, table, column), by what the session is for."""
    return {
        Use.READ: _privileges(("select", _readable(catalog))),
        Use.RECORD: _privileges(("select", _READ_BY_LEDGER), ("insert", _INSERTED)),
        Use.CHANGE: _privileges(*writing_privileges(catalog)),
    }


def _privileges(*granted: tuple[str, Mapping[str, Iterable[str]]]) -> Sequence[tuple[str, str, str]]:
    return [
        (privilege, table_name(table).text, column)
        for privilege, tables in granted
        for table, columns in tables.items()
        for column in sorted(columns)
    ]


async def create_login(connection: Any, url: str, login: str, password: str) -> str:
    """Lets a login of this name work as the gateway's role, the ledger's and the writer's; the URL it connects by.

    `url` is the owner's.
    """
    made = await connection.fetchval("select exists (select from pg_roles where rolname = $1)", login)
    template = "alter role %I login password %L" if made else "create role %I login password %L noinherit"
    await connection.execute(
        await connection.fetchval("select format($1, $2::text, $3::text)", template, login, password)
    )
    for role in (GATEWAY_ROLE, LEDGER_ROLE, WRITER_ROLE):
        await _execute_for_role(connection, role, "select format('grant %I to %I', $1::text, $2::text)", login)
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    credentials = ":".join(quote(word, safe="") for word in (login, password))
    return urlunsplit(parts._replace(netloc=f"{credentials}@{place}"))
