"""Asking in process: what a page shows is decided and recorded like any request."""

from tests.conftest import MEMBER, Asking
from tests.gateway.pages.conftest import Browsing


def test_a_page_leaves_the_record_of_what_it_shows(browsing: Browsing, gateway: Asking) -> None:
    browsing.sign_in()
    count = '{ me { accesses(first: 1, filter: {purpose: {eq: "self_service"}}) { totalCount } } }'
    before = gateway.data(MEMBER, count)["me"]["accesses"]["totalCount"]
    assert browsing.get("/my-data").status_code == 200
    assert gateway.data(MEMBER, count)["me"]["accesses"]["totalCount"] == before + 2
