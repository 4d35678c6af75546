"""A column becomes a field that shows it, or is left out with a reason."""

from collections.abc import Mapping

import pytest

from gateway.adopting.columns import read_columns
from gateway.adopting.package import DataField, EntityClass, Guessed, Uncovered
from gateway.adopting.reading import Table, TableColumn
from schema.labels import Identifiers


def read(*columns: TableColumn, subjects: tuple[str, ...] = ("member_id",)) -> list[DataField | Uncovered | Guessed]:
    table = Table(schema="shop", name="some", columns={each.name: each for each in columns}, key=("id",))
    entity = EntityClass(name="Some", module="somes", table=table, key="id", subjects=subjects)
    return [*read_columns(entity, frozenset({"member_id"}))]


@pytest.mark.parametrize(
    ("type_", "python_type", "expression"),
    [
        ("text", "str", None),
        ("character varying", "str", None),
        ("boolean", "bool", None),
        ("integer", "int", None),
        ("bigint", "Decimal", None),
        ("numeric", "Decimal", None),
        ("money", "Decimal", "it::numeric"),
        ("timestamp with time zone", "DateTime", None),
        ("timestamp without time zone", "DateTime", "it at time zone 'UTC'"),
        ("date", "str", "to_char(it, 'YYYY-MM-DD')"),
        ("inet", "str", "host(it)"),
        ("uuid", "str", "it::text"),
        ("text[]", "list[str]", None),
    ],
)
def test_each_type_has_a_field_that_shows_it(type_: str, python_type: str, expression: str | None) -> None:
    (field, *_) = read(TableColumn(name="it", type=type_))
    assert isinstance(field, DataField)
    assert (field.python_type, field.expression) == (python_type, expression)


@pytest.mark.parametrize("type_", ["jsonb", "bytea", "tsvector", "point", "integer[]"])
def test_what_no_field_shows_is_left_out(type_: str) -> None:
    (found,) = read(TableColumn(name="it", type=type_))
    assert isinstance(found, Uncovered)
    assert found.why == f"no field shows the type {type_}: declare what you need of it with `expression`"


def test_a_name_that_cannot_be_printed_is_left_out() -> None:
    (found,) = read(TableColumn(name="a\nb", type="date"))
    assert isinstance(found, Uncovered)


def test_a_secret_and_an_id_of_nothing_known_are_left_out() -> None:
    secret, other, cookie = read(
        TableColumn(name="password_hash", type="text"),
        TableColumn(name="campaign_id", type="text"),
        TableColumn(name="session_id", type="text"),
    )
    assert isinstance(secret, Uncovered)
    assert isinstance(other, Uncovered)
    assert isinstance(cookie, DataField)
    assert cookie.kind is Identifiers.COOKIE


def test_an_address_is_shown_by_the_city_that_is_called_alike() -> None:
    columns = [TableColumn(name=name, type="text") for name in ("home_street", "home_city", "work_street", "work_city")]
    fields: Mapping[str, DataField] = {each.name: each for each in read(*columns) if isinstance(each, DataField)}
    assert (fields["home_street"].coarse, fields["work_street"].coarse) == ("home_city", "work_city")
    assert fields["home_city"].kind is None


def test_an_address_without_a_city_is_whole_or_hidden() -> None:
    (field,) = read(TableColumn(name="street", type="text"))
    assert isinstance(field, DataField)
    assert (field.kind, field.coarse) == (Identifiers.DETAIL, None)


def test_a_time_or_an_amount_of_nobody_identifies_nobody() -> None:
    price, made = read(
        TableColumn(name="price", type="numeric"),
        TableColumn(name="made", type="timestamp with time zone"),
        subjects=(),
    )
    assert isinstance(price, DataField)
    assert isinstance(made, DataField)
    assert (price.kind, made.kind) == (None, None)


def test_words_become_an_enum_whose_members_differ() -> None:
    (field,) = read(TableColumn(name="state", type="text", words=("in-use", "in use", "OUT")))
    assert isinstance(field, DataField)
    assert field.enum
    assert field.enum.members == {"in-use": "IN_USE", "in use": "IN_USE_OTHER", "OUT": "OUT"}
    assert field.python_type == "SomeState"


def test_an_enum_type_whose_words_are_those_of_the_enum_is_read_as_text() -> None:
    (field,) = read(TableColumn(name="state", type="shop.state", words=("ON", "OFF")))
    assert isinstance(field, DataField)
    assert field.enum
    assert (field.enum.is_mapped, field.expression) == (False, "state::text")


def test_a_name_that_needs_quotes_is_quoted_in_an_expression() -> None:
    field, guessed = read(TableColumn(name="placedAt", type="timestamp without time zone"))
    assert isinstance(field, DataField)
    assert (field.name, field.expression) == ("placed_at", "\"placedAt\" at time zone 'UTC'")
    assert isinstance(guessed, Guessed)


def test_the_mark_of_removed_rows_is_told() -> None:
    _, guessed = read(TableColumn(name="deleted_at", type="timestamp with time zone"))
    assert isinstance(guessed, Guessed)
    assert guessed.taken_for.startswith("the mark of a row that was removed")


def test_a_word_of_sql_is_quoted_in_an_expression() -> None:
    (field,) = read(TableColumn(name="from", type="date"))
    assert isinstance(field, DataField)
    assert (field.name, field.expression) == ("from_", "to_char(\"from\", 'YYYY-MM-DD')")


def test_two_columns_that_are_called_alike_have_two_fields() -> None:
    columns = [TableColumn(name=name, type="text") for name in ("deliveryNote", "delivery_note")]
    assert [each.name for each in read(*columns) if isinstance(each, DataField)] == [
        *("delivery_note", "delivery_note_column"),
    ]
