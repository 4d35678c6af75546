"""What was destroyed of a member, as their page tells it."""

from schema.marketplace.words import Purposes, Roles
from tests.conftest import Requesting
from tests.gateway.pages.conftest import Browsing

OFFICER = Requesting(role=Roles.PRIVACY_OFFICER, purpose=Purposes.DATA_SUBJECT_REQUEST, organisation=1)


def test_what_was_carried_out_is_told_with_what_is_held_and_why(own_browsing: Browsing) -> None:
    """A member asks, the officer carries it out, and the page has the receipt."""
    own_browsing.sign_in()
    asked = {"what": "requestDestruction", "categories": ["BUYER", "PAYMENT"], "sure": "yes"}
    assert own_browsing.post("/my-data/requests", asked).status_code == 303
    page = own_browsing.get("/my-data/requests").text
    assert "Receipts" not in page
    request = page.partition('name="withdraw" value="')[2].partition('"')[0]
    carried_out = own_browsing.client.post(
        "/graphql",
        json={
            "query": "mutation Carry($id: ID!) { carryOutDestruction(id: $id) { fields } }",
            "variables": {"id": request},
        },
        headers=OFFICER.headers(own_browsing.key),
    )
    assert "errors" not in carried_out.json(), carried_out.text
    page = own_browsing.get("/my-data/requests").text
    assert "Carried out on" in page
    assert "destroyed." in page
    assert "held until" in page
