"""The part of the page of choices about campaigns: what responding would show to whom, before it is done, and taking it back.

Made of what the schema has: where it has no campaigns, nothing is said of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from gateway.pages.my_data.own_view import OwnView, is_in_force
from gateway.pages.visiting import PageVisit

_CAMPAIGNS: Final = "campaigns"
_DISCLOSURES: Final = "campaignDisclosures"
_RESPONSES: Final = "campaignResponses"
_RESPOND: Final = "respondToCampaign"
_WITHDRAW: Final = "withdrawResponse"
_MOST: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedCampaign:
    """A campaign in force, and this member's response."""

    id: str
    name: str
    organisation: str
    response: str | None
    """The id of the response in force; none while there is none."""
    since: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaigns:
    """What a member may respond to, and what that shows."""

    offered: Sequence[OfferedCampaign]
    shows: Sequence[str]
    """The sentences of the policy."""


async def campaigns_for(visit: PageVisit, view: OwnView) -> Campaigns | None:
    """None where the schema lets nobody respond."""
    is_there = {_RESPOND, _WITHDRAW} <= set(view.mutations) and view.shows("Query", _CAMPAIGNS)
    if not is_there or not view.shows(view.me.name, _RESPONSES):
        return None
    entity = view.catalog.roots[_CAMPAIGNS].target or ""
    name = next((each for each in ("name", "title") if view.shows(entity, each)), "id")
    disclosures = f"{_DISCLOSURES} {{ sentence }}" if view.shows("Query", _DISCLOSURES) else ""
    answer = await visit.ask(
        f"query Campaigns {{ {_CAMPAIGNS}(first: {_MOST}) {{ nodes {{ id {name} organisation {{ name }} }} }} {disclosures}"
        f" me {{ {_RESPONSES}(last: {_MOST}) {{ nodes {{ id campaign {{ id }} startsAt endsAt }} }} }} }}"
    )
    responses = {each["campaign"]["id"]: each for each in _in_force(answer["me"]) if each["campaign"]}
    return Campaigns(
        offered=[_offered(each, name, responses.get(each["id"])) for each in answer[_CAMPAIGNS]["nodes"]],
        shows=[each["sentence"] for each in answer.get(_DISCLOSURES) or ()],
    )


def _in_force(me: Mapping[str, Any] | None) -> Sequence[Mapping[str, Any]]:
    return [each for each in me[_RESPONSES]["nodes"] if is_in_force(each)] if me else ()


def _offered(campaign: Mapping[str, Any], name: str, response: Mapping[str, Any] | None) -> OfferedCampaign:
    return OfferedCampaign(
        id=campaign["id"],
        name=campaign[name] or campaign["id"],
        organisation=(campaign["organisation"] or {}).get("name") or "",
        response=response["id"] if response else None,
        since=response["startsAt"] if response else None,
    )


async def respond_to(visit: PageVisit, campaign: str) -> None:
    """Raises `NotAnswered`."""
    document = f"mutation Respond($campaign: ID!) {{ {_RESPOND}(input: {{campaign: $campaign}}) {{ fields }} }}"
    await visit.change(document, {"campaign": campaign})


async def withdraw_response(visit: PageVisit, response: str) -> None:
    """Raises `NotAnswered`."""
    await visit.change(f"mutation Withdraw($id: ID!) {{ {_WITHDRAW}(id: $id) {{ fields }} }}", {"id": response})
