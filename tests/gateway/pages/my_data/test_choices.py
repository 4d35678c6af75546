"""The page of what a member agrees to and refuses, over HTTP."""

import pytest

from tests.conftest import MEMBER
from tests.gateway.pages.conftest import Browsing

CHOICES = "/my-data/choices"


@pytest.fixture
def member(own_browsing: Browsing) -> Browsing:
    own_browsing.sign_in(MEMBER)
    return own_browsing


def section(page: str, kind: str) -> str:
    return page.partition(f'<section aria-labelledby="{kind}">')[2].partition("</section>")[0]


def test_an_answer_is_in_force_at_once_and_says_so(member: Browsing) -> None:
    refused = member.post(CHOICES, {"kind": "COOKIES", "given": "no", "_key": "a"})
    assert refused.headers["location"] == f"{CHOICES}?done=refused"
    page = member.get(f"{CHOICES}?done=refused").text
    assert "You have refused. It is in force" in page
    assert "You refused on" in section(page, "COOKIES")
    member.post(CHOICES, {"kind": "COOKIES", "given": "yes", "_key": "b"})
    assert "You agreed on" in section(member.get(CHOICES).text, "COOKIES")
    assert "You chose:" in member.get("/my-data/seen?own=yes").text


def test_statistics_are_answered_for_each_organisation_or_all(member: Browsing) -> None:
    """Of those that could ask for them."""
    offered = section(member.get(CHOICES).text, "STATISTICAL_SHARING")
    organisation = offered.partition('<option value="')[2].partition('"')[0]
    assert organisation.startswith("Organisation:")
    member.post(CHOICES, {"kind": "STATISTICAL_SHARING", "given": "yes", "organisation": organisation})
    assert ": agreed on" in section(member.get(CHOICES).text, "STATISTICAL_SHARING")
    member.post(CHOICES, {"kind": "STATISTICAL_SHARING", "given": "no"})
    assert "You refused on" in section(member.get(CHOICES).text, "STATISTICAL_SHARING")


def test_each_kind_says_what_it_decides(member: Browsing) -> None:
    page = member.get(CHOICES).text
    assert "the subject accepted cookies" in section(page, "COOKIES")
    assert "the subject has not opted out of contact" in section(page, "CONTACT_BY_MARKETPLACE")
    assert "the subject agreed to be contacted by members" in section(page, "CONTACT_BY_MEMBERS")


def test_an_answer_that_is_none_changes_nothing(member: Browsing) -> None:
    before = member.get(CHOICES).text.count("You have not answered")
    wrong = member.post(CHOICES, {"kind": "COOKIES", "given": "no", "organisation": "Organisation:6"})
    unknown = member.post(CHOICES, {"kind": "EVERYTHING", "given": "yes"})
    assert [wrong.status_code, unknown.status_code] == [422, 422]
    assert member.get(CHOICES).text.count("You have not answered") == before
