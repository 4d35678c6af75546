"""The requester: a person or organisation, their role and their purpose.

A `Requester` that lacks what its role or purpose requires cannot be made: the constructor refuses.
"""

import enum
from dataclasses import dataclass, field
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
"""Roles of the marketplace itself."""

ANYBODY = frozenset({Role.MEMBER, Role.PUBLIC})
"""Roles that anybody can have. What they write in a document is not for the log."""

THIRD_PARTIES = frozenset(Role) - MARKETPLACE_ROLES - ANYBODY
"""Roles that require an organisation. The token names it."""

SHOWN_CLAUSES = MARKETPLACE_ROLES | {Role.MEMBER}
"""Roles whose answers name the clause behind each treatment."""

INSTRUMENT_PURPOSES = frozenset({Purpose.COURT_ORDER, Purpose.AUTHORITY_REQUEST, Purpose.BREACH_DISCLOSURE})
"""Purposes that require a legal instrument. The header `Access-Reference` names it."""

DEFAULT_COUNTRY: Final = "HK"
"""The country the marketplace is in by default (ISO 3166-1 alpha-2)."""

KEY_BYTES: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Requester:
    """The sender of a request, with a role and a purpose.

    Only a MEMBER has a `member`, only a third party an `organisation`, only a purpose with a legal instrument a
    `reference`, and each of them always has it. Everybody but PUBLIC has a `sub`. Raises `ValueError` otherwise.
    """

    sub: str | None
    """The token's claim of that name."""
    role: Role
    purpose: Purpose
    member: int | None
    organisation: int | None
    reference: str | None
    key: bytes = field(repr=False)
    """Makes and opens this requester's tokens. It is never printed."""

    def __post_init__(self) -> None:
        required = {
            "sub": self.role is not Role.PUBLIC,
            "member": self.role is Role.MEMBER,
            "organisation": self.role in THIRD_PARTIES,
            "reference": self.purpose in INSTRUMENT_PURPOSES,
        }
        for name, is_required in required.items():
            if is_required is (getattr(self, name) is None):
                raise ValueError(
                    f"{self.role} for {self.purpose}: `{name}` is {'missing' if is_required else 'too much'}"
                )
        if len(self.key) != KEY_BYTES:
            raise ValueError(f"a requester's key has {KEY_BYTES} bytes")
