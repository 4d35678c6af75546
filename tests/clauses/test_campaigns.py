"""Campaigns (U8): their advertiser is told nothing until a member responds, and nothing more once they take it back."""

from typing import Any

import httpx
import pytest

from tests.clauses.seeing import TERMS, Market, asking_as, code
from tests.conftest import Requesting

ME = asking_as("MEMBER", "self_service", member=20)
ADVERTISER = asking_as("ADVERTISER", "campaign", organisation=8)
OTHER = asking_as("ADVERTISER", "campaign", organisation=9)
MINE = "{ me { campaignResponses { nodes { id campaign { id } organisation { id } startsAt endsAt } } } }"


def respond(market: Market, who: Requesting, campaign: int) -> httpx.Response:
    text = "mutation ($input: RespondToCampaignInput!) { respondToCampaign(input: $input) { fields } }"
    return market.asking.post(who, text, {"input": {"campaign": f"Campaign:{campaign}"}})


def withdraw(market: Market, who: Requesting, response: str) -> httpx.Response:
    return market.asking.post(who, "mutation ($id: ID!) { withdrawResponse(id: $id) { fields } }", {"id": response})


def responses(market: Market) -> list[dict[str, Any]]:
    return market.data(ME, MINE)["me"]["campaignResponses"]["nodes"]


@pytest.fixture
def campaign(market: Market) -> int:
    """A campaign of the first advertiser, to which nobody has responded."""
    market.change(f"delete from campaign_response where member_id = {ME.member}")
    ((number,),) = market.stored(
        "insert into campaign (organisation_id, name, starts_at) values (8, 'Spring', now() - interval '1 day')"
        " returning id"
    )
    return number


@pytest.mark.clause(id="U8")
@pytest.mark.grant(id="E3")
@pytest.mark.grant(id="G38")
@pytest.mark.grant(id="G24")
def test_an_advertiser_is_told_who_responded_from_then_on_until_they_withdraw(market: Market, campaign: int) -> None:
    """The member sees the campaign, and beforehand the sentence by which its advertiser will see them."""
    told = market.data(
        ME, "{ campaignDisclosures { id sentence clauses } campaigns(first: 100) { nodes { id name } } }"
    )
    assert {"id": f"Campaign:{campaign}", "name": "Spring"} in told["campaigns"]["nodes"]
    (disclosure,) = told["campaignDisclosures"]
    assert (disclosure["id"], disclosure["clauses"]) == ("G24", ["U8"])
    assert "ADVERTISER sees Member.country, Member.email and Member.name" in disclosure["sentence"]
    assert ME.member not in market.rows(ADVERTISER, "members")
    answer = respond(market, ME, campaign)
    assert answer.json()["data"] == {"respondToCampaign": {"fields": ["campaign"]}}
    assert market.asking.record(answer)["subjects"] == [ME.member]
    assert ME.member in market.rows(ADVERTISER, "members")
    assert ME.member not in market.rows(OTHER, "members")
    (response,) = responses(market)
    assert (response["campaign"], response["organisation"]) == (
        {"id": f"Campaign:{campaign}"},
        {"id": "Organisation:8"},
    )
    assert response["endsAt"] is None
    withdraw(market, ME, response["id"]).raise_for_status()
    assert ME.member not in market.rows(ADVERTISER, "members")
    assert code(withdraw(market, ME, response["id"])) == "NOT_FOUND"


@pytest.mark.clause(id="U8")
@pytest.mark.grant(id="E3")
def test_a_member_responds_to_a_campaign_while_it_is_in_force(market: Market, campaign: int) -> None:
    """At no other time it can be told from one that there never was."""
    for term, (starts, ends, holds) in TERMS.items():
        market.change(f"update campaign set starts_at = {starts}, ends_at = {ends} where id = {campaign}")
        assert (campaign in market.rows(ME, "campaigns")) is holds, term
        before = len(responses(market))
        answer = respond(market, ME, campaign)
        assert ("errors" not in answer.json()) is holds, term
        assert holds or code(answer) == code(respond(market, ME, 999_999)) == "NOT_FOUND"
        assert len(responses(market)) == before + holds
    held = market.stored(
        f"select from campaign_response where member_id = {ME.member} and (ends_at is null or ends_at > now())"
    )
    assert len(held) == 1, "another response takes the place of the one before"


@pytest.mark.clause(id="U8")
def test_nobody_responds_for_another(market: Market, campaign: int) -> None:
    respond(market, ME, campaign).raise_for_status()
    (response,) = responses(market)
    somebody = asking_as("MEMBER", "self_service", member=21)
    assert code(withdraw(market, somebody, response["id"])) == "NOT_FOUND"
    text = f'mutation {{ respondToCampaign(input: {{campaign: "Campaign:{campaign}"}}) {{ fields }} }}'
    for who in (ADVERTISER, asking_as("PLATFORM", "account_service"), asking_as("MEMBER", "member_trading")):
        assert market.refusal(who, text) == "INVALID"
    assert responses(market) == [response]


@pytest.mark.clause(id="U8")
def test_however_often_a_member_asks_the_rows_are_bounded(market: Market, campaign: int) -> None:
    """A hundred of a type in a day; then it is refused with a code of its own, recorded, and nothing is changed."""
    key = f"{ME.member}, {campaign}, 8, now() - interval '1 minute', now() - interval '1 minute'"
    market.change(
        "insert into campaign_response (member_id, campaign_id, organisation_id, starts_at, ends_at)"
        f" select {key} from generate_series(1, 99)"
    )
    respond(market, ME, campaign).raise_for_status()
    for _ in range(3):
        answer = respond(market, ME, campaign)
        assert code(answer) == market.asking.record(answer)["outcome"] == "TOO_MANY_ENTRIES"
    ((rows, held),) = market.stored(
        f"select count(*), count(*) filter (where ends_at is null) from campaign_response where member_id = {ME.member}"
    )
    assert (rows, held) == (100, 1)
    market.change(f"update campaign_response set starts_at = now() - interval '25 hours' where member_id = {ME.member}")
    respond(market, ME, campaign).raise_for_status()
