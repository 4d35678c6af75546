"""`maskedFields`: what a row shows masked is named in the row; what it shows plain, hides or does not have is not."""

import pytest

from tests.conftest import ANALYST, CARE, PUBLIC, STAFF, Asking
from tests.resolvers.conftest import Compile

FIELDS = ("id", "name", "email", "phone", "fax", "address")
ROWS = f"{{ members(first: 100) {{ nodes {{ {' '.join(FIELDS)} maskedFields {{ field treatment }} }} }} }}"


def test_each_row_names_what_is_masked_in_it(gateway: Asking) -> None:
    """Care sees the member whose case it works on plain, and the others masked."""
    stored = {gateway.number(STAFF, row["id"]): row for row in gateway.data(STAFF, ROWS)["members"]["nodes"]}
    assert all(row["maskedFields"] == [] for row in stored.values())
    seen = gateway.data(CARE, ROWS)["members"]["nodes"]
    for row in seen:
        differing = [name for name in FIELDS if row[name] != stored[gateway.number(CARE, row["id"])][name]]
        assert {each["field"]: each["treatment"] for each in row["maskedFields"]} == {
            name: "TOKEN" if name == "id" else "PARTIAL" for name in differing
        }
    assert {bool(row["maskedFields"]) for row in seen} == {True, False}
    assert any(row["fax"] is None and row["maskedFields"] for row in seen)


def test_a_token_is_named_by_its_treatment(gateway: Asking) -> None:
    for row in gateway.data(ANALYST, "{ orders { nodes { id maskedFields { field treatment } } } }")["orders"]["nodes"]:
        assert {"field": "id", "treatment": "TOKEN"} in row["maskedFields"]


def test_it_is_a_field_of_every_node(gateway: Asking) -> None:
    query = '{ node(id: "Company:1") { maskedFields { field treatment } ... on Company { description } } }'
    (described,) = gateway.data(PUBLIC, query)["node"]["maskedFields"]
    assert described == {"field": "description", "treatment": "PARTIAL"}
    found = gateway.data(PUBLIC, "{ organisations(first: 1) { nodes { maskedFields { field } } } }")
    assert found["organisations"]["nodes"] == [{"maskedFields": []}]


def test_a_part_of_a_row_has_it_too(gateway: Asking) -> None:
    query = "{ orders { nodes { items { specification maskedFields { field treatment } } } } }"
    for order in gateway.data(CARE, query)["orders"]["nodes"]:
        for item in order["items"]:
            named = [{"field": "specification", "treatment": "PARTIAL"}]
            assert item["maskedFields"] in ([], named if item["specification"] else [])


SWITCHED = """\
query ($a: Boolean!, $b: Boolean!) {
  members(first: 2) {
    nodes {
      one: maskedFields { field t: treatment @include(if: $a) __typename @skip(if: $b) }
      two: maskedFields @include(if: $a) { __typename }
      ...Name @skip(if: $a)
      none: maskedFields { field @skip(if: true) }
    }
  }
}
fragment Name on Node { maskedFields { treatment } maskedFields { f: field } }"""


@pytest.mark.parametrize(("a", "b"), [(False, False), (False, True), (True, False), (True, True)])
def test_its_fields_have_aliases_and_switches(gateway: Asking, a: bool, b: bool) -> None:
    plain = gateway.data(CARE, "{ members(first: 2) { nodes { maskedFields { field treatment } } } }")
    found = gateway.data(CARE, SWITCHED, {"a": a, "b": b})
    for row, single in zip(found["members"]["nodes"], plain["members"]["nodes"], strict=True):
        masked = single["maskedFields"]
        kind = {"__typename": "MaskedField"}
        assert row["one"] == [
            {"field": each["field"], **({"t": each["treatment"]} if a else {}), **({} if b else kind)}
            for each in masked
        ]
        assert row.get("two") == ([kind for _ in masked] if a else None)
        named = [{"treatment": each["treatment"], "f": each["field"]} for each in masked]
        assert row.get("maskedFields") == (None if a else named)
        assert row["none"] == [{} for _ in masked]


def test_it_costs_nothing_where_it_is_not_asked_for_and_counts_where_it_is(compile_for: Compile) -> None:
    without, once, often = (
        compile_for(CARE, f"{{ members(first: 100) {{ nodes {{ name {asked} }} }} }}")
        for asked in (
            "",
            "maskedFields { field }",
            " ".join(f"a{n}: maskedFields {{ field }}" for n in range(50)),
        )
    )
    assert '"treatment"' not in without.statement.sql
    assert sum(term.factor for term in without.cost) < sum(term.factor for term in once.cost)
    # Under several names it is made once.
    named = '"field":"email"'
    assert once.statement.sql.count(named) == often.statement.sql.count(named) == 1
