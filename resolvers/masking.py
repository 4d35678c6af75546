"""The one room that names raw columns: what each treatment makes of a column, as SQL.

Held against `schema.treatments`, the reference, by generated tests. Every consumer of a column (projection, order,
cursor, filter) takes its expression from here.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from resolvers.conditions import predicate_sql
from resolvers.plan import CERTAIN, Case, Shown
from resolvers.sql import NULL, Sql, constant, join, name, sql
from schema.catalog import Column, Entity, Scalar
from schema.labels import Identifier
from schema.treatments import (
    FULL_WIDTH,
    HALF_WIDTH,
    PHONE_PUNCTUATION,
    REDACTIONS,
    TWO_DIGIT_COUNTRY_CODES,
    Treatment,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row within a statement: its alias, that of the row its conditions look at, and its tag where it is made.

    Without an entity it is the call itself.
    """

    entity: Entity | None
    alias: str
    owner: str
    tag: Sql | None = None


def _entity(row: Row) -> Entity:
    assert row.entity  # noqa: S101 - nothing is shown of a call itself
    return row.entity


def shown_sql(shown: Shown, row: Row) -> Sql:
    """A field as its cases show it, of its own SQL type; null where it is hidden."""
    return cased(shown.cases, row, [treated(case.treatment, shown.column, row) for case in shown.cases])


def cased(cases: Sequence[Case], row: Row, forms: Sequence[Sql]) -> Sql:
    """The form of the first case that applies."""
    if cases[0].when == CERTAIN:
        return forms[0]
    branches = [
        sql("else {}", form)
        if case.when == CERTAIN
        else sql("when {} then {}", predicate_sql(case.when, _entity(row), row.owner), form)
        for case, form in zip(cases, forms, strict=True)
    ]
    return sql("case {} end", join(" ", branches))


def treated(treatment: Treatment, column: Column, row: Row) -> Sql:
    """A column by one treatment."""
    raw = name(row.alias, column.column)
    match treatment:
        case Treatment.HIDDEN:
            return NULL
        case Treatment.PLAIN:
            return plain_identity(row) if column.scalar is Scalar.IDENTITY else raw
        case Treatment.TOKEN:
            return token(column, row)
        case Treatment.PARTIAL:
            return partial(column, row.alias)
        case _:
            assert_never(treatment)


def plain_identity(row: Row) -> Sql:
    return sql("{} || {}", constant(f"{_entity(row).name}:"), name(row.alias, "id"))


def token(column: Column, row: Row) -> Sql:
    """A row's id sealed, any other value pseudonymised."""
    if column.scalar is Scalar.IDENTITY:
        tag = row.tag or tag_sql(row)
        identity = name(row.alias, "id")
        return sql(
            "{} || encode({} || int8send({} # ('x' || encode(substr(sha256(call.key || {}), 1, 8), 'hex'))"
            "::bit(64)::bigint), 'hex')",
            constant(f"{_entity(row).name}:~"),
            tag,
            identity,
            tag,
        )
    return sql(
        "encode(substr(sha256(call.key || {} || sha256(convert_to({}, 'UTF8'))), 1, 15), 'base64')",
        _kind(column.label.identifier or Identifier.ROW_ID),
        name(row.alias, column.column),
    )


def tag_sql(row: Row) -> Sql:
    """What stands in for a masked id wherever rows are told apart or put in order."""
    return sql("substr(sha256(call.key || {} || int8send({})), 1, 8)", _kind(_entity(row).name), name(row.alias, "id"))


def _kind(kind: str) -> Sql:
    return sql("{}::bytea", constant("\\x" + hashlib.sha256(kind.encode()).digest()[:8].hex()))


def partial(column: Column, alias: str) -> Sql:
    """The recognisable, useless form of a column."""
    raw = name(alias, column.column)
    match column.label.identifier:
        case Identifier.EMAIL:
            return _partial_email(raw)
        case Identifier.NAME:
            return sql("left({}, 1) || '. ***'", raw)
        case Identifier.PHONE:
            return _partial_phone(raw)
        case Identifier.POSTAL_ADDRESS:
            return sql("case when {} is not null then {} end", raw, name(alias, column.coarse or column.column))
        case Identifier.IP_ADDRESS:
            address = sql("{}::inet", raw)
            return sql("network(set_masklen({}, case family({}) when 4 then 24 else 48 end))::text", address, address)
        case Identifier.CARD_NUMBER | Identifier.BANK_ACCOUNT:
            return sql("case when length({}) < 12 then '****' else '**** ' || right({}, 4) end", raw, raw)
        case Identifier.TRACKING_NUMBER:
            return sql("case when length({}) < 8 then '***' else '*** ' || right({}, 2) end", raw, raw)
        case Identifier.FREE_TEXT:
            return _redacted(raw)
        case kind:
            raise AssertionError(f"`{kind}` has no partial form")


def _partial_email(raw: Sql) -> Sql:
    domain = sql("split_part({}, '@', 2)", raw)
    return sql(
        "left(split_part({}, '@', 1), 1) || '***@' || left({}, 1) || '***.' || left(split_part({}, '.', -1), 6)",
        raw,
        domain,
        domain,
    )


def _partial_phone(raw: Sql) -> Sql:
    digits = sql("translate({}, {}, '')", raw, constant(PHONE_PUNCTUATION))
    return sql(
        "case when length({}) < 8 then '***' else case when left({}, 1) <> '+' then ''"
        " when substr({}, 2, 1) in ('1', '7') then left({}, 2) || ' '"
        " when substr({}, 2, 2) in ({}) then left({}, 3) || ' ' else left({}, 4) || ' ' end"
        " || '*** ' || right({}, 2) end",
        digits,
        digits,
        digits,
        digits,
        digits,
        join(", ", map(constant, TWO_DIGIT_COUNTRY_CODES)),
        digits,
        digits,
        digits,
    )


def _redacted(raw: Sql) -> Sql:
    text = sql("translate({}, {}, {})", raw, constant(FULL_WIDTH), constant(HALF_WIDTH))
    for kind, pattern in REDACTIONS:
        text = sql("regexp_replace({}, {}, {}, 'g')", text, constant(pattern), constant(kind))
    return text
