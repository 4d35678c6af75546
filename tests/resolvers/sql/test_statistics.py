"""Figures about many: none about few, none that reveals one, however they are put together or asked for again."""

import random
from collections import defaultdict
from collections.abc import Callable, Generator, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from gateway.demo.development import DevelopmentKey
from schema.catalog import Catalog
from schema.labels import Category
from schema.policy.policy_file import load_policy
from schema.requester import Purpose, Role
from schema.visibility import Visibility
from tests.conftest import Asking, Databases, Requesting, Serving, run, settings_for

FEWEST = 10

EVERYBODY = (
    Requesting(role=Role.PUBLIC, purpose=Purpose.AGGREGATE_SHARING),
    Requesting(role=Role.MEMBER, purpose=Purpose.AGGREGATE_SHARING, member=1),
    Requesting(role=Role.PARTNER, purpose=Purpose.AGGREGATE_SHARING, organisation=6),
    Requesting(role=Role.ADVERTISER, purpose=Purpose.AGGREGATE_SHARING, organisation=8),
)
"""Whom figures are for."""

ANYBODY = EVERYBODY[0]
FIGURES = "members count sum average"
ORDERS = ("COUNTRY", "MONTH", "CATEGORY", "STATUS")

# A market made to be attacked: 102 buyers in groups of every awkward size, 26 sellers, one category with one seller,
# and one buyer who buys as much as all others of his country together, and more.


class Sale(NamedTuple):
    """An order, as far as figures know of it."""

    buyer: int
    seller: int
    country: str | None
    month: str
    category: str
    status: str
    currency: str
    total: Decimal

    def group(self, dimension: str | None) -> str | None:
        return getattr(self, dimension.lower()) if dimension else None


COUNTRIES: Mapping[str | None, int] = {
    "AA": 1,
    "BB": 3,
    "CC": 9,
    "HH": 8,
    "DD": 10,
    "EE": 11,
    "FF": 14,
    None: 12,
    "GG": 34,
}
"""How many buyers there are of each country; of some it is not known."""

BUYERS = range(101, 101 + sum(COUNTRIES.values()))
SELLERS = range(1, 27)
VICTIM, ATTACKER = 901, 902
"""Members who have not bought anything yet."""

CATEGORIES = ("Apparel", "Furniture", "Machinery")
STATUSES = ("DELIVERED", "DELIVERED", "DELIVERED", "SHIPPED", "DISPUTED", "CANCELLED")
MONTHS = ("2024-11", "2024-12", "2025-01", "2025-02")
LONER, WHALE = "Opium", 3_000_000
HOMES = dict(zip(BUYERS, (country for country, many in COUNTRIES.items() for _ in range(many)), strict=True))


def sales() -> list[Sale]:
    draws = random.Random(11)
    found = [_drawn(draws, buyer) for buyer in BUYERS for _ in range(draws.randint(2, 9))]
    # One seller has a category to himself, to thirty buyers.
    found += [_drawn(draws, buyer)._replace(category=LONER, seller=1) for buyer in list(BUYERS)[-30:]]
    whale = next(buyer for buyer, home in HOMES.items() if home == "EE")
    found.append(_drawn(draws, whale)._replace(total=Decimal(WHALE)))
    # In another currency too few buy for anything to be shown.
    found += [_drawn(draws, buyer)._replace(currency="XTS") for buyer in list(BUYERS)[:9]]
    return found


def _drawn(draws: random.Random, buyer: int) -> Sale:
    return Sale(
        buyer=buyer,
        seller=draws.choice(SELLERS),
        country=HOMES.get(buyer, "CC"),
        month=draws.choice(MONTHS),
        category=draws.choice(CATEGORIES),
        status=draws.choice(STATUSES),
        currency="USD",
        total=Decimal(draws.randint(500, 4_000_000)) / 100,
    )


SOLD = sales()
PRODUCTS = {place: n for n, place in enumerate(((s, c) for s in SELLERS for c in (*CATEGORIES, LONER)), 1)}


async def _founded(connection: Any) -> None:
    members = [*SELLERS, *BUYERS, VICTIM, ATTACKER]
    since = datetime(2020, 1, 1, tzinfo=UTC)
    rows = [(each, f"Member {each}", f"{each}@example.com", "BOTH", HOMES.get(each), since) for each in members]
    columns = ("id", "name", "email", "kind", "country", "registered_at")
    await connection.copy_records_to_table("member", records=rows, columns=columns, schema_name="marketplace")
    companies = [(each, each, f"Company {each}") for each in SELLERS]
    await connection.copy_records_to_table("company", records=companies, columns=("id", "owner_id", "name"))
    goods = [
        (number, seller, seller, category, category, Decimal(1), "USD", since)
        for (seller, category), number in PRODUCTS.items()
    ]
    columns = ("id", "company_id", "owner_id", "title", "category", "price", "currency", "listed_at")
    await connection.copy_records_to_table("product", records=goods, columns=columns)
    await _sold(connection, SOLD)


async def _sold(connection: Any, some: Sequence[Sale]) -> None:
    first = await connection.fetchval("select coalesce(max(id), 0) + 1 from trade_order")
    orders = [
        (number, each.buyer, each.seller, each.status, _moment(each), each.total, each.currency, each.country)
        for number, each in enumerate(some, first)
    ]
    columns = ("id", "buyer_id", "seller_id", "status", "placed_at", "total", "currency", "delivery_country")
    await connection.copy_records_to_table("trade_order", records=orders, columns=columns)
    items = [(n, 1, PRODUCTS[each.seller, each.category], 1, Decimal(1)) for n, each in enumerate(some, first)]
    columns = ("order_id", "line", "product_id", "quantity", "unit_price")
    await connection.copy_records_to_table("order_item", records=items, columns=columns)


def _moment(sale: Sale) -> datetime:
    return datetime.fromisoformat(f"{sale.month}-15T12:00:00+00:00")


@dataclass(frozen=True, slots=True)
class Market:
    """The market, served; `sold` is what has been sold in it."""

    asking: Asking
    sold: list[Sale]

    def orders(self, dimension: str | None = None, *, currency: str = "USD", who: Requesting = ANYBODY) -> Any:
        grouped = f", groupBy: {dimension}" if dimension else ""
        asked = f'orderStatistics(currency: "{currency}"{grouped})'
        query = f"{{ {asked} {{ groups {{ key {FIGURES} }} suppressed {{ {FIGURES} }} total {{ {FIGURES} }} }} }}"
        return self.asking.data(who, query)["orderStatistics"]

    def sell(self, *some: Sale) -> None:
        self.sold.extend(some)
        run(self.asking.url, lambda connection: _sold(connection, some))


@pytest.fixture(scope="module")
def market(databases: Databases, key: DevelopmentKey, key_file: Path) -> Generator[Market]:
    """Shared by the tests that only ask."""
    yield from _served(databases, key, key_file)


@pytest.fixture
def own_market(databases: Databases, key: DevelopmentKey, key_file: Path) -> Generator[Market]:
    yield from _served(databases, key, key_file)


def _served(databases: Databases, key: DevelopmentKey, key_file: Path) -> Generator[Market]:
    url = databases.make("empty_market")
    run(url, _founded)
    with Serving(settings_for(url, key_file)) as address:
        asking = Asking(address, key, url)
        yield Market(asking, list(SOLD))
        asking.client.close()
    databases.drop(url)


# What the figures should be, in this test's own words.


@dataclass(frozen=True, slots=True)
class Part:
    """Some sales, of which figures may be shown."""

    sales: Sequence[Sale]

    def fewest(self) -> int:
        return min(len({sale.buyer for sale in self.sales}), len({sale.seller for sale in self.sales}))

    def largest(self, of: Callable[[Sale], Decimal]) -> Decimal:
        """The largest part any one member has in it, as a buyer or as a seller."""
        shares: dict[Hashable, Decimal] = defaultdict(Decimal)
        for sale in self.sales:
            shares["buyer", sale.buyer] += of(sale)
            shares["seller", sale.seller] += of(sale)
        return max(shares.values(), default=Decimal(0))

    def whole(self, of: Callable[[Sale], Decimal]) -> Decimal:
        return sum((of(sale) for sale in self.sales), Decimal(0))


def one(_sale: Sale) -> Decimal:
    return Decimal(1)


def amount(sale: Sale) -> Decimal:
    return sale.total


def round_step(value: Decimal) -> Decimal:
    """1, 2, 5, 10, 20, 50 and so on: the first that is no smaller."""
    steps = (Decimal(digit).scaleb(power) for power in range(-4, 15) for digit in (1, 2, 5))
    return next(step for step in steps if step >= value)


def step_of(part: Part, of: Callable[[Sale], Decimal]) -> Decimal:
    """What a figure is rounded to."""
    least = round_step(part.largest(of))
    if of is one:
        return max(least, Decimal(10))
    return max(least, Decimal(1).scaleb(part.whole(of).adjusted() - 1))


def rounded(value: Decimal, step: Decimal) -> Decimal:
    return max(Decimal(1), (value / step).quantize(Decimal(1), rounding="ROUND_HALF_UP")) * step


def split(sold: Iterable[Sale], dimension: str | None) -> tuple[dict[str | None, Part], Part]:
    """The groups that may be shown, and the rest."""
    by_key: dict[str | None, list[Sale]] = defaultdict(list)
    for sale in sold:
        by_key[sale.group(dimension)].append(sale)
    shown = {key: Part(some) for key, some in by_key.items() if Part(some).fewest() >= FEWEST}
    rest = [sale for key, some in by_key.items() if key not in shown for sale in some]
    if rest and Part(rest).fewest() < FEWEST and shown:
        smallest = min(shown, key=lambda key: (shown[key].fewest(), key or "-"))
        rest += shown.pop(smallest).sales
    return shown, Part(rest)


def figures(part: Part) -> dict[str, Any] | None:
    if part.fewest() < FEWEST:
        return None
    count, whole = (rounded(part.whole(of), step_of(part, of)) for of in (one, amount))
    members = Decimal(len({sale.buyer for sale in part.sales}))
    return {
        "members": int((members / 10).quantize(Decimal(1), rounding="ROUND_HALF_UP") * 10),
        "count": int(count),
        "sum": whole,
        "average": rounded(whole / count, Decimal(1).scaleb((whole / count).adjusted() - 1)),
    }


def as_numbers(answered: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Figures as they were answered, with numbers for numbers."""
    if answered is None:
        return None
    numbers = {name: Decimal(answered[name]) for name in ("sum", "average")}
    return {name: value for name, value in answered.items() if name != "key"} | numbers


def of_currency(sold: Iterable[Sale], currency: str = "USD") -> list[Sale]:
    return [sale for sale in sold if sale.currency == currency]


# What is shown.


@pytest.mark.parametrize("dimension", [None, *ORDERS])
def test_figures_are_grouped_suppressed_and_rounded(market: Market, dimension: str | None) -> None:
    answered = market.orders(dimension)
    shown, rest = split(of_currency(market.sold), dimension)
    assert {group["key"]: as_numbers(group) for group in answered["groups"]} == {
        k: figures(v) for k, v in shown.items()
    }
    assert as_numbers(answered["suppressed"]) == figures(rest)


@pytest.mark.parametrize("dimension", [None, *ORDERS])
def test_no_figure_is_about_fewer_than_ten_members_of_either_side(market: Market, dimension: str | None) -> None:
    """Neither what is shown, nor what is left of the whole without it."""
    sold = of_currency(market.sold)
    shown = {group["key"] for group in market.orders(dimension)["groups"]}
    parts = [[sale for sale in sold if sale.group(dimension) == key] for key in shown]
    rest = [sale for sale in sold if sale.group(dimension) not in shown]
    assert [part for part in parts if Part(part).fewest() < FEWEST] == []
    assert not rest or Part(rest).fewest() >= FEWEST


def test_a_small_suppressed_rest_takes_the_smallest_group_with_it(own_market: Market) -> None:
    """Of one buyer, three, eight and nine are shown together; without those of eight, nine and ten, there are four."""
    shown = {group["key"] for group in own_market.orders("COUNTRY")["groups"]}
    assert shown == {"DD", "EE", "FF", "GG", None}
    gone = """
        delete from order_item
            where order_id in (select id from trade_order where delivery_country in ('CC', 'DD', 'HH'));
        delete from trade_order where delivery_country in ('CC', 'DD', 'HH')"""
    run(own_market.asking.url, lambda connection: connection.execute(gone))
    answered = own_market.orders("COUNTRY")
    assert {group["key"] for group in answered["groups"]} == {"FF", "GG", None}
    held_back = [sale for sale in of_currency(SOLD) if sale.country in ("AA", "BB", "EE")]
    assert as_numbers(answered["suppressed"]) == figures(Part(held_back))


def test_the_turnover_of_an_only_seller_is_not_shown(market: Market) -> None:
    """Thirty members buy it, and one sells it: a figure would be his alone."""
    assert len({sale.buyer for sale in market.sold if sale.category == LONER}) == 30
    answered = market.orders("CATEGORY")
    keys = {group["key"] for group in answered["groups"]}
    # And what is held back with it hides it.
    assert LONER not in keys
    assert len(keys) == len(CATEGORIES) - 1


@pytest.mark.parametrize("dimension", [None, *ORDERS])
def test_the_parts_add_up_to_the_whole(market: Market, dimension: str | None) -> None:
    """Sums and counts, to the cent; members, who may be in several groups, are as many as in all orders."""
    answered = market.orders(dimension)
    parts = [*answered["groups"], *filter(None, [answered["suppressed"]])]
    assert answered["total"]["count"] == sum(part["count"] for part in parts)
    assert Decimal(answered["total"]["sum"]) == sum(Decimal(part["sum"]) for part in parts)
    assert answered["total"]["members"] == market.orders()["total"]["members"] == 100


def test_a_group_without_a_value_is_a_group(market: Market) -> None:
    assert [group["members"] for group in market.orders("COUNTRY")["groups"] if group["key"] is None] == [10]


def test_too_few_members_look_like_none(market: Market) -> None:
    """Nine members' orders in a currency, and a currency nobody uses."""
    nothing = {"groups": [], "suppressed": None, "total": None}
    for dimension in (None, *ORDERS):
        assert market.orders(dimension, currency="XTS") == nothing
        assert market.orders(dimension, currency="XXX") == nothing


def test_the_current_month_is_not_counted(own_market: Market) -> None:
    before = [own_market.orders(dimension) for dimension in (None, *ORDERS)]
    now = f"{datetime.now(UTC):%Y-%m}"
    placed = """
        insert into trade_order (id, buyer_id, seller_id, status, placed_at, total, currency, delivery_country)
        select 1000000 + id, id, 1 + id % 26, 'PLACED', now(), 1000000, 'USD', 'ZZ' from member where id > 100"""
    run(own_market.asking.url, lambda connection: connection.execute(placed))
    after = [own_market.orders(dimension) for dimension in (None, *ORDERS)]
    assert after == before
    assert now not in {group["key"] for group in after[2]["groups"]}


def test_the_same_question_gets_the_same_figures(market: Market) -> None:
    """There is no chance in it that asking often would average away."""
    first = [market.orders(dimension, who=who) for who in EVERYBODY for dimension in (None, *ORDERS)]
    assert [market.orders(dimension, who=who) for who in EVERYBODY for dimension in (None, *ORDERS)] == first
    assert first[:5] == first[5:10] == first[10:15] == first[15:]


# The attack: an outsider who knows how figures are made, and even what each was rounded to, asks for all there are,
# again after somebody has bought, and solves for what is not shown.


class Range(NamedTuple):
    """What something may be, for all the attacker can tell."""

    low: Decimal
    high: Decimal

    @property
    def width(self) -> Decimal:
        return self.high - self.low


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What an attacker has of one kind of figure: for each grouping, the range of each group shown and of the rest."""

    ranges: Mapping[str | None, Mapping[str | None, Range]]
    rest: Mapping[str | None, Range | None]

    def whole(self) -> Range:
        """What all orders together may be: in each grouping, its parts together, and that in all of them at once.

        Groupings have nothing in common but the whole: whatever the parts of one, any parts of another with the same
        sum are possible beside them. So nothing more follows from all figures together.
        """
        ranges = [self._together(dimension) for dimension in self.ranges]
        known = [each for each in ranges if each]
        return Range(max(each.low for each in known), min(each.high for each in known))

    def _together(self, dimension: str | None) -> Range | None:
        rest = self.rest[dimension]
        parts = [*self.ranges[dimension].values(), *([rest] if rest else [])]
        return (
            Range(sum((r.low for r in parts), Decimal(0)), sum((r.high for r in parts), Decimal(0))) if parts else None
        )

    def held_back(self, dimension: str | None) -> Range:
        """What all that is not shown of a grouping may be together: the whole without the parts shown, or as shown."""
        whole, parts = self.whole(), self.ranges[dimension].values()
        low = max(Decimal(0), whole.low - sum((part.high for part in parts), Decimal(0)))
        high = max(Decimal(0), whole.high - sum((part.low for part in parts), Decimal(0)))
        rest = self.rest[dimension]
        return Range(max(low, rest.low), min(high, rest.high)) if rest else Range(low, high)


def learnt(market: Market, figure: str) -> Knowledge:
    """From every grouping there is."""
    of = one if figure == "count" else amount
    ranges: dict[str | None, dict[str | None, Range]] = {}
    rests: dict[str | None, Range | None] = {}
    for dimension in (None, *ORDERS):
        answered = market.orders(dimension)
        shown, rest = split(of_currency(market.sold), dimension)
        ranges[dimension] = {
            group["key"]: possible(Decimal(group[figure]), step_of(shown[group["key"]], of))
            for group in answered["groups"]
        }
        left = answered["suppressed"]
        rests[dimension] = possible(Decimal(left[figure]), step_of(rest, of)) if left else None
    return Knowledge(ranges, rests)


def possible(figure: Decimal, step: Decimal) -> Range:
    """What may have been rounded to a figure."""
    low = figure - step / 2 if figure > step else Decimal(0)
    return Range(low, figure + step / 2)


MEASURES = {"count": one, "sum": amount}


@pytest.mark.parametrize("figure", MEASURES)
def test_no_group_under_ten_can_be_worked_out(market: Market, figure: str) -> None:
    """Each may be nothing at all, or more than it is: in its grouping there is always another to take its place."""
    sold, of, known = of_currency(market.sold), MEASURES[figure], learnt(market, figure)
    assert known.whole().low <= Part(sold).whole(of) <= known.whole().high
    hidden = 0
    for dimension in ORDERS:
        together = known.held_back(dimension)
        keys = {sale.group(dimension) for sale in sold} - set(known.ranges[dimension])
        groups = [Part([sale for sale in sold if sale.group(dimension) == key]) for key in keys]
        # Of a part of what is held back nothing is known but that it is no more than all of it.
        assert len(groups) != 1
        small = [group for group in groups if group.fewest() < FEWEST]
        assert [group for group in small if together.high < group.whole(of) + group.largest(of) / 2] == []
        hidden += len(small)
    assert hidden >= 5


@pytest.mark.parametrize("figure", MEASURES)
def test_no_shown_group_can_be_narrowed_below_its_largest_part(market: Market, figure: str) -> None:
    """So that neither a member among its buyers or sellers, nor all but one, can be found from it."""
    known, of = learnt(market, figure), MEASURES[figure]
    for dimension in (None, *ORDERS):
        for key, range_ in known.ranges[dimension].items():
            group = Part([sale for sale in of_currency(market.sold) if sale.group(dimension) == key])
            assert range_.low <= group.whole(of) <= range_.high
            assert range_.width >= group.largest(of)


def purchases(buyer: int, country: str, *, many: int, each: int) -> list[Sale]:
    draws = random.Random(buyer)
    return [_drawn(draws, buyer)._replace(country=country, total=Decimal(each)) for _ in range(many)]


@pytest.mark.parametrize(
    ("country", "many", "each"), [("CC", 6, 9_000), ("GG", 3, 700), ("AA", 1, 55_000), ("EE", 9, 10)]
)
def test_figures_before_and_after_do_not_reveal_a_purchase(
    own_market: Market, country: str, many: int, each: int
) -> None:
    """All figures before the orders of one member and after: what came to any of them is known no better than its size."""
    before = {figure: learnt(own_market, figure) for figure in MEASURES}
    bought = purchases(VICTIM, country, many=many, each=each)
    own_market.sell(*bought)
    for figure, of in MEASURES.items():
        for came, theirs in compared(before[figure], learnt(own_market, figure), Part(bought), of):
            assert came.low <= theirs <= came.high
            assert came.width >= theirs


def compared(
    before: Knowledge, after: Knowledge, bought: Part, of: Callable[[Sale], Decimal]
) -> Iterator[tuple[Range, Decimal]]:
    """What can be set beside each other, before and after, gives what was added to it; and what truly was."""
    yield added(before.whole(), after.whole()), bought.whole(of)
    for dimension, ranges_before in before.ranges.items():
        ranges_after = after.ranges[dimension]
        for key in set(ranges_before) & set(ranges_after):
            part = Part([sale for sale in bought.sales if sale.group(dimension) == key])
            yield added(ranges_before[key], ranges_after[key]), part.whole(of)
        if set(ranges_before) == set(ranges_after):
            rest = Part([sale for sale in bought.sales if sale.group(dimension) not in ranges_after])
            yield added(before.held_back(dimension), after.held_back(dimension)), rest.whole(of)


def added(before: Range, after: Range) -> Range:
    return Range(max(Decimal(0), after.low - before.high), after.high - before.low)


def test_adding_a_tenth_member_reveals_no_more_than_the_largest_of_the_nine_hides(own_market: Market) -> None:
    """An attacker who buys from where nine do, and so knows exactly what the tenth has bought."""
    nine = Part([sale for sale in of_currency(own_market.sold) if sale.country == "CC"])
    before = {figure: learnt(own_market, figure) for figure in MEASURES}
    own = purchases(ATTACKER, "CC", many=1, each=5)
    own_market.sell(*own)
    for figure, of in MEASURES.items():
        assert "CC" not in before[figure].ranges["COUNTRY"]
        ten = learnt(own_market, figure).ranges["COUNTRY"]["CC"]
        mine, most = Part(own).whole(of), before[figure].held_back("COUNTRY").high
        known = Range(max(ten.low - mine, Decimal(0)), min(ten.high - mine, most))
        assert known.low <= nine.whole(of) <= known.high
        assert known.width >= nine.largest(of)


def test_one_member_who_makes_most_of_a_figure_is_hidden_by_its_rounding(market: Market) -> None:
    """The sum of a country in which one buys for three million is shown to the nearest five."""
    (country,) = (group for group in market.orders("COUNTRY")["groups"] if group["key"] == "EE")
    assert Decimal(country["sum"]) == 5_000_000
    (seller,) = {sale.seller for sale in market.sold if sale.total == WHALE}
    assert Part([sale for sale in market.sold if sale.seller == seller]).largest(amount) >= WHALE


# Visits and buyers.


@pytest.mark.parametrize(
    ("field", "dimensions", "facts"),
    [
        ("visitStatistics", ("COUNTRY", "MONTH", "BROWSER", "OPERATING_SYSTEM"), "visit_fact"),
        ("buyerStatistics", ("COUNTRY", "CATEGORY"), "buyer_fact"),
    ],
)
def test_figures_of_visits_and_buyers_follow_the_same_rules(
    gateway: Asking, field: str, dimensions: Sequence[str], facts: str
) -> None:
    """Over the sample marketplace: a figure for each value with ten members or more, and for the rest together."""
    for dimension in dimensions:
        query = f"{{ {field}(groupBy: {dimension}) {{ groups {{ key {FIGURES} }} suppressed {{ members }} }} }}"
        answered = gateway.data(ANYBODY, query)[field]
        by_key = f"select {dimension.lower()}, count(distinct member_id), count(*) from {facts} group by 1"
        stored = {row[0]: row[1:] for row in run(gateway.url, lambda connection, q=by_key: connection.fetch(q))}
        enough = {key for key, (members, _) in stored.items() if members >= FEWEST}
        shown = {group["key"] for group in answered["groups"]}
        assert shown <= enough
        assert len(enough - shown) <= 1
        for group in answered["groups"]:
            members, count = stored[group["key"]]
            assert (group["members"] % 10, group["count"] % 10) == (0, 0)
            assert abs(group["members"] - members) <= 5
            assert group["count"] <= max(2.5 * count, 10)


def test_the_many_visits_of_one_member_are_hidden_by_rounding(
    own_market_url: str, key: DevelopmentKey, key_file: Path
) -> None:
    """A member who comes a thousand times does not show in a figure that grows by a thousand."""
    visits = """
        insert into visit (member_id, at, browser, operating_system, pages_viewed)
        select id, timestamptz '2025-03-01', 'Lynx', 'Plan 9', 1
        from member, generate_series(1, case id when 1 then 777 else 1 end) where id <= 12"""
    run(own_market_url, lambda connection: connection.execute(visits))
    with Serving(settings_for(own_market_url, key_file)) as address:
        asking = Asking(address, key, own_market_url)
        query = f"{{ visitStatistics(groupBy: BROWSER) {{ groups {{ key {FIGURES} }} }} }}"
        (lynx,) = (each for each in asking.data(ANYBODY, query)["visitStatistics"]["groups"] if each["key"] == "Lynx")
        asking.client.close()
    assert lynx == {"key": "Lynx", "members": 10, "count": 1000, "sum": "1000", "average": "1"}


# Who sees figures, and of whom it is recorded.


@pytest.mark.parametrize("who", EVERYBODY, ids=lambda who: who.role)
def test_figures_show_no_row_and_are_recorded_of_nobody(market: Market, who: Requesting) -> None:
    """The record says that figures were given; nobody's data was."""
    query = '{ orderStatistics(currency: "USD", groupBy: COUNTRY) { groups { key members count sum average } } }'
    response = market.asking.post(who, query)
    record = market.asking.record(response)
    assert (record["subjects"], record["row_count"], record["outcome"]) == ([], 0, "ANSWERED")
    assert record["purpose"] == "aggregate_sharing"
    treatments = response.json()["extensions"]["privacy"]["treatments"]
    assert [(each["field"], each["treatment"]) for each in treatments] == [("Query.orderStatistics", "PARTIAL")]


@pytest.mark.parametrize("who", EVERYBODY, ids=lambda who: who.role)
def test_figures_open_no_rows_and_no_ids(market: Market, who: Requesting) -> None:
    """The schema has the three figures, what is open to all, and no type of anything that is a member's."""
    introspection = "{ __schema { queryType { fields { name } } types { name fields { name } } } }"
    schema = market.asking.data(who, introspection)["__schema"]
    roots = {field["name"] for field in schema["queryType"]["fields"]}
    assert roots == {
        *("orderStatistics", "visitStatistics", "buyerStatistics"),
        *("organisation", "organisations", "node", "nodes", "privacyPolicy"),
    }
    with_ids = {each["name"] for each in schema["types"] if "id" in {field["name"] for field in each["fields"] or ()}}
    assert with_ids == {"Node", "Organisation", "PolicyClause"}


def test_a_role_without_figures_has_no_field_for_them(market: Market, catalog: Catalog) -> None:
    policy = load_policy(catalog.marketplace.first_policy, catalog)
    given = {
        (role, purpose)
        for role, purposes in policy.roles.items()
        for purpose in purposes
        if any(Visibility(policy=policy, role=role, purpose=purpose).sees_statistics(category) for category in Category)
    }
    assert given == {(who.role, who.purpose) for who in EVERYBODY}
    for who in STRANGERS:
        for field in ('orderStatistics(currency: "USD")', "visitStatistics", "buyerStatistics"):
            refused(market.asking.post(who, f"{{ {field} {{ total {{ members }} }} }}"))


STRANGERS = (
    Requesting(role=Role.PUBLIC, purpose=Purpose.PUBLIC_BROWSING),
    Requesting(role=Role.MEMBER, purpose=Purpose.MEMBER_INSIGHT, member=1),
    Requesting(role=Role.PLATFORM, purpose=Purpose.STATISTICAL_ANALYSIS, organisation=1),
    Requesting(role=Role.SERVICE_PROVIDER, purpose=Purpose.STATISTICAL_SHARING, organisation=4),
    Requesting(role=Role.BANK, purpose=Purpose.CREDIT_ASSESSMENT, organisation=10),
)


def refused(response: httpx.Response) -> None:
    (error,) = response.json()["errors"]
    assert error["extensions"]["code"] == "INVALID"
