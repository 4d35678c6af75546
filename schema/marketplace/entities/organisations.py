"""Organisations: the marketplace itself and the third parties it deals with."""

import enum

import strawberry

from schema.fields import Node, Storage, data, entity
from schema.labels import OwnCategories

OPEN = OwnCategories.OPEN


@strawberry.enum(description="What an organisation is to the marketplace.")
class OrganisationKind(enum.Enum):
    MARKETPLACE = "MARKETPLACE"
    AFFILIATE = "AFFILIATE"
    SERVICE_PROVIDER = "SERVICE_PROVIDER"
    PARTNER = "PARTNER"
    ADVERTISER = "ADVERTISER"
    BANK = "BANK"
    PAYMENT_VENDOR = "PAYMENT_VENDOR"
    CREDIT_AGENCY = "CREDIT_AGENCY"
    AUTHORITY = "AUTHORITY"
    CLAIMANT = "CLAIMANT"
    ACQUIRER = "ACQUIRER"


@entity(Storage(table="organisation"))
class Organisation(Node):
    """A company or authority that data may go to."""

    id: strawberry.ID = data(OPEN)
    name: str | None = data(OPEN)
    kind: OrganisationKind | None = data(OPEN)
    country: str | None = data(OPEN, description="The country it is in (ISO 3166-1 alpha-2).")
