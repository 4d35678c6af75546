"""What a requester may pass as a value: it is bound or refused, and never makes the gateway or the database fail."""

from tests.conftest import STAFF, Asking


def test_an_introspection_that_is_switched_off_is_left_out(gateway: Asking) -> None:
    """Its answer is made beside the statement's, and made only where it is wanted."""
    query = 'query ($on: Boolean!) { __type(name: "Order") @include(if: $on) { name } organisations(first: 0) { totalCount } }'
    total = {"organisations": {"totalCount": 21}}
    assert gateway.data(STAFF, query, {"on": False}) == total
    assert gateway.data(STAFF, query, {"on": True}) == {"__type": {"name": "Order"}, **total}
