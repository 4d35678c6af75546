"""The webshop as one value."""

import enum
from pathlib import Path
from typing import Annotated

import strawberry

from schema.common.accesses import RecordedAccess, SummedAccesses, records, summaries
from schema.conditions import (
    Condition,
    InForce,
    IsRequester,
    IsWord,
    RowNamesRequester,
    SubjectHas,
    SubjectIsPartner,
    SubjectIsRequester,
)
from schema.definition import Marketplace, PartyTable
from schema.fields import (
    ByIdField,
    Connection,
    HiddenFieldsField,
    MeField,
    Node,
    NodeField,
    NodesField,
    Storage,
    connection,
    data,
    declare,
    entity,
    link,
    parts,
)
from schema.labels import Category, Identifiers, OwnCategories
from schema.requester import Party, Purpose, Role
from schema.scalars import DateTime, Decimal


class Roles(Role):
    """Who asks."""

    PUBLIC = "PUBLIC", Party.PUBLIC
    CUSTOMER = "CUSTOMER", Party.MEMBER
    CARE = "CARE", Party.OWN
    COURIER = "COURIER", Party.THIRD_PARTY


class Purposes(Purpose):
    """What for."""

    BROWSING = "browsing"
    OWN_DATA = "own_data"
    TRADING = "trading"
    SUPPORT = "support"
    NEWSLETTER = "newsletter"
    DELIVERY = "delivery"
    OVERSIGHT = "oversight"


class Categories(Category):
    """What is held about customers."""

    PROFILE = "PROFILE", "profiles"
    TRADE = "TRADE", "orders"


PROFILE, TRADE = Categories.PROFILE, Categories.TRADE


@strawberry.enum(description="How loyal a customer is.")
class Tier(enum.Enum):
    GOLD = "GOLD"
    SILVER = "SILVER"


@strawberry.enum(description="How far an order has come.")
class Status(enum.Enum):
    OPEN = "OPEN"
    DONE = "DONE"
    CANCELLED = "CANCELLED"


@entity(Storage(table="customer", key="customer_id", id_type="text", subjects=("customer_id",), order="registered_at"))
class Customer(Node):
    """Somebody who buys, sells or both."""

    id: strawberry.ID = data(PROFILE, Identifiers.MEMBER_ID)
    name: str | None = data(
        PROFILE,
        Identifiers.NAME,
        expression="concat_ws(' ', first_name, last_name)",
        reads=("first_name", "last_name"),
    )
    email: str | None = data(PROFILE, Identifiers.EMAIL)
    country: str | None = data(PROFILE, column="country_code")
    tier: Tier | None = data(PROFILE, column="loyaltyTier", words={"g": "GOLD", "silver": "SILVER"})
    registered_at: DateTime | None = data(
        PROFILE, Identifiers.MOMENT, expression="created_at at time zone 'UTC'", reads=("created_at",)
    )
    orders: Connection[Annotated["Order", strawberry.lazy("tests.webshop.marketplace")]] | None = connection(
        "customer_id"
    )
    accesses: Connection[Annotated["AccessRecord", strawberry.lazy("tests.webshop.marketplace")]] | None = connection(
        "subjects", within=True
    )
    hidden_fields: list[str] = declare(HiddenFieldsField())


@entity(Storage(table="courier", key="courier_id", id_type="uuid"))
class Courier(Node):
    """Who brings what was ordered."""

    id: strawberry.ID = data(OwnCategories.OPEN)
    name: str | None = data(OwnCategories.OPEN)


@entity(records(member="Customer", organisation="Courier"))
class AccessRecord(RecordedAccess):
    """One answer or one refusal."""

    organisation: Courier | None = link("organisation_id")


@entity(summaries(organisation="Courier"))
class AccessSummary(SummedAccesses):
    """How many requests there were on a day."""

    organisation: Courier | None = link("organisation_id")


@entity(Storage(table="article", key="article_no", id_type="integer"))
class Article(Node):
    """What can be ordered."""

    id: strawberry.ID = data(OwnCategories.OPEN)
    title: str | None = data(OwnCategories.OPEN)


@entity(
    Storage(
        table="parcel",
        key="parcel_id",
        id_type="uuid",
        subjects=("customer_id",),
        condition_columns={"PARTY": ("customer_id",)},
        order="sent",
        newest_first=True,
    )
)
class Parcel(Node):
    """What was sent of an order."""

    id: strawberry.ID = data(TRADE, Identifiers.ROW_ID)
    weight: int | None = data(TRADE)
    order: Annotated["Order", strawberry.lazy("tests.webshop.marketplace")] | None = link("order_no")


@entity(Storage(table="line", key="n", is_part=True, order="n"))
class Line:
    """What is ordered."""

    what: str | None = data(TRADE, column="user")
    article: Article | None = link("article_no")


@entity(
    Storage(
        table="shop.order",
        key="order_no",
        id_type="text",
        subjects=("customer_id", "seller_id"),
        condition_columns={"PARTY": ("customer_id", "seller_id")},
        order="placed",
    )
)
class Order(Node):
    """A purchase."""

    id: strawberry.ID = data(TRADE, Identifiers.ROW_ID)
    status: Status | None = data(
        TRADE, column="state", words={"pending": "OPEN", "completed": "DONE", "canceled": "CANCELLED"}
    )
    total: Decimal | None = data(
        TRADE, Identifiers.AMOUNT, expression="round(amount_cents / 100.0, 2)", reads=("amount_cents",)
    )
    position: int | None = data(TRADE)
    placed_at: DateTime | None = data(TRADE, Identifiers.MOMENT, column="placed")
    lines: list[Line] | None = parts("order_no")
    parcels: Connection[Parcel] | None = connection("order_no")
    customer: Customer | None = link("customer_id")
    seller: Customer | None = link("seller_id")
    hidden_fields: list[str] = declare(HiddenFieldsField())


@strawberry.type(description="What may be asked.")
class Query:
    me: Customer | None = declare(MeField())
    customer: Customer | None = declare(ByIdField())
    customers: Connection[Customer] | None = connection()
    order: Order | None = declare(ByIdField())
    orders: Connection[Order] | None = connection()
    node: Node | None = declare(NodeField())
    nodes: list[Node | None] | None = declare(NodesField())
    parcel: Parcel | None = declare(ByIdField())
    parcels: Connection[Parcel] | None = connection()
    article: Article | None = declare(ByIdField())
    articles: Connection[Article] | None = connection()
    access_records: Connection[AccessRecord] | None = connection()
    access_summaries: Connection[AccessSummary] | None = connection()


SELF = Condition(name="SELF", phrase="the subject is the requester", holds_if=SubjectIsRequester())
PARTY = Condition(name="PARTY", phrase="the requester is party to the order", holds_if=RowNamesRequester())
PARTNER = Condition(
    name="PARTNER",
    phrase="an order between the two was not cancelled",
    holds_if=SubjectIsPartner(
        table="order",
        members=("customer_id", "seller_id"),
        where=(IsWord("state", ("OPEN", "DONE"), ("OPEN", "DONE", "CANCELLED")),),
    ),
    is_selective=True,
)
AGREED = Condition(
    name="AGREED",
    phrase="the subject agreed to marketing",
    holds_if=SubjectHas(
        table="consents.marketing",
        subject="customer",
        where=(IsWord("agreed", ("yes",), ("yes", "no")), InForce(starts="since", ends="until")),
    ),
)

DELIVERS = Condition(
    name="DELIVERS",
    phrase="the courier delivers to the subject",
    holds_if=SubjectHas(table="delivery", subject="customer", where=(IsRequester("courier"),)),
    is_selective=True,
)

MARKETPLACE = Marketplace(
    roles=tuple(Roles),
    purposes=tuple(Purposes),
    public_purpose=Purposes.BROWSING,
    figures_purpose=Purposes.SUPPORT,
    categories=tuple(Categories),
    schema="shop",
    members=PartyTable(table="customer", key="customer_id", id_type="text", country="country_code"),
    organisations=PartyTable(table="courier", key="courier_id", id_type="uuid", country="country", name="name"),
    query=Query,
    conditions=(SELF, PARTY, PARTNER, AGREED, DELIVERS),
    organisation_kinds=("COURIER",),
    whole_cards={},
    tables=Path(__file__).parent / "none",
    policies=Path(__file__).parent / "policies",
    first_version="2026-01-01",
)
