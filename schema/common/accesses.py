"""The access log: who has seen what, and how often.

A marketplace whose roles stand on organisations has types of its own that add the link to them.
"""

import strawberry

from schema.fields import IdFilter, Join, Node, PartsFilter, RowFilter, Storage, data, entity, parts
from schema.labels import Identifiers, Label, OwnCategories
from schema.scalars import DateTime

LOG = OwnCategories.ACCESS_LOG


@entity(Storage(table="access_field", is_part=True, order="line", about="subject"))
class FieldAccess:
    """To a member: a field that was shown of them, how, and under which clauses. To an officer: the most that any was shown."""

    field: str | None = data(LOG)
    treatment: str | None = data(LOG)
    clauses: str | None = data(LOG)


def records(*, member: str, organisation: str | None = None, may_be_told: str | None = None) -> Storage:
    """How the records are stored, with filters by the types of members and of organisations.

    `may_be_told` names the condition that joins a record with the legal instrument it was made for.
    """
    filters: dict[str, RowFilter] = {
        "member": IdFilter(
            column="subjects", target=member, within=True, label=Label(category=LOG, identifier=Identifiers.MEMBER_ID)
        ),
        "fields": PartsFilter(
            parts="fields", keys=("field", "treatment"), near="plan", table="access_plan", column="fields"
        ),
    }
    return Storage(
        table="access_record",
        subjects=("subjects",),
        subjects_array=True,
        order="at",
        newest_first=True,
        id_type="uuid",
        condition_columns={may_be_told: Join(near="reference", far="reference")} if may_be_told else {},
        filters={**_by_organisation(organisation), **filters},
    )


def summaries(*, organisation: str | None = None) -> Storage:
    """How the summaries are stored, with a filter by the type of organisations."""
    return Storage(table="access_summary", order="day", newest_first=True, filters=_by_organisation(organisation))


def _by_organisation(target: str | None) -> dict[str, RowFilter]:
    return {"organisation": IdFilter(column="organisation_id", target=target)} if target else {}


@strawberry.type
class RecordedAccess(Node):
    """The fields of a record."""

    id: strawberry.ID = data(OwnCategories.OPEN)
    at: DateTime | None = data(LOG, Identifiers.MOMENT)
    requester: str | None = data(LOG, Identifiers.MEMBER_ID, is_sealed=True)
    role: str | None = data(LOG)
    purpose: str | None = data(LOG)
    reference: str | None = data(LOG)
    policy: str | None = data(LOG)
    operation: str | None = data(LOG)
    fields: list[FieldAccess] | None = parts("record")
    subject_count: int | None = data(LOG)
    outcome: str | None = data(LOG)
    refusals: int | None = data(LOG)
    cross_border: bool | None = data(LOG)
    trace: str | None = data(LOG)


@strawberry.type
class SummedAccesses(Node):
    """The fields of a summary."""

    id: strawberry.ID = data(OwnCategories.OPEN)
    day: DateTime | None = data(LOG)
    role: str | None = data(LOG)
    purpose: str | None = data(LOG)
    outcome: str | None = data(LOG)
    requests: int | None = data(LOG)
    persons: int | None = data(LOG)
    cross_border: int | None = data(LOG)
