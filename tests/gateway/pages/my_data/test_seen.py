"""The page of who has seen a member's data, over HTTP."""

import csv
import io

import pytest

from tests.conftest import CARE, CONTACTER, MEMBER, Asking, Requesting
from tests.gateway.pages.conftest import Browsing

OTHER = Requesting(role=MEMBER.role, purpose=MEMBER.purpose, member=2)


@pytest.fixture(scope="module", autouse=True)
def looked_at(gateway: Asking) -> None:
    """Somebody has seen member 1."""
    for _ in range(25):
        gateway.data(CARE, "query Care { members(first: 60) { nodes { id name email phone } } }")
    gateway.data(CONTACTER, "query Contact { members(first: 60) { nodes { name } } }")


def test_the_newest_is_first_and_each_is_a_sentence(browsing: Browsing) -> None:
    browsing.sign_in()
    page = browsing.get("/my-data/seen").text
    assert page.index("chose whom to write to.") < page.index("looked after accounts.")
    assert "They saw, masked:" in page
    assert "***@" in page
    assert "affiliates and service providers under contract" in page
    assert "You looked at your own data" not in page
    assert "You looked at your own data" in browsing.get("/my-data/seen?own=yes").text


def test_it_has_a_next_page_and_a_way_back(browsing: Browsing) -> None:
    browsing.sign_in()
    first = browsing.get("/my-data/seen").text
    assert first.count("<strong>") == 20
    older = first.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    second = browsing.get(older).text
    assert 'rel="prev"' in second
    newer = second.partition('rel="prev" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert browsing.get(newer).text.count("<strong>") == 20


def test_it_is_filtered_by_time_and_organisation(browsing: Browsing) -> None:
    browsing.sign_in()
    care = browsing.get("/my-data/seen?organisation=Organisation:4").text
    assert "looked after accounts." in care
    assert "chose whom to write to." not in care
    assert "Nobody, for what you chose." in browsing.get("/my-data/seen?until=2001-01-01").text


def test_what_is_typed_into_the_address_breaks_nothing(browsing: Browsing) -> None:
    """What cannot be read as a day is left out; another's page or row is nobody's to see here."""
    browsing.sign_in()
    assert browsing.get("/my-data/seen?since=yesterday&until=9999-99-99").status_code == 200
    for query in ("after=x", "before=%00", "organisation=Member:2", "organisation=%27"):
        assert browsing.get(f"/my-data/seen?{query}").status_code in (200, 404, 422)
    assert browsing.get("/my-data/seen/2").status_code == 404


def test_the_file_has_a_line_for_each_field(browsing: Browsing) -> None:
    browsing.sign_in()
    answer = browsing.get("/my-data/seen.csv?organisation=Organisation:4")
    assert answer.headers["content-type"].startswith("text/csv")
    assert "attachment" in answer.headers["content-disposition"]
    head, *rows = csv.reader(io.StringIO(answer.text))
    assert head[:4] == ["when", "who", "role", "purpose"]
    assert len(rows) >= 25 * 3
    assert "account service" in {row[3] for row in rows}
    assert {"Member.email", "Member.name"} <= {row[4] for row in rows}


def test_another_member_sees_their_own(browsing: Browsing) -> None:
    browsing.sign_in(OTHER)
    assert "looked after accounts." in browsing.get("/my-data/seen").text
