"""The personas of a demo: who there is to try the gateway as, each with a token and queries to begin with.

Made from the sample marketplace and a development key. Exists only in a demo.
"""

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gateway.demo.development import DevelopmentKey
from gateway.http.console import Persona, StartingQuery
from schema.marketplace.words import Purposes, Roles
from schema.policy.grants import Policy
from schema.requester import Purpose, Role

LIFETIME = 12 * 60 * 60
"""Seconds a persona's token holds; the console asks for a new one with every page."""

SHORT_LIFETIME = 15 * 60
"""Seconds that a token holds which a demo prints unasked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    name: str
    role: Role
    description: str
    queries: Sequence[tuple[Purpose, str, str]]
    """(purpose, title, body of the query)"""
    changes: Sequence[tuple[Purpose, str, str]] = ()
    """The same of mutations."""
    member: int | None = None
    organisation: int | None = None
    reference: str | None = None


# The queries without their first word: `query` and the operation's name, which is made of the title, stand before each.
# Lines are short, for the console's editor is narrow.

_COMPANIES = """\
{
  companies(first: 5) {
    totalCount
    nodes {
      id name country website
      description
      products(first: 2) {
        nodes { title price currency }
      }
    }
  }
}"""

_CORRECT = """\
{
  updateRegistration(
    id: "Member:1"
    input: {
      jobTitle: "Head of Purchasing"
    }
  ) { fields version }
}"""

_REFUSE = """\
{
  setConsent(
    input: {kind: COOKIES, given: false}
  ) { fields }
}"""

_ASK = """\
{
  requestCopy(
    input: {
      categories: ["REGISTRATION", "PAYMENT"]
    }
  ) { fields }
}"""

_SEARCH = """\
{
  companies(
    first: 5
    filter: {
      verified: {eq: true}
      country: {in: ["DE", "IN"]}
    }
    orderBy: {name: ASC}
  ) {
    nodes {
      name city employees
      yearEstablished mainProducts
    }
    pageInfo { hasNextPage endCursor }
  }
}"""

_COMPLAINTS = """\
{
  complaints(first: 5) {
    nodes {
      summary penalty status publishedAt
      againstName
      company { name }
    }
  }
}"""

_FIGURES = """\
{
  buyerStatistics(groupBy: COUNTRY) {
    groups { key members }
    total { members average }
  }
  visitStatistics(groupBy: BROWSER) {
    groups { key members count }
    total { members count sum }
  }
  orderStatistics(currency: "CNY") {
    total { members count average }
  }
}"""

_ORDERS = """\
{
  orders(first: 5) {
    nodes {
      id status total currency
      deliveryName deliveryAddress
      deliveryPhone
      buyer { id name email phone }
      items { quantity unitPrice }
    }
  }
}"""

_ORDERS_IN_PART = """\
{
  orders(first: 5) {
    nodes {
      id status total currency
      deliveryName deliveryAddress
      deliveryPhone
      buyer { id name email phone }
    }
  }
}"""

_MEMBERS = """\
{
  members(first: 5) {
    totalCount
    nodes {
      id name email phone
      address city country
    }
  }
}"""

_IN_HAMBURG = """\
{
  members(filter: {city: {eq: "Hamburg"}}) {
    nodes { name email country }
  }
}"""

_RESPONDED = """\
{
  members(first: 5) {
    totalCount
    nodes { id name email country }
  }
}"""

_RESPONDED_FROM_US = """\
{
  members(
    first: 5
    filter: {country: {eq: "US"}}
  ) {
    totalCount
    nodes { id name email }
  }
}"""

_PAYMENTS = """\
{
  payments(first: 5) {
    nodes {
      id method amount currency status
      cardNumber bankAccount
      billingName billingAddress
    }
  }
}"""

_AUTHORISED = """\
{
  payments(
    first: 5
    filter: {status: {eq: AUTHORISED}}
    orderBy: {paidAt: DESC}
  ) {
    totalCount
    nodes { id method amount currency paidAt }
  }
}"""

_ME = """\
{
  me {
    id name email phone address registeredAt
    company { name }
    paymentProfiles {
      nodes { cardNumber cardExpiry billingName }
    }
    purchases(first: 3) {
      nodes { id status total trackingNumber }
    }
  }
}"""

_SEEN = """\
{
  me {
    accesses(first: 10) {
      nodes {
        at role purpose
        organisation { name }
        fields { field treatment }
      }
    }
  }
}"""

_PARTNERS = """\
{
  orders(first: 5) {
    nodes {
      id status total currency
      seller {
        name email phone
        hiddenFields
      }
      payment { method status }
    }
  }
}"""

_LOG = """\
{
  accessRecords(
    last: 10
    filter: {subjectCount: {gt: 0}}
  ) {
    nodes {
      id at role purpose
      organisation { name }
      operation outcome
      subjectCount crossBorder
      fields { field treatment }
    }
  }
}"""

_REFUSED = """\
{
  accessRecords(
    last: 10
    filter: {refusals: {gte: 1}}
  ) {
    nodes { at role purpose outcome }
  }
}"""

_SENT = """\
{
  visits(first: 5) {
    nodes {
      id at device ipAddress
    }
  }
}"""

_BOUGHT = """\
{
  orders(first: 5) {
    nodes {
      id status total currency
      deliveryName deliveryCountry
    }
  }
}"""

_ASSESSED = """\
{
  paymentProfiles(first: 5) {
    totalCount
    nodes { id billingName cardNumber bankAccount }
  }
}"""

_NAMED = """\
{
  members(first: 5) {
    totalCount
    nodes {
      id name email phone address
      purchases(first: 2) {
        nodes { id status total deliveryAddress }
      }
    }
  }
}"""

_POLICY = """\
{
  privacyPolicy {
    version effectiveFrom contact
    roles { role purposes }
    clauses { id section }
  }
}"""

_UNAPPROVED = """\
{
  legalInstruments(
    first: 5
    filter: {approvedAt: {isNull: true}}
  ) {
    nodes {
      id kind reference enteredBy
      organisation { name }
    }
  }
}"""

_PAPERS = """\
{
  contracts {
    nodes { organisation { name } purposes endsAt }
  }
  legalInstruments(first: 5) {
    nodes {
      kind reference categories
      organisation { name }
      named { member { id name } }
    }
  }
}"""

_KIND = """\
{
  organisations(first: 30) {
    nodes { id name kind country }
  }
}"""

_CONTACT = """\
{
  members(
    first: 5
    filter: {country: {eq: "US"}}
  ) {
    totalCount
    nodes { id name email jobTitle }
  }
}"""

CAST = (
    Cast(
        name="Customer care",
        role=Roles.SERVICE_PROVIDER,
        description="Works under contract: sees members in part, but whole those with an open case, like member 3.",
        organisation=4,
        queries=(
            (Purposes.ACCOUNT_SERVICE, "Members, one whole", _IN_HAMBURG),
            (Purposes.ACCOUNT_SERVICE, "Orders, in part", _ORDERS),
            (Purposes.SITE_OPERATION, "Members, in part", _MEMBERS),
        ),
    ),
    Cast(
        name="Visitor",
        role=Roles.PUBLIC,
        description="Anybody on the internet: sees what members publish, and nobody behind it.",
        queries=(
            (Purposes.PUBLIC_BROWSING, "What members publish", _COMPANIES),
            (Purposes.PUBLIC_BROWSING, "Verified companies", _SEARCH),
            (Purposes.PUBLIC_BROWSING, "Complaints published", _COMPLAINTS),
            (Purposes.AGGREGATE_SHARING, "Trade in figures", _FIGURES),
        ),
    ),
    Cast(
        name="Member 1, a buyer",
        role=Roles.MEMBER,
        description="Sees all that is collected about them, who has seen it, and whom they trade with.",
        member=1,
        queries=(
            (Purposes.SELF_SERVICE, "All about me", _ME),
            (Purposes.SELF_SERVICE, "Who has seen my data", _SEEN),
            (Purposes.MEMBER_TRADING, "My trading partners", _PARTNERS),
        ),
        changes=(
            (Purposes.SELF_SERVICE, "Correct my registration", _CORRECT),
            (Purposes.SELF_SERVICE, "Refuse cookies", _REFUSE),
            (Purposes.SELF_SERVICE, "Ask for a copy", _ASK),
        ),
    ),
    Cast(
        name="Member 2, a supplier",
        role=Roles.MEMBER,
        description="Owns company 1 and sells to member 1: sees the orders with both parties, and their own data.",
        member=2,
        queries=(
            (Purposes.MEMBER_TRADING, "Orders, both parties", _ORDERS),
            (Purposes.SELF_SERVICE, "All about me", _ME),
            (Purposes.SELF_SERVICE, "Who has seen my data", _SEEN),
        ),
    ),
    Cast(
        name="Marketplace staff",
        role=Roles.PLATFORM,
        description="Serves accounts on plain data, analyses pseudonyms, writes to those who have not opted out.",
        organisation=1,
        queries=(
            (Purposes.ACCOUNT_SERVICE, "Orders, plain", _ORDERS),
            (Purposes.STATISTICAL_ANALYSIS, "Orders, pseudonyms", _ORDERS),
            (Purposes.MEMBER_CONTACT, "Whom to write to", _CONTACT),
        ),
    ),
    Cast(
        name="Former provider",
        role=Roles.SERVICE_PROVIDER,
        description="Its contract has ended: what customer care asks finds nobody any more.",
        organisation=5,
        queries=(
            (Purposes.ACCOUNT_SERVICE, "Members, none any more", _MEMBERS),
            (Purposes.SITE_OPERATION, "Orders, none any more", _ORDERS_IN_PART),
            (Purposes.SITE_OPERATION, "Organisations", _KIND),
        ),
    ),
    Cast(
        name="Sister company",
        role=Roles.AFFILIATE,
        description="Supports the site's operation under contract, on data in part.",
        organisation=2,
        queries=(
            (Purposes.SITE_OPERATION, "Members, in part", _MEMBERS),
            (Purposes.SITE_OPERATION, "Orders, in part", _ORDERS_IN_PART),
            (Purposes.SITE_OPERATION, "Organisations", _KIND),
        ),
    ),
    Cast(
        name="Partner",
        role=Roles.PARTNER,
        description="A co-branded site: follows, under pseudonyms, those it sent and who accepted cookies.",
        organisation=6,
        queries=(
            (Purposes.PARTNER_TRACKING, "When they visit", _SENT),
            (Purposes.PARTNER_TRACKING, "What they buy", _BOUGHT),
            (Purposes.AGGREGATE_SHARING, "Trade in figures", _FIGURES),
        ),
    ),
    Cast(
        name="Advertiser",
        role=Roles.ADVERTISER,
        description="Sees name, e-mail and country of those who responded to its campaign, and of nobody else.",
        organisation=8,
        queries=(
            (Purposes.CAMPAIGN, "Who responded", _RESPONDED),
            (Purposes.CAMPAIGN, "Responses from the US", _RESPONDED_FROM_US),
            (Purposes.AGGREGATE_SHARING, "Trade in figures", _FIGURES),
        ),
    ),
    Cast(
        name="Bank",
        role=Roles.BANK,
        description="Sees the payments that run through it, whole, until they are settled.",
        organisation=10,
        queries=(
            (Purposes.TRANSACTION_COMPLETION, "Payments to complete", _PAYMENTS),
            (Purposes.TRANSACTION_COMPLETION, "Those authorised", _AUTHORISED),
            (Purposes.CREDIT_ASSESSMENT, "Whom it assesses", _ASSESSED),
        ),
    ),
    Cast(
        name="Payment vendor",
        role=Roles.PAYMENT_VENDOR,
        description="Sees the cards of the payments it completes, and no others.",
        organisation=12,
        queries=(
            (Purposes.TRANSACTION_COMPLETION, "Payments to complete", _PAYMENTS),
            (Purposes.TRANSACTION_COMPLETION, "Those authorised", _AUTHORISED),
            (Purposes.TRANSACTION_COMPLETION, "Organisations", _KIND),
        ),
    ),
    Cast(
        name="Credit agency",
        role=Roles.CREDIT_AGENCY,
        description="Sees how those it is assessing pay: the name they are billed under, the rest in part.",
        organisation=14,
        queries=(
            (Purposes.CREDIT_ASSESSMENT, "Whom it assesses", _ASSESSED),
            (Purposes.CREDIT_ASSESSMENT, "What the policy says", _POLICY),
            (Purposes.CREDIT_ASSESSMENT, "Organisations", _KIND),
        ),
    ),
    Cast(
        name="Court",
        role=Roles.AUTHORITY,
        description="Sees what its order HK-2026-0117 names, of whom it names; every request refers to it.",
        organisation=17,
        reference="HK-2026-0117",
        queries=(
            (Purposes.COURT_ORDER, "Whom the order names", _NAMED),
            (Purposes.COURT_ORDER, "How they paid", _PAYMENTS),
            (Purposes.COURT_ORDER, "What the policy says", _POLICY),
        ),
    ),
    Cast(
        name="Consumer office",
        role=Roles.AUTHORITY,
        description="Sees whom its approved request CPO-2026-031 names; what another paper allows it does not see.",
        organisation=16,
        reference="CPO-2026-031",
        queries=(
            (Purposes.AUTHORITY_REQUEST, "Whom it asks about", _NAMED),
            (Purposes.BREACH_DISCLOSURE, "Nobody, by this paper", _NAMED),
            (Purposes.AUTHORITY_REQUEST, "What the policy says", _POLICY),
        ),
    ),
    Cast(
        name="Claimant",
        role=Roles.CLAIMANT,
        description="Harmed by a breach: sees the member that the finding BF-2026-005 names.",
        organisation=18,
        reference="BF-2026-005",
        queries=(
            (Purposes.BREACH_DISCLOSURE, "Who is in breach", _NAMED),
            (Purposes.BREACH_DISCLOSURE, "What the policy says", _POLICY),
            (Purposes.BREACH_DISCLOSURE, "Organisations", _KIND),
        ),
    ),
    Cast(
        name="Acquirer",
        role=Roles.ACQUIRER,
        description="Will see all, once it has bought the business; until that closes it sees nobody.",
        organisation=20,
        queries=(
            (Purposes.BUSINESS_TRANSFER, "Members, none yet", _MEMBERS),
            (Purposes.BUSINESS_TRANSFER, "What the policy says", _POLICY),
            (Purposes.BUSINESS_TRANSFER, "Organisations", _KIND),
        ),
    ),
    Cast(
        name="Privacy officer",
        role=Roles.PRIVACY_OFFICER,
        description="Oversees who has seen what, and what was refused.",
        organisation=1,
        queries=(
            (Purposes.PRIVACY_OVERSIGHT, "Who has seen what", _LOG),
            (Purposes.PRIVACY_OVERSIGHT, "What was refused", _REFUSED),
            (Purposes.PRIVACY_OVERSIGHT, "Members, in part", _MEMBERS),
            (Purposes.PRIVACY_ADMINISTRATION, "Contracts and legal instruments", _PAPERS),
        ),
    ),
    Cast(
        name="Second officer",
        role=Roles.PRIVACY_OFFICER,
        description="Approves what another officer has entered: an order, a finding, a transfer.",
        organisation=1,
        queries=((Purposes.PRIVACY_ADMINISTRATION, "Instruments to be approved", _UNAPPROVED),),
    ),
)


_PAGES: Mapping[Role, str] = {Roles.MEMBER: "/my-data", Roles.PRIVACY_OFFICER: "/desk"}


def personas(key: DevelopmentKey, policy: Policy) -> Sequence[Persona]:
    """Everybody of the demo, with fresh tokens."""
    now = int(time.time())
    return [_persona(cast, key, policy, now) for cast in CAST]


def short_lived(key: DevelopmentKey, policy: Policy) -> Persona:
    """The first of them, with a token that may be shown on a screen."""
    return _persona(CAST[0], key, policy, int(time.time()), lifetime=SHORT_LIFETIME)


def _persona(cast: Cast, key: DevelopmentKey, policy: Policy, now: int, lifetime: int = LIFETIME) -> Persona:
    purposes = sorted(policy.purposes_of(cast.role))
    token = None
    if cast.role is not Roles.PUBLIC:
        token = key.sign(
            cast.role,
            purposes,
            member=cast.member,
            organisation=cast.organisation,
            sub=f"demo {cast.name}",
            lifetime_seconds=lifetime,
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
            StartingQuery(title=title, purpose=purpose.value, query=f"{kind} {_operation(title)} {body}")
            for kind, documents in (("query", cast.queries), ("mutation", cast.changes))
            for purpose, title, body in documents
        ],
        pages=_PAGES.get(cast.role),
    )


def _operation(title: str) -> str:
    """The name that a query's tab and its record will bear."""
    return "".join(word[:1].upper() + word[1:] for word in re.findall(r"\w+", title))
