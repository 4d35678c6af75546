"""Mapped columns: what stands in a table's rows for a column that the table does not have as its field needs it.

A field declares an SQL expression over its row, or the words of the database for the words of its enum. Whatever reads
the column of that name in that table, a condition too, then reads the mapped value. The SQL is of the marketplace's
package, never of a request.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedColumn:
    """A column made of others of its row."""

    reads: tuple[str, ...]
    """The table's columns that it is made of."""
    sql_type: str
    """The type that it is cast to."""
    expression: str | None = None
    """Without one, it is the only column that it reads."""
    words: tuple[tuple[str, str], ...] = ()
    """The stored words, each with the enum's. Any other word is none of the enum's."""


MappedColumns = Mapping[str, MappedColumn]
"""The mapped columns of one table, by the name under which they are read."""

_TOKENS = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|--|/\*|.""")
_ENDS_EARLY = frozenset({"--", "/*", ";", "'", '"', "$"})


def expression_problem(expression: str, reads: tuple[str, ...]) -> str | None:
    """What is wrong with an expression that is to stand in brackets and read these columns; none if nothing is.

    Its strings and quoted names are closed, its brackets are even, and it is one line without comments or `;`.
    """
    if not expression.isprintable():
        return "is not one line"
    depth = 0
    for token in _TOKENS.findall(expression):
        if token in _ENDS_EARLY:
            return f"has `{token}` where it cannot stand"
        depth += {"(": 1, ")": -1}.get(token, 0)
        if depth < 0:
            break
    if depth or not expression.strip():
        return "is not whole"
    if not reads:
        return "does not say with `reads` which columns it reads"
    missing = (column for column in reads if not re.search(rf"(?<!\w){re.escape(column)}(?!\w)", expression))
    return next((f"does not read `{column}`" for column in missing), None)


def plain_table(table: str, schema: str) -> str:
    """A table's name, without this schema: that of the tables which a marketplace names without one."""
    return table.removeprefix(f"{schema}.")
