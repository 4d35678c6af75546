"""What an officer oversees beside the accesses themselves: the policies, what the log has of operations, and how it is kept.

These types are the same in every marketplace. An officer who sees the access log sees them.
"""

import strawberry

from schema.common.accesses import LOG
from schema.fields import Node, Storage, data, entity, link, parts
from schema.labels import Identifiers, Label
from schema.scalars import DateTime

_CONTENT = "The policy itself, as the text of its file."
_DIGEST = "The SHA-256 of that text."


@entity(Storage(table="veil.policy_activation", newest_first=True))
class PolicyActivation(Node):
    """That a version of the policy was put in force. The newest is in force."""

    id: strawberry.ID = data(LOG)
    version: str | None = data(LOG, description="The version that was put in force.")
    digest: str | None = data(LOG, description=_DIGEST)
    content: str | None = data(LOG, description=_CONTENT)
    activated_by: str | None = data(LOG, description="Who put it in force.")
    activated_at: DateTime | None = data(LOG, description="Since when it was in force.")


@entity(Storage(table="veil.policy_version", newest_first=True))
class PolicyVersion(Node):
    """A version of the policy that was checked and is kept, so that it can be proposed."""

    id: strawberry.ID = data(LOG)
    version: str | None = data(LOG, description="What it is called.")
    digest: str | None = data(LOG, description=_DIGEST)
    content: str | None = data(LOG, description=_CONTENT)
    kept_at: DateTime | None = data(LOG, description="Since when it is kept.")


@entity(Storage(table="veil.policy_proposal", newest_first=True))
class PolicyProposal(Node):
    """That an officer proposes a version, which another one puts in force."""

    id: strawberry.ID = data(LOG)
    version: PolicyVersion | None = link("version_id", label=Label(category=LOG, identifier=Identifiers.DETAIL))
    starts_at: DateTime | None = data(LOG, description="When it was proposed.")
    ends_at: DateTime | None = data(LOG, description="When it was put in force or taken back; none while it stands.")
    entered_by: str | None = data(LOG, description="Who proposed it: their token's `sub`.")
    approved_by: str | None = data(LOG, description="Who put it in force; nobody while it is only proposed.")
    approved_at: DateTime | None = data(LOG, description="When it was put in force.")


@entity(Storage(table="veil.planned_class", is_part=True, order="number"))
class PlannedClass:
    """Fields that an operation can show alike, under the same clauses."""

    number: int | None = data(LOG, description="Its place among the operation's, from 0.")
    treatment: str | None = data(LOG, description="How they are shown, or what is done with them.")
    fields: list[str] | None = data(LOG, description="The fields, like `Member.email`.")
    clauses: list[str] | None = data(LOG, description="The clauses by which they are shown.")


@entity(Storage(table="veil.planned_operation", id_type="uuid"))
class PlannedOperation(Node):
    """An operation as it was planned for a role and a purpose under a version of the policy. Many records share one."""

    id: strawberry.ID = data(LOG)
    role: str | None = data(LOG, description="The role it was asked in.")
    purpose: str | None = data(LOG, description="What it was asked for.")
    policy: str | None = data(LOG, description="The version of the policy it was decided by.")
    operation: str | None = data(LOG, description="The name of the operation.")
    fields: list[str] | None = data(LOG, description="All fields that it can show or change, like `Member.email`.")
    classes: list[PlannedClass] | None = parts("plan")


@entity(Storage(table="veil.access_use", order="month", newest_first=True))
class AccessUse(Node):
    """How often sealed records of a month used a plan and showed the same classes of it."""

    id: strawberry.ID = data(LOG)
    month: DateTime | None = data(LOG, description="The first day of the month, in UTC.")
    plan: PlannedOperation | None = link("plan")
    classes: str | None = data(LOG, description="The numbers of the classes that were shown, like `0.1`.")
    answers: int | None = data(LOG, description="How many answers there were.")
    cross_border: int | None = data(LOG, description="How many of them showed data of a person in another country.")
    last: DateTime | None = data(LOG, description="When the last of them was given.")


@entity(Storage(table="veil.checkpoint", key="size", order="at", newest_first=True))
class LogCheckpoint(Node):
    """That the log was sealed. What is recorded since the newest is not sealed yet."""

    id: strawberry.ID = data(LOG)
    at: DateTime | None = data(LOG, description="When the look at the log began that found its last leaf.")


@strawberry.type
class SeenPersons(Node):
    """The fields of how many persons one requester was shown."""

    id: strawberry.ID = data(LOG)
    day: DateTime | None = data(LOG, description="The day, in UTC.")
    role: str | None = data(LOG, description="The role they asked in.")
    persons: int | None = data(LOG, description="How many different persons they were shown something of.")


def breadths() -> Storage:
    """How it is stored how many persons each requester was shown."""
    return Storage(table="veil.requester_breadth", newest_first=True)
