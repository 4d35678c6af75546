"""The labels of a field: its category of information, and the kind of identifier it holds.

The terms are the policy's. A label does not say who may see a field: the policy does.
"""

import enum
from dataclasses import dataclass

import strawberry
from strawberry.schema_directive import Location


@strawberry.enum(description="The kind of information a field belongs to.")
class Category(enum.StrEnum):
    REGISTRATION = "REGISTRATION"
    PUBLISHING = "PUBLISHING"
    BUYER = "BUYER"
    PAYMENT = "PAYMENT"
    ACCOUNT_ACTIVITIES = "ACCOUNT_ACTIVITIES"
    STATISTICAL = "STATISTICAL"
    MARKETING = "MARKETING"
    PERSONAL = "PERSONAL"
    COMPLAINTS = "COMPLAINTS"
    """Complaints and penalties against members, which the marketplace publishes itself."""
    ACCESS_LOG = "ACCESS_LOG"
    """Records of who has seen what."""
    CHOICES = "CHOICES"
    """What members have agreed to and refused."""
    OPEN = "OPEN"
    """Data about nobody: shown to everybody as stored."""


@strawberry.enum(description="The kind of identifier a field holds.")
class Identifier(enum.StrEnum):
    MEMBER_ID = "MEMBER_ID"
    ROW_ID = "ROW_ID"
    NAME = "NAME"
    EMAIL = "EMAIL"
    PHONE = "PHONE"
    POSTAL_ADDRESS = "POSTAL_ADDRESS"
    IP_ADDRESS = "IP_ADDRESS"
    COOKIE = "COOKIE"
    CARD_NUMBER = "CARD_NUMBER"
    BANK_ACCOUNT = "BANK_ACCOUNT"
    TRACKING_NUMBER = "TRACKING_NUMBER"
    FREE_TEXT = "FREE_TEXT"
    """Text that may hold any of the others."""
    MOMENT = "MOMENT"
    """An exact time."""
    AMOUNT = "AMOUNT"
    """An exact total."""
    DETAIL = "DETAIL"
    """What exactly was bought or looked at."""


LARGEST_ID = 2**63 - 1
"""The largest number an id may be: a PostgreSQL `bigint`."""

ROW_IDENTIFIERS = (Identifier.MEMBER_ID, Identifier.ROW_ID)

COINCIDENTAL = (Identifier.MOMENT, Identifier.AMOUNT, Identifier.DETAIL)
"""Kinds that identify by coincidence, beside facts that are public or that others hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A field's category and, where it holds one, the kind of its identifier."""

    category: Category
    identifier: Identifier | None = None
    also: Identifier | None = None
    """A second kind. Of the two treatments the less revealing one applies."""

    @property
    def identifiers(self) -> tuple[Identifier, ...]:
        return tuple(kind for kind in (self.identifier, self.also) if kind)


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION], name="data", description="The label of a field: what the policy decides by."
)
class Data:
    category: Category
    identifier: Identifier | None = strawberry.UNSET
    also: Identifier | None = strawberry.UNSET
