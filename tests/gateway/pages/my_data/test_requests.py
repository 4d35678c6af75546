"""The page of what a member asks of their data, over HTTP."""

import io
import re
import zipfile

import pytest

from schema.marketplace.words import Purposes, Roles
from tests.conftest import Requesting
from tests.gateway.pages.conftest import Browsing

REQUESTS = "/my-data/requests"


@pytest.fixture
def member(own_browsing: Browsing) -> Browsing:
    own_browsing.sign_in()
    return own_browsing


def test_a_request_is_open_until_it_is_taken_back(member: Browsing) -> None:
    asked = member.post(REQUESTS, {"what": "requestCopy", "categories": ["REGISTRATION", "PAYMENT"]})
    assert asked.headers["location"] == f"{REQUESTS}?done=asked"
    page = member.get(REQUESTS).text
    assert "<strong>A copy</strong>: registration information and payment information" in page
    assert "You can expect an answer by " in page
    assert "That day is over." not in page
    found = re.search(r'name="withdraw" value="([^"]+)"', page)
    assert found
    assert member.post(REQUESTS, {"withdraw": found[1]}).status_code == 303
    page = member.get(REQUESTS).text
    assert "Nothing is open." in page
    assert "What is over" in page


def test_a_destruction_is_asked_by_who_is_sure(member: Browsing) -> None:
    """What was chosen before is kept."""
    unsure = member.post(REQUESTS, {"what": "requestDestruction", "categories": ["BUYER"]})
    assert unsure.status_code == 422
    assert "a destruction cannot be undone" in unsure.text
    assert 'value="requestDestruction" required checked' in unsure.text
    assert re.findall(r'name="categories" value="(\w+)" checked', unsure.text) == ["BUYER"]
    sure = member.post(REQUESTS, {"what": "requestDestruction", "categories": ["BUYER"], "sure": "yes"})
    assert sure.status_code == 303
    assert "Its destruction" in member.get(REQUESTS).text


def test_what_is_no_request_changes_nothing(member: Browsing) -> None:
    for fields in (
        {"what": "requestCopy"},
        {"what": "setConsent", "categories": "BUYER"},
        {"what": "requestCopy", "categories": "EVERYTHING"},
    ):
        assert member.post(REQUESTS, fields).status_code == 422
    for absent in ("DataRequest:999999", "DataRequest:1", "x"):
        assert member.post(REQUESTS, {"withdraw": absent}).status_code in (404, 422)
    assert "Nothing is open." in member.get(REQUESTS).text


def test_a_copy_that_was_sent_is_downloaded_once(member: Browsing) -> None:
    """By whoever asked for it, from their page."""
    member.post(REQUESTS, {"what": "requestCopy", "categories": ["REGISTRATION"]})
    request = member.get(REQUESTS).text.partition('name="withdraw" value="')[2].partition('"')[0]
    assert "Download the copy" not in member.get(REQUESTS).text
    staff = Requesting(role=Roles.PLATFORM, purpose=Purposes.DATA_SUBJECT_REQUEST, organisation=1)
    sent = member.client.post(
        "/graphql",
        json={"query": "mutation Send($id: ID!) { sendCopy(id: $id) { fields } }", "variables": {"id": request}},
        headers=staff.headers(member.key),
    )
    assert "errors" not in sent.json()
    assert "Download the copy" in member.get(REQUESTS).text
    assert member.get("/my-data/copy").status_code == 404
    copy = member.post("/my-data/copy", {"copy": request})
    assert (copy.status_code, copy.headers["content-type"]) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(copy.content)) as files:
        assert "members.json" in files.namelist()
    assert member.post("/my-data/copy", {"copy": request}).status_code == 404
    assert "Download the copy" not in member.get(REQUESTS).text
    assert member.post("/my-data/copy", {"copy": "DataRequest:999999"}).status_code == 404
