"""The root: where every operation begins."""

import strawberry

from schema.common.oversight import (
    AccessUse,
    LogCheckpoint,
    PlannedOperation,
    PolicyActivation,
    PolicyProposal,
    PolicyVersion,
)
from schema.common.policy import PolicyGrant, PrivacyPolicy, grants_under, privacy_policy
from schema.common.statistics import Statistics
from schema.fields import (
    ByIdField,
    Connection,
    MeField,
    Node,
    NodeField,
    NodesField,
    StatisticsField,
    connection,
    declare,
    static_field,
)
from schema.marketplace.conditions import CAMPAIGN_RESPONSE
from schema.marketplace.entities.accesses import AccessRecord, AccessSummary, RequesterBreadth
from schema.marketplace.entities.browsing import BrowsingEvent, BuyerBehaviour, Visit
from schema.marketplace.entities.companies import Company, Product
from schema.marketplace.entities.complaints import Complaint
from schema.marketplace.entities.disputes import Dispute
from schema.marketplace.entities.marketing import MarketingContact
from schema.marketplace.entities.members import Member
from schema.marketplace.entities.messages import Message
from schema.marketplace.entities.orders import Order
from schema.marketplace.entities.organisations import Organisation
from schema.marketplace.entities.papers import (
    AffiliateAccount,
    BusinessTransfer,
    Campaign,
    Contract,
    CreditAssessment,
    LegalInstrument,
    SupportCase,
)
from schema.marketplace.entities.payments import Payment, PaymentProfile
from schema.marketplace.entities.publishing import BuyingRequest, ForumPost
from schema.marketplace.entities.receipts import DestructionReceipt
from schema.marketplace.entities.removals import RemovalRequest
from schema.marketplace.entities.requests import DataRequest
from schema.marketplace.entities.responses import CampaignResponse, PartnerArrival
from schema.marketplace.entities.statistics import BuyerDimension, OrderDimension, VisitDimension
from schema.marketplace.entities.suspensions import Suspension
from schema.marketplace.words import Categories

__all__ = ["Query"]


@strawberry.type(description="What may be asked.")
class Query:
    me: Member | None = declare(MeField())
    node: Node | None = declare(NodeField())
    nodes: list[Node | None] | None = declare(NodesField())
    member: Member | None = declare(ByIdField())
    members: Connection[Member] | None = connection()
    company: Company | None = declare(ByIdField())
    companies: Connection[Company] | None = connection()
    product: Product | None = declare(ByIdField())
    products: Connection[Product] | None = connection()
    buying_request: BuyingRequest | None = declare(ByIdField())
    buying_requests: Connection[BuyingRequest] | None = connection()
    forum_post: ForumPost | None = declare(ByIdField())
    forum_posts: Connection[ForumPost] | None = connection()
    order: Order | None = declare(ByIdField())
    orders: Connection[Order] | None = connection()
    payment: Payment | None = declare(ByIdField())
    payments: Connection[Payment] | None = connection()
    payment_profile: PaymentProfile | None = declare(ByIdField())
    payment_profiles: Connection[PaymentProfile] | None = connection()
    dispute: Dispute | None = declare(ByIdField())
    disputes: Connection[Dispute] | None = connection()
    buyer_behaviour: BuyerBehaviour | None = declare(ByIdField())
    buyer_behaviours: Connection[BuyerBehaviour] | None = connection()
    browsing_event: BrowsingEvent | None = declare(ByIdField())
    browsing_events: Connection[BrowsingEvent] | None = connection()
    visit: Visit | None = declare(ByIdField())
    visits: Connection[Visit] | None = connection()
    marketing_contact: MarketingContact | None = declare(ByIdField())
    marketing_contacts: Connection[MarketingContact] | None = connection()
    message: Message | None = declare(ByIdField())
    messages: Connection[Message] | None = connection()
    complaint: Complaint | None = declare(ByIdField())
    complaints: Connection[Complaint] | None = connection()
    data_request: DataRequest | None = declare(ByIdField())
    data_requests: Connection[DataRequest] | None = connection()
    destruction_receipt: DestructionReceipt | None = declare(ByIdField())
    destruction_receipts: Connection[DestructionReceipt] | None = connection()
    contract: Contract | None = declare(ByIdField())
    contracts: Connection[Contract] | None = connection()
    campaign: Campaign | None = declare(ByIdField())
    campaigns: Connection[Campaign] | None = connection()
    campaign_disclosures: list[PolicyGrant] = static_field(
        grants_under(CAMPAIGN_RESPONSE),
        "What the advertiser of a campaign is told of whoever responds, by the policy in force.",
    )
    removal_request: RemovalRequest | None = declare(ByIdField())
    removal_requests: Connection[RemovalRequest] | None = connection()
    campaign_response: CampaignResponse | None = declare(ByIdField())
    campaign_responses: Connection[CampaignResponse] | None = connection()
    partner_arrival: PartnerArrival | None = declare(ByIdField())
    partner_arrivals: Connection[PartnerArrival] | None = connection()
    support_case: SupportCase | None = declare(ByIdField())
    support_cases: Connection[SupportCase] | None = connection()
    affiliate_account: AffiliateAccount | None = declare(ByIdField())
    affiliate_accounts: Connection[AffiliateAccount] | None = connection()
    credit_assessment: CreditAssessment | None = declare(ByIdField())
    credit_assessments: Connection[CreditAssessment] | None = connection()
    legal_instrument: LegalInstrument | None = declare(ByIdField())
    legal_instruments: Connection[LegalInstrument] | None = connection()
    business_transfer: BusinessTransfer | None = declare(ByIdField())
    business_transfers: Connection[BusinessTransfer] | None = connection()
    suspension: Suspension | None = declare(ByIdField())
    suspensions: Connection[Suspension] | None = connection()
    organisation: Organisation | None = declare(ByIdField())
    organisations: Connection[Organisation] | None = connection()
    access_records: Connection[AccessRecord] | None = connection()
    access_summaries: Connection[AccessSummary] | None = connection()
    access_uses: Connection[AccessUse] | None = connection()
    planned_operations: Connection[PlannedOperation] | None = connection()
    requester_breadths: Connection[RequesterBreadth] | None = connection()
    log_checkpoints: Connection[LogCheckpoint] | None = connection()
    policy_activations: Connection[PolicyActivation] | None = connection()
    policy_versions: Connection[PolicyVersion] | None = connection()
    policy_proposal: PolicyProposal | None = declare(ByIdField())
    policy_proposals: Connection[PolicyProposal] | None = connection()
    order_statistics: Statistics | None = declare(
        StatisticsField(
            table="order_fact",
            category=Categories.ACCOUNT_ACTIVITIES,
            dimensions=OrderDimension,
            members=("member_id", "seller_id"),
            unit="currency",
            month=OrderDimension.MONTH,
        )
    )
    visit_statistics: Statistics | None = declare(
        StatisticsField(
            table="visit_fact",
            category=Categories.STATISTICAL,
            dimensions=VisitDimension,
            month=VisitDimension.MONTH,
        )
    )
    buyer_statistics: Statistics | None = declare(
        StatisticsField(table="buyer_fact", category=Categories.BUYER, dimensions=BuyerDimension)
    )
    privacy_policy: PrivacyPolicy = static_field(
        privacy_policy, "The privacy policy by which this is answered, as anybody may read it."
    )
