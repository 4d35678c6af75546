"""Marketing contacts: what members said to the marketplace when they met it."""

import strawberry

from schema.fields import HiddenFieldsField, Node, Storage, data, declare, entity, link
from schema.labels import Category, Identifier
from schema.marketplace.entities.members import Member
from schema.scalars import DateTime

MARKETING = Category.MARKETING


@entity(Storage(table="marketing_contact", subjects=("member_id",), order="met_at"))
class MarketingContact(Node):
    """A member who came to a fair or other event, and how they wish to be reached."""

    id: strawberry.ID = data(MARKETING, Identifier.ROW_ID)
    event: str | None = data(MARKETING)
    met_at: DateTime | None = data(MARKETING, Identifier.MOMENT)
    interest: str | None = data(MARKETING)
    name: str | None = data(MARKETING, Identifier.NAME)
    email: str | None = data(MARKETING, Identifier.EMAIL)
    phone: str | None = data(MARKETING, Identifier.PHONE)
    member: Member | None = link("member_id")
    hidden_fields: list[str] = declare(HiddenFieldsField())
