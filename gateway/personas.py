"""The personas of a demo: who there is to try the gateway as, each with a token and three queries to begin with.

Made from the sample marketplace and a development key. Exists only in a demo.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from gateway.console import Persona, StartingQuery
from gateway.development import DevelopmentKey
from schema.policy import Policy
from schema.requester import Purpose, Role

LIFETIME = 12 * 60 * 60
"""Seconds a persona's token holds; the console asks for a new one with every page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cast:
    name: str
    role: Role
    description: str
    queries: Sequence[tuple[Purpose, str, str]]
    member: int | None = None
    organisation: int | None = None
    reference: str | None = None


_COMPANIES = """\
query Companies {
  companies(first: 5) {
    totalCount
    nodes { id name country website description hiddenFields products(first: 2) { nodes { title price currency } } }
  }
}"""

_PRODUCTS = """\
query Products {
  products(first: 10, filter: {price: {gte: "5"}}, orderBy: {price: ASC}) {
    nodes { title category price currency description company { name city } }
    pageInfo { hasNextPage endCursor }
  }
}"""

_SEARCH = """\
query Verified {
  companies(first: 5, filter: {verified: {eq: true}, country: {in: ["DE", "IN"]}}, orderBy: {name: ASC}) {
    nodes { name city employees yearEstablished mainProducts }
  }
}"""

_ORDERS = """\
query Orders {
  orders(first: 5) {
    nodes {
      id status total currency
      deliveryName deliveryAddress deliveryPhone
      buyer { id name email phone hiddenFields }
      items { quantity unitPrice product { title } }
    }
  }
}"""

_MEMBERS = """\
query Members {
  members(first: 5) {
    totalCount
    nodes { id name email phone address city country hiddenFields }
  }
}"""

_PAYMENTS = """\
query Payments {
  payments(first: 5) {
    nodes { id method amount currency status cardNumber bankAccount billingName billingAddress order { id total } }
  }
}"""

_ME = """\
query Me {
  me {
    id name email address registeredAt company { name }
    paymentProfiles { nodes { cardNumber cardExpiry billingName creditLimit } }
  }
}"""

_SEEN = """\
query WhoHasSeenMyData {
  me {
    accesses(last: 10) {
      nodes { at role purpose organisation { name } operation outcome fields { field treatment } }
    }
  }
}"""

_PURCHASES = """\
query Purchases {
  me { purchases(first: 5) { nodes { id status total currency trackingNumber deliveryAddress } } }
}"""

_PARTNERS = """\
query TradingPartners {
  orders(first: 5) {
    nodes { id status total currency seller { name email phone address hiddenFields } payment { method status cardNumber } }
  }
}"""

_LOG = """\
query AccessLog {
  accessRecords(last: 10) {
    nodes { id at role purpose organisation { name } policy operation subjectCount outcome crossBorder fields { field treatment } }
  }
}"""

_REFUSED = """\
query NotAnswered {
  accessRecords(last: 10, orderBy: {outcome: DESC}) { nodes { at role purpose outcome requester reference } }
}"""

_KIND = """\
query Organisations {
  organisations(first: 30) { nodes { id name kind country } }
}"""

_CONTACT = """\
query ToContact {
  members(first: 5, filter: {country: {eq: "US"}}) { totalCount nodes { id name email jobTitle hiddenFields } }
}"""

_CAST = (
    _Cast(
        name="Visitor",
        role=Role.PUBLIC,
        description="Anybody on the internet: sees what members publish, and nobody behind it.",
        queries=(
            (Purpose.PUBLIC_BROWSING, "What members publish", _COMPANIES),
            (Purpose.PUBLIC_BROWSING, "Products, cheapest first", _PRODUCTS),
            (Purpose.PUBLIC_BROWSING, "Verified companies", _SEARCH),
        ),
    ),
    _Cast(
        name="Member 1, a buyer",
        role=Role.MEMBER,
        description="Sees all that is collected about her, who has seen it, and whom she trades with.",
        member=1,
        queries=(
            (Purpose.SELF_SERVICE, "All about me", _ME),
            (Purpose.SELF_SERVICE, "Who has seen my data", _SEEN),
            (Purpose.MEMBER_TRADING, "My trading partners", _PARTNERS),
        ),
    ),
    _Cast(
        name="Member 2, a supplier",
        role=Role.MEMBER,
        description="Owns company 1 and sells to member 1.",
        member=2,
        queries=(
            (Purpose.MEMBER_TRADING, "Orders with both parties", _ORDERS),
            (Purpose.SELF_SERVICE, "All about me", _ME),
            (Purpose.SELF_SERVICE, "Who has seen my data", _SEEN),
        ),
    ),
    _Cast(
        name="Marketplace staff",
        role=Role.PLATFORM,
        description="Serves accounts, analyses under pseudonyms, writes to those who have not opted out.",
        organisation=1,
        queries=(
            (Purpose.ACCOUNT_SERVICE, "Orders, plain", _ORDERS),
            (Purpose.STATISTICAL_ANALYSIS, "Orders, under pseudonyms", _ORDERS),
            (Purpose.MEMBER_CONTACT, "Whom to write to", _CONTACT),
        ),
    ),
    _Cast(
        name="Customer care",
        role=Role.SERVICE_PROVIDER,
        description="Works under contract: sees members in part, and whole the one whose case is open.",
        organisation=4,
        queries=(
            (Purpose.ACCOUNT_SERVICE, "Members, one of them with a case", _MEMBERS),
            (Purpose.ACCOUNT_SERVICE, "Orders, masked", _ORDERS),
            (Purpose.SITE_OPERATION, "Members, masked", _MEMBERS),
        ),
    ),
    _Cast(
        name="Former provider",
        role=Role.SERVICE_PROVIDER,
        description="Its contract has ended: the same queries find nobody.",
        organisation=5,
        queries=(
            (Purpose.ACCOUNT_SERVICE, "Members: none any more", _MEMBERS),
            (Purpose.SITE_OPERATION, "Orders: none any more", _ORDERS),
            (Purpose.SITE_OPERATION, "Organisations are open", _KIND),
        ),
    ),
    _Cast(
        name="Sister company",
        role=Role.AFFILIATE,
        description="Supports the site's operation under contract.",
        organisation=2,
        queries=(
            (Purpose.SITE_OPERATION, "Members, masked", _MEMBERS),
            (Purpose.SITE_OPERATION, "Orders, masked", _ORDERS),
            (Purpose.SITE_OPERATION, "Organisations are open", _KIND),
        ),
    ),
    _Cast(
        name="Advertiser",
        role=Role.ADVERTISER,
        description="Sees name and e-mail of those who responded to its campaign, and of nobody else.",
        organisation=8,
        queries=(
            (Purpose.CAMPAIGN, "Who responded", _MEMBERS),
            (Purpose.CAMPAIGN, "Who responded in one country", _CONTACT),
            (Purpose.CAMPAIGN, "Organisations are open", _KIND),
        ),
    ),
    _Cast(
        name="Bank",
        role=Role.BANK,
        description="Completes the payments that run through it and are not settled.",
        organisation=10,
        queries=(
            (Purpose.TRANSACTION_COMPLETION, "Payments to complete", _PAYMENTS),
            (
                Purpose.TRANSACTION_COMPLETION,
                "Orders they pay",
                "query Paying {\n  orders(first: 5) { nodes { id total currency buyer { name hiddenFields } } }\n}",
            ),
            (Purpose.TRANSACTION_COMPLETION, "Organisations are open", _KIND),
        ),
    ),
    _Cast(
        name="Payment vendor",
        role=Role.PAYMENT_VENDOR,
        description="Completes card payments, and sees the card only of those.",
        organisation=12,
        queries=(
            (Purpose.TRANSACTION_COMPLETION, "Payments to complete", _PAYMENTS),
            (
                Purpose.TRANSACTION_COMPLETION,
                "Who pays",
                "query Paying {\n  members(first: 5) { totalCount nodes { id name hiddenFields } }\n}",
            ),
            (Purpose.TRANSACTION_COMPLETION, "Organisations are open", _KIND),
        ),
    ),
    _Cast(
        name="Privacy officer",
        role=Role.PRIVACY_OFFICER,
        description="Oversees who has seen what.",
        organisation=1,
        queries=(
            (Purpose.PRIVACY_OVERSIGHT, "The access log", _LOG),
            (Purpose.PRIVACY_OVERSIGHT, "What was refused", _REFUSED),
            (Purpose.PRIVACY_OVERSIGHT, "Members, masked", _MEMBERS),
        ),
    ),
)


def personas(key: DevelopmentKey, policy: Policy) -> Sequence[Persona]:
    """Everybody of the demo, with fresh tokens."""
    now = int(time.time())
    return [_persona(cast, key, policy, now) for cast in _CAST]


def _persona(cast: _Cast, key: DevelopmentKey, policy: Policy, now: int) -> Persona:
    purposes = sorted(policy.roles[cast.role])
    token = None
    if cast.role is not Role.PUBLIC:
        token = key.sign(
            cast.role,
            purposes,
            member=cast.member,
            organisation=cast.organisation,
            subject=f"demo {cast.name}",
            lifetime_seconds=LIFETIME,
            now=now,
        )
    return Persona(
        name=cast.name,
        role=cast.role.value,
        description=cast.description,
        token=token,
        purposes=[purpose.value for purpose in purposes],
        reference=cast.reference,
        queries=[
            StartingQuery(title=title, purpose=purpose.value, query=query) for purpose, title, query in cast.queries
        ],
    )
