"""How members buy, computed from the orders they placed and the pages they opened."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from gateway.demo.sample import words
from gateway.demo.sample.browsing import BrowsingEventRow
from gateway.demo.sample.draws import EPOCH, money
from gateway.demo.sample.orders import Market, Sale, span

_YEAR = 365 * 24 * 60 * 60
_TOP = 3
_PER_DOLLAR = {country.currency: country.per_dollar for country in words.COUNTRIES}


class BuyerBehaviourRow(NamedTuple):
    """A row of `buyer_behaviour`."""

    member_id: int
    orders_per_year: Decimal
    average_order: Decimal
    top_categories: list[str]
    last_active_at: datetime


@dataclass(slots=True)
class _Habit:
    """What is known of one buyer so far; what was spent is in cents of a US dollar."""

    spent: int = 0
    categories: Counter[str] = field(default_factory=Counter[str])


class Behaviour:
    """Watches orders and pages pass, and says at last how each buyer behaves."""

    def __init__(self, market: Market) -> None:
        self._market = market
        self._habits: defaultdict[int, _Habit] = defaultdict(_Habit)
        self._active: dict[int, datetime] = {}

    def sold(self, sales: Iterable[Sale]) -> None:
        for sale in sales:
            order = sale.order
            habit = self._habits[order.buyer_id]
            habit.spent += int(order.total * 100) // _PER_DOLLAR[order.currency]
            habit.categories[self._market.shops[order.seller_id].category.name] += 1
            self._seen(order.buyer_id, order.placed_at)

    def browsed(self, events: Iterable[BrowsingEventRow]) -> Iterator[BrowsingEventRow]:
        for event in events:
            self._seen(event.member_id, event.at)
            yield event

    def _seen(self, member: int, at: datetime) -> None:
        self._active[member] = max(at, self._active.get(member, EPOCH))

    def rows(self) -> list[BuyerBehaviourRow]:
        return [self._row(member, self._habits[member]) for member in sorted(self._habits)]

    def _row(self, member: int, habit: _Habit) -> BuyerBehaviourRow:
        count = habit.categories.total()
        ranked = sorted(habit.categories.items(), key=lambda counted: (-counted[1], counted[0]))
        return BuyerBehaviourRow(
            member_id=member,
            orders_per_year=money(100 * count * _YEAR // span(self._market.people[member - 1])),
            average_order=money(habit.spent // count),
            top_categories=[category for category, _ in ranked[:_TOP]],
            last_active_at=self._active[member],
        )
