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

    field: str | None = data(LOG, description="The field that was shown, like `Member.email`.")
    treatment: str | None = data(LOG, description="How it was shown: the most that is told of it.")
    clauses: str | None = data(LOG, description="The clauses by which it was shown.")


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
    at: DateTime | None = data(LOG, Identifiers.MOMENT, description="When it was recorded.")
    requester: str | None = data(
        LOG, Identifiers.MEMBER_ID, is_sealed=True, description="Who asked: their token's `sub`, or a pseudonym of it."
    )
    role: str | None = data(LOG, description="The role they asked in.")
    purpose: str | None = data(LOG, description="What they asked for.")
    organisation: Organisation | None = link("organisation_id")
    reference: str | None = data(LOG, description="The legal instrument they cited.")
    policy: str | None = data(LOG, description="The version of the policy it was decided by.")
    operation: str | None = data(LOG, description="The name of the request's operation.")
    fields: list[FieldAccess] | None = parts("record")
    subject_count: int | None = data(LOG, description="How many persons data was shown of.")
    outcome: str | None = data(LOG, description="`ANSWERED`, or the code of the refusal.")
    refusals: int | None = data(LOG, description="How many refusals alike this record stands for.")
    cross_border: bool | None = data(LOG, description="Whether data of a person in another country was shown.")
    trace: str | None = data(LOG, description="The trace id of the request.")


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
    day: DateTime | None = data(LOG, description="The day, in UTC.")
    role: str | None = data(LOG, description="The role they asked in.")
    purpose: str | None = data(LOG, description="What they asked for.")
    organisation: Organisation | None = link("organisation_id")
    outcome: str | None = data(LOG, description="`ANSWERED`, or the code of the refusal.")
    requests: int | None = data(LOG, description="How many requests there were.")
    persons: int | None = data(LOG, description="How many persons data was shown of, added up.")
    cross_border: int | None = data(LOG, description="Whether data of a person in another country was shown.")
