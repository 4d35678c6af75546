"""Loads a sample marketplace into the empty tables of the schema `marketplace`.

The same number of members and the same seed always give the same rows. Organisations are those of
`gateway.sample.words.ORGANISATIONS`. These members are good for showing something:

 1  a buyer (US) whose orders 1 to 7, all from member 2, are in every status: 1 is PAID by card through the first
    payment vendor and 2 by transfer through the first bank, neither settled; 3 PLACED, 4 SHIPPED, 5 DELIVERED and
    paid by cheque, 6 DISPUTED, 7 CANCELLED
 2  a supplier (CN) with company 1, its products and its sales; like member 1, with a payment profile
 3  has a support case with the first service provider in force; 4 one that has ended; 5 one not yet begun
 6  responded to a campaign of the first advertiser; 7 took that back; 8's response has not begun
 9  permits statistical sharing with the first service provider, partner and advertiser; 15 no longer does; 17 refuses
10  refuses to be contacted by the marketplace; 16 did so in the past
11  permits other members to contact them; 14 refuses that
12  both buys and sells; so does 18
13  a supplier (IN) who refuses cookies; 1 and 2 accept them
19  a supplier, and 20 a buyer, with none of all this
"""

from dataclasses import astuple, fields
from itertools import chain, islice

from gateway.sample import orders, people, shops, states
from gateway.sample.loading import Connection, Loader, Progress, bare, number_on, vacuum
from gateway.sample.orders import Market, OrderItem, Payment, TradeOrder
from gateway.sample.people import Member, PaymentProfile
from gateway.sample.shops import Company, Product
from gateway.sample.states import Campaign, CampaignResponse, Consent, Contract, SupportCase
from gateway.sample.words import ORGANISATIONS, Organisation

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


async def seed(connection: Connection, *, members: int, seed: int, progress: Progress) -> None:
    """All or nothing: a seeding that is interrupted leaves the tables empty."""
    if members < people.FEWEST:
        raise TooFewMembers
    async with connection.transaction():
        await _refuse_seeded(connection)
        async with bare(connection, progress):
            await _load(Loader(connection, progress), members, seed)
        await number_on(connection)
    await vacuum(connection)


async def _refuse_seeded(connection: Connection) -> None:
    # Locked first, so that of two seedings at once the second finds what the first has done.
    await connection.execute("lock table marketplace.member in access exclusive mode")
    if await connection.fetchval("select exists (select from marketplace.member)"):
        raise AlreadySeeded


async def _load(loader: Loader, members: int, seed: int) -> None:
    market = _market(members, seed)
    await _load_organisations(loader)
    await _load_people(loader, market, seed)
    await _load_shops(loader, market, seed)
    await _load_sales(loader, market, seed)
    await _load_states(loader, members, seed)


def _market(members: int, seed: int) -> Market:
    everybody = list(people.members(members, seed))
    opened = shops.shops(everybody, seed)
    return Market(
        people=everybody,
        purses=people.means(everybody, seed),
        shops={shop.company.owner_id: shop for shop in opened},
    )


async def _load_organisations(loader: Loader) -> None:
    rows = [astuple(organisation) for organisation in ORGANISATIONS]
    await loader.fill("organisation", [field.name for field in fields(Organisation)], rows, len(rows))


async def _load_people(loader: Loader, market: Market, seed: int) -> None:
    await loader.fill("member", Member._fields, market.people, len(market.people))
    profiles = people.payment_profiles(market.people, market.purses, seed)
    await loader.fill("payment_profile", PaymentProfile._fields, profiles, len(profiles))


async def _load_shops(loader: Loader, market: Market, seed: int) -> None:
    opened = market.shops.values()
    companies = [shop.company for shop in opened]
    await loader.fill("company", Company._fields, companies, len(companies))
    offered = sum(len(shop.prices) for shop in opened)
    await loader.fill("product", Product._fields, shops.products(opened, seed), offered)


async def _load_sales(loader: Loader, market: Market, seed: int) -> None:
    """An order, its items and its payment are drawn at once, so the three tables fill together, some at a time."""
    total = len(market.people) * orders.PER_MEMBER
    drawn = orders.sales(market, total, seed)
    while some := list(islice(drawn, _SALES_AT_ONCE)):
        await loader.copy("trade_order", TradeOrder._fields, [sale.order for sale in some])
        await loader.copy("order_item", OrderItem._fields, chain.from_iterable(sale.items for sale in some))
        await loader.copy("payment", Payment._fields, [sale.payment for sale in some if sale.payment])
        loader.progress("trade_order", some[-1].order.id, total)


async def _load_states(loader: Loader, members: int, seed: int) -> None:
    contracts, campaigns = states.contracts(), states.campaigns()
    await loader.fill("contract", Contract._fields, contracts, len(contracts))
    await loader.fill("campaign", Campaign._fields, campaigns, len(campaigns))
    cases = states.support_cases(members, seed)
    await loader.fill("support_case", SupportCase._fields, cases, len(cases))
    responses = states.campaign_responses(members, seed)
    await loader.fill("campaign_response", CampaignResponse._fields, responses, len(responses))
    consents = states.consents(members, seed)
    await loader.fill("consent", Consent._fields, consents, len(consents))
