"""A cursor is its requester's for one connection and order: none is made up, and none is moved elsewhere."""

import base64
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from gateway.demo.development import DevelopmentKey
from tests.conftest import ADVERTISER, PUBLIC, STAFF, TRADER, Asking, Requesting, Serving, settings_for

PEEKING = """\
query ($a: String) { members(first: 0, orderBy: [{email: ASC}], after: $a) { pageInfo { hasNextPage } } }"""


def code(response: httpx.Response) -> str | None:
    """The code of a refusal; none of an answer."""
    errors = response.json().get("errors")
    return errors[0]["extensions"]["code"] if errors else None


def made_up(*values: str | None) -> str:
    """What cursors looked like while they were not sealed."""
    return base64.b64encode(json.dumps(values).encode()).decode()


def test_no_address_is_found_by_an_invented_place_in_the_order(gateway: Asking) -> None:
    """Whether a row is behind a place told an address letter by letter, in requests whose records named nobody."""
    seen = gateway.data(ADVERTISER, "{ members(first: 100) { nodes { email } } }")["members"]["nodes"]
    assert seen
    for prefix in ("", *(each["email"][:5] for each in seen[:5])):
        response = gateway.post(ADVERTISER, PEEKING, {"a": made_up(prefix, "0000000000000000")})
        assert code(response) == "ARGUMENT"
        assert not prefix or prefix not in response.text


def first_cursor(gateway: Asking, requesting: Requesting, connection: str) -> str:
    page = gateway.data(requesting, f"{{ {connection} {{ edges {{ cursor }} }} }}")
    while isinstance(page, dict) and "edges" not in page:
        page = next(iter(page.values()))
        page = page[0] if isinstance(page, list) else page
    return page["edges"][0]["cursor"]


ORDERS = "query ($a: String) { orders(first: 1, after: $a) { nodes { id } } }"


@pytest.mark.parametrize(
    ("connection", "is_taken"),
    [
        ("orders(first: 1)", True),
        ("orders(last: 5)", True),
        ('orders(first: 1, filter: {currency: {in: ["EUR", "USD", "CNY", "GBP"]}})', True),
        ("orders(first: 1, orderBy: {placedAt: ASC})", True),
        ("orders(first: 1, orderBy: {placedAt: DESC})", False),
        ("orders(first: 1, orderBy: {total: ASC})", False),
        ("orders(first: 1, orderBy: [{placedAt: ASC}, {total: ASC}])", False),
        ("payments(first: 1)", False),
        ("disputes(first: 1)", False),
        ("members(first: 1)", False),
    ],
)
def test_a_cursor_leads_on_in_its_own_connection_and_order_alone(
    gateway: Asking, connection: str, is_taken: bool
) -> None:
    cursor = first_cursor(gateway, STAFF, connection)
    assert code(gateway.post(STAFF, ORDERS, {"a": cursor})) == (None if is_taken else "ARGUMENT")


def test_a_cursor_of_one_relation_is_none_of_another(gateway: Asking) -> None:
    """What a member bought and what they sold are orders both."""
    pages = "{{ members(first: 100) {{ nodes {{ {}(first: 1) {{ edges {{ cursor }} }} }} }} }}"
    found: dict[str, str] = {}
    for relation in ("purchases", "sales"):
        nodes = gateway.data(STAFF, pages.format(relation))["members"]["nodes"]
        found[relation] = next(edge["cursor"] for node in nodes for edge in node[relation]["edges"])
    found["orders"] = first_cursor(gateway, STAFF, "orders(first: 1)")
    nested = "query ($a: String) {{ members(first: 1) {{ nodes {{ {}(after: $a) {{ nodes {{ id }} }} }} }} }}"
    asked = {"orders": ORDERS, **{relation: nested.format(relation) for relation in ("purchases", "sales")}}
    for name, query in asked.items():
        for of, cursor in found.items():
            assert code(gateway.post(STAFF, query, {"a": cursor})) == (None if of == name else "ARGUMENT"), (name, of)


def test_a_cursor_of_another_requester_is_refused(gateway: Asking) -> None:
    """Though both see the row, the connection and the order alike."""
    query = "query ($a: String) { organisations(first: 1, after: $a) { nodes { id } } }"
    found = {each: first_cursor(gateway, each, "organisations(first: 1)") for each in (PUBLIC, STAFF, TRADER)}
    assert len(set(found.values())) == 3
    for by in found:
        for of, cursor in found.items():
            assert code(gateway.post(by, query, {"a": cursor})) == (None if by is of else "ARGUMENT")


def test_a_refusal_says_nothing_of_the_cursor(gateway: Asking) -> None:
    """A cursor of somebody else's is refused as one that never was, with the same words and the same record."""
    cursor = first_cursor(gateway, TRADER, "organisations(first: 1)")
    query = "query ($a: String) { organisations(after: $a) { nodes { id } } }"
    refusals: list[Any] = []
    for given in (cursor, made_up("1"), "nothing"):
        response = gateway.post(PUBLIC, query, {"a": given})
        assert gateway.record(response)["subjects"] == []
        answer = response.json()
        answer["extensions"]["privacy"].pop("record")
        refusals.append(answer)
    assert refusals[0] == refusals[1] == refusals[2]
    assert cursor not in json.dumps(refusals)


def test_a_cursor_of_an_older_key_is_refused(
    gateway: Asking, market_url: str, key: DevelopmentKey, key_file: Path
) -> None:
    """A new epoch of the policy, or a new secret, makes each requester another key."""
    cursor = first_cursor(gateway, PUBLIC, "companies(first: 1)")
    settings = settings_for(market_url, key_file, secret="another secret of at least thirty-two characters")
    with Serving(settings) as address:
        other = Asking(address, key, market_url)
        query = "query ($a: String) { companies(first: 1, after: $a) { nodes { id } } }"
        assert code(other.post(PUBLIC, query, {"a": cursor})) == "ARGUMENT"
        other.client.close()
