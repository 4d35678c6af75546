"""What the rental's tables hold, as GraphQL types."""

import enum
from typing import Annotated

import strawberry

from schema.common.accesses import RecordedAccess, SummedAccesses, records, summaries
from schema.common.policy import PrivacyPolicy, privacy_policy
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
    static_field,
    version,
)
from schema.labels import Identifiers, OwnCategories
from schema.rights import Changed, EditField, Right, changes_by
from schema.scalars import DateTime, Decimal
from tests.rental.shop.words import Categories, Kinds

CONTACT, RENTALS, RANGE = Categories.CONTACT, Categories.RENTALS, Categories.RANGE


@strawberry.enum(description="Where a booking stands.")
class BookingState(enum.Enum):
    RESERVED = "RESERVED"
    PICKED_UP = "PICKED_UP"
    RETURNED = "RETURNED"
    CANCELLED = "CANCELLED"


@strawberry.enum(description="What a tool is for.")
class ToolKind(enum.Enum):
    EARTH = "EARTH"
    WOOD = "WOOD"
    LIFT = "LIFT"


@entity(Storage(table="workshop", id_type="text", key="code"))
class Workshop(Node):
    """A workshop that repairs tools."""

    id: strawberry.ID = data(OwnCategories.OPEN)
    name: str | None = data(OwnCategories.OPEN)
    country: str | None = data(OwnCategories.OPEN)


@entity(Storage(table="tool", id_type="uuid"))
class Tool(Node):
    """A tool that can be rented."""

    id: strawberry.ID = data(OwnCategories.OPEN)
    title: str | None = data(RANGE)
    kind: ToolKind | None = data(RANGE, column="sort", words={"digger": "EARTH", "saw": "WOOD", "crane": "LIFT"})
    daily_rate: Decimal | None = data(RANGE, column="rate")


@entity(Storage(table="renter", id_type="text", key="ref", subjects=("ref",), order="joined"))
class Renter(Node):
    """Somebody who rents."""

    id: strawberry.ID = data(CONTACT, Identifiers.MEMBER_ID)
    name: str | None = data(
        CONTACT, Identifiers.NAME, expression="first_name || ' ' || last_name", reads=("first_name", "last_name")
    )
    email: str | None = data(CONTACT, Identifiers.EMAIL, column="mail")
    phone: str | None = data(CONTACT, Identifiers.PHONE)
    licence: str | None = data(CONTACT, Kinds.LICENCE)
    address: str | None = data(CONTACT, Identifiers.POSTAL_ADDRESS, column="street", coarse="town")
    town: str | None = data(CONTACT)
    joined: DateTime | None = data(CONTACT, Identifiers.MOMENT)
    bookings: Connection[Annotated["Booking", strawberry.lazy("tests.rental.shop.entities")]] | None = connection(
        "renter"
    )
    accesses: Connection[Annotated["AccessRecord", strawberry.lazy("tests.rental.shop.entities")]] | None = connection(
        "subjects", within=True
    )
    hidden_fields: list[str] = declare(HiddenFieldsField())


@entity(Storage(table="booking", id_type="text", key="number", subjects=("renter",), order="begins"))
class Booking(Node):
    """A tool that somebody rents for a time."""

    id: strawberry.ID = data(RENTALS, Identifiers.ROW_ID)
    renter: Renter | None = link("renter")
    tool: Tool | None = link("tool")
    state: BookingState | None = data(
        RENTALS, words={"reserved": "RESERVED", "out": "PICKED_UP", "back": "RETURNED", "canceled": "CANCELLED"}
    )
    begins: DateTime | None = data(RENTALS, Identifiers.MOMENT)
    price: Decimal | None = data(RENTALS, Identifiers.AMOUNT)
    note: str | None = data(RENTALS, Identifiers.FREE_TEXT)
    hidden_fields: list[str] = declare(HiddenFieldsField())


@entity(Storage(table="dropoff", id_type="text", key="code", subjects=("renter",)))
class DropOff(Node):
    """Where tools are brought for somebody."""

    id: strawberry.ID = data(CONTACT, Identifiers.ROW_ID)
    email: str | None = data(CONTACT, Identifiers.EMAIL, column="mail")
    phone: str | None = data(CONTACT, Identifiers.PHONE)
    address: str | None = data(CONTACT, Identifiers.POSTAL_ADDRESS, column="street", coarse="town")
    town: str | None = data(CONTACT)
    note: str | None = data(CONTACT, Identifiers.FREE_TEXT)
    version: str | None = version()


@entity(records(member="Renter", organisation="Workshop"))
class AccessRecord(RecordedAccess):
    """One answer or one refusal, as it was recorded before it was given."""

    organisation: Workshop | None = link("organisation_id")


@entity(summaries(organisation="Workshop"))
class AccessSummary(SummedAccesses):
    """How many requests of a day were recorded and sealed, of one role, purpose, workshop and outcome."""

    organisation: Workshop | None = link("organisation_id")


@strawberry.type(description="What may be asked.")
class Query:
    me: Renter | None = declare(MeField())
    node: Node | None = declare(NodeField())
    nodes: list[Node | None] | None = declare(NodesField())
    renter: Renter | None = declare(ByIdField())
    renters: Connection[Renter] | None = connection()
    tool: Tool | None = declare(ByIdField())
    tools: Connection[Tool] | None = connection()
    booking: Booking | None = declare(ByIdField())
    bookings: Connection[Booking] | None = connection()
    drop_off: DropOff | None = declare(ByIdField())
    drop_offs: Connection[DropOff] | None = connection()
    workshop: Workshop | None = declare(ByIdField())
    workshops: Connection[Workshop] | None = connection()
    access_records: Connection[AccessRecord] | None = connection()
    access_summaries: Connection[AccessSummary] | None = connection()
    privacy_policy: PrivacyPolicy = static_field(privacy_policy, "The privacy policy in force.")


@strawberry.type(description="What may be changed.")
class Mutation:
    update_drop_off: Changed | None = changes_by(
        EditField(
            right=Right.EDIT,
            entity=DropOff,
            fields=("email", "phone", "address", "town", "note"),
            required=("email",),
        ),
        description="Changes where a tool is brought, and how somebody is reached there.",
    )
