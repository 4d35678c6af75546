"""What destroying means in this marketplace's tables, category by category, and what holds a row.

What two members share stays for the other, without the one who is destroyed. A refusal stays too: taken away, it would
open what it closes.
"""

from schema.conditions import InForce, IsSet, IsTrue, IsUnset, IsWord, NamesCategory
from schema.destruction import DestroyedRows, Destruction, HeldBy, Hold, Holding, KeptFor, MemberList, Through
from schema.fields import Join
from schema.marketplace.entities.orders import OrderStatus
from schema.marketplace.entities.payments import PaymentStatus
from schema.marketplace.words import Categories

_IN_FORCE = InForce(starts="starts_at", ends="ends_at")

_UNDELIVERED = Hold(
    name="ORDER_NOT_DELIVERED",
    phrase="an order is not delivered",
    table="trade_order",
    where=(IsWord("status", ("PLACED", "PAID", "SHIPPED", "DISPUTED"), tuple(each.value for each in OrderStatus)),),
)
_DISPUTED = Hold(
    name="DISPUTE_OPEN", phrase="a dispute over an order is open", table="dispute", where=(IsUnset("outcome"),)
)
_UNSETTLED = Hold(
    name="PAYMENT_NOT_SETTLED",
    phrase="a payment is not settled",
    table="payment",
    where=(IsWord("status", ("PENDING", "AUTHORISED"), tuple(each.value for each in PaymentStatus)),),
)
_ASSESSED = Hold(
    name="ASSESSMENT_OPEN",
    phrase="an assessment of the member is open",
    table="credit_assessment",
    where=(_IN_FORCE,),
    ends="ends_at",
)
_NAMED = Hold(
    # The same word as what every law asks for, and no end: a member may not be told yet that there is an instrument.
    name="LAW",
    phrase="a law asks for it",
    table="legal_instrument",
    where=(NamesCategory("categories"), IsSet("approved_at"), _IN_FORCE),
    listed=MemberList(table="legal_instrument_subject", names="instrument_id", member="member_id"),
)

_PAYMENT_RECORDS = KeptFor(name="LAW", phrase="a law asks for it", years=10, since="paid_at")
"""Set the years to what the law of the marketplace's country asks for."""


def _of_order(near: str) -> tuple[Holding, ...]:
    """What holds rows of an order, which is in this column."""
    return (
        HeldBy(hold=_UNDELIVERED, near=near, far=("id",)),
        HeldBy(hold=_DISPUTED, near=near, far=("order_id",)),
        HeldBy(hold=_UNSETTLED, near=near, far=("order_id",)),
    )


def _of_trade(near: str, *sides: str) -> tuple[Holding, ...]:
    """What holds rows of a member, who is in this column, because of an order in which they are on one of these sides."""
    return tuple(HeldBy(hold=hold, near=near, far=sides) for hold in (_UNDELIVERED, _DISPUTED, _UNSETTLED))


def _of_member(near: str) -> tuple[Holding, ...]:
    """What holds any rows of a member, who is in this column."""
    return (HeldBy(hold=_ASSESSED, near=near, far=("member_id",)), _named(near))


def _named(near: str) -> HeldBy:
    return HeldBy(hold=_NAMED, near=near)


_ANY_SIDE = ("buyer_id", "seller_id")

_REGISTRATION = (
    # The row stays for what names it. Nobody sees it any more.
    DestroyedRows(
        category=Categories.REGISTRATION,
        table="member",
        member="id",
        type="Member",
        emptied=(
            *("name", "email", "phone", "fax", "address", "city", "country", "job_title", "kind"),
            "password_hash",
        ),
        # Rows are listed by when they registered, which is never empty.
        marked=("destroyed_at", "registered_at"),
        where=(IsUnset("destroyed_at"),),
        held=(*_of_trade("id", *_ANY_SIDE), *_of_member("id")),
    ),
    DestroyedRows(
        category=Categories.REGISTRATION, table="consent", member="member_id", type="Consent", where=(IsTrue("given"),)
    ),
    DestroyedRows(
        category=Categories.REGISTRATION,
        table="support_case",
        member="member_id",
        type="SupportCase",
        held=(_named("member_id"),),
    ),
    DestroyedRows(
        category=Categories.REGISTRATION,
        table="affiliate_account",
        member="member_id",
        type="AffiliateAccount",
        held=(_named("member_id"),),
    ),
)

_PUBLISHING = tuple(
    DestroyedRows(category=Categories.PUBLISHING, table=table, member=member, type=kind, held=held)
    for table, member, kind, held in (
        ("product", "owner_id", "Product", (*_of_trade("owner_id", "seller_id"), _named("owner_id"))),
        ("company", "owner_id", "Company", (*_of_trade("owner_id", "seller_id"), _named("owner_id"))),
        ("buying_request", "buyer_id", "BuyingRequest", (_named("buyer_id"),)),
        ("forum_post", "author_id", "ForumPost", (_named("author_id"),)),
    )
)

_BUYER = tuple(
    DestroyedRows(category=Categories.BUYER, table=table, member="member_id", type=kind, held=(_named("member_id"),))
    for table, kind in (("buyer_behaviour", "BuyerBehaviour"), ("browsing_event", "BrowsingEvent"))
)

_PAYMENT = (
    DestroyedRows(
        category=Categories.PAYMENT,
        table="payment_profile",
        member="member_id",
        type="PaymentProfile",
        held=(HeldBy(hold=_UNSETTLED, near="member_id", far=("buyer_id",)), *_of_member("member_id")),
    ),
    DestroyedRows(
        category=Categories.PAYMENT,
        table="payment",
        member="buyer_id",
        type="Payment",
        held=(*_of_order("order_id"), *_of_member("buyer_id"), _PAYMENT_RECORDS),
    ),
    DestroyedRows(
        category=Categories.PAYMENT,
        table="credit_assessment",
        member="member_id",
        type="CreditAssessment",
        held=_of_member("member_id"),
    ),
)


def _shared(
    table: str,
    member: str,
    kind: str,
    order: str,
    *emptied: str,
    through: Through | None = None,
    also: tuple[IsSet, ...] = (),
) -> DestroyedRows:
    """Rows of an order, which the other side keeps without what is the member's."""
    return DestroyedRows(
        category=Categories.ACCOUNT_ACTIVITIES,
        table=table,
        member=member,
        type=kind,
        emptied=emptied,
        where=also,
        through=through,
        held=(*_of_order(order), *_of_member(member)),
    )


_DELIVERY = (
    *("delivery_name", "delivery_address", "delivery_phone", "delivery_city", "delivery_country", "tracking_number"),
)

_ACTIVITIES = (
    # What exactly was ordered is said in the buyer's words.
    _shared(
        *("order_item", "buyer_id", "OrderItem", "order_id", "specification"),
        through=Through(table="trade_order", join=Join(near="order_id", far="id")),
        also=(IsSet("specification"),),
    ),
    _shared("dispute", "buyer_id", "Dispute", "order_id", "buyer_id", "statement"),
    _shared("dispute", "seller_id", "Dispute", "order_id", "seller_id", "statement"),
    _shared("payment", "seller_id", "Payment", "order_id", "seller_id"),
    _shared("trade_order", "buyer_id", "Order", "id", "buyer_id", *_DELIVERY),
    _shared("trade_order", "seller_id", "Order", "id", "seller_id"),
)

_STATISTICAL = tuple(
    DestroyedRows(
        category=Categories.STATISTICAL, table=table, member="member_id", type=kind, held=(_named("member_id"),)
    )
    for table, kind in (("visit", "Visit"), ("partner_arrival", "PartnerArrival"))
)

_MARKETING = tuple(
    DestroyedRows(
        category=Categories.MARKETING, table=table, member="member_id", type=kind, held=(_named("member_id"),)
    )
    for table, kind in (("marketing_contact", "MarketingContact"), ("campaign_response", "CampaignResponse"))
)


def _written(member: str, other: str, *emptied: str) -> tuple[DestroyedRows, ...]:
    """Messages on one side of which the member is: removed where nobody is left on the other."""
    held = (_named(member),)
    rules = ((IsUnset(other),), ()), ((), (member, *emptied))
    return tuple(
        DestroyedRows(
            category=Categories.PERSONAL,
            table="message",
            member=member,
            type="Message",
            emptied=columns,
            where=where,
            held=held,
        )
        for where, columns in rules
    )


_PERSONAL = (
    *_written("sender_id", "recipient_id", "body", "sender_name", "sender_email", "sender_phone"),
    *_written("recipient_id", "sender_id"),
)

DESTRUCTION = Destruction(
    rules=(
        *(*_PUBLISHING, *_BUYER, *_PAYMENT, *_ACTIVITIES, *_STATISTICAL, *_MARKETING, *_PERSONAL),
        *_REGISTRATION,
    ),
    backup_days=35,
)
