"""The set of a privacy officer's pages."""

import pytest

from gateway.pages.desk.area import DESK
from tests.conftest import MEMBER
from tests.gateway.pages.conftest import Browsing

PAGES = ("/desk", *(f"/desk/{each}" for each in DESK.sections[1:]))


@pytest.mark.parametrize("page", PAGES)
def test_each_page_is_an_officers_alone(browsing: Browsing, page: str) -> None:
    assert browsing.get(page).status_code == 401
    browsing.sign_in(MEMBER)
    assert browsing.get(page).status_code == 403


@pytest.mark.parametrize("page", PAGES)
def test_each_page_is_in_the_navigation_and_marks_itself(browsing: Browsing, page: str) -> None:
    browsing.sign_in_to_desk()
    answer = browsing.get(page)
    assert answer.status_code == 200
    assert f'<a href="{page}" aria-current="page">' in answer.text
