"""JSON made in the database as text: objects, lists and values, as SQL expressions.

Text put together with `||` takes about three quarters of the time of `json_build_object` and `json_agg`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from resolvers.alternatives import ALWAYS, Inclusion
from resolvers.planning.parameters import ParameterRef
from resolvers.sql.pieces import Sql, all_of, any_of, constant, join, number, spread, sql
from schema.catalog import Scalar


@dataclass(frozen=True, slots=True)
class JsonEntry:
    """A key of an object and its value, wanted when `inclusion` says so."""

    key: str
    inclusion: Inclusion[ParameterRef]
    value: Sql


def inclusion_sql(inclusion: Inclusion[ParameterRef]) -> Sql:
    """Whether the switches of `@skip` and `@include` stand so that something is wanted."""
    sets = sorted(sorted((switch.position, on) for switch, on in one) for one in inclusion)
    return any_of(all_of(sql("call.a{}" if on else "not call.a{}", number(i)) for i, on in one) for one in sets)


def object_text(entries: Sequence[JsonEntry]) -> Sql:
    """A JSON object, its keys in order."""
    if not entries:
        return constant("{}")
    if any(entry.inclusion != ALWAYS for entry in entries):
        return sql("'{' || {} || '}'", spread(constant(","), [*map(_optional, entries)]))
    parts: list[str | Sql] = []
    for position, entry in enumerate(entries):
        parts += [f'{"," if position else "{"}"{entry.key}":', entry.value]
    return _concatenate([*parts, "}"])


def _optional(entry: JsonEntry) -> Sql:
    text = sql("{} || {}", constant(f'"{entry.key}":'), entry.value)
    return text if entry.inclusion == ALWAYS else sql("case when {} then {} end", inclusion_sql(entry.inclusion), text)


def _concatenate(parts: Sequence[str | Sql]) -> Sql:
    """Texts and expressions one behind the other, neighbouring texts as one constant."""
    pieces: list[Sql] = []
    text = ""
    for part in parts:
        if isinstance(part, str):
            text += part
        elif part.constant is not None:
            text += part.constant
        else:
            pieces += [constant(text), part]
            text = ""
    return _in_groups([*pieces, constant(text)])


_LONGEST_CHAIN = 64
_GROUP = 16


def _in_groups(pieces: Sequence[Sql]) -> Sql:
    """Each `||` copies the text so far, so a long chain is made of short ones."""
    if len(pieces) <= _LONGEST_CHAIN:
        return join(" || ", pieces)
    groups = [pieces[start : start + _GROUP] for start in range(0, len(pieces), _GROUP)]
    return _in_groups([sql("({})", join(" || ", group)) for group in groups])


def list_text(element: Sql, order: Sql, restriction: Sql) -> Sql:
    """A JSON list with one element for each row read."""
    return sql("'[' || coalesce(string_agg({}, ',' order by {}){}, '') || ']'", element, order, restriction)


def value_text(scalar: Scalar, value: Sql, *, simple: bool = False) -> Sql:
    """A JSON value. An id or decimal is a string that needs no escapes, and so is a `simple` text."""
    match scalar:
        case Scalar.TEXT if simple:
            return _unescaped(value)
        case Scalar.TEXT | Scalar.ENUM:
            return sql("veil.json_text({})", value)
        case Scalar.TIMESTAMP | Scalar.TEXT_LIST:
            return sql("coalesce(to_json({})::text, 'null')", value)
        case Scalar.DECIMAL | Scalar.ID | Scalar.UUID:
            return _unescaped(value)
        case Scalar.INTEGER | Scalar.BOOLEAN:
            return sql("coalesce(({})::text, 'null')", value)


def _unescaped(value: Sql) -> Sql:
    return sql("""coalesce('"' || {} || '"', 'null')""", value)
