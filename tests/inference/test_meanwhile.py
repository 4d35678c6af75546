"""What changes while somebody reads on: the next read is by what holds then, whatever the cursor in hand."""

from pathlib import Path
from typing import Any

import pytest

from gateway.demo.development import DevelopmentKey
from schema.marketplace.words import Purposes, Roles
from tests.conftest import Asking, Requesting, Serving, run, settings_for

CARE = Requesting(role=Roles.SERVICE_PROVIDER, purpose=Purposes.ACCOUNT_SERVICE, organisation=4)
NEVER = Requesting(role=Roles.SERVICE_PROVIDER, purpose=Purposes.ACCOUNT_SERVICE, organisation=9)
PAGE = """query ($after: String) { members(first: 55, after: $after) {
    totalCount nodes { id name hiddenFields } pageInfo { hasNextPage hasPreviousPage endCursor }
} }"""


class Meanwhile:
    """A market that changes under a gateway."""

    def __init__(self, gateway: Asking) -> None:
        self.gateway = gateway

    def page(self, requesting: Requesting, after: str | None) -> Any:
        return self.gateway.data(requesting, PAGE, {"after": after})["members"]

    def happens(self, statement: str) -> None:
        run(self.gateway.url, lambda connection: connection.execute(statement))


@pytest.fixture
def meanwhile(own_market_url: str, key: DevelopmentKey, key_file: Path) -> Any:
    with Serving(settings_for(own_market_url, key_file)) as address:
        gateway = Asking(address, key, own_market_url)
        yield Meanwhile(gateway)
        gateway.client.close()


def test_a_contract_that_ends_between_two_pages_leaves_no_trace_of_its_rows(meanwhile: Meanwhile) -> None:
    """With a good cursor in hand, who had a contract is answered as who never had one."""
    cursor = meanwhile.page(CARE, None)["pageInfo"]["endCursor"]
    assert meanwhile.page(CARE, cursor)["pageInfo"]["hasPreviousPage"] is True
    meanwhile.happens("update contract set ends_at = now() where organisation_id = 4")
    nothing = {
        "totalCount": 0,
        "nodes": [],
        "pageInfo": {"hasNextPage": False, "hasPreviousPage": False, "endCursor": None},
    }
    assert meanwhile.page(CARE, cursor) == nothing
    assert meanwhile.page(NEVER, None) == nothing


def test_a_case_that_is_closed_between_two_pages_masks_its_member_and_keeps_the_order(meanwhile: Meanwhile) -> None:
    """The plain id that was shown is no id any more, and reading on neither repeats nor leaves out anybody."""
    before = meanwhile.page(CARE, None)
    assert "Member:3" in {node["id"] for node in before["nodes"]}
    meanwhile.happens("update support_case set ends_at = now() where organisation_id = 4")
    after = meanwhile.page(CARE, None)
    assert all("~" in node["id"] for node in after["nodes"])
    assert after["pageInfo"] == before["pageInfo"]
    query = "query ($id: ID!) { node(id: $id) { id } member(id: $id) { name } }"
    assert meanwhile.gateway.data(CARE, query, {"id": "Member:3"}) == {"node": None, "member": None}


def test_a_row_that_comes_into_sight_behind_the_cursor_is_read_and_one_before_it_is_not_read(
    meanwhile: Meanwhile,
) -> None:
    """Pages follow the order of the rows seen now: nothing is read twice."""
    bank = Requesting(role=Roles.BANK, purpose=Purposes.TRANSACTION_COMPLETION, organisation=10)
    query = "query ($after: String) { payments(first: 2, after: $after) { nodes { id } pageInfo { endCursor } } }"
    first = meanwhile.gateway.data(bank, query)["payments"]
    meanwhile.happens("update payment set status = 'SETTLED' where organisation_id = 10")
    rest = meanwhile.gateway.data(bank, query, {"after": first["pageInfo"]["endCursor"]})["payments"]
    assert rest == {"nodes": [], "pageInfo": {"endCursor": None}}
    meanwhile.happens("update payment set status = 'PENDING' where organisation_id = 10 and id % 2 = 0")
    rest = meanwhile.gateway.data(bank, query, {"after": first["pageInfo"]["endCursor"]})["payments"]
    assert {node["id"] for node in rest["nodes"]}.isdisjoint(node["id"] for node in first["nodes"])
