"""Consents: what a member has agreed to or refused."""

import enum

import strawberry

from schema.fields import HiddenFieldsField, Node, Storage, data, declare, entity, link
from schema.labels import Identifiers
from schema.marketplace.entities.organisations import Organisation
from schema.marketplace.words import Categories
from schema.scalars import DateTime

_CHOICES = Categories.CHOICES


@strawberry.enum(description="What a member was asked to agree to.")
class ConsentKind(enum.Enum):
    CONTACT_BY_MEMBERS = "CONTACT_BY_MEMBERS"
    CONTACT_BY_MARKETPLACE = "CONTACT_BY_MARKETPLACE"
    STATISTICAL_SHARING = "STATISTICAL_SHARING"
    COOKIES = "COOKIES"


@entity(Storage(table="consent", subjects=("member_id",)))
class Consent(Node):
    """An agreement or a refusal, for as long as it holds; statistics are shared with one organisation at a time."""

    id: strawberry.ID = data(_CHOICES, Identifiers.ROW_ID)
    kind: ConsentKind | None = data(_CHOICES, description="What they were asked to agree to.")
    organisation: Organisation | None = link("organisation_id")
    given: bool | None = data(_CHOICES, description="Whether they agreed.")
    starts_at: DateTime | None = data(_CHOICES, Identifiers.MOMENT, description="From when it holds.")
    ends_at: DateTime | None = data(
        _CHOICES, Identifiers.MOMENT, description="Until when it holds; without an end it goes on."
    )
    hidden_fields: list[str] = declare(HiddenFieldsField())
