"""The names of the organisations that the log names by their ids."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from resolvers.sql.pieces import name, sql
from resolvers.sql.sources import source_sql
from schema.catalog import Catalog
from schema.identities import Identity

_KNOWN: Final = """\
select exists (
    select from pg_class join pg_namespace on pg_namespace.oid = relnamespace
    where nspname = $1 and relname = $2 and has_schema_privilege(relnamespace, 'usage')
      and (select bool_and(has_column_privilege(pg_class.oid, each, 'select')) from unnest($3::text[]) each)
)"""


async def is_readable(connection: Any, catalog: Catalog, table: str, columns: Iterable[str]) -> bool:
    """Whether a table of the marketplace is beside the log, and this login may read these columns of it."""
    schema, plain = catalog.schema_of(table), table.rpartition(".")[2]
    return bool(await connection.fetchval(_KNOWN, schema, plain, sorted(columns)))


async def organisation_names(connection: Any, catalog: Catalog, ids: Iterable[Identity]) -> Mapping[Identity, str]:
    """The names of organisations, where the log is beside the marketplace's data and this login may read them."""
    found = catalog.marketplace.organisations
    if found is None or found.name is None:
        return {}
    named = (found.key, found.name)
    if not await is_readable(connection, catalog, found.table, catalog.stored_columns(found.table, named)):
        return {}
    table = f"{catalog.schema_of(found.table)}.{found.table.rpartition('.')[2]}"
    source = source_sql(table, catalog.mapped_columns(found.table), named, "organisation")
    key, called = (name("organisation", column) for column in named)
    query = sql("select {}, {} from {} where {} = any($1)", key, called, source, key)
    return dict(await connection.fetch(query.text, list(ids)))
