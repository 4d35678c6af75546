"""What members publish beside their companies and products: buying requests and forum posts.

About one in seven has a way to reach its author left in its text.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from gateway.demo.sample import phrases, words
from gateway.demo.sample.draws import Draws, moment, second
from gateway.demo.sample.people import MemberRow
from gateway.demo.sample.writing import language_of, reached, said, slip

_LAST_POSTED = second(2026, 6, 30)
_WRITES = 10
"""How many members in a hundred write a post; as many of those who buy post a request."""

_FIRST_BUYER = 1
_FIRST_AUTHORS = frozenset({1, 2})
"""Of the first members, who publishes in any case."""


class BuyingRequestRow(NamedTuple):
    """A row of `buying_request`."""

    id: int
    buyer_id: int
    title: str
    quantity: int | None
    country: str
    posted_at: datetime
    details: str


class ForumPostRow(NamedTuple):
    """A row of `forum_post`."""

    id: int
    author_id: int
    topic: str
    posted_at: datetime
    body: str


def buying_requests(members: Iterable[MemberRow], seed: int) -> list[BuyingRequestRow]:
    draws = Draws(seed, "buying_request")
    buyers = [buyer for buyer in members if buyer.buys and (draws.happens(_WRITES) or buyer.id == _FIRST_BUYER)]
    return [_buying_request(draws, number, buyer) for number, buyer in enumerate(buyers, 1)]


def _buying_request(draws: Draws, number: int, buyer: MemberRow) -> BuyingRequestRow:
    category = draws.pick(words.CATEGORIES)
    return BuyingRequestRow(
        id=number,
        buyer_id=buyer.id,
        title=draws.pick(phrases.REQUEST_TITLES).format(goods=draws.pick(category.goods)),
        quantity=category.minimum * draws.between(1, 40) if draws.happens(90) else None,
        country=buyer.country,
        posted_at=_posted_at(draws, buyer),
        details=_slipped(draws, buyer, said(draws, phrases.REQUEST_DETAILS)),
    )


def forum_posts(members: Iterable[MemberRow], seed: int) -> list[ForumPostRow]:
    draws = Draws(seed, "forum_post")
    authors = [author for author in members if draws.happens(_WRITES) or author.id in _FIRST_AUTHORS]
    return [_forum_post(draws, number, author) for number, author in enumerate(authors, 1)]


def _forum_post(draws: Draws, number: int, author: MemberRow) -> ForumPostRow:
    language = language_of(draws, author)
    return ForumPostRow(
        id=number,
        author_id=author.id,
        topic=draws.pick(phrases.FORUM_TOPICS),
        posted_at=_posted_at(draws, author),
        body=_slipped(draws, author, said(draws, language.posts, language.gap)),
    )


def _posted_at(draws: Draws, member: MemberRow) -> datetime:
    return moment(draws.between(int(member.registered_at.timestamp()), _LAST_POSTED))


def _slipped(draws: Draws, author: MemberRow, text: str) -> str:
    return f"{text} {slip(draws, words.SLIPS, reached(draws, author))}" if draws.happens(15) else text
