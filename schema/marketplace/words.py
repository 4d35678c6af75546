"""The words of this marketplace: its roles, purposes and categories of information. The terms are the policy's."""

from schema.labels import Category, Nature
from schema.requester import Party, Purpose, Role


class Roles(Role):
    """Who asks."""

    PUBLIC = "PUBLIC", Party.PUBLIC
    MEMBER = "MEMBER", Party.MEMBER
    PLATFORM = "PLATFORM", Party.OWN
    AFFILIATE = "AFFILIATE", Party.THIRD_PARTY
    SERVICE_PROVIDER = "SERVICE_PROVIDER", Party.THIRD_PARTY
    PARTNER = "PARTNER", Party.THIRD_PARTY
    ADVERTISER = "ADVERTISER", Party.THIRD_PARTY
    BANK = "BANK", Party.THIRD_PARTY
    PAYMENT_VENDOR = "PAYMENT_VENDOR", Party.THIRD_PARTY
    CREDIT_AGENCY = "CREDIT_AGENCY", Party.THIRD_PARTY
    AUTHORITY = "AUTHORITY", Party.AUTHORITY
    CLAIMANT = "CLAIMANT", Party.THIRD_PARTY
    ACQUIRER = "ACQUIRER", Party.THIRD_PARTY
    PRIVACY_OFFICER = "PRIVACY_OFFICER", Party.OWN


class Purposes(Purpose):
    """What for. Those with `True` require a legal instrument."""

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
    COURT_ORDER = "court_order", True
    AUTHORITY_REQUEST = "authority_request", True
    BREACH_DISCLOSURE = "breach_disclosure", True
    BUSINESS_TRANSFER = "business_transfer"
    PRIVACY_OVERSIGHT = "privacy_oversight"
    PRIVACY_ADMINISTRATION = "privacy_administration"


class Categories(Category):
    """What is held about members."""

    REGISTRATION = "REGISTRATION", "registration information"
    PUBLISHING = "PUBLISHING", "publishing information", Nature.PUBLISHED
    BUYER = "BUYER", "buyer information"
    PAYMENT = "PAYMENT", "payment information"
    ACCOUNT_ACTIVITIES = "ACCOUNT_ACTIVITIES", "account activities"
    STATISTICAL = "STATISTICAL", "statistical information"
    MARKETING = "MARKETING", "marketing information"
    PERSONAL = "PERSONAL", "personal information"
    COMPLAINTS = "COMPLAINTS", "complaints"
    """Complaints and penalties against members, which the marketplace publishes itself."""
    CHOICES = "CHOICES", "what members agreed to, refused and asked for"
    PAPERS = "PAPERS", "the marketplace's own papers"
    """What it has agreed with organisations, and what it was served with."""


COLLECTED = (
    Categories.REGISTRATION.value,
    Categories.PUBLISHING.value,
    Categories.BUYER.value,
    Categories.PAYMENT.value,
    Categories.ACCOUNT_ACTIVITIES.value,
    Categories.STATISTICAL.value,
    Categories.MARKETING.value,
    Categories.PERSONAL.value,
)
"""The categories that a request or a legal instrument may name. A new one is not among them until it is listed here."""
