"""The pages of organisations, over HTTP."""

from tests.conftest import CARE
from tests.gateway.pages.conftest import Browsing

CLEARLINE = "/desk/organisations/Organisation:4"


def test_an_organisation_is_shown_with_its_papers_and_when_it_last_asked(browsing: Browsing) -> None:
    body = {"query": "query Care { members(first: 5) { nodes { id } } }"}
    browsing.client.post("/graphql", json=body, headers=CARE.headers(browsing.key))
    browsing.sign_in_to_desk()
    assert f'href="{CLEARLINE}"' in browsing.get("/desk/organisations").text
    page = browsing.get(CLEARLINE).text
    assert "Clearline Customer Care" in page
    assert "Contract" in page
    assert "for account service." in page
    assert browsing.get("/desk/organisations/Organisation:99999").status_code == 404
