"""What is asked twice: once of a row that is hidden from the requester, or of a document that another has asked; once
of a row that is not there, or of a document that nobody has asked.

The requester knows everything but which of the two it is.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from schema.marketplace.words import Purposes, Roles
from tests.conftest import Requesting

SELF = Requesting(role=Roles.MEMBER, purpose=Purposes.SELF_SERVICE, member=1)
INSIGHT = Requesting(role=Roles.MEMBER, purpose=Purposes.MEMBER_INSIGHT, member=1)
AFFILIATE = Requesting(role=Roles.AFFILIATE, purpose=Purposes.AFFILIATE_SHARING, organisation=2)
PARTNER = Requesting(role=Roles.PARTNER, purpose=Purposes.PARTNER_TRACKING, organisation=6)
ANOTHER = Requesting(role=Roles.PARTNER, purpose=Purposes.PARTNER_TRACKING, organisation=7)

LEAST_OF = 30
"""Looks of which an attacker keeps the shortest, because whatever disturbs one makes it longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A request's body."""

    query: str
    variables: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two requests that are answered alike."""

    name: str
    requesting: Requesting
    bodies: Callable[[int], tuple[Body, Body]]
    """Of this repeat: the first is of what is there."""
    looks: int
    asked_before: Callable[[int], tuple[Requesting, Body]] | None = None
    """What somebody else asks before a repeat."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """Rows that a requester may not see, and may look for by their time."""

    what: str
    requesting: Requesting
    connection: str
    filter_type: str
    field: str
    rows: str
    """The rows' times, as `at`: SQL."""


HIDDEN = (
    Hidden(
        what="an order of others",
        requesting=SELF,
        connection="orders",
        filter_type="OrderFilter",
        field="placedAt",
        rows="select placed_at as at from trade_order where 1 not in (buyer_id, seller_id)",
    ),
    Hidden(
        what="how a member buys who accepted no cookies",
        requesting=INSIGHT,
        connection="buyerBehaviours",
        filter_type="BuyerBehaviourFilter",
        field="lastActiveAt",
        rows="select last_active_at as at from buyer_behaviour where not exists (select from consent"
        " where consent.member_id = buyer_behaviour.member_id and kind = 'COOKIES')",
    ),
    Hidden(
        what="an order of members without an account there",
        requesting=AFFILIATE,
        connection="orders",
        filter_type="OrderFilter",
        field="placedAt",
        rows="select placed_at as at from trade_order where not exists (select from affiliate_account account"
        " where account.member_id in (buyer_id, seller_id) and account.organisation_id = 2)",
    ),
    Hidden(
        what="a visit of a member whom another partner sent",
        requesting=PARTNER,
        connection="visits",
        filter_type="VisitFilter",
        field="at",
        rows="select at from visit where not exists (select from partner_arrival arrival"
        " where arrival.member_id = visit.member_id and arrival.organisation_id = 6)",
    ),
)


async def pairs(connection: Any) -> Sequence[Pair]:
    """The pairs of the marketplace behind an owner's connection."""
    order = await connection.fetchval(f"{_HIDDEN_ORDER} order by id offset 40 limit 1")
    behaviour = await connection.fetchval("select id from buyer_behaviour where member_id > 40 order by id limit 1")
    return [
        *[_by_filter(each, await connection.fetchval(_MIDDLE.format(rows=each.rows))) for each in HIDDEN],
        _by_id("how a member buys, by its id (24 times)", "buyerBehaviour", f"BuyerBehaviour:{behaviour}"),
        _by_id("an order of others, by its id (24 times)", "order", f"Order:{order}"),
        _by_ids("an order of others, among the ids of `nodes` (100 times)", f"Order:{order}"),
        Pair(
            name="a document, literals included, that another organisation has asked",
            requesting=PARTNER,
            bodies=lambda number: (_document(2 * number), _document(2 * number + 1)),
            looks=1,
            asked_before=lambda number: (ANOTHER, _document(2 * number)),
        ),
    ]


_HIDDEN_ORDER = "select id from trade_order where 1 not in (buyer_id, seller_id)"

_MIDDLE = """
with found as ({rows})
select at from found where not exists (select from found other where other.at > found.at - interval '1 second'
    and other.at < found.at + interval '3 seconds' and other.at <> found.at)
order by at offset (select count(*) / 4 from found) limit 1"""
"""A row in the midst of the others, alone in its second and in the second but one after it."""

COUNTS = 12


def _by_filter(hidden: Hidden, there: datetime) -> Pair:
    counts = " ".join(f"a{n}: {hidden.connection}(first: 0, filter: $within) {{ totalCount }}" for n in range(COUNTS))
    query = f"query ($within: {hidden.filter_type}) {{ {counts} }}"
    bodies = (_within(query, hidden.field, there), _within(query, hidden.field, there + timedelta(seconds=2)))
    name = f"{hidden.what}, by its time ({COUNTS} counts)"
    return Pair(name=name, requesting=hidden.requesting, bodies=lambda _: bodies, looks=LEAST_OF)


def _within(query: str, field: str, start: datetime) -> Body:
    """Of the second that begins there."""
    end = start + timedelta(seconds=1)
    return Body(query=query, variables={"within": {field: {"gte": start.isoformat(), "lt": end.isoformat()}}})


def _absent(there: str) -> str:
    """The id of no row, of the same type and of the same length."""
    kind, _, number = there.partition(":")
    return f"{kind}:{'9' * len(number)}"


def _by_id(name: str, root: str, there: str) -> Pair:
    query = f"query ($id: ID!) {{ {' '.join(f'a{n}: {root}(id: $id) {{ __typename }}' for n in range(24))} }}"
    hidden, absent = (Body(query=query, variables={"id": identity}) for identity in (there, _absent(there)))
    return Pair(name=name, requesting=SELF, bodies=lambda _: (hidden, absent), looks=LEAST_OF)


def _by_ids(name: str, there: str) -> Pair:
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename } }"
    hidden, absent = (Body(query=query, variables={"ids": [identity] * 100}) for identity in (there, _absent(there)))
    return Pair(name=name, requesting=SELF, bodies=lambda _: (hidden, absent), looks=LEAST_OF)


def _document(number: int) -> Body:
    """A document of one shape, that differs in its literals."""
    return Body(query=f"{{ {' '.join(_literals(number))} }}", variables={})


def _literals(number: int) -> Iterator[str]:
    start = datetime(2011, 1, 1, tzinfo=UTC) + timedelta(seconds=number)
    for alias in range(12):
        bound = (start + timedelta(days=alias)).isoformat()
        yield f'a{alias}: orders(first: 1, filter: {{placedAt: {{gte: "{bound}"}}}}) {{ nodes {{ id }} }}'
