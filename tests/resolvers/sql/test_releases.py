"""What a release is made from: how much one member adds is bounded, on whichever side, whatever it is."""

import hashlib
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from resolvers.sql.releases import FULL, exact_figures_sql, groupings
from schema.catalog import Catalog
from tests.conftest import run

MOST = 3
LARGEST = {"USD": Decimal(200), "JPY": Decimal(30_000)}
SINCE, UNTIL = datetime(2025, 7, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)

TABLE = """\
create temp table order_fact (id bigint, at timestamptz, member_id bigint, seller_id bigint, country text, month text,
    category text, status text, currency text, measure numeric);
grant select on order_fact to public"""

Cell = tuple[str, str, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """An order, as far as figures know of it."""

    id: int
    buyer: int
    seller: int
    country: str | None = "CN"
    currency: str = "USD"
    measure: Decimal | None = Decimal(100)
    at: datetime = datetime(2026, 5, 5, tzinfo=UTC)

    def row(self) -> Sequence[Any]:
        month = self.at.strftime("%Y-%m")
        return (
            self.id,
            self.at,
            self.buyer,
            self.seller,
            self.country,
            month,
            None,
            "PAID",
            self.currency,
            self.measure,
        )


def summed(url: str, catalog: Catalog, facts: Sequence[Fact]) -> Mapping[Cell, tuple[int, int, int]]:
    """The exact cells of some orders: members, count and sum."""
    statement = exact_figures_sql(
        catalog.statistics["orderStatistics"], groupings(catalog.statistics["orderStatistics"])[0]
    )

    async def asked(connection: Any) -> Any:
        await connection.execute(TABLE)
        await connection.copy_records_to_table("order_fact", records=[fact.row() for fact in facts])
        return await connection.fetch(statement, SINCE, UNTIL, MOST, list(LARGEST), list(LARGEST.values()))

    return {(unit, dimension, key): (*figures,) for unit, dimension, key, *figures in run(url, asked)}


def counted(facts: Sequence[Fact]) -> Sequence[Fact]:
    """The same in Python: of each member the first facts by chance, which an order must be of for both its parties."""
    places: defaultdict[int, int] = defaultdict(int)
    found: list[Fact] = []
    meant = [fact for fact in facts if fact.currency in LARGEST and SINCE <= fact.at < UNTIL]
    for fact in sorted(meant, key=_chance):
        for member in (fact.buyer, fact.seller):
            places[member] += 1
        if max(places[fact.buyer], places[fact.seller]) <= MOST:
            found.append(fact)
    return found


def _chance(fact: Fact) -> str:
    return hashlib.md5(str(fact.id).encode(), usedforsecurity=False).hexdigest()


def expected(facts: Sequence[Fact]) -> Mapping[Cell, tuple[int, int, int]]:
    cells: defaultdict[Cell, list[Fact]] = defaultdict(list)
    for fact in counted(facts):
        for dimension, key in (("", None), ("country", fact.country), ("status", "PAID"), ("category", None)):
            cells[fact.currency, dimension, key].append(fact)
    return {
        cell: (len({fact.buyer for fact in some}), len(some), sum(_part(fact) for fact in some))
        for cell, some in cells.items()
    }


def _part(fact: Fact) -> int:
    largest = LARGEST[fact.currency]
    return round(FULL * min(max(fact.measure or Decimal(0), Decimal(0)), largest) / largest)


def drawn(seed: int) -> Sequence[Fact]:
    draws = random.Random(seed)
    return [
        Fact(
            id=number,
            buyer=draws.randint(1, 12),
            seller=draws.randint(8, 20),
            country=draws.choice(("CN", "DE", None)),
            currency=draws.choice(("USD", "JPY", "XXX")),
            measure=draws.choice((None, Decimal(-5), Decimal(0), Decimal("12.34"), Decimal(199), Decimal(10**9))),
            at=datetime(draws.choice((2024, 2025, 2026)), draws.randint(1, 12), 1, tzinfo=UTC),
        )
        for number in range(draws.randint(0, 150))
    ]


@pytest.mark.parametrize("seed", range(8))
def test_the_statement_counts_what_the_rule_says(database_url: str, catalog: Catalog, seed: int) -> None:
    facts = drawn(seed)
    assert summed(database_url, catalog, facts) == expected(facts)


def test_of_no_member_more_counts_than_the_bound_whichever_side_they_are_on() -> None:
    for seed in range(50):
        places: defaultdict[int, int] = defaultdict(int)
        for fact in counted(drawn(seed)):
            places[fact.buyer] += 1
            places[fact.seller] += 1
        assert max(places.values(), default=0) <= MOST


OTHERS = [Fact(id=number, buyer=100 + number, seller=200 + number) for number in range(40)]


@pytest.mark.parametrize("side", ["buyer", "seller"])
def test_one_member_moves_a_cell_by_the_bound_at_most(database_url: str, catalog: Catalog, side: str) -> None:
    """A thousand orders of a thousand millions each: as much as three of the largest that counts."""
    whale = [
        replace(Fact(id=1_000 + n, buyer=1_000 + n, seller=5_000 + n, measure=Decimal(10**9)), **{side: 9})
        for n in range(1_000)
    ]
    before = summed(database_url, catalog, OTHERS)
    after = summed(database_url, catalog, [*OTHERS, *whale])
    for cell in before:
        moved = [now - then for now, then in zip(after[cell], before[cell], strict=True)]
        assert moved == [1 if side == "buyer" else MOST, MOST, MOST * FULL]


@pytest.mark.parametrize("odd", ["NaN", "Infinity", "-Infinity"])
def test_an_odd_value_counts_for_nothing(database_url: str, catalog: Catalog, odd: str) -> None:
    value = summed(database_url, catalog, [Fact(id=1, buyer=1, seller=2, measure=Decimal(odd))])["USD", "", None]
    assert value == (1, 1, 0)


def test_what_is_outside_the_period_or_in_an_unknown_unit_is_nowhere(database_url: str, catalog: Catalog) -> None:
    inside = Fact(id=1, buyer=1, seller=2, at=SINCE)
    outside = [replace(inside, id=2, at=UNTIL), replace(inside, id=3, at=datetime(2025, 6, 30, 23, 59, tzinfo=UTC))]
    unknown = replace(inside, id=4, currency="XXX")
    assert summed(database_url, catalog, [inside, *outside, unknown]) == expected([inside])


def test_a_month_is_of_its_own_period_and_what_has_none_is_a_state(catalog: Catalog) -> None:
    orders, buyers = (catalog.statistics[name] for name in ("orderStatistics", "buyerStatistics"))
    of_period, of_month = groupings(orders)
    assert [each and each.name for each in of_period] == [None, "COUNTRY", "CATEGORY", "STATUS"]
    assert [each.name for each in of_month] == ["MONTH"]
    assert groupings(buyers)[1] == []
