"""The pages of what is held, over HTTP."""

import re

from tests.conftest import MEMBER, Asking, Requesting
from tests.gateway.pages.conftest import Browsing

SUPPLIER = Requesting(role=MEMBER.role, purpose=MEMBER.purpose, member=2)


def test_everything_held_is_there_by_category(browsing: Browsing, gateway: Asking) -> None:
    """With the values that the API shows, and who may see them in the policy's sentences."""
    me = gateway.data(MEMBER, "{ me { name email } orders(first: 0) { totalCount } }")
    browsing.sign_in()
    page = browsing.get("/my-data/held").text
    assert me["me"]["email"] in page
    headings = re.findall(r"<h2 id=\"(\w+)\">", page)
    assert headings[:4] == ["REGISTRATION", "PUBLISHING", "BUYER", "PAYMENT"]
    assert f'<a href="/my-data/held/orders">Orders</a>: {me["orders"]["totalCount"]} entries' in page
    assert "What you agreed to and refused" in page
    assert "SERVICE_PROVIDER" in page
    assert "affiliates and service providers under contract, to support operations" in page


def test_a_list_has_pages(browsing: Browsing, gateway: Asking) -> None:
    for requesting in (MEMBER, SUPPLIER):
        browsing.sign_in(requesting)
        page = browsing.get("/my-data/held/orders").text
        total = gateway.data(requesting, "{ orders(first: 0) { totalCount } }")["orders"]["totalCount"]
        assert page.count('<li class="card">') == min(total, 20)
        assert ('rel="next"' in page) == (total > 20)


def test_a_masked_value_stays_masked(browsing: Browsing) -> None:
    browsing.sign_in()
    page = browsing.get("/my-data/held/paymentProfiles").text
    assert re.search(r"<dd>\*\*\*\* \d{4}</dd>", page)
    assert "/my-data/edit/updatePaymentProfile?id=PaymentProfile" in page


def test_what_is_no_list_of_a_members_own_is_not_there(browsing: Browsing) -> None:
    browsing.sign_in()
    for name in ("members", "organisations", "accessRecords", "Member:2", "orders%7B", "nothing"):
        assert browsing.get(f"/my-data/held/{name}").status_code == 404
