"""What is asked under several names is made once, whichever way it is asked; and what is asked once is not touched."""

import pytest

from tests.conftest import CARE, PUBLIC, STAFF, Asking
from tests.resolvers.conftest import Compile

MASK = "veil.redact("


def many(field: str, times: int) -> str:
    return " ".join(f"a{number}: {field}" for number in range(times))


def test_a_description_under_many_names_is_redacted_once(compile_for: Compile) -> None:
    """The statement was 3.6 million characters long, and each session kept 200 MiB for it."""
    once, often = (
        compile_for(PUBLIC, f"{{ companies(first: 100) {{ nodes {{ {fields} }} }} }}").statement.sql
        for fields in ("description", many("description", 158))
    )
    assert often.count(MASK) == once.count(MASK) > 0
    assert len(often) < len(once) + 158 * 30


@pytest.mark.parametrize(
    "asked",
    [
        "nodes { a: description b: description @include(if: $on) }",
        "nodes { a: description @include(if: $on) } again: nodes { b: description @skip(if: $on) }",
        "nodes { a: description } edges { node { b: description } other: node { c: description } }",
        "nodes { ... on Company { a: description } ... { b: description } ...More }",
    ],
    ids=["include", "both ways", "edges", "fragments"],
)
def test_it_is_so_wherever_a_row_is_asked_for_it(compile_for: Compile, asked: str) -> None:
    once = compile_for(PUBLIC, "{ companies { nodes { description } } }").statement.sql
    query = f"query ($on: Boolean! = true) {{ companies {{ {asked} pageInfo {{ hasNextPage @skip(if: $on) }} }} }}"
    fragment = " fragment More on Company { d: description }" if "More" in asked else ""
    assert compile_for(PUBLIC, query + fragment).statement.sql.count(MASK) == once.count(MASK)


def test_all_rows_are_counted_once(compile_for: Compile) -> None:
    assert compile_for(STAFF, f"{{ orders {{ {many('totalCount', 20)} }} }}").statement.sql.count("count(*)") == 1


def test_what_is_asked_once_has_no_lateral_of_its_own(compile_for: Compile) -> None:
    sql = compile_for(STAFF, "{ orders { edges { cursor node { id status } } } }").statement.sql
    assert "offset 0\n" not in sql


SWITCHED = """\
query ($a: Boolean!, $b: Boolean!) {
  members(first: 5) {
    one: totalCount @include(if: $a)
    two: totalCount @skip(if: $b)
    nodes { x: name @include(if: $a) y: name @include(if: $b) h: hiddenFields i: hiddenFields purchases(first: 1) { p: totalCount q: totalCount } }
    edges { c: cursor d: cursor @skip(if: $a) node { z: name } }
  }
}"""
PLAIN = """\
{
  members(first: 5) {
    totalCount
    nodes { name hiddenFields purchases(first: 1) { totalCount } }
    edges { cursor }
  }
}"""


@pytest.mark.parametrize(("a", "b"), [(False, False), (False, True), (True, False), (True, True)])
def test_every_name_gets_what_it_would_get_alone(gateway: Asking, a: bool, b: bool) -> None:
    alone = gateway.data(CARE, PLAIN)["members"]
    found = gateway.data(CARE, SWITCHED, {"a": a, "b": b})["members"]
    assert [found.get("one"), found.get("two")] == [
        alone["totalCount"] if a else None,
        None if b else alone["totalCount"],
    ]
    for row, single in zip(found["nodes"], alone["nodes"], strict=True):
        assert (row.get("x"), row.get("y")) == (single["name"] if a else None, single["name"] if b else None)
        assert row["h"] == row["i"] == single["hiddenFields"]
        assert [*row["purchases"].values()] == 2 * [single["purchases"]["totalCount"]]
    for edge, single, row in zip(found["edges"], alone["edges"], alone["nodes"], strict=True):
        assert (edge["c"], edge.get("d")) == (single["cursor"], None if a else single["cursor"])
        assert edge["node"]["z"] == row["name"]
