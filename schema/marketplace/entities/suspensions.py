"""Suspensions: organisations to which nothing goes for the time being."""

import strawberry

from schema.fields import IdFilter, Node, Storage, data, entity, link
from schema.marketplace.entities.organisations import Organisation
from schema.marketplace.words import Categories
from schema.scalars import DateTime

_PAPERS = Categories.PAPERS


@entity(
    Storage(
        table="organisation_suspension",
        filters={"organisation": IdFilter(column="organisation_id", target="Organisation")},
    )
)
class Suspension(Node):
    """An organisation that is shown nothing, whatever it asks for, from its start to its end."""

    id: strawberry.ID = data(_PAPERS)
    organisation: Organisation | None = link("organisation_id")
    reason: str | None = data(_PAPERS, description="Why, in words.")
    starts_at: DateTime | None = data(_PAPERS, description="From when it is shown nothing.")
    ends_at: DateTime | None = data(_PAPERS, description="Until when; without an end it goes on.")
