"""What parents and guardians ask for: that the data of a minor is removed."""

import strawberry

from schema.fields import Connection, Node, Storage, connection, data, entity
from schema.labels import Identifiers
from schema.marketplace.entities.requests import DataRequest
from schema.marketplace.words import Categories
from schema.scalars import DateTime

_PAPERS = Categories.PAPERS


@entity(Storage(table="removal_request", order="received_at"))
class RemovalRequest(Node):
    """A request to remove a minor's data, as it was handed in. Nobody has checked whom it means, or who wrote it."""

    id: strawberry.ID = data(_PAPERS)
    minor: str | None = data(
        _PAPERS, Identifiers.FREE_TEXT, description="The minor's e-mail address or id, as written."
    )
    name: str | None = data(_PAPERS, Identifiers.NAME, description="Who asks.")
    contact: str | None = data(_PAPERS, Identifiers.FREE_TEXT, description="How to reach them.")
    relation: str | None = data(_PAPERS, description="What they are to the minor.")
    message: str | None = data(_PAPERS, Identifiers.FREE_TEXT)
    received_at: DateTime | None = data(_PAPERS, description="When it was handed in.")
    requests: Connection[DataRequest] | None = connection("removal_request_id")
