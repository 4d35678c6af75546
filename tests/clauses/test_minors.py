"""A parent or guardian asks for a minor's removal (M1), without a login: received, and answered alike whoever is meant."""

from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from tests.clauses.seeing import Market, asking_as, code

PUBLIC = asking_as("PUBLIC", "public_browsing")
STAFF = asking_as("PLATFORM", "data_subject_request")
OFFICER = asking_as("PRIVACY_OFFICER", "data_subject_request")

TEXT = "mutation ($input: RequestMinorRemovalInput!) { requestMinorRemoval(input: $input) { fields version } }"
GIVEN = {"name": "Rosa Other", "contact": "rosa@example.org", "relation": "mother"}
FIELDS = "id minor name contact relation message receivedAt"


def ask(market: Market, **given: Any) -> httpx.Response:
    return market.asking.post(PUBLIC, TEXT, {"input": {**GIVEN, **given}})


@pytest.mark.clause(id="M1")
@pytest.mark.grant(id="E5")
@pytest.mark.grant(id="G40")
def test_a_parent_asks_and_staff_and_the_officer_see_it(market: Market) -> None:
    """Without a token; nobody else sees it, the public least of all. The record names nobody, and holds no value."""
    response = ask(market, minor="kid@example.org", message="She is 12.\nPlease remove her.")
    assert response.json()["data"]["requestMinorRemoval"] == {
        "fields": ["minor", "name", "contact", "relation", "message"],
        "version": None,
    }
    record = market.asking.record(response)
    assert (record["outcome"], record["member_id"], record["subjects"]) == ("ANSWERED", None, [])
    assert "rosa" not in str(dict(record)).lower()
    for who in (STAFF, OFFICER):
        shown = market.nodes(who, "removalRequests", FIELDS)[-1]
        assert {
            **GIVEN,
            "minor": "kid@example.org",
            "message": "She is 12.\nPlease remove her.",
        }.items() <= shown.items()
        assert shown["receivedAt"]
    for who in (PUBLIC, asking_as("PLATFORM", "account_service"), asking_as("MEMBER", "self_service")):
        assert market.refusal(who, "{ removalRequests { nodes { id } } }") == "INVALID"


@pytest.mark.clause(id="M1")
@pytest.mark.grant(id="E5")
def test_the_answer_tells_nothing_of_whether_the_minor_is_a_member(market: Market) -> None:
    """By e-mail or id, of a member or of nobody: the same answer, the same statement, and no request of any member's."""
    ((email,),) = market.stored("select email from member where id = 3")
    before = market.stored("select count(*) from data_subject_request")
    answers, plans = set[str](), set[Any]()
    for minor in (email, "nobody@example.org", "Member:3", "Member:999999", "3"):
        response = ask(market, minor=minor)
        answers.add(str(response.json()["data"]))
        plans.add(market.asking.record(response)["plan"])
    assert (len(answers), len(plans)) == (1, 1)
    assert market.stored("select count(*) from data_subject_request") == before


NOT_SO: Mapping[str, tuple[Mapping[str, Any], str]] = {
    "nobody": ({"minor": " "}, "ARGUMENT"),
    "two lines for a name": ({"minor": "x", "name": "a\nb"}, "ARGUMENT"),
    "a long line": ({"minor": "x" * 201}, "ARGUMENT"),
    "a long message": ({"minor": "x", "message": "m" * 10_001}, "ARGUMENT"),
    "no name": ({"minor": "x", "name": None}, "VARIABLE"),
    "another field": ({"minor": "x", "receivedAt": "2020-01-01T00:00:00Z"}, "VARIABLE"),
}


@pytest.mark.clause(id="M1")
@pytest.mark.parametrize("given", NOT_SO)
def test_what_is_handed_in_is_bounded(market: Market, given: str) -> None:
    before = market.stored("select count(*) from removal_request")
    values, expected = NOT_SO[given]
    response = ask(market, **values)
    assert code(response) == market.asking.record(response)["outcome"] == expected
    assert market.stored("select count(*) from removal_request") == before


@pytest.mark.clause(id="M1")
def test_in_a_day_so_many_are_received(market: Market) -> None:
    """Whoever sends them: beyond that they are refused, with a code, and no row is added."""
    market.change(
        "insert into removal_request (minor, name, contact, relation, received_at)"
        " select 'x', 'x', 'x', 'x', now() from generate_series(1, 1000)"
    )
    before = market.stored("select count(*) from removal_request")
    assert code(ask(market, minor="x")) == "TOO_MANY_ENTRIES"
    assert market.stored("select count(*) from removal_request") == before
    market.change("update removal_request set received_at = now() - interval '25 hours'")
    assert "errors" not in ask(market, minor="x").json()
