"""Notices about what tables hold that their fields cannot show, or that conditions do not know: read by an operator.

Such a value leaves as null, and closes a condition. Here it is reported before anybody asks: at the start, and by
`veil check`. Tables are read for it whole, but for columns that a constraint of their table answers for.
"""

import json
import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from gateway.database.pool import Pool
from resolvers.sql.pieces import Sql, constant, join, name, number, sql
from resolvers.sql.render import Statement
from schema.catalog import Catalog, Column, Entity, Scalar
from schema.conditions import InForce, IsWord
from schema.refusals import Code, Failed

MOST_WORDS: Final = 10
"""Words of one column that are named."""

Ask = Callable[[Sql], Awaitable[Sequence[str] | None]]
"""Gives the notices that a query finds; none if that takes too long. Raises `Failed`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a table may be asked."""

    about: str
    """What is not known if it takes too long."""
    found: Sql
    """Gives a row with a `notice` for each fault."""
    must_be_mended: bool = False
    """Whether rows are lost or doubled while it is so, rather than hidden."""


def questions(catalog: Catalog, vouched: frozenset[str]) -> Iterator[Question]:
    """All that is asked; `vouched` are the tables that may be empty."""
    for entity in catalog.entities.values():
        yield from _of_rows(entity)
        for column in entity.columns.values():
            if column.scalar is Scalar.INTEGER:
                yield Question(about=_place(entity, column.column), found=_too_wide(entity, column))
            if column.scalar is Scalar.ENUM:
                yield Question(about=_place(entity, column.column), found=_unknown_words(entity, column))
    yield from _of_conditions(catalog)
    for condition in catalog.marketplace.conditions:
        table = condition.must_be_filled
        if table and table not in vouched:
            yield Question(about=f"the table {table}", found=_empty(table, condition.phrase))


async def log_column_notices(pool: Pool, catalog: Catalog, vouched: frozenset[str]) -> None:
    """Logs the notices of all tables. If the database cannot be asked, readiness reports that."""

    async def ask(found: Sql) -> Sequence[str] | None:
        try:
            return json.loads(await pool.ask(statement(found), True))
        except Failed as failure:
            if failure.code is not Code.TIMED_OUT:
                raise
            return None

    for question in questions(catalog, vouched):
        try:
            found = await notices(ask, question)
        except Failed:
            if not pool.is_ready:
                return
            # What does not fit at all is readiness's to report.
            continue
        for notice in found:
            logging.getLogger(__name__).warning("%s", notice)


async def notices(ask: Ask, question: Question) -> Sequence[str]:
    """What a question finds. Raises `Failed`."""
    found = await ask(question.found)
    return (f"{question.about} was not searched: it takes too long",) if found is None else found


def _place(entity: Entity, column: str) -> str:
    return f"the column {column} of {entity.storage.table}"


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
        constant(f"{_place(entity, column.column)} is of type "),
        constant(entity.storage.table),
        constant(column.column),
    )


def _unknown_words(entity: Entity, column: Column) -> Sql:
    words = [str(each.value) for each in column.enum_type or ()]
    return _other_words(entity.storage.table, column.column, words, ": its enum lacks it, and it leaves as null")


def _other_words(table: str, column: str, words: Sequence[str], then: str) -> Sql:
    """The commonest. Only what looks like a word is shown: anything else might be somebody's."""
    raw = name(column)
    return sql(
        "    select {} || case when word ~ '^[A-Za-z][A-Za-z0-9_-]{0,39}$' then '`' || word || '`' else 'a text that is no word' end"
        " || ' in ' || rows || case when rows = 1 then ' row' else ' rows' end || {} as notice\n"
        "    from (select {}::text as word, count(*) as rows from {} where {} not in ({}) group by 1 order by 2 desc, 1"
        " limit {}) found",
        constant(f"the column {column} of {table} holds "),
        constant(then),
        raw,
        name(table),
        raw,
        join(", ", map(constant, words)),
        number(MOST_WORDS),
    )


# Rows that are found by a column, and put in order by it.


def _of_rows(entity: Entity) -> Iterator[Question]:
    """That no row is lost or doubled where rows are paged. Where a constraint says so, the rows are not read."""
    stored = entity.storage
    if "id" not in entity.columns or "." in stored.table or stored.subjects_array:
        return
    for column in dict.fromkeys(("id", stored.order or "id")):
        yield Question(
            about=_place(entity, column),
            found=_nulls(stored.table, column, ": its rows are in no page; give them a value, or leave them out"),
            must_be_mended=True,
        )
    yield Question(about=_place(entity, "id"), found=_doubles(stored.table), must_be_mended=True)


def _nulls(table: str, column: str, then: str) -> Sql:
    return sql(
        "    select {} || rows || case when rows = 1 then ' row' else ' rows' end || {} as notice\n"
        "    from (select count(*) as rows from {} where {} is null and not coalesce((select attnotnull from pg_attribute"
        " where attrelid = to_regclass({}) and attname = {}), false)) found where rows > 0",
        constant(f"the column {column} of {table} is null in "),
        constant(then),
        name(table),
        name(column),
        constant(table),
        constant(column),
    )


def _doubles(table: str) -> Sql:
    return sql(
        "    select {} || ids || case when ids = 1 then ' id' else ' ids' end || {} as notice\n"
        "    from (select count(*) as ids from (select id from {} where not exists (select from pg_index"
        " join pg_attribute on attrelid = indrelid and attname = 'id'"
        " where indrelid = to_regclass({}) and indisunique and indisvalid and indkey::text = attnum::text and indpred is null)"
        " group by id having count(*) > 1) twice) found where ids > 0",
        constant(f"the column id of {table} has several rows for "),
        constant(": an id is of one row; a join that doubles rows has no place in a view"),
        name(table),
        constant(table),
    )


# What conditions do not know.


def _of_conditions(catalog: Catalog) -> Iterator[Question]:
    """Each column once, whichever conditions read it."""
    words: dict[tuple[str, str], tuple[tuple[str, ...], list[str]]] = {}
    starts: dict[tuple[str, str], None] = {}
    for condition in catalog.marketplace.conditions:
        for table, restriction in condition.restrictions:
            if isinstance(restriction, IsWord):
                words.setdefault((table, restriction.column), (restriction.known, []))[1].append(condition.name)
            if isinstance(restriction, InForce):
                starts[table, restriction.starts] = None
    for (table, column), (known, readers) in words.items():
        then = f": a condition reads it ({', '.join(dict.fromkeys(readers))}), and in doubt holds for nobody"
        about = f"the column {column} of {table}"
        yield Question(about=about, found=_other_words(table, column, known, then))
        yield Question(about=about, found=_nulls(table, column, then))
    for table, column in starts:
        yield Question(
            about=f"the column {column} of {table}",
            found=_nulls(table, column, ": what has no start opens nothing, and a refusal counts; give them one"),
        )


def _empty(table: str, phrase: str) -> Sql:
    return sql(
        "    select {} as notice where not exists (select from {})",
        constant(f"{table} is empty, so `{phrase}` holds for nobody: fill it, or say VEIL_EMPTY_TABLES={table}"),
        name(table),
    )
