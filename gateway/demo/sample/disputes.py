"""Disputes: one over every order in dispute, as its buyer puts it."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import count
from typing import NamedTuple

from gateway.demo.sample import phrases, words
from gateway.demo.sample.draws import Draws
from gateway.demo.sample.orders import Market, Sale
from gateway.demo.sample.people import MemberRow
from gateway.demo.sample.writing import reached, slip

_DAY = 24 * 60 * 60
_REASONS = tuple(phrases.DISPUTE_STATEMENTS)
_OUTCOMES = (None, None, "REJECTED", "WITHDRAWN")
"""How a dispute stands whose payment was not given back."""


class DisputeRow(NamedTuple):
    """A row of `dispute`."""

    id: int
    order_id: int
    buyer_id: int
    seller_id: int
    reason: str
    statement: str
    opened_at: datetime
    outcome: str | None


class Disputes:
    """Draws disputes, of one batch of sales after another, and numbers them through."""

    def __init__(self, market: Market, seed: int) -> None:
        self._market = market
        self._draws = Draws(seed, "dispute")
        self._numbers = count(1)

    def over(self, sales: Iterable[Sale]) -> Iterator[DisputeRow]:
        for sale in sales:
            if sale.order.status == "DISPUTED":
                yield self._dispute(sale)

    def _dispute(self, sale: Sale) -> DisputeRow:
        draws, order = self._draws, sale.order
        refunded = sale.payment is not None and sale.payment.status == "REFUNDED"
        reason = draws.pick(_REASONS)
        return DisputeRow(
            id=next(self._numbers),
            order_id=order.id,
            buyer_id=order.buyer_id,
            seller_id=order.seller_id,
            reason=reason,
            statement=self._statement(reason, self._market.people[order.buyer_id - 1]),
            opened_at=order.placed_at + timedelta(seconds=draws.between(10 * _DAY, 40 * _DAY)),
            outcome="REFUNDED" if refunded else draws.pick(_OUTCOMES),
        )

    def _statement(self, reason: str, buyer: MemberRow) -> str:
        text = self._draws.pick(phrases.DISPUTE_STATEMENTS[reason])
        if self._draws.happens(10):
            return f"{text} {slip(self._draws, words.SLIPS, reached(self._draws, buyer))}"
        return text
