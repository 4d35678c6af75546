"""What is seen of members as they browse and buy: their behaviour, each page they open, each visit of a device."""

import strawberry

from schema.fields import HiddenFieldsField, Node, Storage, data, declare, entity, link
from schema.labels import Identifiers, Label
from schema.marketplace.entities.companies import Product
from schema.marketplace.entities.members import Member
from schema.marketplace.words import Categories
from schema.scalars import DateTime, Decimal

BUYER = Categories.BUYER
STATISTICAL = Categories.STATISTICAL


@entity(Storage(table="buyer_behaviour", subjects=("member_id",), order="last_active_at"))
class BuyerBehaviour(Node):
    """How a member buys, gathered from their orders; amounts are in US dollars."""

    id: strawberry.ID = data(BUYER, Identifiers.ROW_ID)
    orders_per_year: Decimal | None = data(
        BUYER, Identifiers.AMOUNT, description="How many orders they place in a year, on average."
    )
    average_order: Decimal | None = data(BUYER, Identifiers.AMOUNT, description="The amount of their average order.")
    top_categories: list[str] | None = data(BUYER, description="The categories of goods they buy most often.")
    last_active_at: DateTime | None = data(BUYER, Identifiers.MOMENT)
    hidden_fields: list[str] = declare(HiddenFieldsField())


@entity(Storage(table="browsing_event", subjects=("member_id",), order="at"))
class BrowsingEvent(Node):
    """A page of the marketplace that a member opened."""

    id: strawberry.ID = data(BUYER, Identifiers.ROW_ID)
    at: DateTime | None = data(BUYER, Identifiers.MOMENT, description="When it was.")
    url: str | None = data(BUYER, Identifiers.DETAIL, description="The address of the page.")
    referrer: str | None = data(BUYER, Identifiers.DETAIL, description="The page they came from.")
    dwell_seconds: int | None = data(BUYER, Identifiers.DETAIL, description="How many seconds they stayed.")
    ip_address: str | None = data(BUYER, Identifiers.IP_ADDRESS)
    cookie: str | None = data(BUYER, Identifiers.COOKIE, description="The cookie their browser sent.")
    product: Product | None = link("product_id", label=Label(category=BUYER, identifier=Identifiers.DETAIL))
    member: Member | None = link("member_id")
    hidden_fields: list[str] = declare(HiddenFieldsField())


@entity(Storage(table="visit", subjects=("member_id",), order="at"))
class Visit(Node):
    """A visit of a member's device to the site."""

    id: strawberry.ID = data(STATISTICAL, Identifiers.ROW_ID)
    at: DateTime | None = data(STATISTICAL, Identifiers.MOMENT, description="When it was.")
    browser: str | None = data(STATISTICAL, Identifiers.DETAIL)
    operating_system: str | None = data(STATISTICAL, Identifiers.DETAIL)
    device: str | None = data(STATISTICAL)
    pages_viewed: int | None = data(STATISTICAL, Identifiers.DETAIL)
    ip_address: str | None = data(STATISTICAL, Identifiers.IP_ADDRESS)
    member: Member | None = link("member_id")
    hidden_fields: list[str] = declare(HiddenFieldsField())
