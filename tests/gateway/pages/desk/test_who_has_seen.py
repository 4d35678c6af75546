"""The page of who has seen what, over HTTP."""

import csv
import io
import re
from collections.abc import Callable
from html import escape

import pytest

from tests.conftest import CARE, CONTACTER, Asking
from tests.gateway.pages.conftest import Browsing


@pytest.fixture(scope="module", autouse=True)
def looked_at(gateway: Asking) -> None:
    for _ in range(25):
        gateway.data(CARE, "query Care { members(first: 60) { nodes { id name email phone } } }")
    gateway.data(CONTACTER, "query Contact { members(first: 60) { nodes { name } } }")
    gateway.post(CARE, "{ members { nodes { secret } } }")
    gateway.post(CARE, "{ __schema { queryType { name } } }")


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


def test_descriptions_of_the_api_are_listed_apart(browsing: Browsing) -> None:
    browsing.sign_in_to_desk()
    told = "asked for account service, and was told the schema or the policy alone."
    assert told not in browsing.get("/desk/who-has-seen?organisation=Organisation:4").text
    page = browsing.get("/desk/who-has-seen?organisation=Organisation:4&outcome=described").text
    assert told in page
    assert "saw data of" not in page


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


@pytest.mark.parametrize(
    ("query", "is_of"),
    [
        ("", lambda row: row[3] != "DESCRIBED"),
        ("outcome=described", lambda row: row[3] == "DESCRIBED"),
        ("organisation=Organisation:4", lambda row: row[8] == "Clearline Customer Care"),
        ("field=Member.phone", lambda row: row[9] == "" or "." in row[9]),
        ("role=SERVICE_PROVIDER", lambda row: row[1] == "SERVICE_PROVIDER"),
        ("purpose=member_contact", lambda row: row[2] == "member_contact"),
        ("outcome=refused", lambda row: row[3] not in ("ANSWERED", "DESCRIBED")),
    ],
)
def test_each_filter_holds_for_the_file_and_the_next_page(
    browsing: Browsing, query: str, is_of: Callable[[list[str]], bool]
) -> None:
    browsing.sign_in_to_desk()
    _, *rows = csv.reader(io.StringIO(browsing.get(f"/desk/who-has-seen.csv?{query}").text))
    assert rows
    assert all(map(is_of, rows))
    page = browsing.get(f"/desk/who-has-seen?{query}").text
    assert f'href="/desk/who-has-seen.csv?{escape(query.replace(":", "%3A"))}"' in page
    if 'rel="next"' in page:
        older = page.partition('rel="next" href="')[2].partition('"')[0]
        assert escape(query.replace(":", "%3A")) in older


def test_all_that_a_requester_asked_is_a_file_too(browsing: Browsing) -> None:
    browsing.sign_in_to_desk()
    page = browsing.get("/desk/who-has-seen?organisation=Organisation:4").text
    requester = re.search(r'href="/desk/who-has-seen(\?requester=[^"]*)"', page)
    assert requester
    _, *rows = csv.reader(io.StringIO(browsing.get(f"/desk/who-has-seen.csv{requester[1]}").text))
    assert {row[1] for row in rows} == {"SERVICE_PROVIDER"}
    assert len({row[6] for row in rows}) == 1
