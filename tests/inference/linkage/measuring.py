"""Every attack on one marketplace: against the public alone, and by two organisations that put together what they are shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from schema.marketplace.words import Purposes, Roles
from tests.inference.linkage import attacks
from tests.inference.linkage.attacks import Bought, Resolved, Shop
from tests.inference.linkage.seeing import Marketplace, View
from tests.opinion.asking import Asking

PUBLIC: Final = Asking(role=Roles.PUBLIC, purpose=Purposes.PUBLIC_BROWSING)
PARTNER: Final = Asking(role=Roles.PARTNER, purpose=Purposes.PARTNER_TRACKING, organisation=6)
PARTNER_SHARING: Final = Asking(role=Roles.PARTNER, purpose=Purposes.STATISTICAL_SHARING, organisation=6)
ADVERTISER: Final = Asking(role=Roles.ADVERTISER, purpose=Purposes.STATISTICAL_SHARING, organisation=8)
PROVIDER: Final = Asking(role=Roles.SERVICE_PROVIDER, purpose=Purposes.SITE_OPERATION, organisation=4)
MEMBER: Final = Asking(role=Roles.MEMBER, purpose=Purposes.MEMBER_INSIGHT, member=2)
COMPLETING: Final = (
    *(Asking(role=Roles.BANK, purpose=Purposes.TRANSACTION_COMPLETION, organisation=each) for each in (10, 11)),
    *(
        Asking(role=Roles.PAYMENT_VENDOR, purpose=Purposes.TRANSACTION_COMPLETION, organisation=each)
        for each in (12, 13)
    ),
)

SELLERS: Final = 300
"""Sellers whose knowledge of their buyers is tried, by chance."""

UNDER_WAY: Final = "filter: {status: {in: [PAID, SHIPPED]}}"
"""A provider is shown too many orders to compare them all."""

SELLER_OF_ORDER = "select o.id, c.id from trade_order o join company c on c.owner_id = o.seller_id"
COMPANY_OF_MEMBER = "select owner_id, id from company"
ORDER_OF_PAYMENT = "select id, order_id from payment"
CATEGORY_OF_SELLER = "select owner_id, min(category) from product group by owner_id"
LAST_BOUGHT = "select seller_id, buyer_id, max(placed_at) from trade_order group by seller_id, buyer_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """An attack in words, what it found before these rules (of 1,000 members), and what it finds."""

    attack: str
    before: str
    found: Resolved


async def measured(market: Marketplace) -> Mapping[str, Measure]:
    """What each attack finds, by its name."""
    return {**await _with_the_public(market), **await _with_own_sales(market), **await _in_pairs(market)}


async def _public(market: Marketplace) -> Sequence[Shop]:
    return attacks.shops(await market.shown(PUBLIC, "companies"), await market.shown(PUBLIC, "products"))


async def _with_the_public(market: Marketplace) -> Mapping[str, Measure]:
    public = await _public(market)
    seller_of = await market.truth(SELLER_OF_ORDER)
    company_of = await market.truth(COMPANY_OF_MEMBER)
    followed = await market.shown(PARTNER, "orders")
    operated = await market.shown(PROVIDER, "orders", UNDER_WAY)
    members = await market.shown(PROVIDER, "members")
    return {
        "orders of a partner": Measure(
            attack="a partner and the public: the seller of an order",
            before="749 of 755",
            found=attacks.sellers_of_orders(followed, public, seller_of),
        ),
        "orders of a provider": Measure(
            attack="a service provider and the public: the seller of an order",
            before="–",
            found=attacks.sellers_of_orders(operated, public, seller_of),
        ),
        "members of a provider": Measure(
            attack="a service provider and the public: the company of a member who sells",
            before="271 of 278",
            found=attacks.sellers_of_members(members, public, company_of),
        ),
    }


async def _with_own_sales(market: Marketplace) -> Mapping[str, Measure]:
    found = attacks.buyers_of_pseudonyms(await market.shown(MEMBER, "buyerBehaviours"), await _bought(market))
    attack = "a seller and their own sales: the buyer behind a pseudonym"
    return {"buyers of a seller": Measure(attack=attack, before="266 of 504", found=found)}


async def _bought(market: Marketplace) -> Sequence[Bought]:
    categories = await market.truth(CATEGORY_OF_SELLER)
    pairs = await market.rows(LAST_BOUGHT)
    sellers = sorted({seller for seller, _, _ in pairs})
    tried = set(Random(7).sample(sellers, min(SELLERS, len(sellers))))
    return [
        Bought(buyer=buyer, last=(last, last), category=categories[seller])
        for seller, buyer, last in pairs
        if seller in tried
    ]


async def _in_pairs(market: Marketplace) -> Mapping[str, Measure]:
    followed, operated = await market.shown(PARTNER, "orders"), await market.shown(PROVIDER, "orders", UNDER_WAY)
    under_way = followed.only([row for row in followed.rows if row["status"] in ("PAID", "SHIPPED")])
    order_of = await market.truth(ORDER_OF_PAYMENT)
    paid = [attacks.orders_paid(await _payments(market, each), followed, order_of) for each in COMPLETING]
    of_provider = [attacks.orders_paid(await _payments(market, each), operated, order_of) for each in COMPLETING]
    permitted = _plain(await market.shown(ADVERTISER, "visits"))
    shared, tracked = await market.shown(PARTNER_SHARING, "visits"), await market.shown(PARTNER, "visits")
    return {
        "visits shared": Measure(
            attack="an advertiser and a partner, sharing statistics: a visit whose address one of them is permitted",
            before="162",
            found=attacks.same_visits(permitted, _masked(shared)),
        ),
        "visits tracked": Measure(
            attack="an advertiser, sharing statistics, and a partner, tracking: the same",
            before="all",
            found=attacks.same_visits(permitted, tracked),
        ),
        "payments of a partner": Measure(
            attack="banks and vendors, and a partner: the order that an open payment is for",
            before="17",
            found=attacks.together(paid),
        ),
        "payments of a provider": Measure(
            attack="banks and vendors, and a service provider: the same",
            before="–",
            found=attacks.together(of_provider),
        ),
        "orders of both": Measure(
            attack="a service provider and a partner: the same order under way, masked to both",
            before="–",
            found=attacks.same_orders(operated, under_way),
        ),
    }


async def _payments(market: Marketplace, asking: Asking) -> View:
    return await market.shown(asking, "payments")


def _plain(view: View) -> View:
    return view.only([row for row in view.rows if ":~" not in row["id"]])


def _masked(view: View) -> View:
    return view.only([row for row in view.rows if ":~" in row["id"]])
