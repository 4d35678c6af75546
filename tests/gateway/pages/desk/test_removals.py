"""Whom a parent or guardian means, entered at the desk, over HTTP."""

import re

import pytest

from schema.marketplace.words import Purposes
from tests.gateway.pages.conftest import Browsing

TYPED = {"minor": "kid@example.com", "name": "Pat", "contact": "pat@example.com", "relation": "mother"}
OVERSIGHT = (Purposes.PRIVACY_OVERSIGHT, Purposes.DATA_SUBJECT_REQUEST)


def _handed_in(browsing: Browsing, minor: str) -> str:
    """Hands something in; the address of the page about it."""
    assert browsing.send("/removal", {**TYPED, "minor": minor}).status_code == 303
    page = browsing.get("/desk/requests").text
    found = re.search(rf"RemovalRequest:\d+(?=[^/]*</span></p>\s*<p>[^<]*{minor})", page)
    assert found
    return f"/desk/removals/{found[0]}"


def test_what_a_parent_asks_is_entered_carried_out_and_on_a_receipt(changing: Browsing) -> None:
    """Pages alone, from the parent's to the receipt. It says who has the number before anything is entered."""
    changing.sign_in_to_desk()
    removal = _handed_in(changing, "kid-1@example.com")
    assert f'action="{removal}"' in changing.get("/desk/requests").text
    page = changing.post(removal, {"member": "31"}).text
    assert re.search(r"Member:31: \w", page)
    assert "Nothing is destroyed before somebody carries it out." in page
    assert "Removal" not in changing.get("/desk/requests").text.split("<h2>")[0]
    for _ in range(2):
        done = changing.post(removal, {"member": "31", "_confirmed": "yes", "_key": "once"})
        assert done.headers["location"] == "/desk/requests?done=removal_entered"
    after = changing.get("/desk/requests").text
    assert f'action="{removal}"' not in after
    led_to = re.findall(r'Somebody has said whom it means: <a href="(/desk/requests/DataRequest:\d+)">', after)
    assert len(led_to) == 1
    request = changing.get(led_to[0]).text
    assert "Member:31" in request
    assert "kid-1@example.com" in request
    ticked = re.findall(r'name="categories" value="(\w+)" checked', request)
    carried = changing.post(led_to[0], {"shown": "A passport", "sure": "yes", "categories": ticked, "_key": "carry"})
    assert carried.headers["location"] == f"{led_to[0]}?done=carried_out"
    assert "Guardianship was shown so: A passport" in changing.get(led_to[0]).text


def test_one_of_the_wrong_member_is_taken_back(changing: Browsing) -> None:
    changing.sign_in_to_desk()
    removal = _handed_in(changing, "kid-2@example.com")
    changing.post(removal, {"member": "Member:32", "_confirmed": "yes", "_key": "two"})
    page = changing.get("/desk/requests").text
    request = re.findall(r'means: <a href="(/desk/requests/DataRequest:\d+)">', page)[0]
    assert "Take it back now" in changing.get(request).text
    done = changing.post(request, {"doing": "take_back", "_key": "back"})
    assert done.headers["location"] == f"{request}?done=removal_ended"
    assert "Take it back now" not in changing.get(request).text
    assert changing.post(request, {"doing": "take_back", "_key": "again"}).status_code == 404
    assert changing.post("/desk/requests/DataRequest:1", {"doing": "take_back", "_key": "c"}).status_code == 404


def test_what_came_by_letter_is_entered_too(changing: Browsing) -> None:
    changing.sign_in_to_desk()
    assert "/desk/removals/new" in changing.get("/desk/requests").text
    done = changing.post("/desk/removals/new", {"member": "33", "_confirmed": "yes", "_key": "letter"})
    assert done.status_code == 303


@pytest.mark.parametrize("typed", ["999999", "Member:999999", "nobody", "kid@example.com", "Company:1"])
def test_nobody_is_entered_whom_nobody_knows(changing: Browsing, typed: str) -> None:
    """It is told before, and refused if it is sent all the same. What was typed is still there."""
    changing.sign_in_to_desk()
    assert "nobody has this number" in changing.post("/desk/removals/new", {"member": typed}).text
    refused = changing.post("/desk/removals/new", {"member": typed, "_confirmed": "yes", "_key": typed})
    assert (refused.status_code, "Nothing was changed" in refused.text) == (422, True)
    again = changing.post("/desk/removals/new", {"member": typed, "_change": "yes"})
    assert 'name="member" value="' in again.text


def test_an_officer_who_does_not_enter_papers_is_told_that_no_name_is_shown(changing: Browsing) -> None:
    changing.sign_in_to_desk(OVERSIGHT)
    page = changing.post("/desk/removals/new", {"member": "34"}).text
    assert "your sign-in does not show who has this number" in page


def test_nobody_without_the_purpose_sees_the_form(changing: Browsing) -> None:
    changing.sign_in_to_desk((Purposes.PRIVACY_OVERSIGHT,))
    for path in ("new", "RemovalRequest:1"):
        assert changing.get(f"/desk/removals/{path}").status_code == 403
    changing.sign_in_to_desk()
    assert changing.get("/desk/removals/RemovalRequest:999999").status_code == 404
