"""Marketing contacts: what members said to the marketplace when they met it."""

import strawberry

from schema.fields import HiddenFieldsField, Node, Storage, data, declare, entity, link
from schema.labels import Identifiers
from schema.marketplace.entities.members import Member
from schema.marketplace.words import Categories
from schema.scalars import DateTime

MARKETING = Categories.MARKETING


@entity(Storage(table="marketing_contact", subjects=("member_id",), order="met_at"))
class MarketingContact(Node):
    """A member who came to a fair or other event, and how they wish to be reached."""

    id: strawberry.ID = data(MARKETING, Identifiers.ROW_ID)
    event: str | None = data(MARKETING, description="The fair or other event they came to.")
    met_at: DateTime | None = data(MARKETING, Identifiers.MOMENT, description="When they came.")
    interest: str | None = data(MARKETING, description="What they were interested in.")
    name: str | None = data(MARKETING, Identifiers.NAME)
    email: str | None = data(MARKETING, Identifiers.EMAIL)
    phone: str | None = data(MARKETING, Identifiers.PHONE)
    member: Member | None = link("member_id")
    hidden_fields: list[str] = declare(HiddenFieldsField())
