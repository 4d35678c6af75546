"""Orders and their items: a member's account activities."""

import enum
from typing import TYPE_CHECKING, Annotated

import strawberry

from schema.fields import (
    HiddenFieldsField,
    MaskedField,
    MaskedFieldsField,
    Node,
    Storage,
    data,
    declare,
    entity,
    link,
    parts,
)
from schema.labels import Identifiers, Label
from schema.marketplace.entities.companies import Product
from schema.marketplace.entities.members import Member
from schema.marketplace.words import Categories
from schema.scalars import DateTime, Decimal

if TYPE_CHECKING:
    from schema.marketplace.entities.disputes import Dispute
    from schema.marketplace.entities.payments import Payment

ACTIVITIES = Categories.ACCOUNT_ACTIVITIES


@strawberry.enum(description="How far an order has come.")
class OrderStatus(enum.Enum):
    PLACED = "PLACED"
    PAID = "PAID"
    SHIPPED = "SHIPPED"
    DELIVERED = "DELIVERED"
    DISPUTED = "DISPUTED"
    CANCELLED = "CANCELLED"


@entity(Storage(table="order_item", is_part=True, order="line"))
class OrderItem:
    """A line of an order."""

    quantity: int | None = data(ACTIVITIES, Identifiers.DETAIL)
    unit_price: Decimal | None = data(ACTIVITIES, Identifiers.DETAIL)
    specification: str | None = data(
        ACTIVITIES, Identifiers.FREE_TEXT, also=Identifiers.DETAIL, description="What exactly was ordered, in words."
    )
    product: Product | None = link("product_id", label=Label(category=ACTIVITIES, identifier=Identifiers.DETAIL))
    masked_fields: list[MaskedField] = declare(MaskedFieldsField())


@entity(
    Storage(
        table="trade_order",
        subjects=("buyer_id", "seller_id"),
        condition_columns={"PARTY": ("buyer_id", "seller_id"), "BOUGHT_SINCE": ("buyer_id", "placed_at")},
        order="placed_at",
    )
)
class Order(Node):
    """A purchase of goods by one member from another. Delivery is the buyer's data alone."""

    id: strawberry.ID = data(ACTIVITIES, Identifiers.ROW_ID)
    status: OrderStatus | None = data(ACTIVITIES)
    placed_at: DateTime | None = data(ACTIVITIES, Identifiers.MOMENT, description="When it was placed.")
    total: Decimal | None = data(ACTIVITIES, Identifiers.AMOUNT, description="What all of it costs.")
    currency: str | None = data(ACTIVITIES, description="The currency of its amounts (ISO 4217).")
    items: list[OrderItem] | None = parts("order_id")
    delivery_name: str | None = data(
        ACTIVITIES, Identifiers.NAME, subject="buyer_id", description="Whom it is delivered to."
    )
    delivery_address: str | None = data(
        ACTIVITIES, Identifiers.POSTAL_ADDRESS, subject="buyer_id", coarse="delivery_city"
    )
    delivery_phone: str | None = data(ACTIVITIES, Identifiers.PHONE, subject="buyer_id")
    delivery_city: str | None = data(ACTIVITIES, subject="buyer_id")
    delivery_country: str | None = data(ACTIVITIES, subject="buyer_id")
    tracking_number: str | None = data(
        ACTIVITIES, Identifiers.TRACKING_NUMBER, subject="buyer_id", description="The carrier's number of the parcel."
    )
    buyer: Member | None = link("buyer_id")
    seller: Member | None = link("seller_id")
    payment: Annotated["Payment", strawberry.lazy("schema.marketplace.entities.payments")] | None = link(
        "id", far="order_id"
    )
    dispute: Annotated["Dispute", strawberry.lazy("schema.marketplace.entities.disputes")] | None = link(
        "id", far="order_id"
    )
    hidden_fields: list[str] = declare(HiddenFieldsField())
