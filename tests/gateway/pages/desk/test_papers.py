"""The pages of one paper, over HTTP."""

import pytest

from tests.gateway.pages.conftest import Browsing


def test_a_paper_says_what_it_is_and_whom_it_names(browsing: Browsing) -> None:
    browsing.sign_in_to_desk()
    page = browsing.get("/desk/papers/legalInstruments/LegalInstrument:1").text
    assert "HK-2026-0117" in page
    assert "court order" in page
    assert "Members whom it names" in page


@pytest.mark.parametrize("path", ["nothing", "contracts/Contract:999999", "contracts/Member:1"])
def test_what_is_not_there_is_told(browsing: Browsing, path: str) -> None:
    browsing.sign_in_to_desk()
    assert browsing.get(f"/desk/papers/{path}").status_code in (404, 422)
