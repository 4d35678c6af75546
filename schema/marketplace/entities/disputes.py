"""Disputes: what the parties to an order disagree about."""

import enum

import strawberry

from schema.fields import HiddenFieldsField, Node, Storage, data, declare, entity, link, version
from schema.labels import Identifiers
from schema.marketplace.entities.orders import ACTIVITIES, Order
from schema.scalars import DateTime


@strawberry.enum(description="What a dispute is about.")
class DisputeReason(enum.Enum):
    NOT_RECEIVED = "NOT_RECEIVED"
    LATE = "LATE"
    DAMAGED = "DAMAGED"
    NOT_AS_DESCRIBED = "NOT_AS_DESCRIBED"
    WRONG_QUANTITY = "WRONG_QUANTITY"


@strawberry.enum(description="How a dispute ended.")
class DisputeOutcome(enum.Enum):
    REFUNDED = "REFUNDED"
    REJECTED = "REJECTED"
    WITHDRAWN = "WITHDRAWN"


@entity(
    Storage(
        table="dispute",
        subjects=("buyer_id", "seller_id"),
        condition_columns={"PARTY": ("buyer_id", "seller_id")},
        order="opened_at",
    )
)
class Dispute(Node):
    """A dispute over an order; without an outcome while it is open."""

    id: strawberry.ID = data(ACTIVITIES, Identifiers.ROW_ID)
    reason: DisputeReason | None = data(ACTIVITIES)
    opened_at: DateTime | None = data(ACTIVITIES, Identifiers.MOMENT)
    outcome: DisputeOutcome | None = data(ACTIVITIES, description="How it ended; none while it is open.")
    statement: str | None = data(ACTIVITIES, Identifiers.FREE_TEXT, description="What is said of it, in words.")
    order: Order | None = link("order_id")
    hidden_fields: list[str] = declare(HiddenFieldsField())
    version: str | None = version()
