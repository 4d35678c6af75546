"""The rental as one value."""

from pathlib import Path

from schema.definition import Marketplace, PartyTable
from schema.labels import Identifiers
from tests.rental.shop.conditions import CONDITIONS
from tests.rental.shop.entities import Mutation, Query
from tests.rental.shop.words import Categories, Kinds, Purposes, Roles

MARKETPLACE = Marketplace(
    roles=tuple(Roles),
    purposes=tuple(Purposes),
    public_purpose=Purposes.BROWSING,
    categories=tuple(Categories),
    identifiers=(*Identifiers, *Kinds),
    query=Query,
    mutation=Mutation,
    conditions=CONDITIONS,
    schema="rental",
    members=PartyTable(table="renter", key="ref", id_type="text", country="country"),
    organisations=PartyTable(table="workshop", key="code", id_type="text", country="country", name="name"),
    organisation_kinds=("WORKSHOP",),
    tables=Path(__file__).parent / "tables",
    policies=Path(__file__).parent / "policies",
    first_version="2025-01-01",
)
