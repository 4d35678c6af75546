"""The names of organisations, where the log is beside the marketplace's data."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

_ORGANISATIONS_KNOWN: Final = """\
select exists (
    select from pg_class join pg_namespace on pg_namespace.oid = relnamespace
    where nspname = 'marketplace' and relname = 'organisation' and has_schema_privilege(relnamespace, 'usage')
      and has_column_privilege(pg_class.oid, 'id', 'select') and has_column_privilege(pg_class.oid, 'name', 'select')
)"""

_ORGANISATIONS: Final = "select id, name from marketplace.organisation where id = any($1::bigint[])"


async def organisation_names(connection: Any, ids: Iterable[int]) -> Mapping[int, str]:
    """The names of organisations, where the log is beside the marketplace's data and this login may read them."""
    if not await connection.fetchval(_ORGANISATIONS_KNOWN):
        return {}
    return dict(await connection.fetch(_ORGANISATIONS, sorted({*ids})))
