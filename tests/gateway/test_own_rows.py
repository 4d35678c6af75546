"""Somebody else's rows behind views: what they hold is shown as it is or not at all, and what is wrong is said."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from gateway import app, column_notices
from gateway.database import migration
from tests.conftest import MEMBER, PUBLIC, STAFF, TRADER, Databases, run, settings_for
from tests.gateway.cli.conftest import Veil, veil
from tests.gateway.test_own_data import OTHER_VIEWS, Served, migrated, put_behind_view, served
from tests.webshop.conftest import TABLES

assert veil  # a fixture of the commands
assert served


def replace_view(url: str, table: str, **expressions: str) -> None:
    """The view that stands for a table becomes another, while Veil serves."""
    columns = OTHER_VIEWS[table]
    for column in (word.partition("}")[0] for word in columns.split("{")[1:]):
        columns = columns.replace(f"{{{column}}}", expressions.get(column, column))
    change = f"""
        drop view {table} cascade; create view {table} as select {columns} from shop.{table};
        grant select on {table} to veil_gateway
    """
    run(url, lambda connection: connection.execute(change))


# Words.


def test_a_cancelled_order_in_other_words_shows_nothing_of_who_cancelled(own_market_url: str, served: Served) -> None:
    """Neither a name, nor an address or a number; and the word itself leaves as null, and is said to be hidden."""
    put_behind_view(own_market_url, "trade_order", status="case when id % 2 = 0 then 'canceled' else 'pending' end")
    migrated(own_market_url)
    asking = served()
    query = "{ members(first: 100) { nodes { id name email phone } } orders { nodes { status hiddenFields } } }"
    found = asking.data(TRADER, query)
    others = [each for each in found["members"]["nodes"] if each["id"] != "Member:1"]
    assert all(each["name"] is each["email"] is each["phone"] is None for each in others)
    assert found["orders"]["nodes"]
    assert {each["status"] for each in found["orders"]["nodes"]} == {None}
    assert all("status" in each["hiddenFields"] for each in found["orders"]["nodes"])


# Rows without a time, and rows that a join doubles.


@pytest.mark.parametrize(("size", "place", "end"), [("first", "after", "Next"), ("last", "before", "Previous")])
@pytest.mark.parametrize("order", ["", ", orderBy: {placedAt: DESC}", ", orderBy: {placedAt: ASC}"])
def test_rows_without_a_time_are_counted_and_reached_alike(
    own_market_url: str, served: Served, size: str, place: str, end: str, order: str
) -> None:
    put_behind_view(own_market_url, "trade_order", placed_at="case when id % 3 > 0 then placed_at end")
    migrated(own_market_url)
    page = (
        f"query ($from: String) {{ orders({size}: 5, {place}: $from{order}) {{ totalCount nodes {{ id placedAt }}"
        f" pageInfo {{ more: has{end}Page place: {'end' if end == 'Next' else 'start'}Cursor }} }} }}"
    )
    seen: list[Any] = []
    cursor = None
    asking = served()
    while True:
        found = asking.data(TRADER, page, {"from": cursor})["orders"]
        seen += found["nodes"]
        cursor = found["pageInfo"]["place"]
        if not found["pageInfo"]["more"]:
            break
    assert len(seen) == len({each["id"] for each in seen}) == found["totalCount"]
    assert any(each["placedAt"] is None for each in seen)


def test_a_row_that_a_join_doubles_is_told_by_a_code_and_named_at_the_start(
    own_market_url: str, served: Served, key_file: Path, veil: Veil, caplog: pytest.LogCaptureFixture
) -> None:
    doubled = """
        create schema shop; alter table member set schema shop; create view member as
        select member.* from shop.member left join (values (1), (1), (2), (2), (3), (3)) seen (id) using (id)
    """
    run(own_market_url, lambda connection: connection.execute(doubled))
    migrated(own_market_url)
    asking = served()
    refused = asking.post(MEMBER, "{ me { name } }")
    assert (refused.status_code, "data" in refused.json()) == (503, False)
    assert refused.json()["errors"][0]["extensions"]["code"] == "UNREADABLE"
    assert asking.data(PUBLIC, "{ products(first: 1) { nodes { title } } }")
    said = (
        "the column id of member has several rows for 3 ids: an id is of one row; a join that doubles rows has no place"
        " in a view"
    )
    assert f"mend: {said}" in veil("check", "--database", own_market_url).out.splitlines()
    asyncio.run(app.report_columns(settings_for(own_market_url, key_file)))
    assert said in [each.getMessage() for each in caplog.records if each.name == column_notices.__name__]


# Types.


@pytest.mark.parametrize(
    ("table", "expressions", "said"),
    [
        ("member", {"id": "gen_random_uuid()"}, "the column member.id is of type uuid: make it bigint"),
        ("member", {"id": "id::numeric"}, "the column member.id is of type numeric: make it bigint"),
        (
            "trade_order",
            {"placed_at": "placed_at at time zone 'UTC'"},
            "the column trade_order.placed_at is of type timestamp without time zone: make it timestamptz",
        ),
        (
            "trade_order",
            {"placed_at": "placed_at::date"},
            "the column trade_order.placed_at is of type date: make it timestamptz",
        ),
        ("trade_order", {"total": "total::money"}, "the column trade_order.total is of type money: make it numeric"),
        (
            "trade_order",
            {"total": "total::double precision"},
            "the column trade_order.total is of type double precision: make it numeric",
        ),
        (
            "company",
            {"verified": "verified::integer"},
            "the column company.verified is of type integer: make it boolean",
        ),
        ("member", {"country": "to_json(country)"}, "the column member.country is of type json: make it text"),
        ("consent", {"given": "given::integer"}, "the column consent.given is of type integer: make it boolean"),
        ("consent", {"kind": "array[kind]"}, "the column consent.kind is of type text[]: make it text"),
        (
            "product",
            {"minimum_order": "minimum_order::double precision"},
            "the column product.minimum_order is of type double precision: make it integer",
        ),
    ],
)
def test_a_column_of_any_other_type_is_named_before_anybody_asks(
    own_market_url: str, veil: Veil, table: str, expressions: dict[str, str], said: str
) -> None:
    put_behind_view(own_market_url, table, **expressions)
    with pytest.raises(migration.MigrationError) as refused:
        migrated(own_market_url)
    assert said in str(refused.value).splitlines()
    ended = veil("check", "--database", own_market_url)
    assert ended.code == 1
    assert f"mend: {said}" in ended.out.splitlines()


HOSTILE = """'1","price":"0.01'::text"""

LISTED = "{ products(first: 3) { nodes { id price minimumOrder } } }"
COMPANIES = "{ companies(first: 3) { nodes { verified } } }"
PURCHASES = "{ orders(first: 3) { nodes { id total placedAt } } }"


@pytest.mark.parametrize(
    ("table", "column", "query"),
    [
        ("product", "minimum_order", LISTED),
        ("company", "verified", COMPANIES),
        ("trade_order", "total", PURCHASES),
        ("trade_order", "placed_at", PURCHASES),
        ("member", "id", "{ members(first: 3) { nodes { id } } }"),
        ("member", "registered_at", "{ members(first: 3) { nodes { id registeredAt } } }"),
    ],
)
def test_a_text_in_place_of_another_type_is_refused_at_once_and_never_becomes_json(
    own_market_url: str, served: Served, table: str, column: str, query: str
) -> None:
    put_behind_view(own_market_url, table)
    migrated(own_market_url)
    who = PUBLIC if table in ("product", "company") else STAFF
    asking = served()
    assert asking.data(who, query)
    replace_view(own_market_url, table, **{column: HOSTILE})
    for _ in range(2):
        response = asking.post(who, query)
        assert response.status_code == 503
        assert "data" not in response.json()
        assert "0.01" not in response.text
        assert asking.client.get("/health/ready").status_code == 503
    assert f"the column {table}.{column} is of type text" in asking.lacking()


# What Veil makes.


def test_the_shop_s_own_changes_of_types_are_not_blocked(databases: Databases) -> None:
    """Veil makes no view over the tables of a package that maps their columns."""
    url = databases.make("template0")
    webshop = app.catalog("tests.webshop")
    run(url, lambda connection: connection.execute(TABLES))
    run(url, lambda connection: migration.migrate(connection, webshop))
    change = """
        alter table shop."order" alter amount_cents type numeric, alter state type text, alter placed type timestamptz(3);
        alter table shop.customer alter first_name type varchar(200), alter created_at type timestamp(3);
        alter table consents.marketing alter agreed type varchar(9)
    """
    run(url, lambda connection: connection.execute(change))
    assert run(url, lambda connection: migration.migrate(connection, webshop)) == []
    databases.drop(url)
