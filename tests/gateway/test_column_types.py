"""Which type each column must have is known of every column that a condition or a field computes with."""

import json
from typing import Any

import pytest

from gateway import app, column_notices
from gateway.column_types import column_types
from schema.catalog import Catalog
from tests.conftest import PostgreSQL, database, run

OF_ANY_TYPE = {
    # They order, join, or are set or not: whatever can be compared will do.
    ("order_item", "line"),
    ("legal_instrument", "id"),
    ("legal_instrument_subject", "instrument_id"),
    ("legal_instrument", "serves"),
    ("legal_instrument", "approved_at"),
    ("member", "destroyed_at"),
    ("destruction_line", "id"),
}


def found(url: str, catalog: Catalog, change: str = "select") -> list[str]:
    statement = column_notices.statement(app.misfits(catalog))

    async def asked(connection: Any) -> list[str]:
        await connection.execute(change)
        (row,) = await connection.fetch(statement.sql, [True])
        return json.loads(row["json"])

    return run(url, asked)


def test_every_column_of_the_marketplace_has_its_types(catalog: Catalog) -> None:
    read = {
        (table, column)
        for table, columns in catalog.readable_columns().items()
        for column in columns
        if not table.startswith("veil.")
    }
    assert read - set(column_types(catalog)) == OF_ANY_TYPE


def test_the_tables_that_veil_makes_fit(market_url: str, catalog: Catalog) -> None:
    assert found(market_url, catalog) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            "alter table company alter verified drop default, alter verified type text",
            ["the column company.verified is of type text: make it boolean"],
        ),
        (
            "alter table product alter minimum_order type text",
            ["the column product.minimum_order is of type text: make it integer"],
        ),
        (
            "alter table product alter minimum_order type bigint, alter title type varchar(200), alter price type integer",
            [],
        ),
        (
            "alter table order_item alter quantity type numeric",
            ["the column order_item.quantity is of type numeric: make it integer"],
        ),
        (
            "alter table marketing_contact alter met_at type timestamp",
            ["the column marketing_contact.met_at is of type timestamp without time zone: make it timestamptz"],
        ),
        (
            "alter table consent alter given type text",
            ["the column consent.given is of type text: make it boolean"],
        ),
        (
            "alter table trade_order drop column status cascade",
            ["the column trade_order.status is missing: add it to the table or view, then run `veil migrate`"],
        ),
        (
            "drop view veil.access_field",
            ["the table or view veil.access_field is missing: run `veil migrate`"],
        ),
        (
            "drop table support_case cascade",
            ["the table or view support_case is missing: make it, then run `veil migrate`"],
        ),
        (
            (
                "create domain city as text; alter table member alter city type city; create domain sure as integer;"
                " alter table company alter employees type sure"
            ),
            [],
        ),
        (
            (
                "create type shade as enum ('PLACED'); alter table complaint drop constraint complaint_status_check;"
                " alter table complaint alter status type shade using 'PLACED'::shade"
            ),
            ["the column complaint.status is of type shade: make it text"],
        ),
        (
            "alter table campaign_response drop constraint campaign_response_member_id_fkey, alter member_id type text",
            ["the column campaign_response.member_id is of type text: make it bigint"],
        ),
    ],
)
def test_what_does_not_fit_is_said_with_what_to_make_of_it(
    own_market_url: str, catalog: Catalog, change: str, said: list[str]
) -> None:
    assert found(own_market_url, catalog, change) == said


def test_another_encoding_does_not_fit(postgresql: PostgreSQL, catalog: Catalog) -> None:
    make = "create database latin encoding 'LATIN1' locale 'C' template template0"
    run(postgresql.url, lambda connection: connection.execute(make))
    try:
        assert "the database's encoding is not UTF8: make one that is" in found(
            database(postgresql.url, "latin"), catalog
        )
    finally:
        run(postgresql.url, lambda connection: connection.execute("drop database latin"))
