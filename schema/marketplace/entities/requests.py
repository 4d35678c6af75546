"""What members ask of their data: a copy, its return, its destruction."""

import enum

import strawberry

from schema.fields import HiddenFieldsField, Join, Node, Storage, data, declare, entity
from schema.labels import Identifiers
from schema.marketplace.words import Categories
from schema.scalars import DateTime

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
        condition_columns={"COPY_ASKED": Join(near="id", far="id")},
    )
)
class DataRequest(Node):
    """What was asked of a member's data, and of which categories. It is open from its start to its end."""

    id: strawberry.ID = data(_CHOICES, Identifiers.ROW_ID)
    kind: DataRequestKind | None = data(_CHOICES)
    categories: list[str] | None = data(_CHOICES)
    starts_at: DateTime | None = data(_CHOICES, Identifiers.MOMENT)
    ends_at: DateTime | None = data(_CHOICES, Identifiers.MOMENT)
    ready_at: DateTime | None = data(
        _CHOICES, Identifiers.MOMENT, description="From when its copy can be fetched; none while it cannot."
    )
    hidden_fields: list[str] = declare(HiddenFieldsField())
