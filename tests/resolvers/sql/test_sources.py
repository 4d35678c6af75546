"""Mapped columns as SQL: cast whatever they are declared as, and only those that are read."""

import json
from typing import Any

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resolvers.sql.json_text import value_text
from resolvers.sql.masking import RowAlias, treatment_sql
from resolvers.sql.pieces import name, sql
from resolvers.sql.sources import columns_of, mapped_sql, source_sql
from schema.catalog import Column, Scalar
from schema.labels import Label, OwnCategories
from schema.mapping import MappedColumn
from schema.treatments import Treatment
from tests.conftest import run

NAME = MappedColumn(reads=("first", "last"), sql_type="text", expression="first || last")
STATE = MappedColumn(reads=("state",), sql_type="text", words=(("void", "CANCELLED"), ("it's", "DONE")))
MAPPED = {"name": NAME, "state": STATE}


def test_a_table_of_which_nothing_mapped_is_read_stays_a_table() -> None:
    assert source_sql("customer", MAPPED, ["id"], "c1").text == "customer c1"
    assert source_sql("shop.customer", {}, ["name"], "c1").text == "shop.customer c1"
    assert source_sql("member", {}, ["id"], "member").text == "member"


def test_a_source_has_the_columns_that_are_read() -> None:
    made = source_sql("shop.order", MAPPED, ["name", "user"], "o1").text
    assert made == '(select (first || last)::text as name, "user" from shop."order") o1'


def test_a_word_becomes_the_enums_and_any_other_none() -> None:
    assert mapped_sql(STATE).text == (
        "case state::text when 'void' then 'CANCELLED' when 'it''s' then 'DONE' else left(state::text, 0) end"
    )


def test_the_columns_of_a_row_are_those_that_pieces_name() -> None:
    piece = sql("{} = {}", name("c1", "id"), name("o1", "customer_id"))
    assert columns_of("c1", [piece, name("c1", "name")]) == {"id", "name"}


# Whatever the type that an expression is declared as, a text from a row is never anything but a JSON string.

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20) | st.sampled_from(
    ['1,"price":"0.01"', "ACTIVE", "true", "t", "1", "1.5", "null", "NaN", "2020-01-01", '"', "]}", "infinity"]
)
TYPES: dict[Scalar, type | tuple[type, ...]] = {
    Scalar.TEXT: str,
    Scalar.INTEGER: int,
    Scalar.DECIMAL: str,
    Scalar.BOOLEAN: bool,
    Scalar.TIMESTAMP: str,
    Scalar.TEXT_LIST: list,
}
LAW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("scalar", TYPES, ids=str)
@LAW
@given(text=TEXTS)
def test_a_text_from_a_row_never_becomes_json(market_url: str, scalar: Scalar, text: str) -> None:
    sql_type = "bigint" if scalar is Scalar.INTEGER else scalar.sql_type
    mapped = MappedColumn(reads=("stored",), sql_type=sql_type, expression="stored")
    column = Column(
        name="value",
        python_name="value",
        column="value",
        scalar=scalar,
        label=Label(category=OwnCategories.OPEN),
        subject=None,
        coarse=None,
        enum_type=None,
        mapped=mapped,
    )
    shown = value_text(scalar, treatment_sql(Treatment.PLAIN, column, RowAlias(entity=None, alias="t", owner="t")))
    source = source_sql("held", {"value": mapped}, ["value"], "t")
    query = sql("with held as (select $1::text as stored) select {} from {}", shown, source).text

    async def asked(connection: Any) -> str | None:
        try:
            return await connection.fetchval(query, text)
        except asyncpg.DataError:
            # The request fails, and nothing leaves.
            return None

    found = run(market_url, asked)
    if found is not None:
        value = json.loads(found)
        assert value is None or isinstance(value, TYPES[scalar])
        assert scalar is not Scalar.TEXT or value == text
