"""The pages of organisations, over HTTP."""

import csv
import io
import re

from tests.conftest import BANK, CARE
from tests.gateway.pages.conftest import Browsing

CLEARLINE = "/desk/organisations/Organisation:4"


def _asks(browsing: Browsing) -> int:
    """How many members customer care sees."""
    body = {"query": "query Care { members(first: 5) { nodes { id } } }"}
    answer = browsing.client.post("/graphql", json=body, headers=CARE.headers(browsing.key)).json()
    return len(answer["data"]["members"]["nodes"]) if answer.get("data") else 0


def test_an_organisation_is_shown_with_its_papers_and_when_it_last_asked(changing: Browsing) -> None:
    changing.sign_in_to_desk()
    assert f'href="{CLEARLINE}"' in changing.get("/desk/organisations").text
    assert _asks(changing)
    page = changing.get(CLEARLINE).text
    assert "Clearline Customer Care" in page
    assert "Contract" in page
    assert "for account service." in page


def test_it_is_stopped_at_once_and_let_on(changing: Browsing) -> None:
    changing.sign_in_to_desk()
    assert _asks(changing)
    assert "it is shown nothing, whatever it asks for" in changing.get(CLEARLINE).text
    stopped = changing.post(CLEARLINE, {"doing": "stop", "reason": "A leak", "_key": "stop"})
    assert stopped.headers["location"].endswith("?done=stopped")
    assert not _asks(changing)
    page = changing.get(CLEARLINE).text
    assert "Why: A leak" in page
    assert "stopped" in changing.get("/desk/organisations").text
    (suspension,) = re.findall(r'name="suspension" value="([^"]+)"', page)
    changing.post(CLEARLINE, {"doing": "resume", "suspension": suspension, "_key": "resume"})
    assert _asks(changing)
    again = changing.post(CLEARLINE, {"doing": "resume", "suspension": suspension, "_key": "late"})
    assert again.status_code == 404


def test_the_marketplace_itself_cannot_be_stopped(changing: Browsing) -> None:
    changing.sign_in_to_desk()
    assert "Stop now" not in changing.get("/desk/organisations/Organisation:1").text
    assert changing.post("/desk/organisations/Organisation:1", {"doing": "stop", "_key": "own"}).status_code == 422
    assert changing.get("/desk/organisations/Organisation:99999").status_code == 404


def test_the_list_is_a_file_too(changing: Browsing) -> None:
    changing.sign_in_to_desk()
    head, *rows = csv.reader(io.StringIO(changing.get("/desk/organisations.csv").text))
    assert head == ["id", "name", "kind", "country", "stopped_since", "stopped_until", "stopped_because"]
    page = changing.get("/desk/organisations").text
    assert all(f'href="/desk/organisations/{row[0]}"' in page for row in rows)
    assert "/desk/organisations.csv" in page


def test_who_read_the_schema_alone_has_not_asked_for_data(changing: Browsing) -> None:
    changing.sign_in_to_desk()
    page = f"/desk/organisations/Organisation:{BANK.organisation}"
    before = changing.get(page).text
    asked = changing.client.post("/graphql", json={"query": "{ __typename }"}, headers=BANK.headers(changing.key))
    assert asked.json()["data"] == {"__typename": "Query"}
    assert "It has never asked for data." in before
    assert "It has never asked for data." in changing.get(page).text
