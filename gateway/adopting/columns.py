"""Columns become fields: the type that shows a column, its kind of identifier, and what cannot be shown."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from gateway.adopting.kinds import TEXTS, WHOLE_NUMBERS, guess, is_id, is_secret
from gateway.adopting.naming import field_name, free, member_name, type_name, words_of
from gateway.adopting.package import DataField, EntityClass, EnumType, Guessed, Uncovered
from gateway.adopting.reading import Table, TableColumn
from resolvers.sql.pieces import name
from schema.labels import Identifiers

_MOST_WORDS: Final = 60
"""Words of a column that become an enum."""

_TYPES: Final[Mapping[str, tuple[str, str | None]]] = {
    **dict.fromkeys(TEXTS, ("str", None)),
    "boolean": ("bool", None),
    "smallint": ("int", None),
    "integer": ("int", None),
    "bigint": ("Decimal", None),
    "numeric": ("Decimal", None),
    **dict.fromkeys(("money", "real", "double precision"), ("Decimal", "{}::numeric")),
    "timestamp with time zone": ("DateTime", None),
    "timestamp without time zone": ("DateTime", "{} at time zone 'UTC'"),
    "date": ("str", "to_char({}, 'YYYY-MM-DD')"),
    **dict.fromkeys(("inet", "cidr"), ("str", "host({})")),
    "uuid": ("str", "{}::text"),
    **dict.fromkeys(("text[]", "character varying[]"), ("list[str]", None)),
}
"""The type of a field for each type of a column, with the expression that makes the value where that is needed."""

_COINCIDENTAL: Final = (Identifiers.MOMENT, Identifiers.AMOUNT, Identifiers.DETAIL)

Found = DataField | Uncovered | Guessed


def read_columns(entity: EntityClass, related: frozenset[str]) -> Iterator[Found]:
    """The fields of an entity's columns, what is left out, and what was guessed. `related` columns lead to other rows."""
    taken: set[str] = set()
    for column in entity.table.columns.values():
        if column.name == entity.key or column.name in related:
            continue
        for found in _column(entity, column, taken):
            if isinstance(found, DataField):
                taken.add(found.name)
            yield found


def _column(entity: EntityClass, column: TableColumn, taken: set[str]) -> Iterator[Found]:
    place = entity.table.place
    found = guess(column, entity.table)
    if why := _why_not(column, found.kind):
        yield Uncovered(place=place, column=column.name, why=why)
        return
    kind = _kind(entity, found.kind)
    coarse = _city(entity.table, column) if kind is Identifiers.POSTAL_ADDRESS else None
    if kind is Identifiers.POSTAL_ADDRESS and coarse is None:
        # There is no city to show in its place.
        kind = Identifiers.DETAIL
    python_type, expression = _type(column, kind)
    enum = _enum(entity, column)
    yield DataField(
        name=free(field_name(column.name), taken, "column"),
        column=column.name,
        python_type=enum.name if enum else python_type,
        kind=kind,
        coarse=coarse,
        expression=None if enum and enum.is_mapped else expression,
        enum=enum,
        comment=column.comment,
    )
    if "deleted" in words_of(column.name):
        taken_for = "the mark of a row that was removed: Veil reads it like others, unless a view leaves it out"
        yield Guessed(place=place, column=column.name, taken_for=taken_for)
    if column.type == "timestamp without time zone":
        yield Guessed(place=place, column=column.name, taken_for="a time in UTC")
    elif found.by == "values" and kind:
        yield Guessed(place=place, column=column.name, taken_for=f"{kind.words}, by its values")


def _why_not(column: TableColumn, found: Identifiers | None) -> str | None:
    """Why a column cannot be a field; none if it can."""
    if not column.name.isprintable():
        return "its name cannot be printed"
    if is_secret(column):
        return "by its name it is a secret, which nobody is ever shown"
    if is_id(words_of(column.name)) and found is not Identifiers.COOKIE:
        return "by its name it is the id of another row, and no foreign key says of which: declare a `link`, or a field"
    if column.type in _TYPES or column.words:
        return None
    return f"no field shows the type {column.type}: declare what you need of it with `expression`"


def _kind(entity: EntityClass, kind: Identifiers | None) -> Identifiers | None:
    """A time or an amount identifies by coincidence, and only somebody."""
    return None if kind in _COINCIDENTAL and not entity.is_about_somebody else kind


def _city(table: Table, column: TableColumn) -> str | None:
    """The column of an address's city: of several, the one whose name begins alike."""
    cities = [
        each.name
        for each in table.columns.values()
        if words_of(each.name)[-1:] in (["city"], ["town"], ["locality"]) and each.type in TEXTS
    ]
    own = words_of(column.name)
    return max(cities, key=lambda city: _alike(words_of(city), own), default=None)


def _alike(some: Sequence[str], others: Sequence[str]) -> int:
    """How many words two names begin with together."""
    return next((n for n, (one, other) in enumerate(zip(some, others, strict=False)) if one != other), len(some))


def _type(column: TableColumn, kind: Identifiers | None) -> tuple[str, str | None]:
    """The type of a field, and the expression that makes it of the column where that is needed."""
    if column.type in WHOLE_NUMBERS and kind is Identifiers.AMOUNT:
        return "Decimal", None
    python_type, expression = _TYPES.get(column.type, ("str", "{}::text"))
    return python_type, expression.format(name(column.name).text) if expression else None


def _enum(entity: EntityClass, column: TableColumn) -> EnumType | None:
    if not 0 < len(column.words) <= _MOST_WORDS:
        return None
    members: dict[str, str] = {}
    for word in column.words:
        members[word] = free(member_name(word), members.values(), "OTHER")
    return EnumType(
        name=f"{entity.name}{type_name(column.name)}",
        description=f"What `{column.name}` of `{entity.table.place}` may be.",
        members=members,
    )
