"""Complaints and penalties against members, some of which the marketplace publishes."""

import enum

import strawberry

from schema.fields import HiddenFieldsField, Node, Storage, data, declare, entity, link
from schema.labels import Identifiers
from schema.marketplace.entities.companies import Company
from schema.marketplace.words import Categories
from schema.scalars import DateTime

COMPLAINTS = Categories.COMPLAINTS


@strawberry.enum(description="How far a complaint has come.")
class ComplaintStatus(enum.Enum):
    OPEN = "OPEN"
    UPHELD = "UPHELD"
    DISMISSED = "DISMISSED"


@entity(Storage(table="complaint", subjects=("against_id",), condition_columns={"PUBLISHED": ("published_at",)}))
class Complaint(Node):
    """A complaint against a member who sells, and what came of it."""

    id: strawberry.ID = data(COMPLAINTS, Identifiers.ROW_ID)
    summary: str | None = data(COMPLAINTS, Identifiers.FREE_TEXT)
    penalty: str | None = data(COMPLAINTS, description="What the member was punished with.")
    status: ComplaintStatus | None = data(COMPLAINTS)
    published_at: DateTime | None = data(
        COMPLAINTS,
        identifies_nobody="the marketplace's own act, which it publishes itself",
        description="When the marketplace published it.",
    )
    against_name: str | None = data(
        COMPLAINTS, Identifiers.NAME, subject="against_id", description="The name of the member it is against."
    )
    company: Company | None = link("company_id")
    hidden_fields: list[str] = declare(HiddenFieldsField())
