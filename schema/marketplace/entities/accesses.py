"""The access log: who has seen what, and how often."""

import strawberry

from schema.fields import IdFilter, Join, Node, PartsFilter, Storage, data, entity, link, parts
from schema.labels import Identifiers, Label, OwnCategories
from schema.marketplace.entities.organisations import Organisation
from schema.scalars import DateTime

LOG = OwnCategories.ACCESS_LOG


@entity(Storage(table="access_field", is_part=True, order="line", about="subject"))
class FieldAccess:
    """To a member: a field that was shown of them, how, and under which clauses. To an officer: the most that any was shown."""

    field: str | None = data(LOG)
    treatment: str | None = data(LOG)
    clauses: str | None = data(LOG)


@entity(
    Storage(
        table="access_record",
        subjects=("subjects",),
        subjects_array=True,
        order="at",
        newest_first=True,
        id_type="uuid",
        condition_columns={"MAY_BE_TOLD": Join(near="reference", far="reference")},
        filters={
            "organisation": IdFilter(column="organisation_id", target="Organisation"),
            "member": IdFilter(
                column="subjects",
                target="Member",
                within=True,
                label=Label(category=LOG, identifier=Identifiers.MEMBER_ID),
            ),
            "fields": PartsFilter(
                parts="fields", keys=("field", "treatment"), near="plan", table="access_plan", column="fields"
            ),
        },
    )
)
class AccessRecord(Node):
    """One answer or one refusal, as it was recorded before it was given."""

    id: strawberry.ID = data(OwnCategories.OPEN)
    at: DateTime | None = data(LOG, Identifiers.MOMENT)
    requester: str | None = data(LOG, Identifiers.MEMBER_ID, is_sealed=True)
    role: str | None = data(LOG)
    purpose: str | None = data(LOG)
    organisation: Organisation | None = link("organisation_id")
    reference: str | None = data(LOG)
    policy: str | None = data(LOG)
    operation: str | None = data(LOG)
    fields: list[FieldAccess] | None = parts("record")
    subject_count: int | None = data(LOG)
    outcome: str | None = data(LOG)
    refusals: int | None = data(LOG)
    cross_border: bool | None = data(LOG)
    trace: str | None = data(LOG)


@entity(
    Storage(
        table="access_summary",
        order="day",
        newest_first=True,
        filters={"organisation": IdFilter(column="organisation_id", target="Organisation")},
    )
)
class AccessSummary(Node):
    """How many requests of a day were recorded and sealed, of one role, purpose, organisation and outcome."""

    id: strawberry.ID = data(OwnCategories.OPEN)
    day: DateTime | None = data(LOG)
    role: str | None = data(LOG)
    purpose: str | None = data(LOG)
    organisation: Organisation | None = link("organisation_id")
    outcome: str | None = data(LOG)
    requests: int | None = data(LOG)
    persons: int | None = data(LOG)
    cross_border: int | None = data(LOG)
