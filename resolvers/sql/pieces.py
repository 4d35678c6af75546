"""SQL in pieces of text, names and constants. Each piece knows what it holds, so that nobody searches its text.

Text is a literal in Veil's own source, a name comes from the catalog, and a constant is the plan's own (a response
key, a mask's pattern). A value of a request never becomes a piece: it is a column of `call`.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import LiteralString, NewType

_Text = NewType("_Text", str)
"""Text that this module has put together. Nobody else has any, so nobody else makes a piece."""

QualifiedColumn = tuple[str, str]
"""A row's alias and a column of that row."""

_NO_COLUMNS: frozenset[QualifiedColumn] = frozenset()


@dataclass(frozen=True, slots=True)
class Sql:
    """A piece of a statement."""

    text: _Text
    columns: frozenset[QualifiedColumn] = _NO_COLUMNS
    """The columns it names with their rows' aliases, as `name` was given them."""
    constant: str | None = None
    """What it stands for, if it is a text constant and nothing else."""

    @property
    def needs_key(self) -> bool:
        """Whether it computes with the requester's key."""
        return not KEY.columns.isdisjoint(self.columns)


def sql(template: LiteralString, *parts: Sql) -> Sql:
    """A template whose `{}` are filled with pieces, in order."""
    first, *others = _texts(template)
    filled = [first]
    for part, text in zip(parts, others, strict=True):
        filled += (part.text, text)
    return Sql(_Text("".join(filled)), _columns(parts))


@cache
def _texts(template: LiteralString) -> tuple[str, ...]:
    """The texts between the `{}` of a template. There are as many templates as Veil's source has."""
    return tuple(template.split("{}"))


def _columns(parts: Iterable[Sql]) -> frozenset[QualifiedColumn]:
    columns = _NO_COLUMNS
    for part in parts:
        # Most pieces name columns that those before have named.
        if part.columns and not part.columns <= columns:
            columns = columns | part.columns if columns else part.columns
    return columns


@lru_cache(maxsize=4_096)
def name(*identifiers: str) -> Sql:
    """A name out of the catalog, or a row's alias and a column; in quotes where PostgreSQL needs them.

    Raises `ValueError` for what PostgreSQL would cut short or take for no name.
    """
    text = ".".join(map(_quoted, identifiers))
    return Sql(_Text(text), frozenset({identifiers}) if len(identifiers) == 2 else _NO_COLUMNS)


def table_name(table: str) -> Sql:
    """The name of a table, with its schema if it has one."""
    return Sql(_Text(".".join(map(_quoted, table.split(".")))))


def _quoted(identifier: str) -> str:
    if not (identifier.isprintable() and 0 < len(identifier.encode()) <= _LONGEST_NAME):
        raise ValueError(f"`{identifier}` is no SQL name")
    if _PLAIN_NAME.fullmatch(identifier) and identifier not in RESERVED_WORDS:
        return identifier
    return '"' + identifier.replace('"', '""') + '"'


_LONGEST_NAME = 63
_PLAIN_NAME = re.compile("[a-z_][a-z0-9_]*")

_RESERVED = """
    all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation column
    concurrently constraint create cross current_catalog current_date current_role current_schema current_time
    current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign freeze from
    full grant group having ilike in initially inner intersect into is isnull join lateral leading left like limit
    localtime localtimestamp natural not notnull null offset on only or order outer overlaps placing primary references
    returning right select session_user similar some symmetric system_user table tablesample then to trailing true union
    unique user using variadic verbose when where window with
"""
RESERVED_WORDS = frozenset(_RESERVED.split())
"""The words that PostgreSQL takes for no name unless they are in quotes."""


def expression(text: str) -> Sql:
    """An SQL expression of the marketplace's own package (`schema.mapping`), in brackets."""
    return Sql(_Text(f"({text})"))


def constant(text: str) -> Sql:
    """A text constant of the plan, quoted (`standard_conforming_strings` is on in every session).

    Raises `ValueError` for more than one line, which `indent` would change.
    """
    if "\n" in text:
        raise ValueError("a constant is one line")
    return Sql(_Text("'" + text.replace("'", "''") + "'"), constant=text)


def number(value: int) -> Sql:
    """A whole number of the plan."""
    return Sql(_Text(str(int(value))))


def sql_type(of: str) -> Sql:
    """The name of a type that values of the catalog or a call have. Raises `KeyError` for another."""
    return _TYPES[of]


def join(separator: LiteralString, parts: Iterable[Sql]) -> Sql:
    """The pieces in order, with a separator between them."""
    parts = tuple(parts)
    if len(parts) == 1:
        return parts[0]
    return Sql(_Text(separator.join([part.text for part in parts])), _columns(parts))


def indent(part: Sql) -> Sql:
    """The same piece, four columns to the right, so that the statement is easier to read."""
    return Sql(_Text(part.text.replace("\n", "\n    ")), part.columns)


def spread(separator: Sql, parts: Sequence[Sql]) -> Sql:
    """What `concat_ws` makes of any number of parts: PostgreSQL's functions take a hundred arguments at most."""
    if len(parts) <= SPREAD:
        return sql("concat_ws({}, {})", separator, join(", ", parts))
    chunks = [parts[start : start + SPREAD] for start in range(0, len(parts), SPREAD)]
    # A chunk without any value is no part either.
    return spread(separator, [sql("nullif({}, '')", spread(separator, chunk)) for chunk in chunks])


SPREAD = 90

EMPTY = sql("")
TRUE = sql("true")
FALSE = sql("false")
NULL = sql("null")
KEY = name("call", "key")
"""The requester's key. No template writes it out: a statement that needs it would not be given it."""

_TYPES = {
    "text": sql("text"),
    "text[]": sql("text[]"),
    "integer": sql("integer"),
    "bigint": sql("bigint"),
    "numeric": sql("numeric"),
    "boolean": sql("boolean"),
    "timestamptz": sql("timestamptz"),
    "uuid": sql("uuid"),
    "bytea": sql("bytea"),
}


def all_of(parts: Iterable[Sql]) -> Sql:
    """Whether all conditions hold."""
    found = [part for part in parts if part is not TRUE]
    return join(" and ", found) if found else TRUE


def any_of(parts: Iterable[Sql]) -> Sql:
    """Whether one of the conditions holds, of which there is at least one."""
    found = list(parts)
    if any(part is TRUE for part in found):
        return TRUE
    return sql("({})", join(" or ", found)) if len(found) > 1 else found[0]
