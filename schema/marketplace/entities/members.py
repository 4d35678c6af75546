"""Members and what they registered."""

import enum
from typing import TYPE_CHECKING, Annotated

import strawberry

from schema.fields import Connection, HiddenFieldsField, Node, Storage, connection, data, declare, entity, link, version
from schema.labels import Identifiers
from schema.marketplace.words import Categories
from schema.scalars import DateTime

if TYPE_CHECKING:
    from schema.marketplace.entities.accesses import AccessRecord
    from schema.marketplace.entities.browsing import BrowsingEvent, BuyerBehaviour, Visit
    from schema.marketplace.entities.companies import Company
    from schema.marketplace.entities.complaints import Complaint
    from schema.marketplace.entities.consents import Consent
    from schema.marketplace.entities.marketing import MarketingContact
    from schema.marketplace.entities.messages import Message
    from schema.marketplace.entities.orders import Order
    from schema.marketplace.entities.papers import AffiliateAccount, CreditAssessment
    from schema.marketplace.entities.payments import PaymentProfile
    from schema.marketplace.entities.receipts import DestructionReceipt
    from schema.marketplace.entities.requests import DataRequest
    from schema.marketplace.entities.responses import CampaignResponse, PartnerArrival

REGISTRATION = Categories.REGISTRATION


@strawberry.enum(description="What a member registered as.")
class MemberKind(enum.Enum):
    BUYER = "BUYER"
    SUPPLIER = "SUPPLIER"
    BOTH = "BOTH"


@entity(Storage(table="member", subjects=("id",), order="registered_at"))
class Member(Node):
    """A registered member of the marketplace."""

    id: strawberry.ID = data(REGISTRATION, Identifiers.MEMBER_ID)
    name: str | None = data(REGISTRATION, Identifiers.NAME, description="The name they registered with.")
    email: str | None = data(REGISTRATION, Identifiers.EMAIL, description="The e-mail address they registered.")
    phone: str | None = data(REGISTRATION, Identifiers.PHONE)
    fax: str | None = data(REGISTRATION, Identifiers.PHONE)
    address: str | None = data(
        REGISTRATION, Identifiers.POSTAL_ADDRESS, coarse="city", description="Their postal address."
    )
    city: str | None = data(REGISTRATION)
    country: str | None = data(REGISTRATION, description="The country they are in (ISO 3166-1 alpha-2).")
    job_title: str | None = data(REGISTRATION)
    kind: MemberKind | None = data(REGISTRATION, description="Whether they registered to buy, to sell, or both.")
    registered_at: DateTime | None = data(REGISTRATION, Identifiers.MOMENT, description="When they registered.")
    company: Annotated["Company", strawberry.lazy("schema.marketplace.entities.companies")] | None = link(
        "id", far="owner_id"
    )
    payment_profiles: (
        Connection[Annotated["PaymentProfile", strawberry.lazy("schema.marketplace.entities.payments")]] | None
    ) = connection("member_id")
    purchases: Connection[Annotated["Order", strawberry.lazy("schema.marketplace.entities.orders")]] | None = (
        connection("buyer_id")
    )
    sales: Connection[Annotated["Order", strawberry.lazy("schema.marketplace.entities.orders")]] | None = connection(
        "seller_id"
    )
    behaviour: Annotated["BuyerBehaviour", strawberry.lazy("schema.marketplace.entities.browsing")] | None = link(
        "id", far="member_id"
    )
    browsing: Connection[Annotated["BrowsingEvent", strawberry.lazy("schema.marketplace.entities.browsing")]] | None = (
        connection("member_id")
    )
    visits: Connection[Annotated["Visit", strawberry.lazy("schema.marketplace.entities.browsing")]] | None = connection(
        "member_id"
    )
    marketing_contacts: (
        Connection[Annotated["MarketingContact", strawberry.lazy("schema.marketplace.entities.marketing")]] | None
    ) = connection("member_id")
    messages: Connection[Annotated["Message", strawberry.lazy("schema.marketplace.entities.messages")]] | None = (
        connection("parties", within=True)
    )
    consents: Connection[Annotated["Consent", strawberry.lazy("schema.marketplace.entities.consents")]] | None = (
        connection("member_id")
    )
    requests: Connection[Annotated["DataRequest", strawberry.lazy("schema.marketplace.entities.requests")]] | None = (
        connection("member_id")
    )
    assessments: (
        Connection[Annotated["CreditAssessment", strawberry.lazy("schema.marketplace.entities.papers")]] | None
    ) = connection("member_id")
    affiliate_accounts: (
        Connection[Annotated["AffiliateAccount", strawberry.lazy("schema.marketplace.entities.papers")]] | None
    ) = connection("member_id")
    campaign_responses: (
        Connection[Annotated["CampaignResponse", strawberry.lazy("schema.marketplace.entities.responses")]] | None
    ) = connection("member_id")
    arrivals: (
        Connection[Annotated["PartnerArrival", strawberry.lazy("schema.marketplace.entities.responses")]] | None
    ) = connection("member_id")
    complaints: Connection[Annotated["Complaint", strawberry.lazy("schema.marketplace.entities.complaints")]] | None = (
        connection("against_id")
    )
    receipts: (
        Connection[Annotated["DestructionReceipt", strawberry.lazy("schema.marketplace.entities.receipts")]] | None
    ) = connection("member_id")
    accesses: Connection[Annotated["AccessRecord", strawberry.lazy("schema.marketplace.entities.accesses")]] | None = (
        connection("subjects", within=True)
    )
    hidden_fields: list[str] = declare(HiddenFieldsField())
    version: str | None = version()
