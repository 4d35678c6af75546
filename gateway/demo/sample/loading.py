"""Fills empty tables fast: rows are copied in, and indexes and foreign keys wait until all rows are there.

Nothing here knows what the tables are about: their keys and indexes are read from the database's own catalog, which
also writes the statements, names quoted.
"""

from collections.abc import AsyncGenerator, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

from gateway.progress import Progress

SCHEMA = "marketplace"

Row = tuple[object, ...]


class CopyConnection(Protocol):
    """What is used of asyncpg's connection, which does not say itself what its methods take and give."""

    def transaction(self) -> AbstractAsyncContextManager[None]: ...

    async def execute(self, query: str) -> str: ...

    async def fetch(self, query: str, *args: object) -> Sequence[Mapping[str, str]]: ...

    async def fetchval(self, query: str) -> object: ...

    async def copy_records_to_table(
        self, table_name: str, *, records: Iterable[Row], columns: Sequence[str], schema_name: str
    ) -> str: ...


_REPORT_EVERY = 10_000

_FOREIGN_KEYS = """
    select format('alter table %s drop constraint %I', conrelid::regclass, conname) as drops,
           format('alter table %s add constraint %I %s',
                  conrelid::regclass, conname, pg_get_constraintdef(oid)) as makes
    from pg_constraint
    where connamespace = $1::text::regnamespace and contype = 'f'
    order by conrelid::regclass::text, conname
"""

_INDEXES = """
    select format('drop index %s', indexrelid::regclass) as drops, pg_get_indexdef(indexrelid) as makes
    from pg_index join pg_class on pg_class.oid = indexrelid
    where relnamespace = $1::text::regnamespace
      and not exists (select from pg_constraint where conindid = indexrelid and contype <> 'f')
    order by indexrelid::regclass::text
"""

_NUMBERED_ON = """
    select format('select setval(%L, coalesce(max(%I), 0) + 1, false) from %s',
                  pg_get_serial_sequence(attrelid::regclass::text, attname), attname, attrelid::regclass) as numbers
    from pg_attribute join pg_class on pg_class.oid = attrelid
    where relnamespace = $1::text::regnamespace and attidentity <> ''
"""

_VACUUMED = """
    select format('vacuum (analyze) %s', oid::regclass) as vacuums
    from pg_class where relnamespace = $1::text::regnamespace and relkind = 'r' order by oid
"""


@dataclass(frozen=True, slots=True)
class Loader:
    """Copies rows into tables and reports its progress."""

    connection: CopyConnection
    progress: Progress

    async def fill(self, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        """Copies all the rows of a table."""
        await self.stream(table, columns, rows, len(rows))

    async def stream(self, table: str, columns: Sequence[str], rows: Iterable[Row], total: int) -> None:
        """Copies all the rows of a table while they are drawn, and reports as they pass."""
        await self.copy(table, columns, self._reporting(rows, table, total))

    async def copy(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        await self.connection.copy_records_to_table(table, schema_name=SCHEMA, columns=columns, records=rows)

    def _reporting(self, rows: Iterable[Row], table: str, total: int) -> Iterator[Row]:
        for done, row in enumerate(rows, 1):
            if done % _REPORT_EVERY == 0 and done < total:
                self.progress(table, done, total)
            yield row
        self.progress(table, total, total)


@asynccontextmanager
async def bare(connection: CopyConnection, progress: Progress) -> AsyncGenerator[None]:
    """Takes off every foreign key and index for the body, and puts them back after it, within one transaction."""
    # So that the keys of a million rows are sorted in memory.
    await connection.execute("set local maintenance_work_mem = '256MB'")
    foreign_keys = await connection.fetch(_FOREIGN_KEYS, SCHEMA)
    indexes = await connection.fetch(_INDEXES, SCHEMA)
    for each in (*foreign_keys, *indexes):
        await connection.execute(each["drops"])
    yield
    for done, each in enumerate((*indexes, *foreign_keys)):
        progress("indexes and keys", done, len(indexes) + len(foreign_keys))
        await connection.execute(each["makes"])
    progress("indexes and keys", len(indexes) + len(foreign_keys), len(indexes) + len(foreign_keys))


async def number_on(connection: CopyConnection) -> None:
    """Lets new rows be numbered from where the copied ones end."""
    for each in await connection.fetch(_NUMBERED_ON, SCHEMA):
        await connection.execute(each["numbers"])


async def vacuum(connection: CopyConnection) -> None:
    """Lets the planner know the tables and read them by index alone. No transaction may be open."""
    for each in await connection.fetch(_VACUUMED, SCHEMA):
        await connection.execute(each["vacuums"])
