"""Withdrawing and publishing again what a member publishes, over HTTP."""

import re

import httpx

from tests.conftest import MEMBER, PUBLIC, Requesting
from tests.gateway.pages.conftest import Browsing

SUPPLIER = Requesting(role=MEMBER.role, purpose=MEMBER.purpose, member=2)
PAGE = "/my-data/held/companies"


def _send(browsing: Browsing, doing: str, key: str) -> httpx.Response:
    found = re.search(r'name="row" value="([^"]*)"', browsing.get(PAGE).text)
    assert found
    return browsing.post(PAGE, {"doing": doing, "row": found[1], "_key": key})


def _is_public(browsing: Browsing, name: str) -> bool:
    query = {"query": "{ companies(first: 100) { nodes { name } } }"}
    headers = {"Access-Purpose": PUBLIC.purpose.value}
    answer = browsing.client.post("/graphql", json=query, headers=headers).json()
    return name in [each["name"] for each in answer["data"]["companies"]["nodes"]]


def test_what_is_published_is_withdrawn_and_published_again(own_browsing: Browsing) -> None:
    """It is gone from the public at once. The page says so before."""
    own_browsing.sign_in(SUPPLIER)
    page = own_browsing.get(PAGE).text
    assert "What you withdraw is gone from the public at the next look." in page
    found = re.search(r"<dd>([^<]+)</dd>", page)
    assert found
    assert _is_public(own_browsing, found[1])
    assert _send(own_browsing, "withdraw", "one").headers["location"] == f"{PAGE}?done=unpublished"
    page = own_browsing.get(PAGE).text
    assert '<span class="open">withdrawn</span>' in page
    assert "Publish it again" in page
    assert not _is_public(own_browsing, found[1])
    assert _send(own_browsing, "withdraw", "two").status_code == 404
    assert _send(own_browsing, "publish", "three").headers["location"] == f"{PAGE}?done=published"
    assert "Withdraw it from the public" in own_browsing.get(PAGE).text
    assert _is_public(own_browsing, found[1])


def test_anothers_row_and_what_nobody_publishes_stay_as_they_are(own_browsing: Browsing) -> None:
    own_browsing.sign_in(SUPPLIER)
    for row in ("Company:999999", "x", ""):
        sent = own_browsing.post(PAGE, {"doing": "withdraw", "row": row, "_key": f"other{row}"})
        assert sent.status_code in (404, 422)
    assert "Withdraw it" not in own_browsing.get("/my-data/held/orders").text
    sent = own_browsing.post("/my-data/held/orders", {"doing": "withdraw", "row": "Order:1", "_key": "order"})
    assert sent.status_code == 404
