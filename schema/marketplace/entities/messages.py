"""Messages: what members write to each other, in private."""

import strawberry

from schema.fields import HiddenFieldsField, Node, Storage, data, declare, entity, link
from schema.labels import Identifiers
from schema.marketplace.entities.members import Member
from schema.marketplace.entities.orders import Order
from schema.marketplace.words import Categories
from schema.scalars import DateTime

PERSONAL = Categories.PERSONAL


@entity(
    Storage(
        table="message",
        subjects=("sender_id", "recipient_id"),
        condition_columns={"CORRESPONDENT": ("sender_id", "recipient_id")},
        order="sent_at",
    )
)
class Message(Node):
    """A message from one member to another. How to reach the sender is the sender's data alone."""

    id: strawberry.ID = data(PERSONAL, Identifiers.ROW_ID)
    sent_at: DateTime | None = data(PERSONAL, Identifiers.MOMENT)
    body: str | None = data(PERSONAL, Identifiers.FREE_TEXT, description="The text of the message.")
    sender_name: str | None = data(PERSONAL, Identifiers.NAME, subject="sender_id")
    sender_email: str | None = data(PERSONAL, Identifiers.EMAIL, subject="sender_id")
    sender_phone: str | None = data(PERSONAL, Identifiers.PHONE, subject="sender_id")
    sender: Member | None = link("sender_id")
    recipient: Member | None = link("recipient_id")
    order: Order | None = link("order_id")
    hidden_fields: list[str] = declare(HiddenFieldsField())
