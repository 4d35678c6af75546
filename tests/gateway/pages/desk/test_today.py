"""The officer's first page, over HTTP."""

import pytest

from schema.marketplace.words import Purposes
from tests.conftest import CARE, Asking
from tests.gateway.pages.conftest import Browsing


@pytest.fixture(scope="module", autouse=True)
def refused(gateway: Asking) -> None:
    """Somebody has asked for what they may not see."""
    gateway.post(CARE, "query Care { members { nodes { secret } } }")
    gateway.post(CARE, "{ __typename }")


def test_requests_and_refusals_are_told(browsing: Browsing) -> None:
    browsing.sign_in_to_desk()
    page = browsing.get("/desk").text
    assert "A copy of their data" in page
    assert "Open since January 1, 2020." in page
    assert "For more than a month." in page
    assert "asked for account service and was refused: INVALID." in page
    assert "was refused: DESCRIBED" not in page


def test_a_refusal_of_somebody_unknown_is_told(browsing: Browsing, gateway: Asking) -> None:
    """Whose token is none has no role and no purpose."""
    body = {"query": "{ __typename }"}
    assert gateway.client.post("/graphql", json=body, headers={"authorization": "Bearer x"}).status_code == 401
    browsing.sign_in_to_desk()
    page = browsing.get("/desk")
    assert page.status_code == 200
    assert "<strong>nobody known</strong> asked for no purpose and was refused: TOKEN_INVALID." in page.text


def test_papers_are_looked_at_for_a_purpose_of_their_own(browsing: Browsing) -> None:
    """An officer whose token is not for it sees the rest."""
    browsing.sign_in_to_desk()
    assert "shows no papers here" not in browsing.get("/desk").text
    browsing.sign_in_to_desk([Purposes.PRIVACY_OVERSIGHT])
    page = browsing.get("/desk")
    assert page.status_code == 200
    assert "shows no papers here" in page.text
    assert "A copy of their data" in page.text
