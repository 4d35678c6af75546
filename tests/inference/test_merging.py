"""Aliases, fragments and switches: whichever way a field is asked for, it is shown as the policy says."""

import itertools
import json

import pytest

from tests.conftest import ANALYST, CARE, PUBLIC, TRADER, Requesting
from tests.inference.conftest import Besieged, Planted
from tests.inference.expected import HIDDEN, PLAIN
from tests.inference.planting import numbers_in
from tests.inference.requesters import STRANGERS, by_strangers


@by_strangers
def test_a_field_is_the_same_under_every_name(besieged: Besieged, requesting: Requesting) -> None:
    """Under its own, that of another field, or one that means something elsewhere."""
    for connection, kind in besieged.connections(requesting).items():
        fields = [name for name in kind.fields if name in ("id", "name", "email", "deliveryName", "body", "cardNumber")]
        for field in fields:
            disguises = f"a: {field} id: {field} node: {field} __a: {field} hiddenFields: {field} ... {{ b: {field} }}"
            if field == "id":
                disguises = disguises.replace("id: id ", "")
            query = f"{{ {connection}(first: 5) {{ nodes {{ {disguises} }} edges {{ node {{ x: {field} }} }} }} }}"
            found = besieged.data(requesting, query)[connection]
            for node, edge in zip(found["nodes"], found["edges"], strict=True):
                assert set(map(json.dumps, node.values())) == {json.dumps(edge["node"]["x"])}


CONFLICTING = {
    "two fields under one name": "{ members { nodes { x: email x: city } } }",
    "masked and plain under one name": "{ members { nodes { city: name ... { city } } } }",
    "two ids under one name": '{ m: member(id: "Member:1") { id } m: member(id: "Member:3") { id } }',
    "two pages under one name": "{ m: members(first: 1) { nodes { id } } m: members(first: 2) { nodes { id } } }",
    "two variables under one name": "query ($a: ID!, $b: ID!) { m: node(id: $a) { id } m: node(id: $b) { id } }",
    "fragments at odds": "{ members { nodes { ...A ...B } } } fragment A on Member { x: name } fragment B on Member { x: phone }",
    "an id under another's switch": '{ m: member(id: "Member:1") @skip(if: true) { id } m: member(id: "Member:3") { id } }',
}


@pytest.mark.parametrize("query", CONFLICTING.values(), ids=CONFLICTING)
def test_two_things_under_one_name_are_refused(besieged: Besieged, query: str) -> None:
    answer = besieged.post(CARE, query, {"a": "Member:1", "b": "Member:3"}).json()
    assert "data" not in answer
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"INVALID"}


def test_a_name_shared_by_fragments_on_several_types_shows_what_the_row_is(
    besieged: Besieged, planted: Planted
) -> None:
    """`x` is a masked name of a member and a masked name of an order, and neither brings the other's form along."""
    query = """query ($id: ID!) { node(id: $id) {
        __typename id ... on Member { x: name y: city } ... on Order { x: deliveryName y: deliveryCity }
        ... on Message { x: senderName }
    } }"""
    for connection, kind in besieged.connections(CARE).items():
        for node in besieged.harvest(CARE, connection, kind).nodes[:4]:
            found = besieged.data(CARE, query, {"id": node["id"]})["node"]
            field = {"Member": "name", "Order": "deliveryName", "Message": "senderName"}.get(kind.name)
            assert found["__typename"] == kind.name
            assert found.get("x") == (node[field] if field else None)
            if field:
                treatments = planted.market.treatments(CARE, besieged.row(CARE, planted.market, node["id"]))
                assert treatments
                assert (treatments[field] == PLAIN) == bool(list(numbers_in(str(found["x"]))))


SWITCHED = """query ($a: Boolean!, $b: Boolean!) { orders(first: 3) { nodes {
    id
    deliveryName @include(if: $a) @skip(if: $b)
    ... @skip(if: $a) { deliveryName @include(if: $b) buyer { name } }
    ...Seller @include(if: $b)
    hiddenFields @skip(if: $a)
} } }
fragment Seller on Order { seller @include(if: $a) { name } seller @skip(if: $b) { name } }
"""


@pytest.mark.parametrize(("a", "b"), list(itertools.product((True, False), repeat=2)))
@pytest.mark.parametrize("requesting", [CARE, ANALYST, TRADER], ids=["care", "analyst", "trader"])
def test_switches_show_or_leave_out_and_change_nothing_else(
    besieged: Besieged, requesting: Requesting, a: object, b: object
) -> None:
    """What is switched on is as it would be without switches; what is switched off is not there, nor in the record."""
    whole = "{ orders(first: 3) { nodes { id deliveryName buyer { name } seller { name } hiddenFields } } }"
    response = besieged.post(requesting, SWITCHED, {"a": a, "b": b})
    switched = response.json()["data"]["orders"]["nodes"]
    wanted = {
        "id": True,
        "deliveryName": (a and not b) or (b and not a),
        "buyer": not a,
        "seller": b and a,
        "hiddenFields": not a,
    }
    for order, node in zip(besieged.data(requesting, whole)["orders"]["nodes"], switched, strict=True):
        assert node == {name: value for name, value in order.items() if wanted[name]}
    reached = sum(bool(node.get(link)) for node in switched for link in ("buyer", "seller"))
    assert besieged.record(response)["row_count"] == len(switched) + reached


def test_what_is_hidden_is_named_only_where_another_row_shows_it(besieged: Besieged, planted: Planted) -> None:
    """`hiddenFields` says no more than the fields themselves: what a requester never sees is not named to it."""
    for requesting in STRANGERS:
        for connection, kind in besieged.connections(requesting).items():
            for node in besieged.harvest(requesting, connection, kind).nodes:
                treatments = planted.market.treatments(requesting, besieged.row(requesting, planted.market, node["id"]))
                assert treatments
                for field in node.get("hiddenFields", ()):
                    assert (treatments[field], node[field]) == (HIDDEN, None)


def test_an_alias_does_not_reveal_a_cursor_s_bound(besieged: Besieged) -> None:
    query = "{ companies(first: 1) { t: totalCount totalCount p: pageInfo { hasNextPage } n: nodes { id } } }"
    found = besieged.data(PUBLIC, query)["companies"]
    assert found["t"] == found["totalCount"]
