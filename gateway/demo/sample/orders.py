"""Orders, their items and their payments, drawn together because each must agree with the others.

The first orders are those a demonstration needs: the same buyer's, one in every status, from the same supplier.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from gateway.demo.sample import words
from gateway.demo.sample.draws import Draws, moment, money, second, wheel
from gateway.demo.sample.people import Means, MemberRow
from gateway.demo.sample.shops import LISTED_WITHIN, Shop

PER_MEMBER = 10

_FIRST_PLACED = second(2021)
_LAST_PLACED = second(2026, 6, 30)
_FRESH = second(2026, 3)
"""Orders from here on may still be under way."""

_DAY = 24 * 60 * 60


class TradeOrderRow(NamedTuple):
    """A row of `trade_order`."""

    id: int
    buyer_id: int
    seller_id: int
    status: str
    placed_at: datetime
    total: Decimal
    currency: str
    delivery_name: str
    delivery_address: str
    delivery_phone: str | None
    delivery_city: str
    delivery_country: str
    tracking_number: str | None


class OrderItemRow(NamedTuple):
    """A row of `order_item`."""

    order_id: int
    line: int
    product_id: int
    quantity: int
    unit_price: Decimal
    specification: str | None


class PaymentRow(NamedTuple):
    """A row of `payment`."""

    id: int
    order_id: int
    buyer_id: int
    seller_id: int
    organisation_id: int
    method: str
    amount: Decimal
    currency: str
    status: str
    paid_at: datetime
    card_number: str | None
    card_expiry: str | None
    bank_account: str | None
    billing_name: str
    billing_address: str
    billing_city: str
    cheque_tracking: str | None


class Sale(NamedTuple):
    """An order with what belongs to it."""

    order: TradeOrderRow
    items: list[OrderItemRow]
    payment: PaymentRow | None


class Placement(NamedTuple):
    """Who ordered from whom, and when."""

    placed: int
    buyer: int
    seller: int


class Route(NamedTuple):
    """How a payment is made, and through which organisation."""

    method: str
    organisation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """Who may trade: everybody with their means, in the order of their numbers, and the shops by their owners."""

    people: Sequence[MemberRow]
    purses: Sequence[Means]
    shops: Mapping[int, Shop]

    @property
    def product_count(self) -> int:
        return sum(len(shop.prices) for shop in self.shops.values())


_BANKS = tuple(each.id for each in words.ORGANISATIONS if each.kind == "BANK")
_VENDORS = tuple(each.id for each in words.ORGANISATIONS if each.kind == "PAYMENT_VENDOR")

_ROUTES = (
    *(Route("CARD", vendor) for vendor in _VENDORS * 6),
    *(Route("BANK_TRANSFER", bank) for bank in _BANKS * 3),
    *(Route("CHEQUE", bank) for bank in _BANKS),
)

_FIRST_ORDERS = (
    *(("PAID", Route("CARD", _VENDORS[0])), ("PAID", Route("BANK_TRANSFER", _BANKS[0]))),
    *(("PLACED", _ROUTES[0]), ("SHIPPED", _ROUTES[1]), ("DELIVERED", Route("CHEQUE", _BANKS[1]))),
    *(("DISPUTED", _ROUTES[0]), ("CANCELLED", _ROUTES[0])),
)
"""Status and route of the orders 1, 2, 3 and so on; member 1 placed them all with member 2."""

FIRST_ORDERS = len(_FIRST_ORDERS)

_FINISHED = wheel(DELIVERED=86, DISPUTED=4, CANCELLED=10)
_UNDER_WAY = wheel(PLACED=15, PAID=22, SHIPPED=25, DELIVERED=27, DISPUTED=3, CANCELLED=8)

_PAYMENT_STATUSES: Mapping[str, tuple[str | None, ...]] = {
    "PLACED": (None,),
    "PAID": wheel(PENDING=1, AUTHORISED=2),
    "SHIPPED": wheel(AUTHORISED=1, SETTLED=9),
    "DELIVERED": ("SETTLED",),
    "DISPUTED": wheel(SETTLED=3, REFUNDED=2),
    "CANCELLED": (None, None, None, "FAILED", "REFUNDED"),
}
"""How far the payment of an order of some status may be; nothing where none was made."""

_SHIPPED = frozenset({"SHIPPED", "DELIVERED", "DISPUTED"})

_POSTS = ("RR", "EE", "LP", "CP")
_LINES = (1, 1, 1, 2, 2, 2, 2, 3, 3, 4)


def sales(market: Market, count: int, seed: int) -> Iterator[Sale]:
    """The first orders, then the others as time went by."""
    draws = Draws(seed, "trade_order")
    first = [Placement(_FRESH + number * _DAY, 1, 2) for number in range(len(_FIRST_ORDERS))]
    others = _placements(market, count - len(first), seed)
    payments = 0
    for number, placement in enumerate((*first, *others), 1):
        status, route = _status_and_route(draws, number, placement.placed)
        sale = _sale(draws, market, number, placement, status)
        payment = _payment(draws, market, payments + 1, sale.order, route)
        payments += payment is not None
        yield sale._replace(payment=payment)


def _status_and_route(draws: Draws, number: int, placed: int) -> tuple[str, Route]:
    if number <= len(_FIRST_ORDERS):
        return _FIRST_ORDERS[number - 1]
    return draws.pick(_UNDER_WAY if placed >= _FRESH else _FINISHED), draws.pick(_ROUTES)


def _placements(market: Market, count: int, seed: int) -> list[Placement]:
    """By time. The first in a shuffled list is the most popular, so that popularity follows no number."""
    draws = Draws(seed, "placement")
    buyers = draws.shuffled([person.id for person in market.people if person.buys])
    sellers = draws.shuffled(list(market.shops))
    return sorted(_placement(draws, market, buyers, sellers) for _ in range(count))


def _placement(draws: Draws, market: Market, buyers: Sequence[int], sellers: Sequence[int]) -> Placement:
    buyer = buyers[draws.skewed(len(buyers))]
    rank = draws.skewed(len(sellers))
    # Nobody buys from themselves: the next in rank sells instead.
    seller = sellers[rank] if sellers[rank] != buyer else sellers[rank - 1]
    registered = max(market.people[buyer - 1].registered_at.timestamp(), market.shops[seller].opened)
    earliest = max(_FIRST_PLACED, int(registered) + LISTED_WITHIN)
    return Placement(draws.between(earliest, _LAST_PLACED), buyer, seller)


def span(buyer: MemberRow) -> int:
    """For how many seconds a member can have ordered."""
    return _LAST_PLACED - max(_FIRST_PLACED, int(buyer.registered_at.timestamp()))


def _sale(draws: Draws, market: Market, number: int, placement: Placement, status: str) -> Sale:
    shop = market.shops[placement.seller]
    items, cents = _items(draws, number, shop)
    # Some have their goods sent to a customer of their own.
    receiver = draws.pick(market.people) if draws.happens(8) else market.people[placement.buyer - 1]
    order = TradeOrderRow(
        id=number,
        buyer_id=placement.buyer,
        seller_id=placement.seller,
        status=status,
        placed_at=moment(placement.placed),
        total=money(cents),
        currency=shop.currency,
        delivery_name=receiver.name,
        delivery_address=receiver.address,
        delivery_phone=receiver.phone,
        delivery_city=receiver.city,
        delivery_country=receiver.country,
        tracking_number=_tracking(draws, shop.company.country) if status in _SHIPPED else None,
    )
    return Sale(order, items, None)


def _tracking(draws: Draws, country: str) -> str:
    return f"{draws.pick(_POSTS)}{draws.digits(9)}{country}"


def _items(draws: Draws, order: int, shop: Shop) -> tuple[list[OrderItemRow], int]:
    """Different products of the shop, and what they cost together in cents."""
    offered = len(shop.prices)
    start = draws.below(offered)
    items: list[OrderItemRow] = []
    cents = 0
    for line in range(1, min(draws.pick(_LINES), offered) + 1):
        place = (start + line) % offered
        quantity = shop.category.minimum * draws.between(1, 8)
        cents += quantity * shop.prices[place]
        specification = draws.pick(shop.category.specifications) if draws.happens(60) else None
        price = money(shop.prices[place])
        items.append(OrderItemRow(order, line, shop.first_product + place, quantity, price, specification))
    return items, cents


def _payment(draws: Draws, market: Market, number: int, order: TradeOrderRow, route: Route) -> PaymentRow | None:
    status = draws.pick(_PAYMENT_STATUSES[order.status])
    if status is None:
        return None
    buyer, purse = market.people[order.buyer_id - 1], market.purses[order.buyer_id - 1]
    by_card, by_cheque = route.method == "CARD", route.method == "CHEQUE"
    return PaymentRow(
        id=number,
        order_id=order.id,
        buyer_id=order.buyer_id,
        seller_id=order.seller_id,
        organisation_id=route.organisation,
        method=route.method,
        amount=order.total,
        currency=order.currency,
        status=status,
        paid_at=order.placed_at + timedelta(seconds=draws.below(3 * _DAY)),
        card_number=purse.card_number if by_card else None,
        card_expiry=purse.card_expiry if by_card else None,
        bank_account=None if by_card else purse.bank_account,
        billing_name=buyer.name,
        billing_address=buyer.address,
        billing_city=buyer.city,
        cheque_tracking=_tracking(draws, buyer.country) if by_cheque else None,
    )
