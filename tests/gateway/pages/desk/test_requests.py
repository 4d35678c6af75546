"""The pages of requests, over HTTP."""

import re
from collections.abc import Sequence
from dataclasses import replace

from schema.marketplace.words import Purposes, Roles
from tests.conftest import Requesting
from tests.gateway.pages.conftest import Browsing

ME = Requesting(role=Roles.MEMBER, purpose=Purposes.SELF_SERVICE, member=21)
NAMED = ("REGISTRATION", "PUBLISHING", "PAYMENT")
ASK = "mutation Destroy($input: RequestDestructionInput!) { requestDestruction(input: $input) { fields } }"


def _ask(browsing: Browsing, member: int = 21, categories: Sequence[str] = NAMED) -> str:
    """A member asks for destruction; the address of their request."""
    headers = replace(ME, member=member).headers(browsing.key)
    sent = {"query": ASK, "variables": {"input": {"categories": categories}}}
    asked = browsing.client.post("/graphql", json=sent, headers=headers).json()
    assert "errors" not in asked, asked
    mine = "{ me { requests(last: 20) { nodes { id kind endsAt } } } }"
    found = browsing.client.post("/graphql", json={"query": mine}, headers=headers).json()
    (request,) = [
        each["id"]
        for each in found["data"]["me"]["requests"]["nodes"]
        if each["kind"] == "DESTRUCTION" and not each["endsAt"]
    ]
    return f"/desk/requests/{request}"


def test_what_is_open_is_listed_with_whose_it_is_and_when_it_is_due(browsing: Browsing) -> None:
    browsing.sign_in_to_desk()
    page = browsing.get("/desk/requests").text
    assert "A copy of their data" in page
    assert "Due by January 31, 2020." in page
    assert re.search(r"A copy of their data</a></strong> · \w", page)
    one = browsing.get("/desk/requests/DataRequest:1").text
    assert "Member:14" in one
    assert "Destroy it now" not in one


def test_it_is_carried_out_once_with_a_receipt(changing: Browsing) -> None:
    """A form that is sent twice is answered alike, and says before what it does."""
    request = _ask(changing)
    changing.sign_in_to_desk()
    page = changing.get(request).text
    assert "It cannot be taken back." in page
    assert "What is held stays" in page
    for _ in range(2):
        done = changing.post(request, {"sure": "yes", "categories": [*NAMED], "_key": "once"})
        assert done.headers["location"] == f"{request}?done=carried_out"
    after = changing.get(request).text
    assert after.count("Carried out on") == 1
    assert "destroyed." in after
    assert "Carried out on" in changing.get("/desk/requests").text


def test_it_is_carried_out_category_by_category(changing: Browsing) -> None:
    """What is ticked, and nothing else. The page says how far each is; with nothing ticked nothing is done."""
    request = _ask(changing, 22, ["BUYER", "STATISTICAL"])
    changing.sign_in_to_desk()
    assert re.findall(r'name="categories" value="(\w+)" checked', changing.get(request).text) == [
        "BUYER",
        "STATISTICAL",
    ]
    nothing = changing.post(request, {"sure": "yes", "_key": "none"})
    assert (nothing.status_code, "Nothing was changed" in nothing.text) == (422, True)
    assert "Carried out on" not in changing.get(request).text
    changing.post(request, {"sure": "yes", "categories": ["BUYER"], "_key": "of-buyer"})
    page = changing.get(request).text
    assert "buyer: carried out, and nothing is held" in page
    assert re.findall(r'name="categories" value="(\w+)" checked', page) == ["STATISTICAL"]
    changing.post(request, {"sure": "yes", "categories": ["STATISTICAL"], "_key": "of-visits"})
    after = changing.get(request).text
    assert (after.count("Carried out on"), "Destroy it now" in after) == (2, False)


def test_a_copy_is_sent_once(changing: Browsing) -> None:
    """And the page says since when the member can fetch it."""
    changing.sign_in_to_desk()
    request = "/desk/requests/DataRequest:1"
    assert "with their own sign-in" in changing.get(request).text
    for key in ("one", "one", "two"):
        sent = changing.post(request, {"doing": "send", "_key": key})
        assert sent.headers["location"] == f"{request}?done=copy_sent"
    page = changing.get(request).text
    assert "The member has not fetched it yet." in page
    assert "Send it now" not in page


def test_what_is_not_there_is_told(changing: Browsing) -> None:
    changing.sign_in_to_desk()
    for path in ("DataRequest:999999", "Member:1", "x"):
        assert changing.get(f"/desk/requests/{path}").status_code in (404, 422)
        assert changing.post(f"/desk/requests/{path}", {"sure": "yes", "_key": "k"}).status_code in (404, 422)
    sent = {"sure": "yes", "categories": ["BUYER"], "_key": "k"}
    assert changing.post("/desk/requests/DataRequest:1", sent).status_code == 404


def test_what_a_parent_has_handed_in_is_read_here(changing: Browsing) -> None:
    typed = {"minor": "kid@example.com", "name": "Pat", "contact": "pat@example.com", "relation": "mother"}
    assert changing.send("/removal", typed).status_code == 303
    changing.sign_in_to_desk()
    page = changing.get("/desk/requests").text
    assert "Pat (mother) asks for the removal of kid@example.com. Reach them at pat@example.com." in page
