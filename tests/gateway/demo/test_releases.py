"""The sample's releases: of its last twelve months, whenever it is loaded, and of use at a thousand members."""

import pytest

from gateway.demo.releases import release_last_year
from gateway.demo.sample import marketplace
from schema.catalog import Catalog
from tests.conftest import run, silent

CELLS = "select facts, dimension, count(*) as cells from veil.figure where month = '2026-06' group by facts, dimension"


@pytest.fixture
def thousand(database_url: str, catalog: Catalog) -> str:
    """A sample of a thousand members, with its releases."""
    run(database_url, lambda connection: marketplace.seed(connection, members=1_000, seed=1, progress=silent))
    run(database_url, lambda connection: release_last_year(connection, catalog, silent))
    return database_url


def test_a_thousand_members_are_enough_for_figures_of_use(thousand: str) -> None:
    months = run(thousand, lambda connection: connection.fetch("select month from veil.figure_release order by month"))
    assert [row["month"] for row in months][0::11] == ["2025-07", "2026-06"]
    rows = run(thousand, lambda connection: connection.fetch(CELLS))
    found = {(row["facts"], row["dimension"]) for row in rows}
    assert {("buyer_fact", ""), ("buyer_fact", "country"), ("buyer_fact", "category")} <= found
    assert {("visit_fact", ""), ("visit_fact", "browser"), ("visit_fact", "operating_system")} <= found
    buyers = "select members from veil.figure where month = '2026-06' and facts = 'buyer_fact' and dimension = ''"
    stored = run(thousand, lambda connection: connection.fetchval("select count(*) from buyer_behaviour"))
    assert run(thousand, lambda connection: connection.fetchval(buyers)) == pytest.approx(stored, abs=40)
