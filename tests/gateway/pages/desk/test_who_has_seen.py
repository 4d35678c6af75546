"""The page of who has seen what, over HTTP."""

import csv
import io
import re

import pytest

from tests.conftest import CARE, CONTACTER, Asking
from tests.gateway.pages.conftest import Browsing


@pytest.fixture(scope="module", autouse=True)
def looked_at(gateway: Asking) -> None:
    for _ in range(25):
        gateway.data(CARE, "query Care { members(first: 60) { nodes { id name email phone } } }")
    gateway.data(CONTACTER, "query Contact { members(first: 60) { nodes { name } } }")
    gateway.post(CARE, "{ members { nodes { secret } } }")


def test_each_entry_is_a_sentence(browsing: Browsing) -> None:
    browsing.sign_in_to_desk()
    page = browsing.get("/desk/who-has-seen?organisation=Organisation:4").text
    assert "asked for account service and saw data of 60 persons." in page
    assert "asked for account service and was refused: INVALID." in page
    assert "Shown as it is, at most:" in page
    assert "asked for member contact" not in page


def test_it_is_searched_by_field_requester_and_outcome(browsing: Browsing) -> None:
    browsing.sign_in_to_desk()
    page = browsing.get("/desk/who-has-seen?field=Member.phone&organisation=Organisation:4").text
    assert "asked for account service" in page
    requester = re.search(r'href="(/desk/who-has-seen\?requester=[^"]*)"', page)
    assert requester
    assert "Only what one requester asked." in browsing.get(requester[1]).text
    refused = browsing.get("/desk/who-has-seen?outcome=refused").text
    assert "saw data of" not in refused


def test_it_has_a_next_page_and_a_way_back(browsing: Browsing) -> None:
    browsing.sign_in_to_desk()
    first = browsing.get("/desk/who-has-seen?organisation=Organisation:4").text
    older = first.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    second = browsing.get(older).text
    assert 'rel="prev"' in second


def test_the_file_has_a_line_for_each_field(browsing: Browsing) -> None:
    browsing.sign_in_to_desk()
    answer = browsing.get("/desk/who-has-seen.csv?organisation=Organisation:4&outcome=answered")
    head, *rows = csv.reader(io.StringIO(answer.text))
    assert head[:4] == ["at", "role", "purpose", "outcome"]
    assert len(rows) >= 25 * 4
    assert {"Member.email", "Member.phone"} <= {row[-2] for row in rows}


def test_what_is_typed_into_its_address_breaks_nothing(browsing: Browsing) -> None:
    browsing.sign_in_to_desk()
    for query in ("after=x", "member=Member:7", "requester=%00", "organisation=%27", "since=yesterday", "field=x"):
        assert browsing.get(f"/desk/who-has-seen?{query}").status_code in (200, 404, 422)
