"""What members ask of their data: a copy, its return, its destruction."""

import enum
from typing import TYPE_CHECKING, Annotated

import strawberry

from schema.fields import Connection, HiddenFieldsField, Join, Node, Storage, connection, data, declare, entity, link
from schema.labels import Identifiers
from schema.marketplace.words import Categories
from schema.scalars import DateTime

if TYPE_CHECKING:
    from schema.marketplace.entities.members import Member
    from schema.marketplace.entities.receipts import DestructionReceipt
    from schema.marketplace.entities.removals import RemovalRequest

_CHOICES = Categories.CHOICES


@strawberry.enum(description="What is asked of somebody's data.")
class DataRequestKind(enum.Enum):
    ACCESS = "ACCESS"
    CORRECTION = "CORRECTION"
    RETURN = "RETURN"
    DESTRUCTION = "DESTRUCTION"
    MINOR_REMOVAL = "MINOR_REMOVAL"


@entity(
    Storage(
        table="data_subject_request",
        subjects=("member_id",),
        order="starts_at",
        condition_columns={
            "COPY_ASKED": Join(near="id", far="id"),
            "REMOVAL_ASKED": Join(near="id", far="id"),
        },
    )
)
class DataRequest(Node):
    """What was asked of a member's data, and of which categories. It is open from its start to its end."""

    id: strawberry.ID = data(_CHOICES, Identifiers.ROW_ID)
    member: Annotated["Member", strawberry.lazy("schema.marketplace.entities.members")] | None = link("member_id")
    kind: DataRequestKind | None = data(_CHOICES)
    categories: list[str] | None = data(_CHOICES)
    starts_at: DateTime | None = data(_CHOICES, Identifiers.MOMENT)
    ends_at: DateTime | None = data(_CHOICES, Identifiers.MOMENT)
    ready_at: DateTime | None = data(
        _CHOICES, Identifiers.MOMENT, description="From when its copy can be fetched; none while it cannot."
    )
    removal_request: Annotated["RemovalRequest", strawberry.lazy("schema.marketplace.entities.removals")] | None = link(
        "removal_request_id"
    )
    receipts: (
        Connection[Annotated["DestructionReceipt", strawberry.lazy("schema.marketplace.entities.receipts")]] | None
    ) = connection("request_id")
    hidden_fields: list[str] = declare(HiddenFieldsField())
