"""The access log, with the organisations that asked."""

from schema.common.accesses import RecordedAccess, SummedAccesses, records, summaries
from schema.common.oversight import SeenPersons, breadths
from schema.fields import Connection, connection, entity, link
from schema.marketplace.entities.organisations import Organisation


@entity(records(member="Member", organisation="Organisation", may_be_told="MAY_BE_TOLD"))
class AccessRecord(RecordedAccess):
    """One answer or one refusal, as it was recorded before it was given."""

    organisation: Organisation | None = link("organisation_id")


@entity(summaries(organisation="Organisation"))
class AccessSummary(SummedAccesses):
    """How many requests of a day were recorded and sealed, of one role, purpose, organisation and outcome."""

    organisation: Organisation | None = link("organisation_id")


@entity(breadths())
class RequesterBreadth(SeenPersons):
    """How many persons one requester was shown in a day, of the roles that the policy limits."""

    records: Connection[AccessRecord] | None = connection("requester", near="requester")
