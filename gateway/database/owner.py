"""The tables' owner at the database: who migrates, seeds, puts policies in force and reads the log. Never the gateway.

What the database says stays here: its messages may hold values.
"""

import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from gateway.database.address import parse_address
from resolvers.sql.pieces import name
from resolvers.sql.render import Statement

_SESSION = {"application_name": "veil owner", "search_path": "veil, pg_catalog"}


class OwnerError(Exception):
    """The database cannot be reached as its owner, or refused; the message says what to change."""


class NotReadable(Exception):
    """A view's owner may not read the tables behind it."""


async def look_in(connection: Any, schema: str) -> None:
    """From now on, tables without a schema before their name are those of this one, or Veil's."""
    await connection.fetchval("select set_config('search_path', $1, false)", f"{name(schema).text}, veil, pg_catalog")


async def ask_as_owner(connection: Any, statement: Statement, seconds: float) -> Sequence[str]:
    """The list of texts that a statement makes for one call. Raises `NotReadable`, and `TimeoutError` after so long."""
    try:
        (row,) = await connection.fetch(statement.sql, [True], timeout=seconds)
    except asyncpg.InsufficientPrivilegeError:
        raise NotReadable from None
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
