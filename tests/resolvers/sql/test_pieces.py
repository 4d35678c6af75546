"""Pieces of SQL know what they hold, however they are put together."""

import pytest

from resolvers.sql.pieces import (
    EMPTY,
    FALSE,
    KEY,
    RESERVED_WORDS,
    TRUE,
    all_of,
    any_of,
    constant,
    expression,
    indent,
    join,
    name,
    spread,
    sql,
    sql_type,
    table_name,
)
from tests.conftest import run


def test_a_piece_knows_the_columns_of_all_its_parts() -> None:
    condition = sql("{} = {}", name("m1", "id"), name("o1", "buyer_id"))
    select = indent(sql("select {}\nwhere {}", name("m1", "name"), all_of([condition, TRUE])))
    assert select.columns == {("m1", "id"), ("o1", "buyer_id"), ("m1", "name")}
    assert join(", ", [select, name("m2", "id")]).columns == {*select.columns, ("m2", "id")}
    assert spread(constant(","), [name("m1", "id"), name("m1", "city")]).columns == {("m1", "id"), ("m1", "city")}


def test_a_name_alone_and_a_constant_name_no_column() -> None:
    assert name("member").columns == frozenset()
    assert constant("m1.id").columns == frozenset()


@pytest.mark.parametrize("identifier", ["Member", "a b", "a;", "ä", 'a"b', "a.b", "user", "order", "1st"])
def test_what_needs_quotes_is_put_in_quotes(market_url: str, identifier: str) -> None:
    quoted = identifier.replace('"', '""')
    assert name("m1", identifier).text == f'm1."{quoted}"'
    query = f"select 1 as {name(identifier).text}"
    (row,) = run(market_url, lambda connection: connection.fetch(query))
    assert [*row.keys()] == [identifier]


@pytest.mark.parametrize("identifier", ["", "a" * 64, "ä" * 32, "a\nb", "a\0"])
def test_what_postgresql_would_change_is_no_name(identifier: str) -> None:
    with pytest.raises(ValueError, match="no SQL name"):
        name("m1", identifier)


def test_a_table_may_name_its_schema() -> None:
    assert table_name("shop.order").text == "shop.order".replace("order", '"order"')
    assert (table_name("shop.order").columns, table_name("member").text) == (frozenset(), "member")


def test_the_reserved_words_are_postgresqls(market_url: str) -> None:
    query = "select word from pg_get_keywords() where catcode in ('R', 'T')"
    rows = run(market_url, lambda connection: connection.fetch(query))
    assert {row[0] for row in rows} - RESERVED_WORDS == set()


def test_an_expression_stands_in_brackets() -> None:
    assert expression("a || b").text == "(a || b)"


def test_a_piece_needs_the_key_if_one_of_its_parts_does() -> None:
    assert sql("sha256({})", sql("{} || {}", KEY, name("m1", "id"))).needs_key
    assert not sql("{} || {}", constant("call.key"), name("call", "member")).needs_key


def test_only_a_constant_is_known_as_one() -> None:
    assert constant("it's").constant == "it's"
    assert constant("it's").text == "'it''s'"
    assert join(" || ", [constant("a")]).constant == "a"
    assert join(" || ", [constant("a"), constant("b")]).constant is None
    assert sql("'a'").constant is None


def test_a_constant_is_one_line() -> None:
    with pytest.raises(ValueError, match="one line"):
        constant("a\nb")


def test_a_type_is_one_of_those_there_are() -> None:
    assert sql_type("text[]").text == "text[]"
    with pytest.raises(KeyError):
        sql_type("text; drop table member")


def test_conditions_that_always_hold_are_left_out() -> None:
    assert all_of([TRUE, name("a"), TRUE]) == name("a")
    assert all_of([]) is TRUE
    assert any_of([FALSE, TRUE]) is TRUE
    assert any_of([name("a"), name("b")]).text == "(a or b)"
    assert EMPTY.text == ""
