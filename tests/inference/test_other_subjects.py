"""A row may be seen for the sake of one of its data subjects: that opens no way to what is another's."""

import pytest

from schema.marketplace.words import Purposes, Roles
from tests.conftest import Asking, Requesting
from tests.inference.requesters import SELLER

AFFILIATE = Requesting(role=Roles.AFFILIATE, purpose=Purposes.AFFILIATE_SHARING, organisation=2)
SUPPLIER = Requesting(role=Roles.MEMBER, purpose=Purposes.SELF_SERVICE, member=SELLER)

BUYERS = ("deliveryName", "deliveryAddress", "deliveryPhone", "deliveryCity", "deliveryCountry", "trackingNumber")
"""Fields of an order that are its buyer's alone."""

SENDERS = ("senderName", "senderEmail", "senderPhone")
"""Fields of a message that are its sender's alone."""


@pytest.mark.parametrize("requesting", [AFFILIATE, SUPPLIER], ids=["affiliate", "supplier"])
def test_some_orders_are_seen_without_their_delivery(gateway: Asking, requesting: Requesting) -> None:
    """What the tests below stand on: these requesters see orders for the seller's sake alone."""
    orders = gateway.data(requesting, "{ orders(first: 100) { nodes { hiddenFields } } }")["orders"]["nodes"]
    assert any("deliveryCity" in order["hiddenFields"] for order in orders)


@pytest.mark.parametrize("requesting", [AFFILIATE, SUPPLIER], ids=["affiliate", "supplier"])
def test_orders_of_hidden_buyers_are_found_by_nothing_of_the_buyer(gateway: Asking, requesting: Requesting) -> None:
    """A filter would tell a hidden delivery, one letter after the other, and an order would put it into cursors."""
    for field in BUYERS:
        assert refused(gateway, requesting, f'orders(filter: {{{field}: {{startsWith: "A"}}}})'), field
        assert refused(gateway, requesting, f"orders(orderBy: [{{{field}: ASC}}])"), field


def test_messages_of_hidden_senders_are_found_by_nothing_of_the_sender(gateway: Asking) -> None:
    for field in SENDERS:
        assert refused(gateway, AFFILIATE, f'messages(filter: {{{field}: {{startsWith: "A"}}}})'), field
        assert refused(gateway, AFFILIATE, f"messages(orderBy: [{{{field}: ASC}}])"), field


def refused(gateway: Asking, requesting: Requesting, field: str) -> bool:
    errors = gateway.post(requesting, f"{{ {field} {{ totalCount }} }}").json().get("errors", [])
    return [error["extensions"]["code"] for error in errors] == ["INVALID"]


def test_parties_to_an_order_may_still_search_by_its_delivery(gateway: Asking) -> None:
    """To them the policy shows it whole, for every buyer."""
    trader = Requesting(role=Roles.MEMBER, purpose=Purposes.MEMBER_TRADING, member=SELLER)
    query = '{ orders(first: 100, filter: {deliveryCity: {startsWith: ""}}) { totalCount } all: orders { totalCount } }'
    found = gateway.data(trader, query)
    assert found["orders"] == found["all"] != {"totalCount": 0}
