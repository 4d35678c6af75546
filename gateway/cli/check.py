"""`veil check`: whether a database is such as the catalog says, before anybody is served from it."""

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from gateway import app, column_notices, index_notices
from gateway.cli.output import Database, say, tell
from gateway.database.migration import all_misfits_sql, ungranted_sql_of
from gateway.database.owner import (
    NotMade,
    NotReadable,
    ask_as_owner,
    look_in,
    mapping_faults_as_owner,
    owner,
    unreadable_values,
)
from resolvers.sql.pieces import Sql
from schema.catalog import Catalog

_SECONDS = 60.0
"""How long a table may take."""


def check_database_command(
    database: Database,
    empty_tables: Annotated[
        str,
        typer.Option(
            metavar="TABLES", envvar="VEIL_EMPTY_TABLES", help="tables that are rightly empty, separated by spaces"
        ),
    ] = "",
    strict: Annotated[bool, typer.Option("--strict", help="fail for what need not be mended, too")] = False,
    explain_plans: Annotated[
        bool, typer.Option("--explain-plans", help="print how PostgreSQL would find what is looked up")
    ] = False,
) -> None:
    """Compare the tables and views with what Veil reads of them."""
    catalog = app.catalog()
    vouched = app.checked_tables(empty_tables, catalog)

    async def found() -> tuple[Sequence[str], Sequence[str]]:
        async with owner(database) as connection:
            await look_in(connection, catalog.marketplace.schema)
            faults = await _faults(connection, catalog, vouched)
            if explain_plans and not faults[0]:
                tell(await index_notices.plans(connection, catalog))
            return faults

    to_mend, warnings = asyncio.run(found())
    tell(f"mend: {each}" for each in to_mend)
    tell(f"note: {each}" for each in warnings)
    if to_mend or (strict and warnings):
        raise SystemExit(1)
    say("every table and view is such as Veil reads it" if not warnings else "nothing must be mended")


async def _faults(connection: Any, catalog: Catalog, vouched: frozenset[str]) -> tuple[Sequence[str], Sequence[str]]:
    """What must be mended, and what else an operator should know."""
    to_mend = [*await ask_as_owner(connection, column_notices.statement(all_misfits_sql(catalog)), _SECONDS)]
    to_mend += () if to_mend else await mapping_faults_as_owner(connection, catalog)
    if to_mend:
        # What does not fit cannot be searched.
        return to_mend, ()
    to_mend += await ask_as_owner(connection, column_notices.statement(ungranted_sql_of(catalog)), _SECONDS)
    to_mend += await unreadable_values(connection, catalog)
    warnings: list[str] = []

    async def ask(found: Sql) -> Sequence[str] | None:
        try:
            return await ask_as_owner(connection, column_notices.statement(found), _SECONDS)
        except TimeoutError:
            return None

    for question in column_notices.questions(catalog, vouched):
        try:
            found = await column_notices.notices(ask, question)
        except NotReadable:
            to_mend.append(f"{question.about} cannot be read: let the owner of the view read the tables behind it")
        except NotMade:
            # Its number is told.
            continue
        else:
            (to_mend if question.must_be_mended else warnings).extend(found)
    if not to_mend:
        warnings += await index_notices.missing_indexes(connection, catalog)
    return list(dict.fromkeys(to_mend)), list(dict.fromkeys(warnings))
