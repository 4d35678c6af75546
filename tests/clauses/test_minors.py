"""A parent or guardian asks for a minor's removal (M1), without a login: received, and answered alike whoever is meant.

Staff find out whom it means and enter that. Then it is carried out.
"""

from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from tests.clauses.seeing import Market, act, asking_as, code, enter
from tests.clauses.test_destroying import EIGHT, receipts, settle

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


# Whom it means.

REMOVE = "mutation ($id: ID!, $shown: String!) { carryOutRemoval(id: $id, guardianship: $shown) { fields } }"
ENTERED = "id kind categories startsAt endsAt member { id } removalRequest { minor }"


def entered(market: Market, member: int) -> list[dict[str, Any]]:
    """The open requests to remove a member's data, as the officer sees them."""
    found = market.nodes(OFFICER, "dataRequests", ENTERED)
    return [
        each
        for each in found
        if each["kind"] == "MINOR_REMOVAL" and each["member"] == {"id": f"Member:{member}"} and not each["endsAt"]
    ]


@pytest.mark.clause(id="M1")
@pytest.mark.grant(id="E5")
@pytest.mark.grant(id="E5b")
@pytest.mark.grant(id="E6")
def test_from_what_a_parent_hands_in_to_the_receipt_nobody_needs_the_database(market: Market) -> None:
    """Staff find the member as they serve accounts, enter whom it means, and the officer carries it out."""
    settle(market, 13)
    ((email,),) = market.stored("select email from member where id = 13")
    ask(market, minor=email).raise_for_status()
    (handed_in,) = [each for each in market.nodes(STAFF, "removalRequests", "id minor") if each["minor"] == email]
    find = "query ($email: String) { members(filter: {email: {eq: $email}}) { nodes { id } } }"
    care = asking_as("PLATFORM", "account_service")
    (meant,) = market.data(care, find, {"email": handed_in["minor"]})["members"]["nodes"]
    assert 13 not in market.rows(STAFF, "members")
    response = enter(market, "enterRemoval", {"member": meant["id"], "removalRequest": handed_in["id"]}, STAFF)
    assert response.json()["data"]["enterRemoval"]["fields"] == ["member", "removalRequest"]
    record = market.asking.record(response)
    assert (record["outcome"], record["subjects"]) == ("ANSWERED", [13])
    (request,) = entered(market, 13)
    assert (request["categories"], request["removalRequest"]) == ([*EIGHT], {"minor": email})
    led_to = market.nodes(STAFF, "removalRequests", "id requests { nodes { id } }")
    assert {"id": handed_in["id"], "requests": {"nodes": [{"id": request["id"]}]}} in led_to
    # While it is open, who must see to it sees what it names, and the member is told that it was entered.
    assert 13 in market.rows(STAFF, "members") & market.rows(OFFICER, "members")
    log = market.data(
        asking_as("MEMBER", "self_service", member=13),
        "{ me { accesses(first: 50) { nodes { fields { field treatment } } } } }",
    )
    told = [(each["field"], each["treatment"]) for one in log["me"]["accesses"]["nodes"] for each in one["fields"]]
    assert ("DataRequest.startsAt", "ENTERED") in told
    market.data(OFFICER, REMOVE, {"id": request["id"], "shown": "A passport"})
    ((version,),) = market.stored("select version from veil.policy_activation order by id desc limit 1")
    (receipt,) = receipts(market, request["id"])
    assert (receipt["guardianship"], receipt["policy"]) == ("A passport", version)
    assert entered(market, 13) == []
    assert 13 not in market.rows(care, "members")
    assert code(enter(market, "enterRemoval", {"member": "Member:13"}, STAFF)) == "NOT_FOUND"


@pytest.mark.clause(id="M1")
@pytest.mark.grant(id="E5b")
def test_what_came_by_letter_is_entered_too_and_one_of_a_member_is_open(market: Market) -> None:
    """A later one stands in the place of the one before."""
    for who in (STAFF, OFFICER):
        enter(market, "enterRemoval", {"member": "Member:15"}, who).raise_for_status()
    (request,) = entered(market, 15)
    assert request["removalRequest"] is None


@pytest.mark.clause(id="M1")
@pytest.mark.grant(id="E5c")
def test_one_that_was_entered_of_the_wrong_member_is_taken_back(market: Market) -> None:
    """Then nobody sees that member for it any more. What members ask themselves is not staff's to end."""
    assert 16 not in market.rows(STAFF, "members")
    enter(market, "enterRemoval", {"member": "Member:16"}, STAFF).raise_for_status()
    (request,) = entered(market, 16)
    assert 16 in market.rows(STAFF, "members")
    act(market, "endRemoval", request["id"], OFFICER).raise_for_status()
    assert 16 not in market.rows(STAFF, "members")
    assert code(act(market, "endRemoval", request["id"], STAFF)) == "NOT_FOUND"
    asked = 'mutation { requestDestruction(input: {categories: ["BUYER"]}) { fields } }'
    market.data(asking_as("MEMBER", "self_service", member=16), asked)
    ((number,),) = market.stored(
        "select id from data_subject_request where member_id = 16 and kind = 'DESTRUCTION' and ends_at is null"
    )
    assert code(act(market, "endRemoval", f"DataRequest:{number}", STAFF)) == "NOT_FOUND"


NOT_ENTERED: Mapping[str, tuple[Mapping[str, Any], str]] = {
    "nobody": ({"member": "Member:999999"}, "NOT_FOUND"),
    "no member": ({"member": "Company:1"}, "ARGUMENT"),
    "nobody's name": ({"member": "kid@example.org"}, "ARGUMENT"),
    "nothing that was handed in": ({"member": "Member:17", "removalRequest": "RemovalRequest:999999"}, "NOT_FOUND"),
    "other categories": ({"member": "Member:17", "categories": ["BUYER"]}, "VARIABLE"),
    "another kind": ({"member": "Member:17", "kind": "ACCESS"}, "VARIABLE"),
}


@pytest.mark.clause(id="M1")
@pytest.mark.parametrize("given", NOT_ENTERED)
def test_what_cannot_be_entered_changes_nothing(market: Market, given: str) -> None:
    before = market.stored("select count(*) from data_subject_request")
    values, expected = NOT_ENTERED[given]
    response = enter(market, "enterRemoval", values, STAFF)
    assert code(response) == market.asking.record(response)["outcome"] == expected
    assert market.stored("select count(*) from data_subject_request") == before


@pytest.mark.clause(id="M1")
@pytest.mark.parametrize(
    ("role", "purpose"),
    [
        ("PUBLIC", "public_browsing"),
        ("MEMBER", "self_service"),
        ("PLATFORM", "account_service"),
        ("PRIVACY_OFFICER", "privacy_oversight"),
        ("AUTHORITY", "court_order"),
    ],
)
def test_nobody_else_enters_whom_a_parent_means(market: Market, role: str, purpose: str) -> None:
    who = asking_as(role, purpose, member=17 if role == "MEMBER" else None)
    for response in (
        enter(market, "enterRemoval", {"member": "Member:17"}, who),
        act(market, "endRemoval", "DataRequest:1", who),
    ):
        assert {each["extensions"]["code"] for each in response.json()["errors"]} == {"INVALID"}
