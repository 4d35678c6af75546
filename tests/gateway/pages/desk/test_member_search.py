"""The page that finds a member, over HTTP."""

from schema.marketplace.words import Purposes
from tests.conftest import OFFICER, Asking, Requesting
from tests.gateway.pages.conftest import Browsing


def test_nobody_is_listed_before_something_is_asked(browsing: Browsing) -> None:
    browsing.sign_in_to_desk()
    page = browsing.get("/desk/members").text
    assert "***@" not in page
    assert "they will see that in their own log" in page


def test_members_are_found_by_where_they_are_and_shown_masked(browsing: Browsing) -> None:
    browsing.sign_in_to_desk()
    page = browsing.get("/desk/members?country=de").text
    assert "***@" in page
    assert 'href="/desk/who-has-seen?member=Member%3A~' in page
    assert "Nobody, for what you gave." in browsing.get("/desk/members?country=DE&city=Nowhere").text


def _with_a_request(gateway: Asking) -> tuple[str, str]:
    """The number and the address of a member whose open request names what they registered."""
    officer = Requesting(
        role=OFFICER.role, purpose=Purposes.DATA_SUBJECT_REQUEST, organisation=OFFICER.organisation, sub="Ann"
    )
    members = gateway.data(officer, "{ members(first: 5) { nodes { id email } } }")["members"]["nodes"]
    return members[0]["id"], members[0]["email"]


def test_who_has_an_open_request_is_found_by_number_and_by_address(browsing: Browsing, gateway: Asking) -> None:
    """The log's page is found by a pseudonym all the same."""
    browsing.sign_in_to_desk()
    number, address = _with_a_request(gateway)
    pages = {
        browsing.client.get("/desk/members", params={"who": who}).text.partition('<ul class="list">')[2]
        for who in (number, number.removeprefix("Member:"), number.lower(), address)
    }
    (page,) = pages
    assert page.count("Who has seen their data") == 1
    assert 'href="/desk/who-has-seen?member=Member%3A~' in page
    assert address not in page


def test_who_has_no_open_request_is_found_by_neither(browsing: Browsing) -> None:
    """And the page says why."""
    browsing.sign_in_to_desk()
    for who in ("Member:999999", "nobody@example.com", "x", "%", "Member:~1"):
        page = browsing.client.get("/desk/members", params={"who": who})
        assert page.status_code == 200
        assert "Nobody with an open request has this number or address" in page.text
    browsing.sign_in_to_desk([Purposes.PRIVACY_OVERSIGHT])
    assert "Nobody with an open request" in browsing.get("/desk/members?who=7").text
