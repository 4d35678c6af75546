"""Companies and their products: what members publish."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from schema.fields import Connection, Node, Stored, Tells, connection, data, declared, entity, link
from schema.labels import Category, Identifier
from schema.scalars import DateTime, Decimal

if TYPE_CHECKING:
    from schema.entities.members import Member

PUBLISHING = Category.PUBLISHING


@entity(Stored(table="company", subjects=("owner_id",)))
class Company(Node):
    """A member's company, as it presents itself."""

    id: strawberry.ID = data(Category.OPEN)
    name: str | None = data(PUBLISHING)
    website: str | None = data(PUBLISHING)
    country: str | None = data(PUBLISHING)
    city: str | None = data(PUBLISHING)
    year_established: int | None = data(PUBLISHING)
    employees: int | None = data(PUBLISHING)
    main_products: list[str] | None = data(PUBLISHING)
    verified: bool | None = data(PUBLISHING)
    description: str | None = data(PUBLISHING, Identifier.FREE_TEXT)
    contact_name: str | None = data(PUBLISHING, Identifier.NAME)
    contact_email: str | None = data(PUBLISHING, Identifier.EMAIL)
    contact_phone: str | None = data(PUBLISHING, Identifier.PHONE)
    owner: Annotated["Member", strawberry.lazy("schema.entities.members")] | None = link("owner_id")
    products: Connection[Annotated["Product", strawberry.lazy("schema.entities.companies")]] | None = connection(
        "company_id"
    )
    hidden_fields: list[str] = declared(Tells())


@entity(Stored(table="product", subjects=("owner_id",)))
class Product(Node):
    """Goods a company offers."""

    id: strawberry.ID = data(Category.OPEN)
    title: str | None = data(PUBLISHING)
    category: str | None = data(PUBLISHING)
    price: Decimal | None = data(PUBLISHING)
    currency: str | None = data(PUBLISHING)
    minimum_order: int | None = data(PUBLISHING)
    listed_at: DateTime | None = data(PUBLISHING)
    description: str | None = data(PUBLISHING, Identifier.FREE_TEXT)
    company: Company | None = link("company_id")
    hidden_fields: list[str] = declared(Tells())
