"""An index that is missing is told by the fields and conditions that would use it, with the statement that makes it."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from gateway import app, index_notices
from gateway.index_notices import MANY_ROWS, missing_indexes
from schema.catalog import Catalog
from tests.conftest import run, settings_for


def notices(url: str, catalog: Catalog, change: str = "select", many_rows: int = 100) -> list[str]:
    async def asked(connection: Any) -> list[str]:
        await connection.execute(change)
        await connection.execute("analyze")
        return list(await missing_indexes(connection, catalog, many_rows))

    return run(url, asked)


def test_the_tables_that_veil_makes_have_every_index(own_market_url: str, catalog: Catalog) -> None:
    assert notices(own_market_url, catalog) == []


@pytest.mark.parametrize(
    ("change", "lacking"),
    [
        (
            "drop index trade_order_placed_at",
            (
                "`Query.orders`: reads 600 rows of marketplace.trade_order every time;"
                " run `create index on marketplace.trade_order (placed_at, id)`"
            ),
        ),
        (
            "drop index trade_order_seller",
            (
                "`Member.sales`, each `Order` of a member, the condition `TRADES_WITH_REQUESTER`: each reads 600 rows of"
                " marketplace.trade_order every time; run `create index on marketplace.trade_order (seller_id, placed_at, id)`"
            ),
        ),
        (
            "drop index message_parties",
            (
                "`Member.messages`: reads 120 rows of marketplace.message every time;"
                " run `create index on marketplace.message using gin (parties)`"
            ),
        ),
        (
            (
                "create schema shop; alter table trade_order set schema shop; alter table shop.trade_order rename to purchase;"
                " alter table shop.purchase rename buyer_id to bought_by;"
                " drop index shop.trade_order_buyer, shop.trade_order_parties;"
                " create view trade_order as select *, bought_by as buyer_id from shop.purchase where total is not null"
            ),
            (
                "`Member.purchases`, each `Order` of a member, the condition `TRADES_WITH_REQUESTER`: each reads 600 rows of"
                " shop.purchase every time; run `create index on shop.purchase (bought_by)`"
            ),
        ),
        (
            # An index that has the column, but not first.
            "drop index trade_order_seller; create index on trade_order (status, seller_id)",
            (
                "`Member.sales`, each `Order` of a member, the condition `TRADES_WITH_REQUESTER`: each reads 600 rows of"
                " marketplace.trade_order every time; run `create index on marketplace.trade_order (seller_id, placed_at, id)`"
            ),
        ),
    ],
)
def test_what_has_no_index_is_told(own_market_url: str, catalog: Catalog, change: str, lacking: str) -> None:
    assert notices(own_market_url, catalog, change) == [lacking]


def test_a_table_of_few_rows_needs_none(own_market_url: str, catalog: Catalog) -> None:
    assert notices(own_market_url, catalog, "drop index trade_order_placed_at", MANY_ROWS) == []


def test_the_start_logs_what_has_no_index(
    own_market_url: str, key_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """As the gateway's own role, which reads no row for it."""
    change = """
        insert into member (name, email, kind, registered_at)
            select 'A', 'a@example.org', 'BUYER', now() from generate_series(1, 6000);
        drop index member_registered_at; analyze member
    """
    run(own_market_url, lambda connection: connection.execute(change))
    asyncio.run(app.report_columns(settings_for(own_market_url, key_file)))
    assert [each.getMessage() for each in caplog.records if each.name == index_notices.__name__] == [
        (
            "`Query.members`: reads 6,060 rows of marketplace.member every time;"
            " run `create index on marketplace.member (registered_at, id)`"
        )
    ]


def test_names_that_need_quotes_have_them(own_market_url: str, catalog: Catalog) -> None:
    change = """
        create schema "Shop"; alter table trade_order set schema "Shop"; alter table "Shop".trade_order rename to "Order";
        drop index "Shop".trade_order_placed_at; alter table "Shop"."Order" rename placed_at to "placedAt";
        create view trade_order as select *, "placedAt" as placed_at from "Shop"."Order"
    """
    assert notices(own_market_url, catalog, change) == [
        '`Query.orders`: reads 600 rows of "Shop"."Order" every time; run `create index on "Shop"."Order" ("placedAt", id)`'
    ]
