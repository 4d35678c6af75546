"""Companies and their products: what members publish."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from schema.fields import Connection, HiddenFieldsField, Node, Storage, connection, data, declare, entity, link, version
from schema.labels import Identifiers, OwnCategories
from schema.marketplace.words import Categories
from schema.scalars import DateTime, Decimal

if TYPE_CHECKING:
    from schema.marketplace.entities.members import Member

_PUBLISHING = Categories.PUBLISHING


@entity(
    Storage(
        table="company",
        subjects=("owner_id",),
        condition_columns={"NOT_WITHDRAWN": ("withdrawn_at",)},
    )
)
class Company(Node):
    """A member's company, as it presents itself."""

    id: strawberry.ID = data(OwnCategories.OPEN)
    name: str | None = data(_PUBLISHING)
    website: str | None = data(_PUBLISHING)
    country: str | None = data(_PUBLISHING, description="The country it is in (ISO 3166-1 alpha-2).")
    city: str | None = data(_PUBLISHING)
    year_established: int | None = data(_PUBLISHING, description="The year it was founded in.")
    employees: int | None = data(_PUBLISHING, description="How many people work there.")
    main_products: list[str] | None = data(_PUBLISHING)
    verified: bool | None = data(_PUBLISHING, description="Whether the marketplace has verified it.")
    description: str | None = data(_PUBLISHING, Identifiers.FREE_TEXT)
    contact_name: str | None = data(_PUBLISHING, Identifiers.NAME)
    contact_email: str | None = data(_PUBLISHING, Identifiers.EMAIL)
    contact_phone: str | None = data(_PUBLISHING, Identifiers.PHONE)
    owner: Annotated["Member", strawberry.lazy("schema.marketplace.entities.members")] | None = link("owner_id")
    products: Connection[Annotated["Product", strawberry.lazy("schema.marketplace.entities.companies")]] | None = (
        connection("company_id")
    )
    withdrawn_at: DateTime | None = data(
        _PUBLISHING, Identifiers.MOMENT, description="When its member withdrew it from the public."
    )
    hidden_fields: list[str] = declare(HiddenFieldsField())
    version: str | None = version()


@entity(
    Storage(
        table="product",
        subjects=("owner_id",),
        condition_columns={"NOT_WITHDRAWN": ("withdrawn_at",)},
    )
)
class Product(Node):
    """Goods a company offers."""

    id: strawberry.ID = data(OwnCategories.OPEN)
    title: str | None = data(_PUBLISHING)
    category: str | None = data(_PUBLISHING, description="The category of goods it belongs to.")
    price: Decimal | None = data(_PUBLISHING, description="The price of one.")
    currency: str | None = data(_PUBLISHING, description="The currency of its price (ISO 4217).")
    minimum_order: int | None = data(_PUBLISHING, description="The smallest quantity that is sold.")
    listed_at: DateTime | None = data(_PUBLISHING, description="When it was put on offer.")
    description: str | None = data(_PUBLISHING, Identifiers.FREE_TEXT)
    company: Company | None = link("company_id")
    withdrawn_at: DateTime | None = data(
        _PUBLISHING, Identifiers.MOMENT, description="When its member withdrew it from the public."
    )
    hidden_fields: list[str] = declare(HiddenFieldsField())
    version: str | None = version()
