"""Cells: none about fewer than ten members, however the noise falls, and right about many."""

from decimal import Decimal

import pytest

from gateway.figures.budget import Budget
from gateway.figures.cells import ExactCell, drawn
from resolvers.sql.releases import FULL
from schema.catalog import Catalog
from schema.policy.figures import FigureBounds

BOUNDS = FigureBounds(share=1, contributions=3, largest={"": Decimal(40)})
BUDGET = Budget(rho=0.05, delta=1e-8)
GENEROUS = Budget(rho=1e6, delta=1 / 2)
"""Noise that hardly changes a number, and a threshold that keeps nearly nobody back."""


def exact(members: int, count: int, total: int, key: str | None = None) -> ExactCell:
    return ExactCell(unit="", key=key, members=members, count=count, sum=total)


def test_a_cell_of_nine_is_never_shown_and_its_size_changes_nothing(catalog: Catalog) -> None:
    visits = catalog.statistics["visitStatistics"]
    cells = [exact(members, 27, 27 * FULL, str(members)) for members in range(1, 10)]
    assert drawn(cells, visits, BOUNDS, GENEROUS) == []


def test_what_is_shown_says_no_less_than_ten_members(catalog: Catalog) -> None:
    visits = catalog.statistics["visitStatistics"]
    cells = [exact(members, members, 0, str(members)) for members in range(10, 60)]
    shown = drawn(cells, visits, BOUNDS, Budget(rho=0.5, delta=0.4))
    assert shown
    assert min(cell.members for cell in shown) >= 10
    assert all(cell.count >= cell.members and cell.sum >= 0 for cell in shown)


def test_figures_about_many_are_right_within_the_noise(catalog: Catalog) -> None:
    """A hundred thousand members: a thousandth more or less for members and counts, two for sums."""
    for name in ("visitStatistics", "orderStatistics"):
        cells = [exact(100_000, 250_000, 100_000 * FULL, key) for key in ("a", None)]
        found = drawn(cells, catalog.statistics[name], BOUNDS, BUDGET)
        assert [cell.key for cell in found] == ["a", None]
        for cell in found:
            assert cell.members == pytest.approx(100_000, rel=0.001)
            assert cell.count == pytest.approx(250_000, rel=0.001)
            assert float(cell.sum) == pytest.approx(4_000_000, rel=0.002)


def test_where_a_member_counts_once_the_count_is_the_members(catalog: Catalog) -> None:
    once = FigureBounds(share=1, contributions=1, largest={"": Decimal(10)})
    (cell,) = drawn([exact(5_000, 5_000, 1_000 * FULL)], catalog.statistics["buyerStatistics"], once, BUDGET)
    assert cell.count == cell.members


def test_no_two_releases_are_alike(catalog: Catalog) -> None:
    cells = [exact(10_000, 20_000, 9_000 * FULL, str(key)) for key in range(5)]
    visits = catalog.statistics["visitStatistics"]
    assert drawn(cells, visits, BOUNDS, BUDGET) != drawn(cells, visits, BOUNDS, BUDGET)
