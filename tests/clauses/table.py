"""The policy's grants in these tests' own words: who sees what for which purpose, how, on which condition, and why.

Written down from the published policy, and by hand; `test_matrix` holds the policy file and `veil policy matrix` to it.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

KINDS = (
    *("MEMBER_ID", "ROW_ID", "NAME", "EMAIL", "PHONE", "POSTAL_ADDRESS", "IP_ADDRESS", "COOKIE"),
    *("CARD_NUMBER", "BANK_ACCOUNT", "TRACKING_NUMBER", "FREE_TEXT", "MOMENT", "AMOUNT", "DETAIL"),
)
EIGHT = (
    *("REGISTRATION", "PUBLISHING", "BUYER", "PAYMENT", "ACCOUNT_ACTIVITIES", "STATISTICAL", "MARKETING", "PERSONAL"),
)


class Granted(NamedTuple):
    """What one role sees of one category (or field, or figures; or does not see, `not:`) for one purpose, by one grant.

    Or what it may change, like `may_edit:REGISTRATION`.
    """

    role: str
    purpose: str
    category: str
    identifiers: str
    conditions: frozenset[str]
    grant: str
    clauses: tuple[str, ...]

    @property
    def treatments(self) -> Mapping[str, str]:
        """How each kind of identifier is shown: `TOKEN; NAME EMAIL PLAIN` is all as tokens but names and e-mails.

        The marketplace's own and the member themselves see times, amounts and details whole. Others see them so where
        identifiers are plain, in coarse form where they are masked, and not at all where they are hidden.
        """
        usual, *exceptions = self.identifiers.split("; ")
        is_own = self.role in ("PLATFORM", "PRIVACY_OFFICER") or "SELF" in self.conditions
        exact = "PLAIN" if is_own else usual
        coarse = "PARTIAL" if exact == "TOKEN" else exact
        detail = "PLAIN" if exact == "PLAIN" else "HIDDEN"
        found = dict.fromkeys(KINDS, usual) | {"MOMENT": coarse, "AMOUNT": coarse, "DETAIL": detail}
        for exception in exceptions:
            *kinds, treatment = exception.split()
            found |= dict.fromkeys(kinds, treatment)
        return found


SERVICE = "account_service dispute_resolution agreement_enforcement"
ALL = " ".join(EIGHT)
UNPUBLISHED = " ".join(each for each in EIGHT if each != "PUBLISHING")
BEHAVIOUR = (
    "BuyerBehaviour.ordersPerYear BuyerBehaviour.averageOrder BuyerBehaviour.topCategories BuyerBehaviour.lastActiveAt"
)
WRITER = "Message.senderName Message.senderEmail Message.senderPhone"
NO_CREDIT_LIMIT = "not:PaymentProfile.creditLimit"
NOT_SINCE_WHEN = "not:Member.registeredAt"
CARRIED_OUT = " ".join(f"may_carry_out:{category}" for category in EIGHT)
MEANS = " ".join(
    f"may_edit:PaymentProfile.{each}"
    for each in ("cardNumber", "cardExpiry", "bankAccount", "billingName", "billingAddress")
)


def _may(right: str, kind: str, fields: str) -> str:
    return " ".join(f"{right}:{kind}.{field}" for field in fields.split())


INSTRUMENT = _may(
    "may_enter", "LegalInstrument", "kind reference categories namesCards serves startsAt endsAt toldFrom"
)
MAY_OPEN_CASES = _may("may_enter", "SupportCase", "startsAt endsAt")
CASES = "SupportCase.id SupportCase.startsAt SupportCase.endsAt"
HANDED_IN = " ".join(f"RemovalRequest.{each}" for each in ("minor", "name", "contact", "relation", "message"))
MAY_HAND_IN = " ".join(f"may_enter:{each}" for each in HANDED_IN.split())
DEALINGS = " ".join(
    f"{each}.{field}"
    for each in ("CampaignResponse", "AffiliateAccount", "CreditAssessment", "PartnerArrival")
    for field in ("id", "startsAt", "endsAt")
)
FIGURES = "figures:BUYER figures:ACCOUNT_ACTIVITIES figures:STATISTICAL"

# who | for | sees | identifiers | when | grant | because
WRITTEN = f"""
PUBLIC MEMBER | public_browsing | PUBLISHING | HIDDEN; FREE_TEXT PARTIAL | NOT_WITHDRAWN | G1 | U13 C2
PUBLIC MEMBER | public_browsing | COMPLAINTS | PARTIAL | PUBLISHED | G2 | D1
MEMBER | self_service | {ALL} | PLAIN; CARD_NUMBER PARTIAL | SELF | G3a | S1 A1
MEMBER | self_service | ACCESS_LOG not:AccessRecord.operation not:AccessRecord.refusals not:AccessRecord.trace | HIDDEN | SELF MAY_BE_TOLD | G3b | A1
MEMBER | member_trading | ACCOUNT_ACTIVITIES | PLAIN | PARTY | G4 | U3 U16
MEMBER | member_trading | REGISTRATION | HIDDEN; NAME EMAIL PHONE PLAIN | TRADES_WITH_REQUESTER | G5 | U3
MEMBER | member_trading | PAYMENT | HIDDEN; MOMENT AMOUNT PLAIN | PARTY | G6 | U16
MEMBER | member_trading | PERSONAL | PLAIN | CORRESPONDENT | G7 | U3 U23
MEMBER | member_insight | {BEHAVIOUR} | TOKEN | COOKIES | G8 | U22 K6
MEMBER | member_insight | {WRITER} | PLAIN | CONTACT_BY_MEMBERS | G9 | U23
PLATFORM | {SERVICE} | REGISTRATION PUBLISHING ACCOUNT_ACTIVITIES PERSONAL BUYER | PLAIN | | G10 | U2 U16
PLATFORM | {SERVICE} | PAYMENT STATISTICAL | PARTIAL | | G11 | U2
PLATFORM | site_operation | REGISTRATION ACCOUNT_ACTIVITIES STATISTICAL | PARTIAL | | G12a | U3
PLATFORM | site_operation | PUBLISHING | PARTIAL | NOT_WITHDRAWN | G12b | U3
PLATFORM | marketing | REGISTRATION MARKETING ACCOUNT_ACTIVITIES | TOKEN | | G13a | U1
PLATFORM | marketing | MarketingContact.name MarketingContact.email | PLAIN | NOT_OPTED_OUT | G13b | U1 K5
PLATFORM | marketing | BUYER | TOKEN | COOKIES | G13c | U1 K6
PLATFORM | statistical_analysis | {UNPUBLISHED} | TOKEN; FREE_TEXT HIDDEN | | G14a | U1 U12 U17 U20
PLATFORM | statistical_analysis | PUBLISHING | TOKEN; FREE_TEXT HIDDEN | NOT_WITHDRAWN | G14b | U1 U12 U17 U20
PLATFORM | personalisation | REGISTRATION BUYER ACCOUNT_ACTIVITIES | TOKEN | COOKIES | G15 | U1 K3
PLATFORM | member_contact | REGISTRATION | PLAIN | NOT_OPTED_OUT | G16 | U11 U8
PLATFORM | credit_assessment | PAYMENT ACCOUNT_ACTIVITIES REGISTRATION | PARTIAL; NAME PLAIN | ASSESSMENT | G17 | U15 U18
PLATFORM | diagnostics | STATISTICAL | PARTIAL | | G18 | U19
AFFILIATE | affiliate_sharing | {UNPUBLISHED} {NO_CREDIT_LIMIT} | PLAIN; CARD_NUMBER PARTIAL | AFFILIATE_ACCOUNT | G19a | U6
AFFILIATE | affiliate_sharing | PUBLISHING | PLAIN | AFFILIATE_ACCOUNT NOT_WITHDRAWN | G19b | U6
AFFILIATE SERVICE_PROVIDER | site_operation | REGISTRATION ACCOUNT_ACTIVITIES {NOT_SINCE_WHEN} | PARTIAL | CONTRACT | G20 | U5
SERVICE_PROVIDER | account_service | REGISTRATION ACCOUNT_ACTIVITIES {NOT_SINCE_WHEN} | PARTIAL | CONTRACT | G21a | U5
SERVICE_PROVIDER | account_service | REGISTRATION ACCOUNT_ACTIVITIES PERSONAL | PLAIN | CONTRACT CASE | G21b | U5 U2
BANK PAYMENT_VENDOR | transaction_completion | PAYMENT | PLAIN | PAYMENT_ROUTE | G22 | U14
BANK CREDIT_AGENCY | credit_assessment | PAYMENT {NO_CREDIT_LIMIT} | PARTIAL; NAME PLAIN | ASSESSMENT_WITH_REQUESTER | G23 | U15
ADVERTISER | campaign | Member.name Member.email Member.country | PLAIN | CAMPAIGN_RESPONSE | G24 | U8
PARTNER | partner_tracking | STATISTICAL | TOKEN | ARRIVAL COOKIES | G25a | K4 B1
PARTNER | partner_tracking | ACCOUNT_ACTIVITIES | TOKEN | ARRIVAL COOKIES BOUGHT_SINCE | G25b | K4 B1
SERVICE_PROVIDER PARTNER ADVERTISER | statistical_sharing | STATISTICAL | HIDDEN; DETAIL PLAIN | | G26a | U21
SERVICE_PROVIDER PARTNER ADVERTISER | statistical_sharing | STATISTICAL | PLAIN | SHARING_PERMITTED | G26b | U21
PUBLIC MEMBER PARTNER ADVERTISER | aggregate_sharing | {FIGURES} | HIDDEN | | G27 | U7
AUTHORITY | court_order | {ALL} | PLAIN; CARD_NUMBER PARTIAL | COURT_ORDER | G28a | D3
AUTHORITY | court_order | Payment.cardNumber PaymentProfile.cardNumber | PLAIN | COURT_ORDER WHOLE_CARDS | G28b | D3
AUTHORITY | authority_request | {ALL} | PLAIN; CARD_NUMBER PARTIAL | AUTHORITY_REQUEST | G29 | D2
AUTHORITY CLAIMANT | breach_disclosure | {ALL} | PLAIN; CARD_NUMBER BANK_ACCOUNT PARTIAL | BREACH_FINDING | G30 | D4
ACQUIRER | business_transfer | {ALL} | PLAIN; CARD_NUMBER PARTIAL | TRANSFER | G31 | U10
PRIVACY_OFFICER | privacy_oversight | ACCESS_LOG REGISTRATION | PARTIAL | | G32 | V1
PLATFORM PRIVACY_OFFICER | data_subject_request | {ALL} | PLAIN; CARD_NUMBER PARTIAL | DATA_SUBJECT_REQUEST | G33 | V3 M1 A1
PLATFORM | agreement_enforcement dispute_resolution | COMPLAINTS | PLAIN | | G34 | U2 D1
MEMBER | self_service | CHOICES | PLAIN | SELF | G35a | K6 U11
PLATFORM | account_service data_subject_request | CHOICES | PLAIN | | G35b | K6 U11
PRIVACY_OFFICER | privacy_oversight data_subject_request | CHOICES | PLAIN | | G35c | K6 U11
PRIVACY_OFFICER | privacy_administration | PAPERS | PLAIN | | G36a | U5 U6 U8 U10 U15 D2 D3 D4
PRIVACY_OFFICER | privacy_administration | Member.id Member.name | PLAIN | | G36b | U6 U15 D2 D3 D4
PLATFORM | account_service dispute_resolution | {CASES} | PLAIN | | G37 | U2
MEMBER | self_service | Campaign.id Campaign.name Campaign.startsAt Campaign.endsAt | PLAIN | CAMPAIGN | G38 | U8
MEMBER | self_service | CampaignResponse.campaign {DEALINGS} | PLAIN | SELF | G39a | S1 A1
MEMBER | self_service | COMPLAINTS | PLAIN; FREE_TEXT PARTIAL | SELF | G39b | A1 D1
MEMBER | self_service | may_edit:REGISTRATION may_edit:PUBLISHING {MEANS} | HIDDEN | SELF | E1 | S1 A1
MEMBER | self_service | may_choose:CHOICES | HIDDEN | SELF | E2 | K6 U11 U21 U23
MEMBER | self_service | may_enter:CampaignResponse.campaign may_enter:CampaignResponse.endsAt | HIDDEN | SELF | E3 | U8
MEMBER | self_service | may_enter:DataRequest.categories may_enter:DataRequest.endsAt | HIDDEN | SELF | E4 | V3 A1
PLATFORM PRIVACY_OFFICER | data_subject_request | RemovalRequest.id RemovalRequest.receivedAt {HANDED_IN} | PLAIN | | G40 | M1
PUBLIC | public_browsing | {MAY_HAND_IN} | HIDDEN | | E5 | M1
PLATFORM PRIVACY_OFFICER | data_subject_request | may_enter:DataRequest.startsAt | HIDDEN | | E5b | M1
PLATFORM PRIVACY_OFFICER | data_subject_request | may_edit:DataRequest.endsAt | HIDDEN | REMOVAL_ASKED | E5c | M1
PLATFORM | account_service dispute_resolution | may_edit:REGISTRATION may_edit:Dispute.outcome {MAY_OPEN_CASES} | HIDDEN | | E7 | U2
PRIVACY_OFFICER | privacy_administration | {_may("may_enter", "Contract", "purposes startsAt endsAt")} | HIDDEN | | E8a | U5
PRIVACY_OFFICER | privacy_administration | {_may("may_enter", "AffiliateAccount", "startsAt endsAt")} | HIDDEN | | E8b | U6
PRIVACY_OFFICER | privacy_administration | {_may("may_enter", "Campaign", "name startsAt endsAt")} | HIDDEN | | E8c | U8
PRIVACY_OFFICER | privacy_administration | {_may("may_enter", "CreditAssessment", "startsAt endsAt")} | HIDDEN | | E8d | U15
PRIVACY_OFFICER | privacy_administration | {INSTRUMENT} | HIDDEN | | E8e | D2 D3 D4
PRIVACY_OFFICER | privacy_administration | {_may("may_enter", "BusinessTransfer", "undertaking startsAt endsAt")} | HIDDEN | | E8f | U10
PRIVACY_OFFICER | privacy_administration | {_may("may_enter", "Suspension", "reason startsAt endsAt")} | HIDDEN | | E8g | U4
PRIVACY_OFFICER | privacy_administration | may_approve:LegalInstrument.approvedAt | HIDDEN | | E9a | D2 D3 D4
PRIVACY_OFFICER | privacy_administration | may_approve:BusinessTransfer.approvedAt | HIDDEN | | E9b | U10
PRIVACY_OFFICER | privacy_oversight | {_may("may_enter", "PolicyProposal", "version endsAt")} may_approve:PolicyProposal.approvedAt | HIDDEN | | E9c | V1
PLATFORM | agreement_enforcement | may_edit:Complaint.publishedAt | HIDDEN | | E10 | D1
PLATFORM PRIVACY_OFFICER | data_subject_request | may_edit:DataRequest.readyAt | HIDDEN | COPY_ASKED | E6b | V3 A1
PLATFORM PRIVACY_OFFICER | data_subject_request | {CARRIED_OUT} | HIDDEN | DATA_SUBJECT_REQUEST | E6 | V3 M1 A1
"""

PURPOSES: Mapping[str, str] = {
    "PUBLIC": "public_browsing aggregate_sharing",
    "MEMBER": "self_service member_trading member_insight aggregate_sharing public_browsing",
    "PLATFORM": f"{SERVICE} site_operation marketing statistical_analysis personalisation member_contact"
    " credit_assessment diagnostics data_subject_request",
    "AFFILIATE": "affiliate_sharing site_operation",
    "SERVICE_PROVIDER": "account_service site_operation statistical_sharing",
    "PARTNER": "partner_tracking aggregate_sharing statistical_sharing",
    "ADVERTISER": "campaign aggregate_sharing statistical_sharing",
    "BANK": "transaction_completion credit_assessment",
    "PAYMENT_VENDOR": "transaction_completion",
    "CREDIT_AGENCY": "credit_assessment",
    "AUTHORITY": "court_order authority_request breach_disclosure",
    "CLAIMANT": "breach_disclosure",
    "ACQUIRER": "business_transfer",
    "PRIVACY_OFFICER": "privacy_oversight data_subject_request privacy_administration",
}
"""What each role may ask for."""


def _read(text: str) -> Iterator[Granted]:
    for line in text.strip().splitlines():
        who, purposes, sees, identifiers, when, grant, because = (cell.strip() for cell in line.split("|"))
        for role in who.split():
            for purpose in purposes.split():
                for category in sees.split():
                    yield Granted(
                        role, purpose, category, identifiers, frozenset(when.split()), grant, tuple(because.split())
                    )


TABLE = tuple(_read(WRITTEN))
