"""Consents: what a member has agreed to or refused."""

import enum

import strawberry

from schema.entities.organisations import Organisation
from schema.fields import Node, Stored, Tells, data, declared, entity, link
from schema.labels import Category, Identifier
from schema.scalars import DateTime

ACTIVITIES = Category.ACCOUNT_ACTIVITIES


@strawberry.enum(description="What a member was asked to agree to.")
class ConsentKind(enum.Enum):
    CONTACT_BY_MEMBERS = "CONTACT_BY_MEMBERS"
    CONTACT_BY_MARKETPLACE = "CONTACT_BY_MARKETPLACE"
    STATISTICAL_SHARING = "STATISTICAL_SHARING"
    COOKIES = "COOKIES"


@entity(Stored(table="consent", subjects=("member_id",)))
class Consent(Node):
    """An agreement or a refusal, for as long as it holds; statistics are shared with one organisation at a time."""

    id: strawberry.ID = data(ACTIVITIES, Identifier.ROW_ID)
    kind: ConsentKind | None = data(ACTIVITIES)
    organisation: Organisation | None = link("organisation_id")
    given: bool | None = data(ACTIVITIES)
    starts_at: DateTime | None = data(ACTIVITIES)
    ends_at: DateTime | None = data(ACTIVITIES)
    hidden_fields: list[str] = declared(Tells())
