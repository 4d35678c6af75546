"""A condition of a grant holds from its start until its end, by the database's clock, at the moment of the read."""

from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any

import pytest

from gateway.demo.development import DevelopmentKey
from schema.marketplace.words import Purposes, Roles
from tests.conftest import (
    ADVERTISER,
    AFFILIATE,
    BANK,
    CARE,
    CONTACTER,
    TRADER,
    Asking,
    Databases,
    Requesting,
    Serving,
    run,
    settings_for,
)

OUT_OF_FORCE = {
    "not begun": "starts_at = now() + interval '1 hour', ends_at = null",
    "ended": "starts_at = now() - interval '1 hour', ends_at = now()",
}
IN_FORCE = {
    "begun now, for good": "starts_at = now(), ends_at = null",
    "ends tomorrow": "starts_at = now() - interval '1 hour', ends_at = now() + interval '1 day'",
}
TERMS = [pytest.param(term, False, id=name) for name, term in OUT_OF_FORCE.items()] + [
    pytest.param(term, True, id=name) for name, term in IN_FORCE.items()
]


@pytest.fixture(scope="module")
def changing(databases: Databases, key: DevelopmentKey, key_file: Path) -> Generator[Asking]:
    """A gateway over a marketplace that changes between one read and the next."""
    url = databases.make("sample_market")
    with Serving(settings_for(url, key_file)) as address:
        asking = Asking(address, key, url)
        yield asking
        asking.client.close()


def change(asking: Asking, statement: str) -> None:
    changed = run(asking.url, lambda connection: connection.execute(statement))
    assert not changed.endswith(" 0"), "nothing was changed"


def members(asking: Asking, requesting: Requesting) -> list[Mapping[str, Any]]:
    return asking.data(requesting, "{ members(first: 5) { nodes { id name } } }")["members"]["nodes"]


@pytest.mark.parametrize(("term", "holds"), TERMS)
def test_a_contract_counts_while_it_is_in_force(changing: Asking, term: str, holds: bool) -> None:
    change(changing, f"update contract set {term} where organisation_id = {AFFILIATE.organisation}")
    assert bool(members(changing, AFFILIATE)) is holds


@pytest.mark.parametrize(
    ("purposes", "holds"), [("{site_operation,account_service}", True), ("{account_service}", False), ("{}", False)]
)
def test_a_contract_counts_for_the_purposes_it_names(changing: Asking, purposes: str, holds: bool) -> None:
    change(changing, f"update contract set {IN_FORCE['ends tomorrow']}, purposes = '{purposes}' where id = 3")
    assert bool(members(changing, AFFILIATE)) is holds


@pytest.mark.parametrize(("term", "holds"), TERMS)
def test_a_case_counts_while_it_is_open(changing: Asking, term: str, holds: bool) -> None:
    """When it is not, its member is seen in part, as every other."""
    change(changing, f"update support_case set {term} where member_id = 3")
    found = changing.data(CARE, "{ members(first: 100) { nodes { id name } } }")["members"]["nodes"]
    assert ({"id": "Member:3", "name": "Günter Köhler"} in found) is holds
    assert ("Member:3" in {each["id"] for each in found}) is holds


@pytest.mark.parametrize(("term", "holds"), TERMS)
def test_a_response_to_a_campaign_counts_until_it_is_taken_back(changing: Asking, term: str, holds: bool) -> None:
    change(changing, f"update campaign_response set {term} where member_id = 6")
    assert bool(members(changing, ADVERTISER)) is holds


@pytest.mark.parametrize(("term", "holds"), TERMS)
def test_an_opt_out_counts_while_it_is_in_force(changing: Asking, term: str, holds: bool) -> None:
    change(changing, f"update consent set {term} where member_id = 10 and kind = 'CONTACT_BY_MARKETPLACE'")
    found = changing.data(CONTACTER, '{ member(id: "Member:10") { name } }')["member"]
    assert (found is None) is holds


@pytest.mark.parametrize(
    ("status", "seen"),
    [("PENDING", True), ("AUTHORISED", True), ("SETTLED", False), ("REFUNDED", False), ("FAILED", False)],
)
def test_a_payment_is_its_bank_s_until_it_is_settled(changing: Asking, status: str, seen: bool) -> None:
    change(changing, f"update payment set status = '{status}' where id = 2")
    asked = '{ payment(id: "Payment:2") { bankAccount billingName } }'
    payment = changing.data(BANK, asked)["payment"]
    assert (payment is not None) is seen


def test_another_bank_sees_a_payment_as_soon_as_it_runs_through_it(changing: Asking) -> None:
    other = Requesting(role=Roles.BANK, purpose=Purposes.TRANSACTION_COMPLETION, organisation=11)
    asked = '{ payment(id: "Payment:543") { id } }'
    assert [changing.data(each, asked)["payment"] is None for each in (BANK, other)] == [False, True]
    change(changing, "update payment set organisation_id = 11 where id = 543")
    assert [changing.data(each, asked)["payment"] is None for each in (BANK, other)] == [True, False]


def test_parties_can_reach_each_other_until_their_last_order_is_cancelled(changing: Asking) -> None:
    asked = '{ order(id: "Order:4") { id seller { email } } }'
    change(changing, "update trade_order set status = 'CANCELLED' where buyer_id = 1 and seller_id = 2 and id <> 4")
    assert changing.data(TRADER, asked)["order"]["seller"] is not None
    change(changing, "update trade_order set status = 'CANCELLED' where id = 4")
    assert changing.data(TRADER, asked)["order"] == {"id": "Order:4", "seller": None}
