"""The page that finds a member, over HTTP."""

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
