"""The letter that answers a member, over HTTP."""

import re

import pytest

from schema.marketplace.words import Purposes, Roles
from tests.conftest import CARE, Asking, Requesting, run
from tests.gateway.pages.conftest import Browsing

COURT = Requesting(role=Roles.AUTHORITY, purpose=Purposes.COURT_ORDER, organisation=17, reference="HK-2026-0117")
_SECRET = "update marketplace.legal_instrument set told_from = {} where reference = 'HK-2026-0117'"


@pytest.fixture(scope="module", autouse=True)
def looked_at(gateway: Asking) -> None:
    gateway.data(CARE, "query Care { members(first: 60) { nodes { id name email } } }")


def _members(browsing: Browsing) -> list[str]:
    """All members of the sample, as the officer finds them."""
    found: list[str] = []
    page = browsing.get("/desk/members?since=1990-01-01").text
    while True:
        found += re.findall(r"member=(Member%3A~[0-9a-f]+)", page)
        older = page.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
        if not older:
            return found
        page = browsing.get(older).text


def _letter(browsing: Browsing, member: str) -> str:
    return browsing.get(f"/desk/letter?member={member}&since=2020-01-01").text


def test_it_names_each_recipient_with_purpose_and_what_they_saw(browsing: Browsing) -> None:
    browsing.sign_in_to_desk()
    page = _letter(browsing, _members(browsing)[0])
    assert "Clearline Customer Care (" in page
    assert "For account service, between" in page
    assert "Shown as it is, at most: email (member)" in page
    assert "from January 1, 2020 until" in page
    assert "PRIVACY_OFFICER" not in page


def test_without_a_member_one_is_looked_for(browsing: Browsing) -> None:
    browsing.sign_in_to_desk()
    answer = browsing.get("/desk/letter")
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/members")


def test_an_access_under_an_instrument_that_is_secret_yet_is_not_told(
    browsing: Browsing, gateway: Asking, market_url: str
) -> None:
    """Nor is it to an officer's letter whose token is not for papers. Once the day has come it is there as any other."""
    gateway.data(COURT, "query Named { members { nodes { name } } }")
    browsing.sign_in_to_desk()
    named = next(each for each in _members(browsing) if "court order" in _letter(browsing, each))
    run(market_url, lambda market: market.execute(_SECRET.format("'infinity'")))
    try:
        assert "court order" not in _letter(browsing, named)
    finally:
        run(market_url, lambda market: market.execute(_SECRET.format("null")))
    browsing.sign_in_to_desk([Purposes.PRIVACY_OVERSIGHT])
    assert "court order" not in _letter(browsing, named)
