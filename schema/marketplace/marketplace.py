"""This marketplace as one value: its types, conditions, tables and policies."""

from pathlib import Path

from schema.definition import Marketplace, PartyTable, SuspensionTable
from schema.marketplace import conditions
from schema.marketplace.destruction import DESTRUCTION
from schema.marketplace.entities.mutation import Mutation
from schema.marketplace.entities.organisations import OrganisationKind
from schema.marketplace.entities.query import Query
from schema.marketplace.words import Categories, Purposes, Roles

MARKETPLACE = Marketplace(
    roles=tuple(Roles),
    purposes=tuple(Purposes),
    public_purpose=Purposes.PUBLIC_BROWSING,
    figures_purpose=Purposes.AGGREGATE_SHARING,
    categories=tuple(Categories),
    schema="marketplace",
    members=PartyTable(table="member", country="country", gone="destroyed_at"),
    organisations=PartyTable(table="organisation", country="country", name="name"),
    suspensions=SuspensionTable(
        table="organisation_suspension", organisation="organisation_id", starts="starts_at", ends="ends_at"
    ),
    query=Query,
    mutation=Mutation,
    destruction=DESTRUCTION,
    conditions=conditions.CONDITIONS,
    organisation_kinds=tuple(kind.value for kind in OrganisationKind),
    whole_cards={
        Purposes.TRANSACTION_COMPLETION: conditions.PAYMENT_ROUTE,
        Purposes.COURT_ORDER: conditions.WHOLE_CARDS,
    },
    tables=Path(__file__).parent / "tables",
    policies=Path(__file__).parent / "policies",
    first_version="2012-06-11",
)
