"""Whether each mapped column can be made: of the columns that it says it reads, and of what they hold.

PostgreSQL is asked to read the expression over a row of these columns alone. That reads no row, and can be asked at every
check. How many rows hold what it makes nothing of is counted for `veil check`.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from resolvers.sql.pieces import Sql, constant, join, name, sql, table_name
from resolvers.sql.render import Statement
from resolvers.sql.sources import mapped_sql
from schema.catalog import Catalog
from schema.mapping import MappedColumn

Try = Callable[[Statement], Awaitable[str | None]]
"""Runs a statement; the kind of error that it ends with, if it does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedPlace:
    """A mapped column of a table."""

    table: str
    """As the marketplace has it, without its own schema."""
    column: str
    mapped: MappedColumn

    @property
    def row_name(self) -> Sql:
        """What its expression may call its row."""
        return table_name(self.table.rpartition(".")[2])

    @property
    def is_made(self) -> Sql:
        """Reads no row. In this place an expression gives one value for a row: neither several, nor one for all rows."""
        return sql(
            "not exists (select from (select {} from {} limit 0) {} where ({}) is null)",
            join(", ", map(name, self.mapped.reads)),
            table_name(self.table),
            self.row_name,
            mapped_sql(self.mapped),
        )

    def fault(self, kind: str) -> str:
        """What is wrong with it, by the kind of error that came of it."""
        place = f"{table_name(self.table).text}.{name(self.column).text}"
        if kind.startswith("UndefinedColumnError"):
            return f"the expression of {place} names a column that its `reads` does not: add it there, or leave it out"
        read = ", ".join(self.mapped.reads)
        return f"{place} cannot be made of {read} ({kind}): change the package's expression, or the columns"


def mapped_places(catalog: Catalog) -> Sequence[MappedPlace]:
    """All mapped columns."""
    return [
        MappedPlace(table=table, column=column, mapped=mapped)
        for table, columns in catalog.mapped.items()
        for column, mapped in columns.items()
    ]


def made_statement(places: Iterable[MappedPlace]) -> Statement:
    """Ends with an error if one of these columns cannot be made."""
    text = sql(
        "with call as (select * from unnest($1::boolean[]) with ordinality as call (is_asked, n))\n"
        "select n, convert_to('[]', 'UTF8') as json from call where {}",
        join("\n    and ", [sql("is_asked"), *(each.is_made for each in places)]),
    ).text
    return Statement(sql=text, plan=None, treatments=b"")


async def mapping_faults(attempt: Try, all_made: Statement, places: Sequence[MappedPlace]) -> Sequence[str]:
    """A sentence for each column that cannot be made. They are tried one by one only if one of all cannot."""
    if not places or await attempt(all_made) is None:
        return ()
    kinds = [(place, await attempt(made_statement([place]))) for place in places]
    return [place.fault(kind) for place, kind in kinds if kind]


# What rows hold.


def read_sql(table: Sql, value: Sql) -> Sql:
    """Finds nothing. Reads every value, and ends with an error at the first that cannot be made."""
    return sql("    select '' as notice from (select count({}) as made from {}) found where made < 0", value, table)


SECONDS_PER_COLUMN: Final = 60.0
"""How long `veil check` takes for a column."""

COUNTED: Final = "veil.faulty"
"""The setting that a count leaves its result in."""

_COUNT = (
    'declare "veil row" record; "veil faulty" bigint := 0; begin'
    ' for "veil row" in select {} from {} loop'
    " begin perform {} from (select {}) {};"
    ' exception when data_exception or cardinality_violation then "veil faulty" := "veil faulty" + 1; end;'
    ' end loop; perform set_config({}, "veil faulty"::text, false); end'
)


def count_sql(place: MappedPlace) -> Sql:
    """Counts the rows that a column cannot be made of, each tried by itself."""
    reads = [*map(name, place.mapped.reads)]
    row = [sql("{} as {}", name("veil row", each), name(each)) for each in place.mapped.reads]
    body = sql(
        _COUNT,
        join(", ", reads),
        table_name(place.table),
        mapped_sql(place.mapped),
        join(", ", row),
        place.row_name,
        constant(COUNTED),
    )
    return sql("do {}", constant(body.text))


def unreadable_notice(place: MappedPlace, rows: int | None) -> str:
    """What an operator is told; none if the rows could not be counted."""
    number = "some rows" if rows is None else "1 row" if rows == 1 else f"{rows} rows"
    return (
        f"the column {place.column} of {place.table} cannot be made of {', '.join(place.mapped.reads)} in {number}:"
        " whoever asks for it gets `UNREADABLE`; change these, or the package's expression"
    )
