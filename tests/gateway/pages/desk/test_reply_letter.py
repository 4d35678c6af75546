"""The letter that answers a member, over HTTP."""

import re

import pytest

from tests.conftest import CARE, Asking
from tests.gateway.pages.conftest import Browsing


@pytest.fixture(scope="module", autouse=True)
def looked_at(gateway: Asking) -> None:
    gateway.data(CARE, "query Care { members(first: 60) { nodes { id name email } } }")


def _member(browsing: Browsing) -> str:
    found = browsing.get("/desk/members?country=DE").text
    link = re.search(r"member=(Member%3A~[0-9a-f]+)", found)
    assert link
    return link[1]


def test_it_names_each_recipient_with_purpose_and_what_they_saw(browsing: Browsing) -> None:
    browsing.sign_in_to_desk()
    page = browsing.get(f"/desk/letter?member={_member(browsing)}&since=2020-01-01").text
    assert "Clearline Customer Care (" in page
    assert "For account service, between" in page
    assert "Shown as it is, at most: email (member)" in page
    assert "from January 1, 2020 until" in page
    assert "PRIVACY_OFFICER" not in page


def test_without_a_member_one_is_looked_for(browsing: Browsing) -> None:
    browsing.sign_in_to_desk()
    answer = browsing.get("/desk/letter")
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/members")
