"""The marketplace's own papers: what it has agreed with organisations, and what it was served with.

Conditions read their tables. A paper holds from its start until its end.
"""

import enum

import strawberry

from schema.fields import (
    HiddenFieldsField,
    IdFilter,
    Join,
    Node,
    RowFilter,
    Storage,
    data,
    declare,
    entity,
    link,
    parts,
)
from schema.labels import Identifiers, Label
from schema.marketplace.entities.members import Member
from schema.marketplace.entities.organisations import Organisation
from schema.marketplace.words import Categories
from schema.scalars import DateTime

_PAPERS = Categories.PAPERS

_BY_ORGANISATION: dict[str, RowFilter] = {"organisation": IdFilter(column="organisation_id", target="Organisation")}
_OF_A_MEMBER = Label(category=_PAPERS, identifier=Identifiers.MEMBER_ID)
_BY_BOTH: dict[str, RowFilter] = {
    **_BY_ORGANISATION,
    "member": IdFilter(column="member_id", target="Member", label=_OF_A_MEMBER),
}
_FROM = "From when it holds."
_UNTIL = "Until when it holds; without an end it goes on."


def _of_both(table: str) -> Storage:
    """How papers about a member and an organisation are stored."""
    return Storage(table=table, subjects=("member_id",), filters=_BY_BOTH)


@entity(Storage(table="contract", filters=_BY_ORGANISATION))
class Contract(Node):
    """What an organisation does for the marketplace, and for which purposes."""

    id: strawberry.ID = data(_PAPERS)
    organisation: Organisation | None = link("organisation_id")
    purposes: list[str] | None = data(_PAPERS, description="The purposes that it names.")
    starts_at: DateTime | None = data(_PAPERS, description=_FROM)
    ends_at: DateTime | None = data(_PAPERS, description=_UNTIL)


@entity(Storage(table="campaign", filters=_BY_ORGANISATION, condition_columns={"CAMPAIGN": Join(near="id", far="id")}))
class Campaign(Node):
    """A campaign that the marketplace runs for an advertiser."""

    id: strawberry.ID = data(_PAPERS)
    organisation: Organisation | None = link("organisation_id")
    name: str | None = data(_PAPERS, description="What it is called.")
    starts_at: DateTime | None = data(_PAPERS, description="From when members may respond.")
    ends_at: DateTime | None = data(_PAPERS, description="Until when they may; without an end it goes on.")


@entity(_of_both("support_case"))
class SupportCase(Node):
    """A member's case that an organisation works on."""

    id: strawberry.ID = data(_PAPERS, Identifiers.ROW_ID)
    organisation: Organisation | None = link("organisation_id")
    member: Member | None = link("member_id")
    starts_at: DateTime | None = data(_PAPERS, Identifiers.MOMENT, description="When it was opened.")
    ends_at: DateTime | None = data(
        _PAPERS, Identifiers.MOMENT, description="When it was ended; none while it is open."
    )
    hidden_fields: list[str] = declare(HiddenFieldsField())


@entity(_of_both("affiliate_account"))
class AffiliateAccount(Node):
    """A member's account with an affiliate."""

    id: strawberry.ID = data(_PAPERS, Identifiers.ROW_ID)
    organisation: Organisation | None = link("organisation_id")
    member: Member | None = link("member_id")
    starts_at: DateTime | None = data(_PAPERS, Identifiers.MOMENT, description=_FROM)
    ends_at: DateTime | None = data(_PAPERS, Identifiers.MOMENT, description=_UNTIL)
    hidden_fields: list[str] = declare(HiddenFieldsField())


@entity(_of_both("credit_assessment"))
class CreditAssessment(Node):
    """An assessment of a member's credit; without an organisation it is the marketplace's own."""

    id: strawberry.ID = data(_PAPERS, Identifiers.ROW_ID)
    organisation: Organisation | None = link("organisation_id")
    member: Member | None = link("member_id")
    starts_at: DateTime | None = data(_PAPERS, Identifiers.MOMENT, description=_FROM)
    ends_at: DateTime | None = data(_PAPERS, Identifiers.MOMENT, description=_UNTIL)
    hidden_fields: list[str] = declare(HiddenFieldsField())


@strawberry.enum(description="What a legal instrument is.")
class InstrumentKind(enum.Enum):
    SUBPOENA = "SUBPOENA"
    COURT_ORDER = "COURT_ORDER"
    LEGAL_REQUIREMENT = "LEGAL_REQUIREMENT"
    AUTHORITY_REQUEST = "AUTHORITY_REQUEST"
    BREACH_FINDING = "BREACH_FINDING"


@entity(Storage(table="legal_paper_member", is_part=True, order="member_id"))
class NamedMember:
    """A member whom a legal instrument names."""

    written_as: str | None = data(_PAPERS, Identifiers.MEMBER_ID, description="Their id, as the instrument has it.")
    member: Member | None = link("member_id")


@entity(
    Storage(
        table="legal_paper",
        subjects=("members",),
        subjects_array=True,
        filters={
            **_BY_ORGANISATION,
            "member": IdFilter(column="members", target="Member", within=True, label=_OF_A_MEMBER),
        },
    )
)
class LegalInstrument(Node):
    """What an authority or a claimant may stand on: an order, a request or a finding, and whom it names."""

    id: strawberry.ID = data(_PAPERS, Identifiers.ROW_ID)
    kind: InstrumentKind | None = data(_PAPERS)
    reference: str | None = data(_PAPERS, description="What it is cited by.")
    organisation: Organisation | None = link("organisation_id")
    categories: list[str] | None = data(_PAPERS, description="The categories of data that it names.")
    names_cards: bool | None = data(_PAPERS, description="Whether it names whole card numbers.")
    serves: str | None = data(
        _PAPERS, Identifiers.FREE_TEXT, description="Which claim or injury a finding serves, in words."
    )
    named: list[NamedMember] | None = parts("instrument_id")
    starts_at: DateTime | None = data(_PAPERS, Identifiers.MOMENT, description=_FROM)
    ends_at: DateTime | None = data(_PAPERS, Identifiers.MOMENT, description=_UNTIL)
    told_from: DateTime | None = data(
        _PAPERS, Identifiers.MOMENT, description="From when members are told of accesses under it; none if at once."
    )
    entered_by: str | None = data(_PAPERS, description="Who entered it: their token's `sub`.")
    approved_by: str | None = data(_PAPERS, description="Who approved it; nobody while it holds for nobody.")
    approved_at: DateTime | None = data(_PAPERS, Identifiers.MOMENT, description="When it was approved.")
    hidden_fields: list[str] = declare(HiddenFieldsField())


@entity(Storage(table="business_transfer", filters=_BY_ORGANISATION))
class BusinessTransfer(Node):
    """A transfer of the business to whoever acquires it."""

    id: strawberry.ID = data(_PAPERS)
    organisation: Organisation | None = link("organisation_id")
    undertaking: str | None = data(
        _PAPERS, description="Where the acquirer has undertaken to follow this policy, in words."
    )
    starts_at: DateTime | None = data(_PAPERS, description="When it closes.")
    ends_at: DateTime | None = data(_PAPERS, description="When it was undone; none while it goes on.")
    entered_by: str | None = data(_PAPERS, description="Who entered it: their token's `sub`.")
    approved_by: str | None = data(_PAPERS, description="Who approved it; nobody while it holds for nobody.")
    approved_at: DateTime | None = data(_PAPERS, description="When it was approved.")
