"""The conditions of this marketplace: each is declared here once, with the rows it reads."""

from schema.conditions import (
    Condition,
    InForce,
    IsFalse,
    IsReference,
    IsRequester,
    IsRequesterOrNobody,
    IsSet,
    IsToCome,
    IsTrue,
    IsWord,
    NamesCategory,
    NamesPurpose,
    RequesterHas,
    Restriction,
    RowHas,
    RowHasBegun,
    RowHasNone,
    RowHasNotEnded,
    RowNamesRequester,
    SubjectHadBefore,
    SubjectHas,
    SubjectHasNone,
    SubjectIsListed,
    SubjectIsPartner,
    SubjectIsRequester,
    SubjectRestriction,
)
from schema.marketplace.entities.consents import ConsentKind
from schema.marketplace.entities.orders import OrderStatus
from schema.marketplace.entities.payments import PaymentStatus
from schema.marketplace.entities.requests import DataRequestKind

_IN_FORCE = InForce(starts="starts_at", ends="ends_at")
_WITH_REQUESTER = IsRequester("organisation_id")
_WITH_ANYBODY = IsRequesterOrNobody("organisation_id")
_OF_A_COURT = ("SUBPOENA", "COURT_ORDER", "LEGAL_REQUIREMENT")
_INSTRUMENTS = (*_OF_A_COURT, "AUTHORITY_REQUEST", "BREACH_FINDING")
_CONSENTS = tuple(each.value for each in ConsentKind)
_PAYMENTS = tuple(each.value for each in PaymentStatus)
_REQUESTS = tuple(each.value for each in DataRequestKind)
_ORDERS = tuple(each.value for each in OrderStatus)
_ORDERS_NOT_CANCELLED = tuple(each for each in _ORDERS if each != OrderStatus.CANCELLED.value)


def _subject_has(table: str, *where: SubjectRestriction) -> SubjectHas:
    """A row of the data subject that is in force."""
    return SubjectHas(table=table, subject="member_id", where=(*where, _IN_FORCE))


def _consent(kind: str, *given_to: Restriction, refused_to: tuple[Restriction, ...] = ()) -> SubjectHas:
    """A consent in force. While a refusal is in force too, no consent outweighs it."""
    of_kind = IsWord("kind", (kind,), _CONSENTS)
    return SubjectHas(
        table="consent",
        subject="member_id",
        where=(of_kind, IsTrue("given"), *given_to, _IN_FORCE),
        unless=(of_kind, IsFalse("given"), _IN_FORCE, *refused_to),
    )


def _instrument(*kinds: str, also: tuple[Restriction, ...] = ()) -> SubjectIsListed:
    """A legal instrument that the requester cites by its reference. It covers the categories it names."""
    return SubjectIsListed(
        table="legal_instrument",
        key="id",
        where=(
            IsWord("kind", kinds, _INSTRUMENTS),
            IsReference("reference"),
            _WITH_REQUESTER,
            NamesCategory("categories"),
            IsSet("approved_at"),
            *also,
            _IN_FORCE,
        ),
        list_table="legal_instrument_subject",
        list_key="instrument_id",
        subject="member_id",
    )


SELF = Condition(name="SELF", phrase="the subject is the requester", holds_if=SubjectIsRequester())

PARTY = Condition(name="PARTY", phrase="the requester is party to the order", holds_if=RowNamesRequester())

CORRESPONDENT = Condition(
    name="CORRESPONDENT", phrase="the requester sent or received the message", holds_if=RowNamesRequester()
)

PUBLISHED = Condition(name="PUBLISHED", phrase="the complaint is published", holds_if=RowHasBegun())

NOT_WITHDRAWN = Condition(name="NOT_WITHDRAWN", phrase="the member has not withdrawn it", holds_if=RowHasNotEnded())

MAY_BE_TOLD = Condition(
    name="MAY_BE_TOLD",
    phrase="the access was under no instrument that forbids to tell of it yet",
    # Many a marketplace never had an instrument. Then no access was under one, and members may be told of all.
    holds_if=RowHasNone(
        table="legal_instrument",
        where=(IsWord("kind", _INSTRUMENTS, _INSTRUMENTS), IsToCome("told_from")),
        closes_when_empty=False,
    ),
)

TRADES_WITH_REQUESTER = Condition(
    name="TRADES_WITH_REQUESTER",
    phrase="the subject shares an order with the requester that is not cancelled",
    holds_if=SubjectIsPartner(
        table="trade_order",
        members=("seller_id", "buyer_id"),
        where=(IsWord("status", _ORDERS_NOT_CANCELLED, _ORDERS),),
    ),
    is_selective=True,
)

CONTRACT = Condition(
    name="CONTRACT",
    phrase="a contract with the requester is in force and names the purpose",
    holds_if=RequesterHas(table="contract", where=(_WITH_REQUESTER, NamesPurpose("purposes"), _IN_FORCE)),
)

TRANSFER = Condition(
    name="TRANSFER",
    phrase="the transfer to the requester has closed, with its undertaking to follow this policy",
    holds_if=RequesterHas(
        table="business_transfer", where=(_WITH_REQUESTER, IsSet("undertaking"), IsSet("approved_at"), _IN_FORCE)
    ),
)

CASE = Condition(
    name="CASE",
    phrase="a case of the subject is open with the requester",
    holds_if=_subject_has("support_case", _WITH_REQUESTER),
    is_selective=True,
)

PAYMENT_ROUTE = Condition(
    name="PAYMENT_ROUTE",
    phrase="the payment runs through the requester and is not settled",
    holds_if=RowHas(table="payment", where=(_WITH_REQUESTER, IsWord("status", ("PENDING", "AUTHORISED"), _PAYMENTS))),
    is_selective=True,
)

CAMPAIGN = Condition(
    name="CAMPAIGN",
    phrase="the campaign is in force",
    holds_if=RowHas(table="campaign", where=(_IN_FORCE,)),
)

CAMPAIGN_RESPONSE = Condition(
    name="CAMPAIGN_RESPONSE",
    phrase="the subject responded to a campaign of the requester",
    holds_if=_subject_has("campaign_response", _WITH_REQUESTER),
    is_selective=True,
)

AFFILIATE_ACCOUNT = Condition(
    name="AFFILIATE_ACCOUNT",
    phrase="the subject has an account with the requester",
    holds_if=_subject_has("affiliate_account", _WITH_REQUESTER),
    is_selective=True,
)

ARRIVAL = Condition(
    name="ARRIVAL",
    phrase="the subject came through the requester",
    holds_if=_subject_has("partner_arrival", _WITH_REQUESTER),
    is_selective=True,
)

BOUGHT_SINCE = Condition(
    name="BOUGHT_SINCE",
    phrase="the subject has bought it since coming through the requester",
    holds_if=SubjectHadBefore(
        table="partner_arrival", subject="member_id", starts="starts_at", where=(_WITH_REQUESTER, _IN_FORCE)
    ),
)

ASSESSMENT = Condition(
    name="ASSESSMENT",
    phrase="an assessment of the subject is open",
    holds_if=_subject_has("credit_assessment"),
    is_selective=True,
)

ASSESSMENT_WITH_REQUESTER = Condition(
    name="ASSESSMENT_WITH_REQUESTER",
    phrase="an assessment of the subject is open with the requester",
    holds_if=_subject_has("credit_assessment", _WITH_REQUESTER),
    is_selective=True,
)

NOT_OPTED_OUT = Condition(
    name="NOT_OPTED_OUT",
    phrase="the subject has not opted out of contact",
    # Where nobody ever answered, the answers are more likely kept elsewhere than that nobody objects.
    holds_if=SubjectHasNone(
        table="consent",
        subject="member_id",
        where=(IsWord("kind", ("CONTACT_BY_MARKETPLACE",), _CONSENTS), IsFalse("given"), _IN_FORCE),
        closes_when_empty=True,
    ),
)

COOKIES = Condition(name="COOKIES", phrase="the subject accepted cookies", holds_if=_consent("COOKIES"))

CONTACT_BY_MEMBERS = Condition(
    name="CONTACT_BY_MEMBERS",
    phrase="the subject agreed to be contacted by members",
    holds_if=_consent("CONTACT_BY_MEMBERS"),
)

SHARING_PERMITTED = Condition(
    name="SHARING_PERMITTED",
    phrase="the subject permitted sharing with the requester",
    # An agreement that names nobody permits everybody, and a refusal that names nobody refuses everybody.
    holds_if=_consent("STATISTICAL_SHARING", _WITH_ANYBODY, refused_to=(_WITH_ANYBODY,)),
)

COURT_ORDER = Condition(
    name="COURT_ORDER",
    phrase="a subpoena, order or legal requirement in force names the subject and the category",
    holds_if=_instrument(*_OF_A_COURT),
    is_selective=True,
)

WHOLE_CARDS = Condition(
    name="WHOLE_CARDS",
    phrase="a subpoena, order or legal requirement in force names the subject's whole cards",
    holds_if=_instrument(*_OF_A_COURT, also=(IsTrue("names_cards"),)),
    is_selective=True,
)

AUTHORITY_REQUEST = Condition(
    name="AUTHORITY_REQUEST",
    phrase="an approved request in force names the subject and the category",
    holds_if=_instrument("AUTHORITY_REQUEST"),
    is_selective=True,
)

BREACH_FINDING = Condition(
    name="BREACH_FINDING",
    phrase="an approved breach finding names subject, category, requester and what it serves",
    holds_if=_instrument("BREACH_FINDING", also=(IsSet("serves"),)),
    is_selective=True,
)

DATA_SUBJECT_REQUEST = Condition(
    name="DATA_SUBJECT_REQUEST",
    phrase="a request of the subject is open and names the category",
    holds_if=_subject_has("data_subject_request", NamesCategory("categories")),
    is_selective=True,
)

COPY_ASKED = Condition(
    name="COPY_ASKED",
    phrase="it asks for a copy or a return, and is open",
    holds_if=RowHas(table="data_subject_request", where=(IsWord("kind", ("ACCESS", "RETURN"), _REQUESTS), _IN_FORCE)),
)

REMOVAL_ASKED = Condition(
    name="REMOVAL_ASKED",
    phrase="it asks for the removal of a minor's data, and is open",
    holds_if=RowHas(table="data_subject_request", where=(IsWord("kind", ("MINOR_REMOVAL",), _REQUESTS), _IN_FORCE)),
)

CONDITIONS = (
    SELF,
    PARTY,
    CORRESPONDENT,
    PUBLISHED,
    NOT_WITHDRAWN,
    MAY_BE_TOLD,
    TRADES_WITH_REQUESTER,
    CONTRACT,
    TRANSFER,
    CASE,
    PAYMENT_ROUTE,
    CAMPAIGN,
    CAMPAIGN_RESPONSE,
    AFFILIATE_ACCOUNT,
    ARRIVAL,
    BOUGHT_SINCE,
    ASSESSMENT,
    ASSESSMENT_WITH_REQUESTER,
    NOT_OPTED_OUT,
    COOKIES,
    CONTACT_BY_MEMBERS,
    SHARING_PERMITTED,
    COURT_ORDER,
    WHOLE_CARDS,
    AUTHORITY_REQUEST,
    BREACH_FINDING,
    DATA_SUBJECT_REQUEST,
    COPY_ASKED,
    REMOVAL_ASKED,
)
"""Each condition a grant may set, in the order of the documentation."""
