"""SQL as an algebra of text, names and constants; a value never becomes text, it is a column of `call`.

Text is a literal in Veil's own source, a name comes from the catalog, and a constant is the plan's own (a response
key, a treatment's pattern). An f-string never makes SQL.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import LiteralString


@dataclass(frozen=True, slots=True)
class Sql:
    """A piece of a statement."""

    text: str

    def __bool__(self) -> bool:
        return bool(self.text)


def sql(template: LiteralString, *parts: Sql) -> Sql:
    """A template whose `{}` are filled with pieces, in order."""
    pieces = template.split("{}")
    filled = [pieces[0]]
    for part, piece in zip(parts, pieces[1:], strict=True):
        filled += (part.text, piece)
    return Sql("".join(filled))


def name(*identifiers: str) -> Sql:
    """A name out of the catalog, qualified when more than one is given."""
    for identifier in identifiers:
        if not (identifier.isascii() and identifier.isidentifier() and identifier == identifier.lower()):
            raise ValueError(f"`{identifier}` is no plain SQL name")
    return Sql(".".join(identifiers))


def constant(text: str) -> Sql:
    """A text constant of the plan, quoted (`standard_conforming_strings` is on in every lane)."""
    return Sql("'" + text.replace("'", "''") + "'")


def number(value: int) -> Sql:
    """A whole number of the plan."""
    return Sql(str(int(value)))


def join(separator: LiteralString, parts: Iterable[Sql]) -> Sql:
    return Sql(separator.join(part.text for part in parts))


def indented(part: Sql) -> Sql:
    """The same piece, four columns to the right, for whoever reads the statement."""
    return Sql(part.text.replace("\n", "\n    "))


def spread(separator: Sql, parts: Sequence[Sql]) -> Sql:
    """What `concat_ws` makes of any number of parts: PostgreSQL's functions take a hundred arguments at most."""
    if len(parts) <= SPREAD:
        return sql("concat_ws({}, {})", separator, join(", ", parts))
    chunks = [parts[start : start + SPREAD] for start in range(0, len(parts), SPREAD)]
    # A chunk without any value is no part either.
    return spread(separator, [sql("nullif({}, '')", spread(separator, chunk)) for chunk in chunks])


SPREAD = 90

TRUE = Sql("true")
FALSE = Sql("false")
NULL = Sql("null")


def all_of(parts: Iterable[Sql]) -> Sql:
    found = [part for part in parts if part != TRUE]
    return join(" and ", found) if found else TRUE


def any_of(parts: Iterable[Sql]) -> Sql:
    found = list(parts)
    if TRUE in found:
        return TRUE
    return sql("({})", join(" or ", found)) if len(found) > 1 else found[0]
