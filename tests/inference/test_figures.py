"""Attacks on figures: accounts of one's own that move, members who are larger than all others, and what goes away."""

import asyncio
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any

import pytest

from gateway.database.owner import owner
from gateway.demo.development import DevelopmentKey
from gateway.figures.months import Month
from gateway.figures.release import release
from schema.catalog import Catalog
from schema.marketplace.words import Purposes, Roles
from tests.conftest import Asking, Requesting, Serving, run, settings_for
from tests.releases import activate_for_few

ANYBODY = Requesting(role=Roles.PUBLIC, purpose=Purposes.AGGREGATE_SHARING)
FIGURES = "groups { key members count sum average } total { members count sum average }"
DIMENSIONS: Mapping[str, tuple[str, ...]] = {
    "orderStatistics": ("COUNTRY", "MONTH", "CATEGORY", "STATUS"),
    "visitStatistics": ("COUNTRY", "MONTH", "BROWSER", "OPERATING_SYSTEM"),
    "buyerStatistics": ("COUNTRY", "CATEGORY"),
}


@pytest.fixture
def attacked(own_market_url: str, key: DevelopmentKey, key_file: Path) -> Generator[Asking]:
    """A gateway over a marketplace that its attackers change."""
    with Serving(settings_for(own_market_url, key_file)) as address:
        asking = Asking(address, key, own_market_url)
        yield asking
        asking.client.close()


def everything(asking: Asking) -> Mapping[str, Any]:
    """Every figure that anybody can ask for, by what was asked."""
    asked = (
        f"{name}(groupBy: {dimension}{unit})"
        for name, dimensions in DIMENSIONS.items()
        for dimension in dimensions
        for unit in ((', currency: "CNY"', ', currency: "USD"') if name == "orderStatistics" else ("",))
    )
    return {each: asking.data(ANYBODY, f"{{ found: {each} {{ {FIGURES} }} }}")["found"] for each in asked}


def released(url: str, catalog: Catalog, month: str) -> None:
    async def work() -> None:
        async with owner(url) as connection:
            await release(connection, catalog, Month.read(month), "a test")

    asyncio.run(work())


def change(asking: Asking, statement: str) -> None:
    run(asking.url, lambda connection: connection.execute(statement))


def test_old_orders_that_move_between_statuses_move_no_figure(attacked: Asking) -> None:
    """Twenty accounts with old orders of their own count the others of a status, where figures follow their moves."""
    # One currency, so that there are many of each status.
    change(attacked, "update trade_order set currency = 'CNY'")
    before = everything(attacked)
    for status in ("CANCELLED", "DISPUTED", "DELIVERED", "SHIPPED"):
        change(attacked, f"update trade_order set status = '{status}' where buyer_id <= 20")
        assert everything(attacked) == before


@pytest.mark.parametrize(
    "statement",
    [
        "update trade_order set total = 1e9, delivery_country = 'CN', currency = 'CNY'",
        "update trade_order set placed_at = '2026-06-10', buyer_id = 1, seller_id = 2",
        "update visit set pages_viewed = 900000, browser = 'Chrome', at = '2026-06-10'",
        "update buyer_behaviour set orders_per_year = 99999; update member set country = 'CN', registered_at = '2020-01-01'",
        "delete from payment; delete from dispute; delete from message; delete from order_item; delete from trade_order",
    ],
)
def test_nothing_done_later_moves_a_figure_of_a_month_that_is_over(
    attacked: Asking, catalog: Catalog, tmp_path: Path, statement: str
) -> None:
    """And who asks cannot tell that something was done, until the next month is released."""
    run(attacked.url, lambda connection: activate_for_few(connection, catalog, tmp_path))
    released(attacked.url, catalog, "2026-07")
    before = everything(attacked)
    assert any(each["total"] for each in before.values())
    change(attacked, statement)
    assert everything(attacked) == before


WHALE = "update visit set pages_viewed = 900000 where id = (select max(id) from visit where at > '2026-01-01')"


@pytest.mark.parametrize("is_there", [False, True])
def test_one_very_large_member_does_not_show_in_any_figure(
    attacked: Asking, catalog: Catalog, tmp_path: Path, is_there: bool
) -> None:
    """A visit of 900,000 pages counts as one of forty."""
    run(attacked.url, lambda connection: activate_for_few(connection, catalog, tmp_path))
    if is_there:
        change(attacked, WHALE)
    stored = run(attacked.url, lambda connection: connection.fetchval("select avg(pages_viewed) from visit"))
    assert (stored > 1_000) is is_there
    released(attacked.url, catalog, "2026-07")
    visits = attacked.data(ANYBODY, f"{{ visitStatistics {{ {FIGURES} }} }}")["visitStatistics"]["total"]
    assert float(visits["average"]) < 60


def test_a_member_who_is_alone_in_a_group_shows_in_none(attacked: Asking, catalog: Catalog, tmp_path: Path) -> None:
    """The key itself would tell that there is somebody."""
    run(attacked.url, lambda connection: activate_for_few(connection, catalog, tmp_path))
    change(attacked, "update visit set browser = 'Somebody''s own' where member_id = 9")
    change(attacked, "update trade_order set delivery_country = 'ZZ' where buyer_id between 1 and 9")
    released(attacked.url, catalog, "2026-07")
    keys = {group["key"] for each in everything(attacked).values() for group in each["groups"]}
    assert not keys & {"Somebody's own", "ZZ"}
