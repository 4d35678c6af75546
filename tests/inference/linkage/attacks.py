"""The attacks: each takes what two parties are shown, and says of how many pseudonyms one of them learns who it is.

A pseudonym is resolved where all that is known of it fits one candidate alone. An attack uses whatever values are there:
where a policy shows more, it finds more.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final, TypeVar

from schema.masks import rounded_amount
from tests.inference.linkage.seeing import Shown, Span, View, meet, span_of

Candidate = TypeVar("Candidate")

LISTED_WITHIN: Final = timedelta(days=90)
"""How long after a seller registered their goods are listed."""

PAID_WITHIN: Final = timedelta(days=3)

MOST: Final = 2_000
"""Pseudonyms that are tried, by chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """Pseudonyms that were tried; of those with one candidate alone, how many it is right for, and wrong for."""

    tried: int
    right: int
    wrong: int

    @property
    def share(self) -> float:
        return self.right / self.tried if self.tried else 0

    def __str__(self) -> str:
        return f"{self.right} of {self.tried}"


def together(found: Sequence[Resolved]) -> Resolved:
    """What several find of the same pseudonyms."""
    return Resolved(
        tried=found[0].tried, right=sum(each.right for each in found), wrong=sum(each.wrong for each in found)
    )


def _counted(found: Iterable[tuple[Sequence[Any], Any]]) -> Resolved:
    """Of the candidates for each pseudonym, and who it really is."""
    tried = right = wrong = 0
    for candidates, truth in found:
        tried += 1
        if len(candidates) == 1:
            right += candidates[0] == truth
            wrong += candidates[0] != truth
    return Resolved(tried=tried, right=right, wrong=wrong)


def _grouped(rows: Iterable[Candidate], key: Callable[[Candidate], Hashable]) -> Mapping[Hashable, Sequence[Candidate]]:
    groups: defaultdict[Hashable, list[Candidate]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups


# Masked rows and the public catalogue.


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """A company and what it offers, as anybody sees them."""

    company: int
    place: tuple[str, str]
    currency: str
    prices: Mapping[Decimal, int]
    """The minimum order by price."""
    listed: Sequence[Span]


def shops(companies: View, products: View) -> Sequence[Shop]:
    offered = _grouped(products.rows, lambda row: row["company"]["id"])
    found = ((each, offered.get(each["id"], ())) for each in companies.rows)
    return [
        Shop(
            company=companies.identity(company),
            place=(company["country"], company["city"]),
            currency=goods[0]["currency"],
            prices={Decimal(each["price"]): each["minimumOrder"] or 1 for each in goods},
            listed=[span for each in goods if (span := span_of(each["listedAt"]))],
        )
        for company, goods in found
        if goods
    ]


def sellers_of_orders(orders: View, public: Sequence[Shop], seller_of: Mapping[int, int]) -> Resolved:
    """The company that an order went to, by currency, time, total, and what was bought."""
    by_currency = _grouped(public, lambda shop: shop.currency)
    return _counted(
        (
            [shop.company for shop in by_currency.get(order["currency"], ()) if _could_sell(shop, order)],
            seller_of[orders.identity(order)],
        )
        for order in orders.sample(MOST // 4)
    )


def _could_sell(shop: Shop, order: Shown) -> bool:
    placed = span_of(order.get("placedAt"))
    if placed and not any(first <= placed[1] for first, _ in shop.listed):
        return False
    total = order.get("total")
    cheapest = min(price * least for price, least in shop.prices.items())
    if total is not None and cheapest > Decimal(total) * Decimal("1.06"):
        return False
    return all(_could_offer(shop, item) for item in order.get("items") or ())


def _could_offer(shop: Shop, item: Shown) -> bool:
    price, quantity = item.get("unitPrice"), item.get("quantity")
    if price is None:
        return True
    least = shop.prices.get(Decimal(price))
    return least is not None and (quantity is None or quantity % least == 0)


def sellers_of_members(members: View, public: Sequence[Shop], company_of: Mapping[int, int]) -> Resolved:
    """The company of a member who sells, by place, and by when its goods were listed."""
    by_place = _grouped(public, lambda shop: shop.place)
    selling = [each for each in members.rows if members.identity(each) in company_of]
    return _counted(
        (
            [
                shop.company
                for shop in by_place.get((each.get("country"), each.get("city")), ())
                if _could_be_of(shop, each)
            ],
            company_of[members.identity(each)],
        )
        for each in members.only(selling).sample(MOST)
    )


def _could_be_of(shop: Shop, member: Shown) -> bool:
    registered = span_of(member.get("registeredAt"))
    return all(meet(registered, listed, later=LISTED_WITHIN) for listed in shop.listed)


# Rows of two requesters that are the same.


def same_visits(whole: View, masked: View) -> Resolved:
    """The visits of one party that are those of the other, by device and time."""
    by = [name for name in ("browser", "operatingSystem", "device", "pagesViewed") if _is_shown(name, whole, masked)]
    return _same(whole, masked, lambda row: tuple(row[name] for name in by))


def same_orders(whole: View, masked: View) -> Resolved:
    """The orders of one party that are those of the other, by all that both are shown."""
    return _same(
        whole,
        masked,
        lambda row: (
            row["status"],
            row["currency"],
            _rounded(row["total"]),
            row["deliveryCity"],
            row["deliveryCountry"],
        ),
    )


def _is_shown(name: str, *views: View) -> bool:
    return all(name in view.rows[0] for view in views if view.rows)


def _rounded(amount: str) -> Decimal:
    return rounded_amount(Decimal(amount))


def _same(whole: View, masked: View, key: Callable[[Shown], Hashable]) -> Resolved:
    """A pseudonym is resolved where one row alone fits it, and no other pseudonym fits that row."""
    is_timed = all(_time(row) for view in (whole, masked) for row in view.rows)

    def known(row: Shown) -> Hashable:
        """What is the same of both, the month among it: whatever form a time has, it lies in one."""
        return key(row), _month(span_of(_time(row))) if is_timed else None

    theirs, ours = _grouped(whole.rows, known), _grouped(masked.rows, known)

    def candidates(row: Shown) -> Sequence[int]:
        found = [each for each in theirs.get(known(row), ()) if _at_once(each, row)]
        if len(found) == 1 and len([each for each in ours[known(row)] if _at_once(found[0], each)]) == 1:
            return [whole.identity(found[0])]
        return []

    return _counted((candidates(row), masked.identity(row)) for row in masked.rows)


def _time(row: Shown) -> str | None:
    return row.get("at") or row.get("placedAt")


def _at_once(one: Shown, other: Shown) -> bool:
    return meet(span_of(_time(one)), span_of(_time(other)))


# Open payments and orders.


def orders_paid(payments: View, orders: View, order_of: Mapping[int, int]) -> Resolved:
    """The orders that open payments are for, by amount, currency, time and place."""
    under_way = [order for order in orders.rows if order["status"] in ("PAID", "SHIPPED")]
    theirs = _grouped(payments.rows, lambda row: (row["currency"], _rounded(row["amount"])))
    ours = _grouped(under_way, lambda row: (row["currency"], _rounded(row["total"])))

    def candidates(order: Shown) -> Sequence[int]:
        key = (order["currency"], _rounded(order["total"]))
        found = _nearest([each for each in theirs.get(key, ()) if _is_paid(order, each)], order)
        if len(found) == 1 and len([each for each in ours[key] if found[0] in _nearest(found, each)]) == 1:
            return [order_of[payments.identity(found[0])]]
        return []

    resolved = _counted((candidates(order), orders.identity(order)) for order in under_way)
    return Resolved(tried=len(orders.rows), right=resolved.right, wrong=resolved.wrong)


def _is_paid(order: Shown, payment: Shown) -> bool:
    return meet(span_of(order.get("placedAt")), span_of(payment.get("paidAt")), later=PAID_WITHIN)


def _nearest(payments: Sequence[Shown], order: Shown) -> Sequence[Shown]:
    """Those that are billed to the city where the order goes, if there are any: most goods go to who pays."""
    city = order.get("deliveryCity")
    there = [each for each in payments if _is_paid(order, each) and (city is None or city in each["billingAddress"])]
    return there or payments


# Pseudonyms of buyers, and what their sellers know.


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """What a seller knows of a buyer: when they bought last, and of which category."""

    buyer: int
    last: Span
    category: str


def buyers_of_pseudonyms(behaviour: View, bought: Sequence[Bought]) -> Resolved:
    """The buyers behind pseudonyms, by when they were last active and what they buy."""
    by_month = _grouped(behaviour.rows, lambda row: _month(span_of(row["lastActiveAt"])))
    known = {behaviour.identity(row) for row in behaviour.rows} & {each.buyer for each in bought}
    found: defaultdict[int, set[int]] = defaultdict(set)
    for each in bought:
        fitting = [row for row in by_month.get(_month(each.last), ()) if _could_be(row, each)]
        if len(fitting) == 1:
            found[behaviour.identity(fitting[0])].add(each.buyer)
    wrong = sum(pseudonym not in buyers for pseudonym, buyers in found.items())
    return Resolved(tried=len(known), right=len(found) - wrong, wrong=wrong)


def _month(span: Span | None) -> Hashable:
    return (span[0].year, span[0].month) if span else None


def _could_be(pseudonym: Shown, bought: Bought) -> bool:
    is_then = meet(span_of(pseudonym["lastActiveAt"]), bought.last)
    return is_then and bought.category in (pseudonym.get("topCategories") or (bought.category,))
