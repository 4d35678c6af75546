"""The root: where every operation begins."""

import strawberry

from schema.entities.accesses import AccessRecord
from schema.entities.browsing import BrowsingEvent, BuyerBehaviour, Visit
from schema.entities.companies import Company, Product
from schema.entities.complaints import Complaint
from schema.entities.disputes import Dispute
from schema.entities.marketing import MarketingContact
from schema.entities.members import Member
from schema.entities.messages import Message
from schema.entities.orders import Order
from schema.entities.organisations import Organisation
from schema.entities.payments import Payment, PaymentProfile
from schema.entities.policy import PrivacyPolicy, privacy_policy
from schema.entities.publishing import BuyingRequest, ForumPost
from schema.entities.statistics import BuyerDimension, OrderDimension, Statistics, VisitDimension
from schema.fields import Connection, Finds, FindsNode, FindsSelf, Node, Summarises, connection, declared, stated
from schema.labels import Category

__all__ = ["Query"]


@strawberry.type(description="What may be asked.")
class Query:
    me: Member | None = declared(FindsSelf())
    node: Node | None = declared(FindsNode())
    member: Member | None = declared(Finds())
    members: Connection[Member] | None = connection()
    company: Company | None = declared(Finds())
    companies: Connection[Company] | None = connection()
    product: Product | None = declared(Finds())
    products: Connection[Product] | None = connection()
    buying_request: BuyingRequest | None = declared(Finds())
    buying_requests: Connection[BuyingRequest] | None = connection()
    forum_post: ForumPost | None = declared(Finds())
    forum_posts: Connection[ForumPost] | None = connection()
    order: Order | None = declared(Finds())
    orders: Connection[Order] | None = connection()
    payment: Payment | None = declared(Finds())
    payments: Connection[Payment] | None = connection()
    payment_profile: PaymentProfile | None = declared(Finds())
    payment_profiles: Connection[PaymentProfile] | None = connection()
    dispute: Dispute | None = declared(Finds())
    disputes: Connection[Dispute] | None = connection()
    buyer_behaviour: BuyerBehaviour | None = declared(Finds())
    buyer_behaviours: Connection[BuyerBehaviour] | None = connection()
    browsing_event: BrowsingEvent | None = declared(Finds())
    browsing_events: Connection[BrowsingEvent] | None = connection()
    visit: Visit | None = declared(Finds())
    visits: Connection[Visit] | None = connection()
    marketing_contact: MarketingContact | None = declared(Finds())
    marketing_contacts: Connection[MarketingContact] | None = connection()
    message: Message | None = declared(Finds())
    messages: Connection[Message] | None = connection()
    complaint: Complaint | None = declared(Finds())
    complaints: Connection[Complaint] | None = connection()
    organisation: Organisation | None = declared(Finds())
    organisations: Connection[Organisation] | None = connection()
    access_records: Connection[AccessRecord] | None = connection()
    order_statistics: Statistics | None = declared(
        Summarises(
            table="order_fact",
            category=Category.ACCOUNT_ACTIVITIES,
            dimensions=OrderDimension,
            filters=("currency",),
            members=("member_id", "seller_id"),
        )
    )
    visit_statistics: Statistics | None = declared(
        Summarises(table="visit_fact", category=Category.STATISTICAL, dimensions=VisitDimension)
    )
    buyer_statistics: Statistics | None = declared(
        Summarises(table="buyer_fact", category=Category.BUYER, dimensions=BuyerDimension)
    )
    privacy_policy: PrivacyPolicy = stated(privacy_policy)
