"""The pages that list papers, over HTTP."""

import csv
import io
from datetime import UTC, datetime

import pytest

from gateway.pages.desk.paper_lists import paper_state
from tests.gateway.pages.conftest import Browsing

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("paper", "state"),
    [
        ({"startsAt": "2025-01-01T00:00:00Z", "endsAt": None}, "in_force"),
        ({"startsAt": "2025-01-01T00:00:00Z", "endsAt": "2026-01-31T00:00:00Z"}, "ending"),
        ({"startsAt": "2025-01-01T00:00:00Z", "endsAt": "2026-01-01T00:00:00Z"}, "over"),
        ({"startsAt": "2026-02-01T00:00:00Z", "endsAt": None}, "to_come"),
        ({"startsAt": "2025-01-01T00:00:00Z", "endsAt": None, "approvedAt": None}, "unapproved"),
    ],
)
def test_a_paper_holds_or_it_is_said_why_not(paper: dict[str, str | None], state: str) -> None:
    assert paper_state(paper, NOW) == state


def test_the_kinds_lead_to_their_papers(browsing: Browsing) -> None:
    browsing.sign_in_to_desk()
    page = browsing.get("/desk/papers").text
    for kind in ("contracts", "legalInstruments", "campaigns", "businessTransfers", "creditAssessments"):
        assert f'href="/desk/papers/{kind}"' in page


def test_a_list_is_searched_and_is_a_file(browsing: Browsing) -> None:
    browsing.sign_in_to_desk()
    page = browsing.get("/desk/papers/contracts?organisation=Organisation:4").text
    assert page.count("<strong><a ") == 1
    assert "Clearline Customer Care" in page
    assert "None." in browsing.get("/desk/papers/contracts?organisation=Organisation:4&state=over").text
    head, *rows = csv.reader(io.StringIO(browsing.get("/desk/papers/contracts.csv?organisation=Organisation:4").text))
    assert head[:2] == ["id", "organisation"]
    assert [row[1] for row in rows] == ["Clearline Customer Care"]


def test_what_is_typed_into_its_address_breaks_nothing(browsing: Browsing) -> None:
    browsing.sign_in_to_desk()
    for query in ("organisation=x", "after=x", "state=x", "organisation=%00"):
        assert browsing.get(f"/desk/papers/contracts?{query}").status_code in (200, 404, 422)
