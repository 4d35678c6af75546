"""A database is read as it is: tables and views, keys, types, words, comments, and a sample that is shown nowhere."""

from collections.abc import Sequence
from typing import Any

import pytest

from gateway.adopting.reading import AdoptionError, Table, read_tables
from tests.conftest import Databases, run


def of(tables: Sequence[Table], name: str) -> Table:
    return next(table for table in tables if table.name == name)


def test_all_tables_and_views_are_read_but_those_of_veil_and_the_server(tables: Sequence[Table]) -> None:
    names = ["customer", "event", "newsletter", "order_line", "orders", "product", "review", "tagged", "totals"]
    assert [table.place for table in tables] == [f"shop.{name}" for name in names]


def test_keys_and_comments_are_read(tables: Sequence[Table]) -> None:
    assert of(tables, "order_line").key == ("order_no", "line")
    assert of(tables, "totals").key == ()
    assert of(tables, "customer").comment == "Whoever has an account with us."
    assert of(tables, "orders").columns["note"].comment == "What the customer asks of us."
    assert [(each.column, each.place, each.far) for each in of(tables, "order_line").foreign_keys] == [
        ("order_no", "shop.orders", "order_no"),
        ("sku", "shop.product", "sku"),
    ]


def test_the_words_of_an_enum_type_and_of_a_constraint_are_read(tables: Sequence[Table]) -> None:
    columns = of(tables, "orders").columns
    assert columns["state"].words == ("pending", "shipped", "canceled")
    assert columns["channel"].words == ("web", "phone")
    assert columns["note"].words == ()


@pytest.mark.parametrize(
    "check",
    [
        "state <> 'off'",
        "length(state) < 9",
        "state in ('a', 'b') or other",
        "lower(state) in ('a', 'b')",
        "state ~ '^a'",
    ],
)
def test_another_constraint_gives_no_words(databases: Databases, check: str) -> None:
    url = databases.make("template0")
    run(
        url,
        lambda connection: connection.execute(f"create table public.t (state text, other boolean, check ({check}))"),
    )
    assert of(run(url, read_tables), "t").columns["state"].words == ()
    databases.drop(url)


def test_the_values_that_are_looked_at_are_not_printed(tables: Sequence[Table]) -> None:
    assert "ada@example.org" in of(tables, "customer").columns["email"].sample
    assert "ada@example.org" not in repr(tables)


def test_what_this_login_may_not_read_is_known_by_its_names_alone(shop_url: str) -> None:
    change = (
        "create role stranger; grant usage on schema shop to stranger; grant select (city) on shop.customer to stranger"
    )

    async def read(connection: Any) -> Sequence[Table]:
        await connection.execute(f"{change}; set role stranger")
        return await read_tables(connection)

    columns = of(run(shop_url, read), "customer").columns
    run(shop_url, lambda connection: connection.execute("drop owned by stranger; drop role stranger"))
    assert (columns["email"].sample, columns["city"].sample) == ((), ("Oslo", "Rome"))


def test_a_database_without_tables_is_refused(databases: Databases) -> None:
    url = databases.make("template0")
    with pytest.raises(AdoptionError, match="the database has no tables that this login may see"):
        run(url, read_tables)
    databases.drop(url)
