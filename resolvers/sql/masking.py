"""The one room that names raw columns: what each treatment makes of a column, as SQL.

Held against `schema.treatments`, the reference, by generated tests. Every consumer of a column (projection, order,
cursor, filter) takes its expression from here.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from resolvers.planning.plan import CERTAIN, Branch, MaskedColumn, RowVersion
from resolvers.sql.conditions import predicate_sql
from resolvers.sql.pieces import KEY, NULL, Sql, any_of, constant, join, name, number, sql, sql_type
from resolvers.sql.subjects import subject_sql, subjects_text_sql
from schema.catalog import Column, Entity, Scalar
from schema.cursors import connection_digest
from schema.labels import Form, Identifiers
from schema.masks import (
    ADDRESS_INITIALS,
    AMOUNT_DIGITS,
    COMMON_DOMAINS,
    DIGITS,
    ENDINGS,
    IPV4,
    IPV6,
    IPV6_WITH_IPV4,
    LARGEST_AMOUNT,
    LONGEST_PHONE,
    NAME_INITIALS,
    THREE_DIGIT_COUNTRY_CODES,
    TWO_DIGIT_COUNTRY_CODES,
    Ending,
    Ranges,
)
from schema.tokens import TEXT_STEP, text_id_place
from schema.treatments import Treatment


@dataclass(frozen=True, slots=True, kw_only=True)
class RowAlias:
    """A row within a statement: its alias, that of the row its conditions look at, and its tag where it is made.

    Without an entity it is the call itself.
    """

    entity: Entity | None
    alias: str
    owner: str
    tag: Sql | None = None

    def own_name(self, word: str) -> str:
        """The name of a column that a statement adds to the row's own."""
        return self.entity.free_name(word) if self.entity else word

    def own(self, word: str) -> Sql:
        """Such a column."""
        return name(self.alias, self.own_name(word))


def _entity(row: RowAlias) -> Entity:
    assert row.entity  # noqa: S101 - nothing is shown of a call itself
    return row.entity


def masked_sql(shown: MaskedColumn, row: RowAlias) -> Sql:
    """A field as its cases show it, of its own SQL type; null where it is hidden."""
    return case_sql(shown.branches, row, [treatment_sql(case.treatment, shown.column, row) for case in shown.branches])


def needs_no_escape(shown: MaskedColumn) -> bool:
    """Whether a text is only ever shown in a form that JSON need not escape: every mask's, but where words remain."""
    kept = shown.column.label.is_a(Form.POSTAL_ADDRESS, Form.FREE_TEXT)
    escaped = {Treatment.PLAIN, Treatment.PARTIAL} if kept else {Treatment.PLAIN}
    return escaped.isdisjoint(case.treatment for case in shown.branches)


def hidden_names_sql(fields: Sequence[MaskedColumn], row: RowAlias) -> Sql:
    """The names of the fields that a row hides or cannot show, as a JSON list."""
    names = [named for shown in fields if (named := _hidden_name(shown, row))]
    return sql("'[' || concat_ws(',', {}) || ']'", join(", ", names)) if names else constant("[]")


def _hidden_name(shown: MaskedColumn, row: RowAlias) -> Sql | None:
    """A field's name where its row hides it, or where what is stored is no value of its type."""
    named = constant(json.dumps(shown.column.name))
    unreadable = unreadable_sql(shown.column, row)
    where_shown = sql("case when {} then {} end", unreadable, named) if unreadable else NULL
    if shown.least is Treatment.HIDDEN:
        cases = (*shown.branches, Branch(Treatment.HIDDEN, CERTAIN))
        return case_sql(cases, row, [*(where_shown for _ in shown.branches), named])
    return where_shown if unreadable else None


def has_value_sql(column: Column, row: RowAlias) -> Sql:
    """Whether there is something to be masked: a value of the field's type."""
    raw = name(row.alias, column.column)
    return _is_readable(column, raw) or sql("{} is not null", raw)


def case_sql(cases: Sequence[Branch], row: RowAlias, forms: Sequence[Sql]) -> Sql:
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


def treatment_sql(treatment: Treatment, column: Column, row: RowAlias) -> Sql:
    """A column by one treatment."""
    raw = name(row.alias, column.column)
    match treatment:
        case Treatment.HIDDEN:
            return NULL
        case Treatment.PLAIN:
            return plain_id_sql(row) if column.scalar is Scalar.ID else readable_sql(column, raw)
        case Treatment.TOKEN:
            return token_sql(column, row)
        case Treatment.PARTIAL:
            return partial_sql(column, row.alias)
        case _:
            assert_never(treatment)


_TEXTS = frozenset({Scalar.TEXT, Scalar.ENUM})
"""What JSON has in quotes, escaped as a text."""


def readable_sql(column: Column, raw: Sql) -> Sql:
    """A column's value where it is one of the field's type, else null: PostgreSQL's types hold more than GraphQL's.

    Invariant: a value that JSON has without quotes is cast to its type, so that no stored text becomes JSON.
    """
    readable = _is_readable(column, raw)
    value = raw if column.scalar in _TEXTS else sql("{}::{}", raw, sql_type(column.scalar.sql_type))
    return sql("case when {} then {} end", readable, value) if readable else value


def unreadable_sql(column: Column, row: RowAlias) -> Sql | None:
    """Whether a row's value is none of the field's type; none where each value is one."""
    readable = _is_readable(column, name(row.alias, column.column))
    return sql("not ({})", readable) if readable else None


def _is_readable(column: Column, raw: Sql) -> Sql | None:
    match column.scalar:
        case Scalar.TIMESTAMP:
            return sql("{} >= '0001-01-01 00:00:00+00' and {} < '10000-01-01 00:00:00+00'", raw, raw)
        case Scalar.INTEGER:
            return sql("{} between -2147483648 and 2147483647", raw)
        case Scalar.DECIMAL:
            return sql("{} not in ('NaN'::numeric, 'Infinity'::numeric, '-Infinity'::numeric)", raw)
        case Scalar.ENUM:
            words = [constant(str(each.value)) for each in column.enum_type or ()]
            return sql("{} in ({})", raw, join(", ", words))
        case Scalar.TEXT | Scalar.BOOLEAN | Scalar.TEXT_LIST | Scalar.ID | Scalar.UUID:
            return None


def plain_id_sql(row: RowAlias) -> Sql:
    entity = _entity(row)
    return sql("{} || {}::{}", constant(f"{entity.name}:"), id_sql(row), sql_type(entity.storage.id_type))


def id_sql(row: RowAlias) -> Sql:
    """A row's id as it is stored."""
    return name(row.alias, _entity(row).storage.key)


def token_sql(column: Column, row: RowAlias) -> Sql:
    """A row's id sealed, any other value pseudonymised."""
    if column.scalar is Scalar.ID and not _entity(row).storage.has_numbers:
        sealed = _sealed_text(text_id_place(_entity(row).name), sql("{}::text", id_sql(row)))
        return sql("{} || {}", constant(f"{_entity(row).name}:~"), sealed)
    if column.scalar is Scalar.ID:
        if row.tag:
            return _sealed(row, row.tag)
        # The tag is needed twice and made once: the bound keeps the planner from writing it out in both places.
        return sql("(select {} from (select {} as tag offset 0) made)", _sealed(row, name("made", "tag")), tag_sql(row))
    if column.is_sealed:
        return _sealed_text(f"{_entity(row).name}.{column.name}", name(row.alias, column.column))
    return sql(
        "encode(substr(sha256({} || {} || sha256(convert_to({} || {}, 'UTF8'))), 1, 15), 'base64')",
        KEY,
        _kind(column.label.identifier or Identifiers.ROW_ID),
        _about(column, row),
        name(row.alias, column.column),
    )


def _about(column: Column, row: RowAlias) -> Sql:
    """The members that a field is about, as a text that ends in a colon. A text that stands for an id is about nobody."""
    if row.entity is None or column.label.is_a(Form.ID):
        return constant(":")
    members = [name(row.owner, each) for each in row.entity.subjects_of(column)]
    if row.entity.owner.subjects_array:
        members = [subjects_text_sql(each, row.entity.subject_type) for each in members]
    elif row.entity.subject_type == "text":
        members = [subject_sql(each, row.entity.subject_type) for each in members]
    return sql("concat_ws(',', {}) || ':'", join(", ", members)) if members else constant(":")


def _sealed_text(field: str, text: Sql) -> Sql:
    """A text, filled up with spaces, sealed as one of its field."""
    place = constant("\\x" + connection_digest(field).hex())
    return sql(
        "(select veil.cursor({}, {}, made || repeat(' ', {} - (octet_length(made) + {}) % {}))"
        " from (select '[' || to_json({})::text || ']' as made offset 0) made)",
        KEY,
        place,
        number(TEXT_STEP - 1),
        number(TEXT_STEP - 1),
        number(TEXT_STEP),
        text,
    )


def _sealed(row: RowAlias, tag: Sql) -> Sql:
    return sql(
        "{} || encode({} || int8send({} # ('x' || encode(substr(sha256({} || {}), 1, 8), 'hex'))"
        "::bit(64)::bigint), 'hex')",
        constant(f"{_entity(row).name}:~"),
        tag,
        id_sql(row),
        KEY,
        tag,
    )


def row_version_sql(version: RowVersion, row: RowAlias) -> Sql:
    """The version of a row that may be edited; null of another."""
    made = version_sql(version.columns, row)
    if version.when == CERTAIN:
        return made
    return sql("case when {} then {} end", predicate_sql(version.when, _entity(row), row.owner), made)


def version_sql(columns: Sequence[Column], row: RowAlias) -> Sql:
    """What is another text once one of these columns has another value. It tells nothing else without the key."""
    values = join(", ", (name(row.alias, column.column) for column in columns))
    kind = _kind(f"{_entity(row).name} version")
    return sql("encode(substr(sha256({} || {} || convert_to(row({})::text, 'UTF8')), 1, 12), 'hex')", KEY, kind, values)


def tag_sql(row: RowAlias) -> Sql:
    """Replaces a masked id where rows are distinguished or put in order."""
    entity = _entity(row)
    if not entity.storage.has_numbers:
        text = sql("sha256(convert_to({}::text, 'UTF8'))", id_sql(row))
        return sql("substr(sha256({} || {} || {}), 1, 8)", KEY, _kind(text_id_place(entity.name)), text)
    kind = _kind(entity.name)
    return sql("substr(sha256({} || {} || int8send({})), 1, 8)", KEY, kind, id_sql(row))


def _kind(kind: str) -> Sql:
    return sql("{}::bytea", constant("\\x" + hashlib.sha256(kind.encode()).digest()[:8].hex()))


def partial_sql(column: Column, alias: str) -> Sql:
    """The recognisable, useless form of a column; what is null stays null."""
    raw = name(alias, column.column)
    match column.label.form:
        case Form.FREE_TEXT:
            return sql("veil.redact({})", raw)
        case Form.TIME:
            return sql("date_trunc('month', {}, 'UTC')", readable_sql(column, raw))
        case Form.AMOUNT:
            return _rounded_amount(readable_sql(column, raw))
        case _:
            pass
    return sql("case when {} is not null then {} end", raw, _partial(column, raw, alias))


def _partial(column: Column, raw: Sql, alias: str) -> Sql:
    match column.label.form:
        case Form.EMAIL:
            return _partial_email(raw)
        case Form.NAME:
            return sql("{} || '. ***'", _initial(raw, NAME_INITIALS))
        case Form.PHONE:
            return _partial_phone(raw)
        case Form.POSTAL_ADDRESS:
            city = name(alias, column.coarse) if column.coarse else NULL
            return sql("coalesce(nullif({}, ''), '***')", city)
        case Form.IP_ADDRESS:
            return _network(raw)
        case (Form.CARD_NUMBER | Form.ACCOUNT_NUMBER | Form.SHORT_NUMBER) as form:
            return _ending(raw, ENDINGS[form])
        case form:
            raise AssertionError(f"`{form}` has no partial form")


def _rounded_amount(amount: Sql) -> Sql:
    # Not by `least` and `greatest`: these take null for nothing at all.
    largest = sql("{}::numeric", constant(str(LARGEST_AMOUNT)))
    return sql(
        "(select round(amount, {} - case when abs(amount) < 1 then 0 else length(trunc(abs(amount))::text) end)"
        " from (select case when abs(stored) > {} then sign(stored) * {} else stored end as amount"
        " from (select {} as stored offset 0) given offset 0) made)",
        number(AMOUNT_DIGITS),
        largest,
        largest,
        amount,
    )


def _initial(text: Sql, shown: Ranges) -> Sql:
    """The first character where it is one of those shown, else a star."""
    within = any_of(
        sql("ascii({}) between {} and {}", text, number(ord(first)), number(ord(last))) for first, last in shown
    )
    return sql("case when {} then left({}, 1) else '*' end", within, text)


def _partial_email(raw: Sql) -> Sql:
    domain = sql("split_part({}, '@', 2)", raw)
    common = join(" ", (sql("when {} then {}", constant(ending), constant(ending)) for ending in COMMON_DOMAINS))
    return sql(
        "{} || '***@' || {} || '***.' || case split_part({}, '.', -1) {} else '***' end",
        _initial(raw, ADDRESS_INITIALS),
        _initial(domain, ADDRESS_INITIALS),
        domain,
        common,
    )


def _partial_phone(raw: Sql) -> Sql:
    kept = sql("left({}, {})", raw, number(LONGEST_PHONE))
    return sql(
        "(select case when length(digits) < 8 then '*** **'"
        " else case when left(ltrim({}, ' ('), 1) <> '+' then ''"
        " when left(digits, 1) in ('1', '7') then '+' || left(digits, 1) || ' '"
        " when strpos({}, left(digits, 2)) > 0 then '+' || left(digits, 2) || ' '"
        " when strpos({}, left(digits, 2)) > 0 then '+' || left(digits, 3) || ' '"
        " else '' end || '*** ' || right(digits, 2) end"
        " from (select translate({}, translate({}, {}, ''), '') as digits offset 0) made)",
        raw,
        constant(TWO_DIGIT_COUNTRY_CODES),
        constant(THREE_DIGIT_COUNTRY_CODES),
        kept,
        kept,
        constant(DIGITS),
    )


def _network(raw: Sql) -> Sql:
    return sql(
        "case when {} ~ {} then ltrim(rtrim({}, {}), ':f') || '0/24'"
        " when length({}) - length(translate({}, ':', '')) < 8 and not starts_with({}, {}) and {} ~ {}"
        " then network(set_masklen({}::inet, 48))::text else '***' end",
        raw,
        constant(f"^(?:{IPV4})$"),
        raw,
        constant(DIGITS),
        raw,
        raw,
        raw,
        constant(IPV6_WITH_IPV4),
        raw,
        constant(f"^(?:{IPV6})$"),
        raw,
    )


def _ending(raw: Sql, ending: Ending) -> Sql:
    last = sql("right({}, {})", raw, number(ending.width))
    return sql(
        "case when length({}) >= {} and translate({}, {}, '') = '' then {} || {} else {} end",
        raw,
        number(ending.shortest),
        last,
        constant(ending.allowed),
        constant(ending.stars + " "),
        last,
        constant(ending.stars + " " + "*" * ending.width),
    )
