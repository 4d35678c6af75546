"""Notices about columns that hold what their fields cannot show: an operator reads them at the start, by name.

Such a value leaves as null, and the row's `hiddenFields` names its field. Here it is reported before anybody asks.
"""

import json
import logging
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from gateway.database.pool import Pool
from resolvers.sql.pieces import Sql, constant, join, name, number, sql
from resolvers.sql.render import Statement
from schema.catalog import Catalog, Column, Entity, Scalar
from schema.refusals import Code, Failed

MOST_WORDS: Final = 10
"""Words of one column that are named."""


async def log_column_notices(pool: Pool, catalog: Catalog) -> None:
    """Logs the notices of all columns. If the database cannot be asked, readiness reports that."""
    with suppress(Failed):
        for entity in catalog.entities.values():
            for column in entity.columns.values():
                for notice in await column_notices(pool, entity, column):
                    logging.getLogger(__name__).warning("%s", notice)


async def column_notices(pool: Pool, entity: Entity, column: Column) -> Sequence[str]:
    """What a column holds, or may hold, that its field cannot show. Raises `Failed`, but not for lack of time."""
    match column.scalar:
        case Scalar.INTEGER:
            found = _too_wide(entity, column)
        case Scalar.ENUM:
            found = _unknown_words(entity, column)
        case _:
            return ()
    try:
        return json.loads(await pool.ask(statement(found), True))
    except Failed as failure:
        if failure.code is not Code.TIMED_OUT:
            raise
        return (f"{_place(entity, column)} was not searched for words that its enum lacks: it takes too long",)


def _place(entity: Entity, column: Column) -> str:
    return f"the column {column.column} of {entity.storage.table}"


def statement(found: Sql) -> Statement:
    """Asks for the notices that a query finds: a list of texts, as JSON."""
    return Statement(
        sql=sql(
            "with call as (select * from unnest($1::boolean[]) with ordinality as call (is_asked, n))\n"
            "select n, convert_to((select coalesce(json_agg(notice)::text, '[]') from (\n{}\n) each), 'UTF8') as json from call",
            found,
        ).text,
        plan=None,
        treatments=b"",
    )


def _too_wide(entity: Entity, column: Column) -> Sql:
    return sql(
        "    select {} || format_type(atttypid, null) || ': an `Int` has 32 bits, and a value beyond them leaves as null'"
        " as notice\n    from pg_attribute where attrelid = to_regclass({}) and attname = {} and not attisdropped"
        " and atttypid = 'bigint'::regtype",
        constant(f"{_place(entity, column)} is of type "),
        constant(entity.storage.table),
        constant(column.column),
    )


def _unknown_words(entity: Entity, column: Column) -> Sql:
    """The commonest. Only what looks like a word is shown: anything else might be somebody's."""
    words = join(", ", (constant(str(each.value)) for each in column.enum_type or ()))
    raw = name(column.column)
    return sql(
        "    select {} || case when word ~ '^[A-Za-z][A-Za-z0-9_-]{0,39}$' then '`' || word || '`' else 'a text that is no word' end"
        " || ' in ' || rows || case when rows = 1 then ' row' else ' rows' end"
        " || ': its enum lacks it, and it leaves as null' as notice\n"
        "    from (select {}::text as word, count(*) as rows from {} where {} not in ({}) group by 1 order by 2 desc, 1"
        " limit {}) found",
        constant(f"{_place(entity, column)} holds "),
        raw,
        name(entity.storage.table),
        raw,
        words,
        number(MOST_WORDS),
    )
