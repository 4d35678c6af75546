"""Payments and payment profiles."""

import enum
from typing import TYPE_CHECKING, Annotated

import strawberry

from schema.fields import HiddenFieldsField, Join, Node, Storage, data, declare, entity, link, version
from schema.labels import Identifiers
from schema.marketplace.entities.organisations import Organisation
from schema.marketplace.words import Categories
from schema.scalars import DateTime, Decimal

if TYPE_CHECKING:
    from schema.marketplace.entities.orders import Order

PAYMENT = Categories.PAYMENT


@strawberry.enum(description="How a payment is made.")
class PaymentMethod(enum.Enum):
    CARD = "CARD"
    BANK_TRANSFER = "BANK_TRANSFER"
    CHEQUE = "CHEQUE"


@strawberry.enum(description="How far a payment has come.")
class PaymentStatus(enum.Enum):
    PENDING = "PENDING"
    AUTHORISED = "AUTHORISED"
    SETTLED = "SETTLED"
    REFUNDED = "REFUNDED"
    FAILED = "FAILED"


@entity(
    Storage(
        table="payment",
        subjects=("buyer_id",),
        condition_columns={"PARTY": ("buyer_id", "seller_id"), "PAYMENT_ROUTE": Join(near="id", far="id")},
        order="paid_at",
    )
)
class Payment(Node):
    """The payment of an order, through a bank or payment vendor."""

    id: strawberry.ID = data(PAYMENT, Identifiers.ROW_ID)
    method: PaymentMethod | None = data(PAYMENT)
    amount: Decimal | None = data(PAYMENT, Identifiers.AMOUNT)
    currency: str | None = data(PAYMENT, description="The currency of the amount (ISO 4217).")
    status: PaymentStatus | None = data(PAYMENT)
    paid_at: DateTime | None = data(PAYMENT, Identifiers.MOMENT, description="When it was paid.")
    card_number: str | None = data(PAYMENT, Identifiers.CARD_NUMBER)
    card_expiry: str | None = data(PAYMENT, description="The month until which the card is valid.")
    bank_account: str | None = data(PAYMENT, Identifiers.BANK_ACCOUNT)
    billing_name: str | None = data(PAYMENT, Identifiers.NAME)
    billing_address: str | None = data(PAYMENT, Identifiers.POSTAL_ADDRESS, coarse="billing_city")
    cheque_tracking: str | None = data(
        PAYMENT, Identifiers.TRACKING_NUMBER, description="The number a cheque is tracked by."
    )
    organisation: Organisation | None = link("organisation_id")
    order: Annotated["Order", strawberry.lazy("schema.marketplace.entities.orders")] | None = link("order_id")
    hidden_fields: list[str] = declare(HiddenFieldsField())


@entity(Storage(table="payment_profile", subjects=("member_id",)))
class PaymentProfile(Node):
    """A means of payment a member keeps with the marketplace."""

    id: strawberry.ID = data(PAYMENT, Identifiers.ROW_ID)
    card_number: str | None = data(PAYMENT, Identifiers.CARD_NUMBER)
    card_expiry: str | None = data(PAYMENT, description="The month until which the card is valid.")
    bank_account: str | None = data(PAYMENT, Identifiers.BANK_ACCOUNT)
    billing_name: str | None = data(PAYMENT, Identifiers.NAME)
    billing_address: str | None = data(PAYMENT, Identifiers.POSTAL_ADDRESS, coarse="billing_city")
    credit_limit: Decimal | None = data(PAYMENT, Identifiers.AMOUNT, description="How much they may owe.")
    hidden_fields: list[str] = declare(HiddenFieldsField())
    version: str | None = version()
