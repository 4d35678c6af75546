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
from gateway.mapped_columns import read_sql
from resolvers.sql.pieces import Sql, constant, join, name, number, sql, table_name
from resolvers.sql.render import Statement
from resolvers.sql.sources import mapped_sql, stored_sql
from schema.catalog import Catalog, Column, Entity, Scalar
from schema.conditions import InForce, IsWord
from schema.mapping import MappedColumns
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
    for name_, columns in catalog.mapped.items():
        mapped = _table(catalog, name_)
        for column in columns:
            # What cannot be read is told by the error that this ends with.
            yield Question(about=mapped.place(column), found=read_sql(mapped.sql, mapped.value(column)))
    for entity in catalog.entities.values():
        table = _table(catalog, entity.storage.table)
        yield from _of_rows(entity, table)
        for column in entity.columns.values():
            if column.scalar is Scalar.INTEGER:
                yield Question(about=table.place(column.column), found=_too_wide(table, column))
            if column.scalar is Scalar.ENUM:
                yield Question(about=table.place(column.column), found=_unknown_words(table, column))
    yield from _of_conditions(catalog)
    for condition in catalog.marketplace.conditions:
        name = condition.must_be_filled
        if name and name not in vouched:
            yield Question(about=f"the table {name}", found=_empty(_table(catalog, name), condition.phrase))


async def log_column_notices(pool: Pool, catalog: Catalog, vouched: frozenset[str]) -> None:
    """Logs the notices of all tables. If the database cannot be asked, readiness reports that."""

    async def ask(found: Sql) -> Sequence[str] | None:
        try:
            return json.loads(await pool.ask(statement(found), True))
        except Failed as failure:
            if failure.code is not Code.TIMED_OUT:
                raise
            return None

    unreadable: set[str] = set()
    for question in questions(catalog, vouched):
        try:
            found = await notices(ask, question)
        except Failed as failure:
            if not pool.is_ready:
                return
            if failure.code is not Code.UNREADABLE or question.about in unreadable:
                # What does not fit at all is readiness's to report.
                continue
            unreadable.add(question.about)
            found = (f"{question.about} cannot be made in some rows: run `veil check`",)
        for notice in found:
            logging.getLogger(__name__).warning("%s", notice)


async def notices(ask: Ask, question: Question) -> Sequence[str]:
    """What a question finds. Raises `Failed`."""
    found = await ask(question.found)
    return (f"{question.about} was not searched: it takes too long",) if found is None else found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """A table whose rows are searched."""

    declared: str
    """Its name, as the marketplace has it."""
    sql: Sql
    mapped: MappedColumns

    def place(self, column: str) -> str:
        return f"the column {column} of {self.declared}"

    def value(self, column: str) -> Sql:
        """What stands for a column, in a query of this table alone."""
        return mapped_sql(self.mapped[column]) if column in self.mapped else name(column)

    def word(self, column: str, known: Sequence[str]) -> tuple[Sql, Sequence[str]]:
        """What is stored for a column that holds words, and which of these are known."""
        mapped = self.mapped.get(column)
        if mapped and mapped.words:
            return stored_sql(mapped), [stored for stored, _ in mapped.words]
        return self.value(column), known


def _table(catalog: Catalog, table: str) -> _Table:
    return _Table(declared=table, sql=table_name(catalog.plain(table)), mapped=catalog.mapped_columns(table))


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


def _too_wide(table: _Table, column: Column) -> Sql:
    return sql(
        "    select {} || format_type(atttypid, null) || ': an `Int` has 32 bits, and a value beyond them leaves as null'"
        " as notice\n    from pg_attribute where attrelid = to_regclass({}) and attname = {} and not attisdropped"
        " and atttypid = 'bigint'::regtype",
        constant(f"{table.place(column.column)} is of type "),
        constant(table.sql.text),
        constant(column.column),
    )


def _unknown_words(table: _Table, column: Column) -> Sql:
    words = [str(each.value) for each in column.enum_type or ()]
    return _other_words(table, column.column, words, ": its enum lacks it, and it leaves as null")


def _other_words(table: _Table, column: str, words: Sequence[str], then: str) -> Sql:
    """The commonest. Only what looks like a word is shown: anything else might be somebody's."""
    raw, known = table.word(column, words)
    return sql(
        "    select {} || case when word ~ '^[A-Za-z][A-Za-z0-9_-]{0,39}$' then '`' || word || '`' else 'a text that is no word' end"
        " || ' in ' || rows || case when rows = 1 then ' row' else ' rows' end || {} as notice\n"
        "    from (select {}::text as word, count(*) as rows from {} where {} not in ({}) group by 1 order by 2 desc, 1"
        " limit {}) found",
        constant(f"{table.place(column)} holds "),
        constant(then),
        raw,
        table.sql,
        raw,
        join(", ", map(constant, known)),
        number(MOST_WORDS),
    )


# Rows that are found by a column, and put in order by it.


def _of_rows(entity: Entity, table: _Table) -> Iterator[Question]:
    """That each row has an id of its own. Where a constraint says so, the rows are not read."""
    stored = entity.storage
    if "id" not in entity.columns or stored.table.startswith("veil.") or stored.subjects_array:
        return
    yield Question(
        about=table.place(stored.key),
        found=_nulls(table, stored.key, ": a row without an id is no row; give it one, or leave it out"),
        must_be_mended=True,
    )
    yield Question(about=table.place(stored.key), found=_doubles(table, stored.key), must_be_mended=True)


def _nulls(table: _Table, column: str, then: str) -> Sql:
    return sql(
        "    select {} || rows || case when rows = 1 then ' row' else ' rows' end || {} as notice\n"
        "    from (select count(*) as rows from {} where {} is null and not coalesce((select attnotnull from pg_attribute"
        " where attrelid = to_regclass({}) and attname = {}), false)) found where rows > 0",
        constant(f"{table.place(column)} is null in "),
        constant(then),
        table.sql,
        table.value(column),
        constant(table.sql.text),
        constant(column),
    )


def _doubles(table: _Table, key: str) -> Sql:
    return sql(
        "    select {} || ids || case when ids = 1 then ' id' else ' ids' end || {} as notice\n"
        "    from (select count(*) as ids from (select {} from {} where not exists (select from pg_index"
        " join pg_attribute on attrelid = indrelid and attname = {}"
        " where indrelid = to_regclass({}) and indisunique and indisvalid and indkey::text = attnum::text and indpred is null)"
        " group by {} having count(*) > 1) twice) found where ids > 0",
        constant(f"{table.place(key)} has several rows for "),
        constant(": an id is of one row; a join that doubles rows has no place in a view"),
        name(key),
        table.sql,
        constant(key),
        constant(table.sql.text),
        name(key),
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
        read = _table(catalog, table)
        yield Question(about=read.place(column), found=_other_words(read, column, known, then))
        yield Question(about=read.place(column), found=_nulls(read, column, then))
    for table, column in starts:
        read = _table(catalog, table)
        yield Question(
            about=read.place(column),
            found=_nulls(read, column, ": what has no start opens nothing, and a refusal counts; give them one"),
        )


def _empty(table: _Table, phrase: str) -> Sql:
    return sql(
        "    select {} as notice where not exists (select from {})",
        constant(
            f"{table.declared} is empty, so `{phrase}` holds for nobody: fill it, or say VEIL_EMPTY_TABLES={table.declared}"
        ),
        table.sql,
    )
