"""Loads a sample marketplace into the empty tables of the schema `marketplace`.

The same number of members and the same seed always give the same rows. Organisations are those of
`gateway.sample.words.ORGANISATIONS`, legal instruments those of `gateway.sample.legal`. These members are good for
showing something:

 1  a buyer (US) whose orders 1 to 7, all from member 2, are in every status: 1 is PAID by card through the first
    payment vendor and 2 by transfer through the first bank, neither settled; 3 PLACED, 4 SHIPPED, 5 DELIVERED and
    paid by cheque, 6 DISPUTED, 7 CANCELLED; messages were sent about each, dispute 1 is over order 6, and buying
    request 1 is theirs
 2  a supplier (CN) with company 1, its products and its sales; like member 1, with a payment profile, a forum post
    and a marketing contact; a complaint against them is published, one against 12 not before 2098, those against 13
    (open) and 18 (dismissed) are not
 3  has a support case with the first service provider, and an account with the first affiliate, in force; 4 ones
    that have ended; 5 ones not yet begun
 6  responded to a campaign of the first advertiser, and is assessed for credit by the first bank and the first credit
    agency; 7 took that back, and is no longer assessed; neither has begun for 8; all three are marketing contacts
 9  permits statistical sharing with the first service provider, partner and advertiser, and is assessed for credit by
    the marketplace itself; for 15 both have ended; 17 refuses the one, and the other has not begun
10  refuses to be contacted by the marketplace; 16 did so in the past; the second authority's court order
    `HK-2026-0117` names 10 and 12, one that has ended 16, one not yet begun 18
11  permits other members to contact them; 14 refuses that; the first authority's approved request `CPO-2026-031`
    names 11, one that has ended 15, one not approved 14
12  both buys and sells; so does 18
13  a supplier (IN) who refuses cookies; 1 and 2 accept them; 1 and 13 came through the first partner, 2 no longer
    counts as such, 12 not yet; 13 is named in findings of a breach, `BF-2026-005` for the first claimant and
    `BF-2026-007` for the first authority, 18 in one not approved and in the second claimant's not yet begun, 12 in
    one that has ended
14  has asked for access to their data; 16's request is done with, and 17's not yet open
19  a supplier, and 20 a buyer, with none of all this

The transfer of the business to the first acquirer closes in 2098; that to the second closed, and was undone.
"""

from dataclasses import astuple, fields
from itertools import chain, islice

from gateway.demo.sample import complaints, legal, meetings, orders, people, publishing, shops, states
from gateway.demo.sample.behaviour import Behaviour, BuyerBehaviourRow
from gateway.demo.sample.browsing import Browsing, BrowsingEventRow, VisitRow
from gateway.demo.sample.complaints import ComplaintRow
from gateway.demo.sample.disputes import DisputeRow, Disputes
from gateway.demo.sample.legal import BusinessTransferRow, LegalInstrumentRow, LegalInstrumentSubjectRow
from gateway.demo.sample.loading import CopyConnection, Loader, Progress, bare, number_on, vacuum
from gateway.demo.sample.meetings import MarketingContactRow
from gateway.demo.sample.messages import MessageRow, Messages
from gateway.demo.sample.orders import Market, OrderItemRow, PaymentRow, TradeOrderRow
from gateway.demo.sample.people import MemberRow, PaymentProfileRow
from gateway.demo.sample.publishing import BuyingRequestRow, ForumPostRow
from gateway.demo.sample.shops import CompanyRow, ProductRow
from gateway.demo.sample.states import (
    CampaignResponseRow,
    CampaignRow,
    ConsentRow,
    ContractRow,
    DataSubjectRequestRow,
    TieRow,
)
from gateway.demo.sample.words import ORGANISATIONS, OrganisationRow

_SALES_AT_ONCE = 10_000


class AlreadySeeded(Exception):
    """The tables hold members already."""

    def __init__(self) -> None:
        super().__init__(
            "the marketplace already holds members; to empty it, run: "
            "truncate marketplace.member, marketplace.organisation cascade"
        )


class TooFewMembers(ValueError):
    """Fewer members than the sample is made of."""

    def __init__(self) -> None:
        super().__init__(f"a sample marketplace has at least {people.FEWEST} members")


async def seed(connection: CopyConnection, *, members: int, seed: int, progress: Progress) -> None:
    """All or nothing: a seeding that is interrupted leaves the tables empty."""
    if members < people.FEWEST:
        raise TooFewMembers
    async with connection.transaction():
        await _refuse_seeded(connection)
        async with bare(connection, progress):
            await _load(Loader(connection, progress), members, seed)
        await number_on(connection)
    await vacuum(connection)


async def _refuse_seeded(connection: CopyConnection) -> None:
    # Locked first, so that of two seedings at once the second finds what the first has done.
    await connection.execute("lock table marketplace.member in access exclusive mode")
    if await connection.fetchval("select exists (select from marketplace.member)"):
        raise AlreadySeeded


async def _load(loader: Loader, members: int, seed: int) -> None:
    traders = market(members, seed)
    behaviour = Behaviour(traders)
    await _load_organisations(loader)
    await _load_people(loader, traders, seed)
    await _load_shops(loader, traders, seed)
    await _load_sales(loader, traders, behaviour, seed)
    await _load_writings(loader, traders, seed)
    await _load_browsing(loader, traders, behaviour, seed)
    await _load_states(loader, members, seed)
    await _load_instruments(loader, members, seed)


def market(members: int, seed: int) -> Market:
    """Who trades in a sample of so many members."""
    everybody = list(people.members(members, seed))
    opened = shops.shops(everybody, seed)
    return Market(
        people=everybody,
        purses=people.means(everybody, seed),
        shops={shop.company.owner_id: shop for shop in opened},
    )


async def _load_organisations(loader: Loader) -> None:
    rows = [astuple(organisation) for organisation in ORGANISATIONS]
    await loader.fill("organisation", [field.name for field in fields(OrganisationRow)], rows)


async def _load_people(loader: Loader, market: Market, seed: int) -> None:
    await loader.fill("member", MemberRow._fields, market.people)
    profiles = people.payment_profiles(market.people, market.purses, seed)
    await loader.fill("payment_profile", PaymentProfileRow._fields, profiles)
    contacts = meetings.marketing_contacts(market.people, seed)
    await loader.fill("marketing_contact", MarketingContactRow._fields, contacts)


async def _load_shops(loader: Loader, market: Market, seed: int) -> None:
    opened = market.shops.values()
    await loader.fill("company", CompanyRow._fields, [shop.company for shop in opened])
    await loader.stream("product", ProductRow._fields, shops.products(opened, seed), market.product_count)
    await loader.fill("complaint", ComplaintRow._fields, complaints.complaints(opened, seed))


async def _load_sales(loader: Loader, market: Market, behaviour: Behaviour, seed: int) -> None:
    """An order and what belongs to it are drawn at once, so their tables fill together, some at a time."""
    total = len(market.people) * orders.PER_MEMBER
    disputes, messages = Disputes(market, seed), Messages(market, seed)
    drawn = orders.sales(market, total, seed)
    while some := list(islice(drawn, _SALES_AT_ONCE)):
        behaviour.sold(some)
        await loader.copy("trade_order", TradeOrderRow._fields, [sale.order for sale in some])
        await loader.copy("order_item", OrderItemRow._fields, chain.from_iterable(sale.items for sale in some))
        await loader.copy("payment", PaymentRow._fields, [sale.payment for sale in some if sale.payment])
        await loader.copy("dispute", DisputeRow._fields, disputes.over(some))
        await loader.copy("message", MessageRow._fields, messages.about(some))
        loader.progress("trade_order", some[-1].order.id, total)
    await loader.copy("message", MessageRow._fields, messages.inquiries())


async def _load_writings(loader: Loader, market: Market, seed: int) -> None:
    await loader.fill("buying_request", BuyingRequestRow._fields, publishing.buying_requests(market.people, seed))
    await loader.fill("forum_post", ForumPostRow._fields, publishing.forum_posts(market.people, seed))


async def _load_browsing(loader: Loader, market: Market, behaviour: Behaviour, seed: int) -> None:
    browsing = Browsing(market.people, seed)
    refusing = {answer.member_id for answer in states.consents(len(market.people), seed) if answer.refuses_cookies}
    events = behaviour.browsed(browsing.events(market.product_count, refusing))
    await loader.stream("browsing_event", BrowsingEventRow._fields, events, browsing.event_count)
    await loader.stream("visit", VisitRow._fields, browsing.visits(), browsing.visit_count)
    await loader.fill("buyer_behaviour", BuyerBehaviourRow._fields, behaviour.rows())


async def _load_states(loader: Loader, members: int, seed: int) -> None:
    await loader.fill("contract", ContractRow._fields, states.contracts())
    await loader.fill("support_case", TieRow._fields, states.support_cases(members, seed))
    await loader.fill("affiliate_account", TieRow._fields, states.affiliate_accounts(members, seed))
    await loader.fill("partner_arrival", TieRow._fields, states.partner_arrivals(members, seed))
    await loader.fill("credit_assessment", TieRow._fields, states.credit_assessments(members, seed))
    await loader.fill("campaign", CampaignRow._fields, states.campaigns())
    await loader.fill("campaign_response", CampaignResponseRow._fields, states.campaign_responses(members, seed))
    await loader.fill("consent", ConsentRow._fields, states.consents(members, seed))
    requests = states.data_subject_requests(members, seed)
    await loader.fill("data_subject_request", DataSubjectRequestRow._fields, requests)


async def _load_instruments(loader: Loader, members: int, seed: int) -> None:
    await loader.fill("legal_instrument", LegalInstrumentRow._fields, legal.instruments())
    named = legal.subjects(members, seed)
    await loader.fill("legal_instrument_subject", LegalInstrumentSubjectRow._fields, named)
    await loader.fill("business_transfer", BusinessTransferRow._fields, legal.transfers())
