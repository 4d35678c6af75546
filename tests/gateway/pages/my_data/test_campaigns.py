"""Campaigns on the page of choices, over HTTP."""

import re

from tests.gateway.pages.conftest import Browsing

CHOICES = "/my-data/choices"


def test_what_a_response_shows_is_said_before_it_is_given(own_browsing: Browsing) -> None:
    """And withdrawing it is a step away. Where the schema has no campaigns, nothing is said of them."""
    own_browsing.sign_in()
    page = own_browsing.get(CHOICES).text
    offered = re.findall(r'name="campaign" value="([^"]+)"', page)
    if not offered:
        assert "Campaigns" not in page
        return
    assert "ADVERTISER sees" in page
    responded = own_browsing.post(CHOICES, {"campaign": offered[0]})
    assert responded.headers["location"] == f"{CHOICES}?done=responded"
    page = own_browsing.get(CHOICES).text
    assert "You responded on" in page
    (response,) = re.findall(r'name="response" value="([^"]+)"', page)
    assert own_browsing.post(CHOICES, {"response": response}).status_code == 303
    assert "You responded on" not in own_browsing.get(CHOICES).text
    assert own_browsing.post(CHOICES, {"campaign": "Campaign:999999"}).status_code in (404, 422)
