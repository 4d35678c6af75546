"""Where rows come from: a table, or a select that makes the mapped columns that are read of it.

PostgreSQL pulls such a select up into the statement, so that an index of the table finds its rows as before.
"""

from collections.abc import Iterable

from resolvers.sql.pieces import Sql, constant, expression, join, name, sql, sql_type, table_name
from schema.mapping import MappedColumn, MappedColumns


def source_sql(table: str, mapped: MappedColumns, columns: Iterable[str], alias: str) -> Sql:
    """The rows of a table under an alias, with the columns that are read of them."""
    read = sorted(columns)
    if mapped.keys().isdisjoint(read):
        return table_name(table) if table == alias else sql("{} {}", table_name(table), name(alias))
    made = (sql("{} as {}", mapped_sql(mapped[each]), name(each)) if each in mapped else name(each) for each in read)
    return sql("(select {} from {}) {}", join(", ", made), table_name(table), name(alias))


def columns_of(alias: str, pieces: Iterable[Sql]) -> frozenset[str]:
    """The columns that some pieces name of a row."""
    return frozenset(column for piece in pieces for named, column in piece.columns if named == alias)


def mapped_sql(mapped: MappedColumn) -> Sql:
    """What stands for a column, as an expression over its table's row.

    Invariant: it is cast, so that it has the type that its field says. A word that is not mapped becomes an empty text,
    which is no word of any enum.
    """
    stored = stored_sql(mapped)
    if not mapped.words:
        return stored
    words = (sql("when {} then {}", constant(word), constant(meant)) for word, meant in mapped.words)
    return sql("case {} {} else left({}, 0) end", stored, join(" ", words), stored)


def stored_sql(mapped: MappedColumn) -> Sql:
    """What is stored, before words are mapped."""
    raw = expression(mapped.expression) if mapped.expression else name(*mapped.reads)
    return sql("{}::{}", raw, sql_type(mapped.sql_type))
