"""Who asks, as what, for what: roles, purposes and the requester they make.

A `Requester` without a purpose, or without the organisation or member its role stands on, cannot be made.
"""

import enum
from dataclasses import dataclass
from typing import Final


class Role(enum.StrEnum):
    PUBLIC = "PUBLIC"
    MEMBER = "MEMBER"
    PLATFORM = "PLATFORM"
    AFFILIATE = "AFFILIATE"
    SERVICE_PROVIDER = "SERVICE_PROVIDER"
    PARTNER = "PARTNER"
    ADVERTISER = "ADVERTISER"
    BANK = "BANK"
    PAYMENT_VENDOR = "PAYMENT_VENDOR"
    CREDIT_AGENCY = "CREDIT_AGENCY"
    AUTHORITY = "AUTHORITY"
    CLAIMANT = "CLAIMANT"
    ACQUIRER = "ACQUIRER"
    PRIVACY_OFFICER = "PRIVACY_OFFICER"


class Purpose(enum.StrEnum):
    PUBLIC_BROWSING = "public_browsing"
    SELF_SERVICE = "self_service"
    MEMBER_TRADING = "member_trading"
    MEMBER_INSIGHT = "member_insight"
    AGGREGATE_SHARING = "aggregate_sharing"
    ACCOUNT_SERVICE = "account_service"
    DISPUTE_RESOLUTION = "dispute_resolution"
    AGREEMENT_ENFORCEMENT = "agreement_enforcement"
    SITE_OPERATION = "site_operation"
    MARKETING = "marketing"
    STATISTICAL_ANALYSIS = "statistical_analysis"
    PERSONALISATION = "personalisation"
    MEMBER_CONTACT = "member_contact"
    CREDIT_ASSESSMENT = "credit_assessment"
    DIAGNOSTICS = "diagnostics"
    DATA_SUBJECT_REQUEST = "data_subject_request"
    AFFILIATE_SHARING = "affiliate_sharing"
    STATISTICAL_SHARING = "statistical_sharing"
    PARTNER_TRACKING = "partner_tracking"
    CAMPAIGN = "campaign"
    TRANSACTION_COMPLETION = "transaction_completion"
    COURT_ORDER = "court_order"
    AUTHORITY_REQUEST = "authority_request"
    BREACH_DISCLOSURE = "breach_disclosure"
    BUSINESS_TRANSFER = "business_transfer"
    PRIVACY_OVERSIGHT = "privacy_oversight"


MARKETPLACE_ROLES = frozenset({Role.PLATFORM, Role.PRIVACY_OFFICER})
"""The marketplace's own."""

THIRD_PARTIES = frozenset(Role) - MARKETPLACE_ROLES - {Role.MEMBER, Role.PUBLIC}
"""Roles that stand on an organisation, named by the credential."""

SHOWN_CLAUSES = MARKETPLACE_ROLES | {Role.MEMBER}
"""Roles that are told the clause a treatment rests on."""

INSTRUMENT_PURPOSES = frozenset({Purpose.COURT_ORDER, Purpose.AUTHORITY_REQUEST, Purpose.BREACH_DISCLOSURE})
"""Purposes that stand on a legal instrument, named by `Access-Reference`."""


DEFAULT_COUNTRY: Final = "HK"
"""The country the marketplace is in, unless its settings say otherwise (ISO 3166-1 alpha-2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Requester:
    """Who asks. `key` (32 bytes) seals this requester's tokens; nobody else's open with it."""

    sub: str | None
    role: Role
    purpose: Purpose
    member: int | None
    organisation: int | None
    reference: str | None
    key: bytes
