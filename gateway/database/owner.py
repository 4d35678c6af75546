"""The tables' owner at the database: who migrates, seeds, puts policies in force and reads the log. Never the gateway.

What the database says stays here: its messages may hold values.
"""

import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from gateway.database.address import parse_address
from gateway.mapped_columns import (
    COUNTED,
    SECONDS_PER_COLUMN,
    MappedPlace,
    count_sql,
    made_statement,
    mapped_places,
    mapping_faults,
    read_sql,
    unreadable_notice,
)
from resolvers.sql.pieces import name, table_name
from resolvers.sql.render import Statement
from resolvers.sql.sources import mapped_sql
from schema.catalog import Catalog

_SESSION = {"application_name": "veil owner", "search_path": "veil, pg_catalog"}


_NOT_MADE = (asyncpg.DataError, asyncpg.CardinalityViolationError)


class OwnerError(Exception):
    """The database cannot be reached as its owner, or refused; the message says what to change."""


class NotReadable(Exception):
    """A view's owner may not read the tables behind it."""


class NotMade(Exception):
    """A row holds what a mapped column cannot be made of."""


async def look_in(connection: Any, schema: str) -> None:
    """From now on, tables without a schema before their name are those of this one, or Veil's."""
    await connection.fetchval("select set_config('search_path', $1, false)", f"{name(schema).text}, veil, pg_catalog")


async def ask_as_owner(connection: Any, statement: Statement, seconds: float) -> Sequence[str]:
    """The list of texts that a statement makes for one call.

    Raises `NotReadable`, `NotMade`, and `TimeoutError` after so long.
    """
    try:
        (row,) = await connection.fetch(statement.sql, [True], timeout=seconds)
    except asyncpg.InsufficientPrivilegeError:
        raise NotReadable from None
    except _NOT_MADE:
        raise NotMade from None
    return json.loads(row["json"])


@asynccontextmanager
async def owner(url: str) -> AsyncGenerator[Any]:
    """A connection. Raises `OwnerError`, also for what the database refuses within."""
    try:
        address = parse_address(url)
        connection = await asyncpg.connect(address.url, timeout=address.connect_timeout, server_settings=_SESSION)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as error:
        problem = f"the database cannot be reached ({type(error).__name__}); check its URL and that it runs"
        raise OwnerError(problem) from None
    try:
        yield connection
    except (asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError):
        raise OwnerError("the database does not have Veil's tables; run `veil migrate` first") from None
    except asyncpg.InsufficientPrivilegeError:
        raise OwnerError("this login may not do that; give the URL of the tables' owner") from None
    except asyncpg.PostgresError as error:
        raise OwnerError(f"the database refused it ({type(error).__name__})") from None
    except asyncpg.InterfaceError as error:
        raise OwnerError(f"the connection to the database broke ({type(error).__name__})") from None
    finally:
        await connection.close()


async def rows_or_none(connection: Any, statement: str, seconds: float) -> Sequence[Mapping[str, Any]] | None:
    """The rows of a statement; none if this login may not read them, or if it takes longer."""
    try:
        return await connection.fetch(statement, timeout=seconds)
    except (TimeoutError, asyncpg.PostgresError):
        return None


# Mapped columns.


async def mapping_faults_as_owner(connection: Any, catalog: Catalog) -> Sequence[str]:
    """A sentence for each mapped column that cannot be made of what it reads."""

    async def attempt(statement: Statement) -> str | None:
        try:
            async with connection.transaction():
                await connection.fetch(statement.sql, [True])
        except asyncpg.PostgresError as error:
            return type(error).__name__
        return None

    places = mapped_places(catalog)
    return await mapping_faults(attempt, made_statement(places), places)


async def unreadable_values(connection: Any, catalog: Catalog) -> Sequence[str]:
    """A sentence for each mapped column that some rows hold no value for, with their number."""
    found: list[str] = []
    for place in mapped_places(catalog):
        read = read_sql(table_name(place.table), mapped_sql(place.mapped)).text
        try:
            await connection.fetch(read, timeout=SECONDS_PER_COLUMN)
        except _NOT_MADE:
            found.append(unreadable_notice(place, await _faulty_rows(connection, place)))
        except TimeoutError:
            found.append(f"the column {place.column} of {place.table} was not searched: it takes too long")
    return found


async def _faulty_rows(connection: Any, place: MappedPlace) -> int | None:
    """None if a view itself fails, or if it takes too long."""
    try:
        await connection.execute(count_sql(place).text, timeout=SECONDS_PER_COLUMN)
    except (TimeoutError, asyncpg.PostgresError):
        return None
    return int(await connection.fetchval("select current_setting($1)", COUNTED))
