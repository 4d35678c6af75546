"""What is asked of Veil: documents, their requesters, and the values that their variables go through.

The first four are asked of everybody, by `contending`; the others only Veil can answer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from benchmarks.personas import (
    ADVERTISER,
    ANALYST,
    BANK,
    CARE,
    MEMBER,
    OFFICER,
    OPERATOR,
    STAFF,
    TRADER,
    VISITOR,
    Persona,
)


class Varies(Enum):
    """What a question's variables go through, a request each."""

    NOTHING = "nothing"
    ORDERS = "the ids of orders, as `id`"
    BUYERS = "the ids of members who have ordered, as `id`"
    PAGES = "the cursors of ten pages of a hundred members, as `after`"
    DOCUMENT = "the document itself: `NUMBERED` in it is another number in each request"


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """Documents that are asked in turn, each by its persona."""

    name: str
    asks: str
    """In words, for the report."""
    documents: Sequence[tuple[Persona, str]]
    varies: Varies = Varies.NOTHING


POINT: Final = "query Point($id: ID!) { order(id: $id) { status total currency placedAt buyer { name email } } }"

PAGE: Final = (
    "query Page { orders(first: 20) { nodes { status total currency placedAt buyer { name email }"
    " items { quantity unitPrice product { title } } } } }"
)

DEEP: Final = (
    "query Deep($id: ID!) { member(id: $id) { name purchases(first: 10) { nodes { total items { quantity"
    " product { title company { name owner { name country } } } } } } } }"
)

LIST: Final = "query List($after: String) { members(first: 100, after: $after) { nodes { name email city country } } }"

_COMMON: Mapping[str, tuple[str, str, Varies]] = {
    "point": ("one order with its buyer", POINT, Varies.ORDERS),
    "page": ("20 orders, each with its buyer and 3 items with their products", PAGE, Varies.NOTHING),
    "deep": ("a member's purchases, their items, products, companies and those companies' owners", DEEP, Varies.BUYERS),
    "list": ("1,000 members, 4 fields each, in pages of 100; a request is a page", LIST, Varies.PAGES),
}

COMMON: Final = tuple(_COMMON)
"""The names of the workloads that everybody is asked."""


def common(name: str, persona: Persona) -> Workload:
    """A workload that everybody is asked, as a persona."""
    asks, document, varies = _COMMON[name]
    return Workload(name=name, asks=asks, documents=[(persona, document)], varies=varies)


_MIXED = (
    (VISITOR, "companies(first: 10) { nodes { name country products(first: 3) { nodes { title price } } } }"),
    (VISITOR, "products(first: 20) { nodes { title price currency company { name } } }"),
    (VISITOR, "forumPosts(last: 10) { nodes { topic postedAt } }"),
    (MEMBER, "me { name email phone address registeredAt }"),
    (MEMBER, "me { purchases(first: 5) { nodes { status total items { quantity product { title } } } } }"),
    (MEMBER, "me { company { name } paymentProfiles { nodes { cardNumber billingName } } }"),
    (TRADER, "orders(first: 5) { nodes { status total seller { name email phone } } }"),
    (TRADER, "orders(first: 5) { nodes { items { quantity unitPrice product { title } } } }"),
    (TRADER, "orders(last: 3) { nodes { status payment { method status } } }"),
    (STAFF, "orders(first: 5) { nodes { id status total deliveryName deliveryAddress buyer { id name email } } }"),
    (STAFF, "members(last: 10) { nodes { id name email phone city country } }"),
    (STAFF, "payments(first: 5) { nodes { method amount cardNumber order { total } } }"),
    (OPERATOR, "orders(last: 10) { nodes { status total deliveryAddress deliveryPhone buyer { name email } } }"),
    (OPERATOR, "members(first: 10) { nodes { id name phone address kind } }"),
    (OPERATOR, "companies(first: 5) { nodes { id name contactName contactEmail owner { name } } }"),
    (ANALYST, "orders(first: 10) { nodes { id total currency buyer { id email } } }"),
    (ANALYST, "payments(first: 10) { nodes { id amount cardNumber billingName } }"),
    (ANALYST, "members(first: 10) { nodes { id email country kind } }"),
    (CARE, "members(first: 5) { nodes { id name email phone address } }"),
    (CARE, "orders(first: 5) { nodes { id status total buyer { name email } } }"),
    (CARE, "orders(last: 5) { nodes { deliveryAddress items { quantity product { title } } } }"),
    (ADVERTISER, "members(first: 10) { nodes { id name email country } }"),
    (ADVERTISER, 'members(first: 5, filter: {country: {eq: "US"}}) { nodes { name email } }'),
    (ADVERTISER, "members(last: 5) { totalCount nodes { name email } }"),
    (BANK, "payments(first: 5) { nodes { id method amount cardNumber bankAccount billingName } }"),
    (BANK, "payments(first: 5) { totalCount nodes { id status billingName billingAddress } }"),
    (BANK, "payments(last: 3) { nodes { amount currency status organisation { name } } }"),
    (OFFICER, "accessRecords(first: 10) { nodes { at role purpose operation outcome subjectCount } }"),
    (OFFICER, "accessRecords(first: 5) { nodes { role organisation { name } fields { field treatment } } }"),
    (OFFICER, "members(first: 5) { nodes { id name email } }"),
)

OWN: Final = (
    Workload(
        name="conditional",
        asks="an advertiser: 20 of the members who responded to its campaign",
        documents=[(ADVERTISER, "query Responded { members(first: 20) { nodes { name email country } } }")],
    ),
    Workload(
        name="tokens",
        asks="statistical analysis: 20 orders, with tokens for ids, e-mail addresses and phone numbers",
        documents=[
            (
                ANALYST,
                "query Tokens { orders(first: 20) { nodes { id total currency buyer { id email phone country } } } }",
            )
        ],
    ),
    Workload(
        name="refusal",
        asks="an advertiser asks for what its view does not have; the refusal is recorded",
        documents=[(ADVERTISER, "query Refused { members(first: 20) { nodes { name phone } } }")],
    ),
    Workload(
        name="cold",
        asks="the point query, each request as a document never seen",
        documents=[
            (
                STAFF,
                'query Cold { order(id: "Order:1") { aNUMBERED: status total currency placedAt buyer { name email } } }',
            )
        ],
        varies=Varies.DOCUMENT,
    ),
    Workload(
        name="mixed",
        asks="ten personas, thirty documents in turn",
        documents=[(persona, f"query Mixed{number} {{ {body} }}") for number, (persona, body) in enumerate(_MIXED)],
    ),
)
"""What only Veil answers."""
