"""The access log: who has seen what, and how often.

A marketplace whose roles stand on organisations has types of its own that add the link to them.
"""

import strawberry

from schema.access_record import DESCRIBED
from schema.fields import IdFilter, Join, LeftOut, Node, PartsFilter, RowFilter, Storage, data, entity, parts
from schema.labels import Identifiers, Label, OwnCategories
from schema.scalars import DateTime

LOG = OwnCategories.ACCESS_LOG

_OUTCOMES = (
    "`ANSWERED`, what became of a change, the code of the refusal, or `DESCRIBED`: only the schema or the policy was told,"
    " and no data was read."
)


@entity(Storage(table="veil.access_field", is_part=True, order="line", about="subject"))
class FieldAccess:
    """To a member: a field that was shown of them, how, and under which clauses. To an officer: the most that any was shown."""

    field: str | None = data(LOG, description="The field that was shown, like `Member.email`.")
    treatment: str | None = data(LOG, description="How it was shown: the most that is told of it.")
    clauses: str | None = data(LOG, description="The clauses by which it was shown.")


def records(*, member: str, organisation: str | None = None, may_be_told: str | None = None) -> Storage:
    """How the records are stored, with filters by the types of members and of organisations.

    `may_be_told` names the condition that joins a record with the legal instrument it was made for.
    """
    filters: dict[str, RowFilter] = {
        "member": IdFilter(
            column="subjects", target=member, within=True, label=Label(category=LOG, identifier=Identifiers.MEMBER_ID)
        ),
        "fields": PartsFilter(
            parts="fields", keys=("field", "treatment"), near="plan", table="veil.access_plan", column="fields"
        ),
    }
    return Storage(
        table="veil.access_record",
        subjects=("subjects",),
        subjects_array=True,
        order="at",
        newest_first=True,
        id_type="uuid",
        condition_columns={may_be_told: Join(near="reference", far="reference")} if may_be_told else {},
        filters={**_by_organisation(organisation), **filters},
        left_out=LeftOut(field="outcome", value=DESCRIBED),
    )


def summaries(*, organisation: str | None = None) -> Storage:
    """How the summaries are stored, with a filter by the type of organisations."""
    return Storage(table="veil.access_summary", order="day", newest_first=True, filters=_by_organisation(organisation))


def _by_organisation(target: str | None) -> dict[str, RowFilter]:
    return {"organisation": IdFilter(column="organisation_id", target=target)} if target else {}


@strawberry.type
class RecordedAccess(Node):
    """The fields of a record."""

    id: strawberry.ID = data(OwnCategories.OPEN)
    at: DateTime | None = data(LOG, Identifiers.MOMENT, description="When it was recorded.")
    requester: str | None = data(
        LOG, Identifiers.MEMBER_ID, is_sealed=True, description="Who asked: their token's `sub`, or a pseudonym of it."
    )
    role: str | None = data(LOG, description="The role they asked in.")
    purpose: str | None = data(LOG, description="What they asked for.")
    reference: str | None = data(LOG, description="The legal instrument they cited.")
    policy: str | None = data(LOG, description="The version of the policy it was decided by.")
    operation: str | None = data(LOG, description="The name of the request's operation.")
    fields: list[FieldAccess] | None = parts("record")
    subject_count: int | None = data(LOG, description="How many persons data was shown of.")
    outcome: str | None = data(
        LOG,
        description=f"{_OUTCOMES} Records with `DESCRIBED` are listed only where a filter compares `outcome`.",
    )
    announces: str | None = data(
        LOG, description="Of a change that was about to be made: the id of the record that says what became of it."
    )
    refusals: int | None = data(LOG, description="How many refusals alike this record stands for.")
    cross_border: bool | None = data(LOG, description="Whether data of a person in another country was shown.")
    trace: str | None = data(LOG, description="The trace id of the request.")


@strawberry.type
class SummedAccesses(Node):
    """The fields of a summary."""

    id: strawberry.ID = data(OwnCategories.OPEN)
    day: DateTime | None = data(LOG, description="The day, in UTC.")
    role: str | None = data(LOG, description="The role they asked in.")
    purpose: str | None = data(LOG, description="What they asked for.")
    outcome: str | None = data(LOG, description=_OUTCOMES)
    requests: int | None = data(LOG, description="How many requests there were.")
    persons: int | None = data(LOG, description="How many persons data was shown of, added up.")
    cross_border: int | None = data(LOG, description="How many of them showed data of a person in another country.")
