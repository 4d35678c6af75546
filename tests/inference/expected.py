"""What each requester may see, stated a second time: the published policy's grants over rows as they are stored.

Written down from the policy itself, not read from the policy file, and decided row by row in plain Python. Of the access
log it says nothing: that is shown in a file of its own.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from tests.conftest import Requesting
from tests.schema.test_catalog import FIELDS, SUBJECTS

HIDDEN, TOKEN, PARTIAL, PLAIN = range(4)
"""Treatments, the least revealing first."""

TABLES: Mapping[str, str] = {
    "Member": "member",
    "Consent": "consent",
    "DataRequest": "data_subject_request",
    "DestructionReceipt": "destruction_receipt",
    "Company": "company",
    "Product": "product",
    "BuyingRequest": "buying_request",
    "ForumPost": "forum_post",
    "Order": "trade_order",
    "OrderItem": "order_item join (select id as whole, buyer_id, seller_id from trade_order) o on whole = order_id",
    "Dispute": "dispute",
    "Payment": "payment",
    "PaymentProfile": "payment_profile",
    "BuyerBehaviour": "buyer_behaviour",
    "BrowsingEvent": "browsing_event",
    "Visit": "visit",
    "MarketingContact": "marketing_contact",
    "Message": "message",
    "Complaint": "complaint",
    "Organisation": "organisation",
    "Contract": "contract",
    "Campaign": "campaign",
    "CampaignResponse": "campaign_response",
    "PartnerArrival": "partner_arrival",
    "RemovalRequest": "removal_request",
    "SupportCase": "support_case",
    "AffiliateAccount": "affiliate_account",
    "CreditAssessment": "credit_assessment",
    "LegalInstrument": "legal_paper",
    "BusinessTransfer": "business_transfer",
    "Suspension": "organisation_suspension",
}

CALLED: Mapping[str, str] = {"guardianship": "shown"}
"""The columns of fields that are called otherwise than they."""

ITEM = "order_id * 100 + line"
"""What tells an item from all others, as SQL: it has no id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A field that shows something: its category, the kind of its identifier, and whose data it is if not the row's."""

    name: str
    category: str
    identifier: str | None
    subject: str | None
    also: str | None = None
    """The second kind of an identifier in two ways."""

    @property
    def column(self) -> str:
        return CALLED.get(self.name) or re.sub("[A-Z]", lambda letter: "_" + letter[0].lower(), self.name)


def _shown(written: str, category: str) -> Shown:
    rest, _, subject = written.partition("@")
    name, _, identifiers = rest.partition("/")
    identifier, _, also = identifiers.partition("+")
    return Shown(
        name=name, category=category, identifier=identifier or None, subject=subject or None, also=also or None
    )


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A type: its fields, and the columns that name whose data a row is."""

    name: str
    fields: Mapping[str, Shown]
    subjects: tuple[str, ...]

    def subjects_of(self, shown: Shown) -> tuple[str, ...]:
        return (shown.subject,) if shown.subject else self.subjects

    @cached_property
    def categories(self) -> frozenset[str]:
        return frozenset(each.category for each in self.fields.values()) - {"OPEN"}


def _kind(name: str) -> Kind:
    shown = [_shown(each, category) for category, written in FIELDS[name].items() for each in written.split()]
    subjects = ("buyer_id", "seller_id") if name == "OrderItem" else tuple(SUBJECTS[name].split())
    return Kind(name=name, fields={each.name: each for each in shown}, subjects=subjects)


KINDS: Mapping[str, Kind] = {name: _kind(name) for name in TABLES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row as it is stored."""

    kind: Kind
    values: Mapping[str, Any]

    @property
    def id(self) -> int:
        return self.values["id"]

    def stored(self, name: str) -> Any:
        return self.values[self.kind.fields[name].column]

    @property
    def subjects(self) -> Sequence[int]:
        return [self.values[each] for each in self.kind.subjects]

    def __hash__(self) -> int:
        return hash((self.kind.name, self.id))


# What conditions stand on, as it is now.

Pairs = frozenset[tuple[Any, ...]]
HOLDS = "starts_at <= now() and (ends_at is null or ends_at > now())"
STATES: Mapping[str, str] = {
    "contract": f"select organisation_id, unnest(purposes) from contract where {HOLDS}",
    "transfer": f"select organisation_id from business_transfer where undertaking is not null"
    f" and approved_at is not null and {HOLDS}",
    "case": f"select organisation_id, member_id from support_case where {HOLDS}",
    "account": f"select organisation_id, member_id from affiliate_account where {HOLDS}",
    "response": f"select organisation_id, member_id from campaign_response where {HOLDS}",
    "arrival": f"select organisation_id, member_id from partner_arrival where {HOLDS}",
    "arrived": f"select organisation_id, member_id, starts_at from partner_arrival where {HOLDS}",
    "assessment": f"select organisation_id, member_id from credit_assessment where {HOLDS}",
    "request": f"select unnest(categories), member_id from data_subject_request where {HOLDS}",
    "consent": f"select kind, given, organisation_id, member_id from consent where {HOLDS}",
    "instrument": "select kind, reference, organisation_id, unnest(categories), member_id, names_cards"
    " from legal_instrument join legal_instrument_subject on instrument_id = id"
    f" where approved_at is not null and (kind <> 'BREACH_FINDING' or serves is not null) and {HOLDS}",
    "traded": "select buyer_id, seller_id from trade_order where status <> 'CANCELLED'"
    " union select seller_id, buyer_id from trade_order where status <> 'CANCELLED'",
    "paying": "select organisation_id, id from payment where status in ('PENDING', 'AUTHORISED')",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a condition is asked of: a requester, a row, one of its data subjects, and a category."""

    states: Mapping[str, Pairs]
    by: Requesting
    row: Row
    subject: int | None
    category: str

    def tied(self, state: str) -> bool:
        """Whether the requester's organisation and the subject are."""
        return (self.by.organisation, self.subject) in self.states[state]

    def consents(self, kind: str, organisation: int | None = None) -> bool:
        return (kind, True, organisation, self.subject) in self.states["consent"]

    def named(self, kinds: str, *, with_cards: bool = False) -> bool:
        """Whether a paper of one of these kinds that the requester cites names the subject and the category."""
        cited = (self.by.reference, self.by.organisation, self.category, self.subject)
        return any(
            (kind, *cited, cards) in self.states["instrument"]
            for kind in kinds.split()
            for cards in ({True} if with_cards else {True, False})
        )

    @property
    def under_contract(self) -> bool:
        return (self.by.organisation, self.by.purpose.value) in self.states["contract"]

    @property
    def is_party(self) -> bool:
        return self.by.member in (self.row.values["buyer_id"], self.row.values["seller_id"])

    @property
    def is_paid_by_requester(self) -> bool:
        return (self.by.organisation, self.row.id) in self.states["paying"]

    @property
    def has_bought_since_arrival(self) -> bool:
        """The buyer, and nobody else, who had come through the requester by the time of the order."""
        arrived = (each for each in self.states["arrived"] if each[:2] == (self.by.organisation, self.subject))
        return self.subject == self.row.values["buyer_id"] and any(
            starts_at <= self.row.values["placed_at"] for *_, starts_at in arrived
        )


Condition = Callable[[Asked], bool]

# The grants.


def _always(_: Asked) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    roles: frozenset[str]
    purposes: frozenset[str]
    sees: frozenset[str]
    usually: int
    otherwise: Mapping[str, int]
    when: Condition
    only: frozenset[str]
    """The types whose rows the condition can be asked of; any, if it names none."""

    def is_for(self, role: str, purpose: str) -> bool:
        return role in self.roles and purpose in self.purposes

    def touches(self, kind: Kind) -> bool:
        named = any(each.startswith(f"{kind.name}.") for each in self.sees)
        seen = named or not self.sees.isdisjoint(kind.categories)
        return seen and (not self.only or kind.name in self.only)

    def is_about(self, kind: Kind, shown: Shown) -> bool:
        place = f"{kind.name}.{shown.name}"
        return place in self.sees or (shown.category in self.sees and f"-{place}" not in self.sees)

    def seen_for(self, kind: Kind) -> frozenset[str]:
        """The data subjects for whose sake a row is seen: those of the fields that the grant is about."""
        shown = [each for each in kind.fields.values() if each.category != "OPEN" and self.is_about(kind, each)]
        return frozenset(subject for each in shown for subject in kind.subjects_of(each))

    def shows(self, kind: Kind, shown: Shown) -> int:
        """How, where its condition holds."""
        if not self.is_about(kind, shown):
            return TOKEN if shown.name == "id" else HIDDEN
        if shown.identifier is None:
            return PLAIN
        found = self._shows_kind(shown.identifier)
        if shown.name == "id" or (shown.identifier == "COOKIE" and found == PARTIAL):
            return PLAIN if found == PLAIN else TOKEN
        return min(found, self._shows_kind(shown.also)) if shown.also else found

    def _shows_kind(self, kind: str) -> int:
        """Times, amounts and details are whole for the marketplace's own; for others they follow the grant."""
        if kind in self.otherwise or kind not in ("MOMENT", "AMOUNT", "DETAIL"):
            return self.otherwise.get(kind, self.usually)
        if self.roles <= {"PLATFORM", "PRIVACY_OFFICER"}:
            return PLAIN
        if kind == "DETAIL":
            return PLAIN if self.usually == PLAIN else HIDDEN
        return PARTIAL if self.usually == TOKEN else self.usually


def _grant(who: str, purposes: str, sees: str, shows: str, when: Condition = _always, only: str = "") -> Grant:
    words = {"PLAIN": PLAIN, "PARTIAL": PARTIAL, "TOKEN": TOKEN, "HIDDEN": HIDDEN}
    usually, *others = shows.split()
    return Grant(
        roles=frozenset(who.split()),
        purposes=frozenset(purposes.split()),
        sees=frozenset(sees.split()),
        usually=words[usually],
        otherwise={kind: words[shown] for kind, shown in (each.split("=") for each in others)},
        when=when,
        only=frozenset(only.split()),
    )


EIGHT = "REGISTRATION PUBLISHING BUYER PAYMENT ACCOUNT_ACTIVITIES STATISTICAL MARKETING PERSONAL"
SERVICE = "account_service dispute_resolution agreement_enforcement"
WHOLE = "PLAIN CARD_NUMBER=PARTIAL"
COURT = "SUBPOENA COURT_ORDER LEGAL_REQUIREMENT"
CARDS = "Payment.cardNumber PaymentProfile.cardNumber"
BEHAVIOUR = "ordersPerYear averageOrder topCategories lastActiveAt"
REACHED = "NAME=PLAIN EMAIL=PLAIN PHONE=PLAIN"


PARTIES = "Order OrderItem Dispute Payment"
DEALINGS = "CampaignResponse AffiliateAccount CreditAssessment PartnerArrival"


def _self(asked: Asked) -> bool:
    return asked.subject == asked.by.member


def _published(asked: Asked) -> bool:
    return asked.row.values["is_published"]


def _cookies(asked: Asked) -> bool:
    return asked.consents("COOKIES")


def _may_be_written_to(asked: Asked) -> bool:
    return ("CONTACT_BY_MARKETPLACE", False, None, asked.subject) not in asked.states["consent"]


def _assessed(asked: Asked) -> bool:
    return any(member == asked.subject for _, member in asked.states["assessment"])


GRANTS = (
    _grant("PUBLIC MEMBER", "public_browsing", "PUBLISHING", "HIDDEN FREE_TEXT=PARTIAL"),
    _grant("PUBLIC MEMBER", "public_browsing", "COMPLAINTS", "PARTIAL", _published, "Complaint"),
    _grant("MEMBER", "self_service", EIGHT, WHOLE, _self),
    _grant("MEMBER", "member_trading", "ACCOUNT_ACTIVITIES", "PLAIN", lambda asked: asked.is_party, PARTIES),
    _grant(
        "MEMBER",
        "member_trading",
        "REGISTRATION",
        f"HIDDEN {REACHED}",
        lambda asked: (asked.by.member, asked.subject) in asked.states["traded"],
    ),
    _grant(
        "MEMBER", "member_trading", "PAYMENT", "HIDDEN MOMENT=PLAIN AMOUNT=PLAIN", lambda asked: asked.is_party, PARTIES
    ),
    _grant(
        "MEMBER",
        "member_trading",
        "PERSONAL",
        "PLAIN",
        lambda asked: asked.by.member in asked.row.subjects,
        "Message",
    ),
    _grant(
        "MEMBER",
        "member_insight",
        " ".join(f"BuyerBehaviour.{each}" for each in BEHAVIOUR.split()),
        "TOKEN",
        _cookies,
    ),
    _grant(
        "MEMBER",
        "member_insight",
        "Message.senderName Message.senderEmail Message.senderPhone",
        "PLAIN",
        lambda asked: asked.consents("CONTACT_BY_MEMBERS"),
    ),
    _grant("PLATFORM", SERVICE, "REGISTRATION PUBLISHING ACCOUNT_ACTIVITIES PERSONAL BUYER", "PLAIN"),
    _grant("PLATFORM", SERVICE, "PAYMENT STATISTICAL", "PARTIAL"),
    _grant("PLATFORM", "site_operation", "REGISTRATION PUBLISHING ACCOUNT_ACTIVITIES STATISTICAL", "PARTIAL"),
    _grant("PLATFORM", "marketing", "REGISTRATION MARKETING ACCOUNT_ACTIVITIES", "TOKEN"),
    _grant("PLATFORM", "marketing", "MarketingContact.name MarketingContact.email", "PLAIN", _may_be_written_to),
    _grant("PLATFORM", "marketing", "BUYER", "TOKEN", _cookies),
    _grant("PLATFORM", "statistical_analysis", EIGHT, "TOKEN FREE_TEXT=HIDDEN"),
    _grant("PLATFORM", "personalisation", "REGISTRATION BUYER ACCOUNT_ACTIVITIES", "TOKEN", _cookies),
    _grant("PLATFORM", "member_contact", "REGISTRATION", "PLAIN", _may_be_written_to),
    _grant(
        "PLATFORM",
        "credit_assessment",
        "PAYMENT ACCOUNT_ACTIVITIES REGISTRATION",
        "PARTIAL NAME=PLAIN",
        _assessed,
    ),
    _grant("PLATFORM", "diagnostics", "STATISTICAL", "PARTIAL"),
    _grant(
        "AFFILIATE",
        "affiliate_sharing",
        f"{EIGHT} -PaymentProfile.creditLimit",
        WHOLE,
        lambda asked: asked.tied("account"),
    ),
    _grant(
        "AFFILIATE SERVICE_PROVIDER",
        "site_operation",
        "REGISTRATION ACCOUNT_ACTIVITIES -Member.registeredAt",
        "PARTIAL",
        lambda asked: asked.under_contract,
    ),
    _grant(
        "SERVICE_PROVIDER",
        "account_service",
        "REGISTRATION ACCOUNT_ACTIVITIES -Member.registeredAt",
        "PARTIAL",
        lambda asked: asked.under_contract,
    ),
    _grant(
        "SERVICE_PROVIDER",
        "account_service",
        "REGISTRATION ACCOUNT_ACTIVITIES PERSONAL",
        "PLAIN",
        lambda asked: asked.under_contract and asked.tied("case"),
    ),
    _grant(
        "BANK PAYMENT_VENDOR",
        "transaction_completion",
        "PAYMENT",
        "PLAIN",
        lambda asked: asked.is_paid_by_requester,
        "Payment",
    ),
    _grant(
        "BANK CREDIT_AGENCY",
        "credit_assessment",
        "PAYMENT -PaymentProfile.creditLimit",
        "PARTIAL NAME=PLAIN",
        lambda asked: asked.tied("assessment"),
    ),
    _grant(
        "ADVERTISER",
        "campaign",
        "Member.name Member.email Member.country",
        "PLAIN",
        lambda asked: asked.tied("response"),
    ),
    _grant(
        "PARTNER",
        "partner_tracking",
        "STATISTICAL",
        "TOKEN",
        lambda asked: asked.tied("arrival") and _cookies(asked),
    ),
    _grant(
        "PARTNER",
        "partner_tracking",
        "ACCOUNT_ACTIVITIES",
        "TOKEN",
        lambda asked: asked.has_bought_since_arrival and _cookies(asked),
        "Order",
    ),
    _grant("SERVICE_PROVIDER PARTNER ADVERTISER", "statistical_sharing", "STATISTICAL", "HIDDEN DETAIL=PLAIN"),
    _grant(
        "SERVICE_PROVIDER PARTNER ADVERTISER",
        "statistical_sharing",
        "STATISTICAL",
        "PLAIN",
        lambda asked: asked.consents("STATISTICAL_SHARING", asked.by.organisation),
    ),
    _grant("AUTHORITY", "court_order", EIGHT, WHOLE, lambda asked: asked.named(COURT)),
    _grant("AUTHORITY", "court_order", CARDS, "PLAIN", lambda asked: asked.named(COURT, with_cards=True)),
    _grant("AUTHORITY", "authority_request", EIGHT, WHOLE, lambda asked: asked.named("AUTHORITY_REQUEST")),
    _grant(
        "AUTHORITY CLAIMANT",
        "breach_disclosure",
        EIGHT,
        f"{WHOLE} BANK_ACCOUNT=PARTIAL",
        lambda asked: asked.named("BREACH_FINDING"),
    ),
    _grant(
        "ACQUIRER",
        "business_transfer",
        EIGHT,
        WHOLE,
        lambda asked: (asked.by.organisation,) in asked.states["transfer"],
    ),
    _grant("PRIVACY_OFFICER", "privacy_oversight", "REGISTRATION", "PARTIAL"),
    _grant(
        "PLATFORM PRIVACY_OFFICER",
        "data_subject_request",
        EIGHT,
        WHOLE,
        lambda asked: (asked.category, asked.subject) in asked.states["request"],
    ),
    _grant("PLATFORM", "agreement_enforcement dispute_resolution", "COMPLAINTS", "PLAIN"),
    _grant("MEMBER", "self_service", "CHOICES", "PLAIN", _self),
    _grant("MEMBER", "self_service", "COMPLAINTS", "PLAIN FREE_TEXT=PARTIAL", _self),
    _grant(
        "MEMBER",
        "self_service",
        " ".join(f"{kind}.{name}" for kind in DEALINGS.split() for name in ("id", "startsAt", "endsAt")),
        "PLAIN",
        _self,
    ),
    _grant(
        "MEMBER",
        "self_service",
        "Campaign.id Campaign.name Campaign.startsAt Campaign.endsAt",
        "PLAIN",
        lambda asked: asked.row.values["is_in_force"],
        "Campaign",
    ),
    _grant("PLATFORM", "account_service data_subject_request", "CHOICES", "PLAIN"),
    _grant("PRIVACY_OFFICER", "privacy_oversight data_subject_request", "CHOICES", "PLAIN"),
    _grant("PRIVACY_OFFICER", "privacy_administration", "Member.id Member.name", "PLAIN"),
    _grant("PRIVACY_OFFICER", "privacy_administration", "PAPERS", "PLAIN"),
    _grant(
        "PLATFORM PRIVACY_OFFICER",
        "data_subject_request",
        "RemovalRequest.id RemovalRequest.minor RemovalRequest.name RemovalRequest.contact RemovalRequest.relation"
        " RemovalRequest.message RemovalRequest.receivedAt",
        "PLAIN",
    ),
    _grant(
        "PLATFORM",
        "account_service dispute_resolution",
        "SupportCase.id SupportCase.startsAt SupportCase.endsAt",
        "PLAIN",
    ),
)


# What follows of them for each row.


@cache
def _granted(role: str, purpose: str, kind: str) -> tuple[Grant, ...]:
    return tuple(each for each in GRANTS if each.is_for(role, purpose) and each.touches(KINDS[kind]))


@dataclass(frozen=True, kw_only=True)
class Market:
    """A marketplace as it is stored, and what anybody may see of it."""

    rows: Mapping[str, Mapping[int, Row]]
    states: Mapping[str, Pairs]
    decided: dict[tuple[Requesting, str, int], Mapping[str, int] | None] = field(
        default_factory=dict[tuple[Requesting, str, int], Mapping[str, int] | None]
    )

    def sees(self, requesting: Requesting, kind: Kind) -> bool:
        """Whether a requester has the type at all."""
        return not kind.categories or bool(_granted(requesting.role, requesting.purpose, kind.name))

    def most(self, requesting: Requesting, kind: Kind, shown: Shown) -> int:
        """The most a requester may ever see of a field."""
        if shown.category == "OPEN":
            return PLAIN
        granted = _granted(requesting.role, requesting.purpose, kind.name)
        return max((each.shows(kind, shown) for each in granted), default=HIDDEN)

    def treatments(self, requesting: Requesting, row: Row) -> Mapping[str, int] | None:
        """How each field of a row is shown; none where the row is not to be seen."""
        key = (requesting, row.kind.name, row.id)
        if key not in self.decided:
            self.decided[key] = self._treatments(requesting, row)
        return self.decided[key]

    def _treatments(self, requesting: Requesting, row: Row) -> Mapping[str, int] | None:
        granted = _granted(requesting.role, requesting.purpose, row.kind.name)
        if row.kind.categories and not any(self._lets_see(each, requesting, row) for each in granted):
            return None
        return {
            name: PLAIN if shown.category == "OPEN" else self._given(granted, requesting, row, shown)
            for name, shown in row.kind.fields.items()
        }

    def _lets_see(self, grant: Grant, requesting: Requesting, row: Row) -> bool:
        return any(
            self._holds(grant, requesting, row, subject and row.values[subject], category)
            for subject in grant.seen_for(row.kind) or (None,)
            for category in row.kind.categories
        )

    def _given(self, granted: Sequence[Grant], requesting: Requesting, row: Row, shown: Shown) -> int:
        """The most that anybody's conditions give; of what people write about each other, the least of each one's most."""
        subjects = [row.values[each] for each in row.kind.subjects_of(shown)] or [None]
        given = [
            max((self._shows(each, requesting, row, shown, subject) for each in granted), default=HIDDEN)
            for subject in subjects
        ]
        return min(given) if shown.identifier == "FREE_TEXT" else max(given)

    def _shows(self, grant: Grant, requesting: Requesting, row: Row, shown: Shown, subject: Any) -> int:
        return grant.shows(row.kind, shown) if self._holds(grant, requesting, row, subject, shown.category) else HIDDEN

    def _holds(self, grant: Grant, requesting: Requesting, row: Row, subject: Any, category: str) -> bool:
        return grant.when(Asked(states=self.states, by=requesting, row=row, subject=subject, category=category))

    def visible(self, requesting: Requesting, kind: str) -> Iterator[tuple[Row, Mapping[str, int]]]:
        """Every row of a type that a requester may see, and how."""
        for row in self.rows[kind].values():
            treatments = self.treatments(requesting, row)
            if treatments is not None:
                yield row, treatments

    def plain_everywhere(self, requesting: Requesting, kind: str, name: str) -> bool:
        return all(treatments[name] == PLAIN for _, treatments in self.visible(requesting, kind))


async def read(connection: Any) -> Market:
    """A marketplace as it is stored now."""
    rows = {name: {row.id: row for row in await _rows(connection, kind)} for name, kind in KINDS.items()}
    states = {name: frozenset(map(tuple, await connection.fetch(query))) for name, query in STATES.items()}
    return Market(rows=rows, states=states)


_ASKED: Mapping[str, str] = {
    "Complaint": ", published_at <= now() as is_published",
    "Campaign": f", ({HOLDS}) is true as is_in_force",
}
"""What conditions ask of a row itself, by its type."""


async def _rows(connection: Any, kind: Kind) -> Sequence[Row]:
    identity = f", {ITEM} as id" if kind.name == "OrderItem" else ""
    query = f"select *{identity}{_ASKED.get(kind.name, '')} from {TABLES[kind.name]}"
    return [Row(kind=kind, values=dict(found)) for found in await connection.fetch(query)]
