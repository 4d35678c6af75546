"""How members came and what they responded to: by whom they came, and to whose campaigns they said yes."""

import strawberry

from schema.fields import HiddenFieldsField, Node, Storage, data, declare, entity, link
from schema.labels import Identifiers, Label
from schema.marketplace.entities.members import Member
from schema.marketplace.entities.organisations import Organisation
from schema.marketplace.entities.papers import Campaign
from schema.marketplace.words import Categories
from schema.scalars import DateTime

_PAPERS = Categories.PAPERS


@entity(Storage(table="campaign_response", subjects=("member_id",)))
class CampaignResponse(Node):
    """A member's response to a campaign. While it holds, its advertiser sees who responded."""

    id: strawberry.ID = data(_PAPERS, Identifiers.ROW_ID)
    campaign: Campaign | None = link("campaign_id", label=Label(category=_PAPERS, identifier=Identifiers.DETAIL))
    organisation: Organisation | None = link("organisation_id")
    member: Member | None = link("member_id")
    starts_at: DateTime | None = data(_PAPERS, Identifiers.MOMENT, description="When they responded.")
    ends_at: DateTime | None = data(
        _PAPERS, Identifiers.MOMENT, description="When they withdrew it; none while it holds."
    )
    hidden_fields: list[str] = declare(HiddenFieldsField())


@entity(Storage(table="partner_arrival", subjects=("member_id",)))
class PartnerArrival(Node):
    """That a member came through a partner's site."""

    id: strawberry.ID = data(_PAPERS, Identifiers.ROW_ID)
    organisation: Organisation | None = link("organisation_id")
    member: Member | None = link("member_id")
    starts_at: DateTime | None = data(_PAPERS, Identifiers.MOMENT, description="When they came.")
    ends_at: DateTime | None = data(_PAPERS, Identifiers.MOMENT, description="Until when the partner may follow them.")
    hidden_fields: list[str] = declare(HiddenFieldsField())
