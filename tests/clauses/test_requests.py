"""What a member asks of their data (V3, A1): a copy, its return, its destruction. Asked, seen by who must see to it, withdrawn."""

from collections.abc import Sequence
from typing import Any

import httpx
import pytest

from tests.clauses.seeing import Market, asking_as
from tests.conftest import Requesting

ME = asking_as("MEMBER", "self_service", member=5)
STAFF = asking_as("PLATFORM", "data_subject_request")
OFFICER = asking_as("PRIVACY_OFFICER", "data_subject_request")

MINE = "{ me { requests { nodes { id kind categories startsAt endsAt } } } }"
ASKED = {"requestCopy": "ACCESS", "requestReturn": "RETURN", "requestDestruction": "DESTRUCTION"}


def ask(market: Market, who: Requesting, mutation: str, categories: Sequence[str]) -> httpx.Response:
    kind = f"{mutation[0].upper()}{mutation[1:]}Input"
    text = f"mutation ($input: {kind}!) {{ {mutation}(input: $input) {{ fields }} }}"
    return market.asking.post(who, text, {"input": {"categories": categories}})


def open_requests(market: Market, who: Requesting = ME) -> list[dict[str, Any]]:
    found = market.data(who, MINE)["me"]["requests"]["nodes"]
    return [each for each in found if each["endsAt"] is None]


def withdraw(market: Market, who: Requesting, request: str) -> httpx.Response:
    return market.asking.post(who, "mutation ($id: ID!) { withdrawRequest(id: $id) { fields } }", {"id": request})


@pytest.mark.clause(id="V3")
@pytest.mark.clause(id="A1")
@pytest.mark.grant(id="E4")
@pytest.mark.parametrize("mutation", ASKED)
def test_a_member_asks_for_their_data_and_takes_it_back(market: Market, mutation: str) -> None:
    """It is open at the next read, with what it names, and since when; withdrawn, it has ended."""
    answer = ask(market, ME, mutation, ["PAYMENT", "REGISTRATION"])
    assert answer.json()["data"] == {mutation: {"fields": ["categories"]}}
    assert market.asking.record(answer)["subjects"] == [5]
    (request,) = [each for each in open_requests(market) if each["kind"] == ASKED[mutation]]
    assert request["categories"] == ["PAYMENT", "REGISTRATION"]
    assert request["startsAt"]
    withdrawn = withdraw(market, ME, request["id"])
    assert withdrawn.json()["data"] == {"withdrawRequest": {"fields": ["endsAt"]}}
    assert market.asking.record(withdrawn)["subjects"] == [5]
    assert all(each["kind"] != ASKED[mutation] for each in open_requests(market))
    again = withdraw(market, ME, request["id"]).json()["errors"][0]
    assert again["extensions"]["code"] == "NOT_FOUND"


@pytest.mark.clause(id="V3")
@pytest.mark.grant(id="E4")
@pytest.mark.grant(id="G33")
def test_while_it_is_open_it_shows_what_it_names_to_who_must_see_to_it(market: Market) -> None:
    """And what was asked; withdrawn, nothing any more."""
    for who in (STAFF, OFFICER):
        assert 5 not in market.rows(who, "members")
    ask(market, ME, "requestCopy", ["REGISTRATION"]).raise_for_status()
    (request,) = open_requests(market)
    for who in (STAFF, OFFICER):
        assert 5 in market.rows(who, "members")
        seen = market.data(who, f'{{ dataRequest(id: "{request["id"]}") {{ kind categories }} }}')["dataRequest"]
        assert seen == {"kind": "ACCESS", "categories": ["REGISTRATION"]}
    withdraw(market, ME, request["id"]).raise_for_status()
    for who in (STAFF, OFFICER):
        assert 5 not in market.rows(who, "members")


@pytest.mark.clause(id="V3")
def test_a_request_replaces_what_was_asked_of_its_kind(market: Market) -> None:
    """However often a member asks, there is one to see to."""
    for categories in (["REGISTRATION"], ["PAYMENT"], ["BUYER", "PAYMENT"]):
        ask(market, ME, "requestCopy", categories).raise_for_status()
    ask(market, ME, "requestReturn", ["BUYER"]).raise_for_status()
    found = {each["kind"]: each["categories"] for each in open_requests(market)}
    assert found == {"ACCESS": ["BUYER", "PAYMENT"], "RETURN": ["BUYER"]}
    for each in open_requests(market):
        withdraw(market, ME, each["id"]).raise_for_status()


@pytest.mark.clause(id="V3")
@pytest.mark.parametrize("categories", [[], ["SHOES"], ["ACCESS_LOG"], ["REGISTRATION", "COMPLAINTS"]])
def test_a_request_for_what_there_is_not_is_refused(market: Market, categories: list[str]) -> None:
    before = market.stored("select * from data_subject_request order by id")
    response = ask(market, ME, "requestCopy", categories)
    error = response.json()["errors"][0]["extensions"]
    assert error["code"] == "ARGUMENT"
    assert "`input.categories` must have one or more of REGISTRATION" in error["hint"]
    assert market.asking.record(response)["outcome"] == "ARGUMENT"
    assert market.stored("select * from data_subject_request order by id") == before


@pytest.mark.clause(id="V3")
def test_nobody_takes_back_what_another_has_asked(market: Market) -> None:
    """To another member the request is not there. Staff and officer see it, and have no mutation to end it."""
    ask(market, ME, "requestDestruction", ["BUYER"]).raise_for_status()
    (request,) = open_requests(market)
    stranger = withdraw(market, asking_as("MEMBER", "self_service", member=6), request["id"])
    assert stranger.json()["errors"][0]["extensions"]["code"] == "NOT_FOUND"
    for who in (STAFF, OFFICER):
        assert withdraw(market, who, request["id"]).json()["errors"][0]["extensions"]["code"] == "INVALID"
    assert open_requests(market) == [request]
    withdraw(market, ME, request["id"]).raise_for_status()


@pytest.mark.clause(id="V3")
@pytest.mark.clause(id="A1")
@pytest.mark.grant(id="E6b")
@pytest.mark.parametrize("who", [STAFF, OFFICER], ids=["staff", "officer"])
def test_a_copy_that_was_asked_for_is_sent(market: Market, who: Requesting) -> None:
    """Then the member sees since when it can be fetched. Nothing else is sent, and nothing twice."""
    text = "mutation ($id: ID!) { sendCopy(id: $id) { fields } }"
    for mutation, kind in ASKED.items():
        ask(market, ME, mutation, ["REGISTRATION"]).raise_for_status()
        (request,) = [each for each in open_requests(market) if each["kind"] == kind]
        answer = market.asking.post(who, text, {"id": request["id"]})
        is_sent = kind != "DESTRUCTION"
        assert ("errors" not in answer.json()) is is_sent
        assert market.asking.record(answer)["outcome"] == ("ANSWERED" if is_sent else "NOT_FOUND")
        ready = market.data(ME, "query ($id: ID!) { dataRequest(id: $id) { readyAt } }", {"id": request["id"]})
        assert (ready["dataRequest"]["readyAt"] is not None) is is_sent
        again = market.asking.post(who, text, {"id": request["id"]}).json()
        assert again["errors"][0]["extensions"]["code"] == "NOT_FOUND"
        withdraw(market, ME, request["id"]).raise_for_status()
