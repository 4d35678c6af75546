"""Figures as they are read: of the newest release, alike for all, and nothing where nothing was released."""

from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any

import pytest

from gateway.demo.development import DevelopmentKey
from schema.marketplace.words import Purposes, Roles
from tests.conftest import Asking, Requesting, Serving, run, settings_for
from tests.releases import MONTHS

EVERYBODY = (
    Requesting(role=Roles.PUBLIC, purpose=Purposes.AGGREGATE_SHARING),
    Requesting(role=Roles.MEMBER, purpose=Purposes.AGGREGATE_SHARING, member=1),
    Requesting(role=Roles.PARTNER, purpose=Purposes.AGGREGATE_SHARING, organisation=6),
    Requesting(role=Roles.ADVERTISER, purpose=Purposes.AGGREGATE_SHARING, organisation=8),
)
"""Whom figures are for."""

ANYBODY = EVERYBODY[0]
FIGURES = "groups { key members count sum average } suppressed { members } total { members count sum average }"
NOTHING = {"groups": [], "suppressed": None, "total": None}


def orders(
    asking: Asking, dimension: str | None, currency: str = "CNY", who: Requesting = ANYBODY
) -> Mapping[str, Any]:
    by = f"groupBy: {dimension}, " if dimension else ""
    return asking.data(who, f'{{ orderStatistics({by}currency: "{currency}") {{ {FIGURES} }} }}')["orderStatistics"]


def test_everybody_they_are_for_gets_the_same(gateway: Asking) -> None:
    """And gets it again: what was drawn once cannot be drawn away by asking."""
    answers = [orders(gateway, "STATUS", who=who) for who in EVERYBODY * 2]
    assert answers[0]["groups"]
    assert all(answer == answers[0] for answer in answers)


def test_figures_are_of_the_newest_release(gateway: Asking) -> None:
    found = orders(gateway, "STATUS")
    assert [(group["key"], group["members"]) for group in found["groups"]] == [("DELIVERED", 168), ("SHIPPED", 36)]
    assert found["total"] == {"members": 216, "count": 288, "sum": "15120000", "average": "52500"}
    assert found["suppressed"] is None


def test_figures_by_month_are_of_every_release(gateway: Asking) -> None:
    found = orders(gateway, "MONTH")
    assert [group["key"] for group in found["groups"]] == list(MONTHS)
    assert found["total"] == orders(gateway, None)["total"]


def test_without_a_dimension_the_only_group_is_everything(gateway: Asking) -> None:
    found = orders(gateway, None)
    assert found["groups"] == [{"key": None, **found["total"]}]


def test_a_group_without_a_key_comes_last(gateway: Asking) -> None:
    assert [group["key"] for group in orders(gateway, "COUNTRY")["groups"]] == ["CN", None]


@pytest.mark.parametrize("currency", ["", "cny", "XTS", "CNY' or ''='", "EUR"])
def test_a_currency_without_figures_is_like_one_that_there_is_not(gateway: Asking, currency: str) -> None:
    assert orders(gateway, "COUNTRY", currency) == NOTHING


@pytest.fixture
def bare(database_url: str, key: DevelopmentKey, key_file: Path) -> Generator[Asking]:
    """A gateway over empty tables."""
    with Serving(settings_for(database_url, key_file)) as address:
        asking = Asking(address, key, database_url)
        yield asking
        asking.client.close()


def test_before_the_first_release_there_are_no_figures(bare: Asking) -> None:
    for dimension in (None, "MONTH", "STATUS"):
        assert orders(bare, dimension) == NOTHING


def test_a_release_without_cells_replaces_the_one_before(bare: Asking) -> None:
    """Where nothing is shown any more, the figures of an earlier month do not stand in for it."""
    run(
        bare.url,
        lambda connection: connection.execute(
            "insert into veil.figure_release (month, policy, record) values ('2026-01', 'any', gen_random_uuid());"
            "insert into veil.figure values ('order_fact', 'CNY', '', '2026-01', null, 40, 40, 1)"
        ),
    )
    assert orders(bare, None)["total"]["members"] == 40
    run(
        bare.url,
        lambda connection: connection.execute(
            "insert into veil.figure_release (month, policy, record) values ('2026-02', 'any', gen_random_uuid())"
        ),
    )
    assert orders(bare, None) == NOTHING


def test_reading_figures_is_one_look_up_in_an_index(own_market_url: str) -> None:
    """Whatever has been released by then: here ten years of it."""

    async def explained(connection: Any) -> str:
        await connection.execute(
            "insert into veil.figure_release (month, policy, record)"
            " select to_char(month, 'YYYY-MM'), 'any', gen_random_uuid()"
            " from generate_series(timestamp '2010-01-01', '2020-12-01', '1 month') month;"
            "insert into veil.figure select 'order_fact', 'CNY', dimension, month, n::text, 10, 10, 1"
            " from veil.figure_release, unnest(array['country', 'status', 'category']) dimension, generate_series(1, 30) n"
            " where policy = 'any'; analyze veil.figure; analyze veil.figure_release"
        )
        rows = await connection.fetch(
            "explain (costs off) select key from veil.figure where facts = 'order_fact' and unit = 'CNY'"
            " and dimension = 'country' and month = (select max(month) from veil.figure_release)"
        )
        return "\n".join(row[0] for row in rows)

    plan = run(own_market_url, explained)
    assert "Index" in plan
    assert "Seq Scan on figure" not in plan.replace("figure_release", "release")
