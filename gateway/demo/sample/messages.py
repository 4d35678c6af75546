"""Messages between members: questions of buyers and answers of suppliers, about an order or before one.

About one in five has something left in its text by which its sender is reached or pays.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import count
from typing import NamedTuple

from gateway.demo.sample import phrases
from gateway.demo.sample.draws import Draws, moment, second
from gateway.demo.sample.orders import FIRST_ORDERS, Market, Sale
from gateway.demo.sample.people import MemberRow
from gateway.demo.sample.writing import language_of, reached, said, slip

_DAY = 24 * 60 * 60
_ABOUT_ORDERS = 7.5
_ANSWERED = 60
_LAST_SENT = second(2026, 6)


class MessageRow(NamedTuple):
    """A row of `message`, but for what the table makes of it itself."""

    id: int
    sender_id: int
    recipient_id: int
    order_id: int | None
    sent_at: datetime
    body: str
    sender_name: str
    sender_email: str
    sender_phone: str | None


class Letter(NamedTuple):
    """Who writes to whom about which order, and when."""

    sender: MemberRow
    recipient: MemberRow
    order: int | None
    sent: int


class Messages:
    """Draws messages, about one batch of sales after another or about none, and numbers them through."""

    def __init__(self, market: Market, seed: int) -> None:
        self._market = market
        self._draws = Draws(seed, "message")
        self._numbers = count(1)

    def about(self, sales: Iterable[Sale]) -> Iterator[MessageRow]:
        """What the parties to some of the orders write, and those to the first always."""
        for sale in sales:
            order = sale.order
            if order.id <= FIRST_ORDERS or self._draws.happens(_ABOUT_ORDERS):
                sent = int(order.placed_at.timestamp()) + self._draws.below(20 * _DAY)
                buyer, seller = (self._market.people[each - 1] for each in (order.buyer_id, order.seller_id))
                yield from self._exchange(Letter(buyer, seller, order.id, sent))

    def inquiries(self) -> Iterator[MessageRow]:
        """What members ask a supplier before any order: every second member, one in turn."""
        sellers = list(self._market.shops)
        for asker in self._market.people[::2]:
            seller = self._market.people[self._draws.pick(sellers) - 1]
            if seller is not asker:
                latest = max(asker.registered_at, seller.registered_at)
                sent = self._draws.between(int(latest.timestamp()), _LAST_SENT)
                yield from self._exchange(Letter(asker, seller, None, sent))

    def _exchange(self, letter: Letter) -> Iterator[MessageRow]:
        """A question and, more often than not, its answer."""
        draws, language = self._draws, language_of(self._draws, letter.sender)
        asked = said(draws, language.questions, language.gap)
        yield self._message(letter, self._slipped(letter, asked, phrases.QUESTION_SLIPS))
        if letter.order == 1 or draws.happens(_ANSWERED):
            answer = Letter(letter.recipient, letter.sender, letter.order, letter.sent + draws.below(3 * _DAY))
            language = language_of(draws, answer.sender)
            replied = said(draws, language.answers, language.gap)
            yield self._message(answer, self._slipped(answer, replied, phrases.ANSWER_SLIPS))

    def _message(self, letter: Letter, body: str) -> MessageRow:
        sender = letter.sender
        return MessageRow(
            id=next(self._numbers),
            sender_id=sender.id,
            recipient_id=letter.recipient.id,
            order_id=letter.order,
            sent_at=moment(letter.sent),
            body=body,
            sender_name=sender.name,
            sender_email=sender.email,
            sender_phone=sender.phone,
        )

    def _slipped(self, letter: Letter, text: str, patterns: tuple[str, ...]) -> str:
        """The text and, at times and in those about the first order always, a slip."""
        if letter.order != 1 and not self._draws.happens(20):
            return text
        purse = self._market.purses[letter.sender.id - 1]
        reach = reached(self._draws, letter.sender)._replace(card=purse.card_number, account=purse.bank_account)
        return f"{text} {slip(self._draws, patterns, reach)}"
