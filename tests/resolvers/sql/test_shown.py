"""What each person is shown: of them alone, and as openly as it was shown."""

from schema.marketplace.words import Purposes, Roles
from tests.conftest import CARE, Asking, Requesting, run

SHOWN = """
    select field, treatment, clauses from veil.access_field
    where record = $1::text::uuid and subject = $2 order by field"""

AS_TOLD = "{ me { accesses(first: 1) { nodes { fields { field treatment clauses } } } } }"


def shown(asking: Asking, record: str, member: int) -> dict[str, str]:
    rows = run(asking.url, lambda connection: connection.fetch(SHOWN, record, member))
    return {row["field"]: row["treatment"] for row in rows}


def test_what_an_order_shows_of_its_parties_differs(gateway: Asking) -> None:
    """Where it is delivered to is the buyer's; the seller is not told that it was shown of them."""
    requesting = Requesting(role=Roles.PLATFORM, purpose=Purposes.ACCOUNT_SERVICE)
    response = gateway.post(requesting, '{ order(id: "Order:4") { total deliveryName } }')
    order = run(gateway.url, lambda connection: connection.fetchrow("select * from trade_order where id = 4"))
    record = response.headers["access-record"]
    assert shown(gateway, record, order["buyer_id"]) == {"Order.deliveryName": "PLAIN", "Order.total": "PLAIN"}
    assert shown(gateway, record, order["seller_id"]) == {"Order.total": "PLAIN"}


def test_what_was_bought_is_told_of_both_parties(gateway: Asking) -> None:
    """The link to the product has a label of its own, whatever is selected behind it."""
    requesting = Requesting(role=Roles.PLATFORM, purpose=Purposes.ACCOUNT_SERVICE)
    response = gateway.post(requesting, '{ order(id: "Order:4") { items { product { title } } } }')
    order = run(gateway.url, lambda connection: connection.fetchrow("select * from trade_order where id = 4"))
    record = response.headers["access-record"]
    for party in ("buyer_id", "seller_id"):
        assert shown(gateway, record, order[party])["OrderItem.product"] == "PLAIN"


def test_masked_is_told_as_masked(gateway: Asking) -> None:
    """Of each row by the conditions that hold for it: customer care has an open case with some of them."""
    response = gateway.post(CARE, "{ members(first: 60) { nodes { name } } }")
    record = response.headers["access-record"]
    subjects = gateway.record(response)["subjects"]
    assert len(subjects) == 60
    assert {shown(gateway, record, each)["Member.name"] for each in subjects} == {"PLAIN", "PARTIAL"}


def test_of_who_was_counted_or_looked_at_beyond_the_page_nothing_is_shown(gateway: Asking) -> None:
    response = gateway.post(CARE, "{ members(first: 0) { totalCount pageInfo { hasNextPage } } }")
    for member in gateway.record(response)["subjects"]:
        assert shown(gateway, response.headers["access-record"], member) == {}


def test_a_member_is_told_what_was_shown_of_them_alone(gateway: Asking) -> None:
    """Staff look at an order of two members. Neither learns what was shown of the other, or who it is."""
    order = run(gateway.url, lambda connection: connection.fetchrow("select * from trade_order where id = 8"))
    requesting = Requesting(role=Roles.PLATFORM, purpose=Purposes.ACCOUNT_SERVICE)
    gateway.data(requesting, '{ order(id: "Order:8") { deliveryPhone buyer { email } seller { name } } }')
    told = {
        party: {
            each["field"]: each["treatment"]
            for each in gateway.data(
                Requesting(role=Roles.MEMBER, purpose=Purposes.SELF_SERVICE, member=order[f"{party}_id"]), AS_TOLD
            )["me"]["accesses"]["nodes"][0]["fields"]
        }
        for party in ("buyer", "seller")
    }
    assert told == {
        "buyer": {"Member.email": "PLAIN", "Order.deliveryPhone": "PLAIN"},
        "seller": {"Member.name": "PLAIN"},
    }


def test_reading_the_log_names_its_reader_alone(gateway: Asking) -> None:
    member = Requesting(role=Roles.MEMBER, purpose=Purposes.SELF_SERVICE, member=1)
    response = gateway.post(member, "{ me { accesses(first: 50) { totalCount nodes { role } } } }")
    assert gateway.record(response)["subjects"] == [1]
    officer = Requesting(role=Roles.PRIVACY_OFFICER, purpose=Purposes.PRIVACY_OVERSIGHT)
    response = gateway.post(officer, "{ accessRecords(first: 50) { totalCount nodes { role } } }")
    assert gateway.record(response)["subjects"] == []
