"""Which rules a document is held against; and what is refused before any is."""

import pytest
from graphql import parse, specified_rules, validate

from resolvers.front.validity import check_size, rules_for
from schema.catalog import Catalog
from schema.refusals import Code, Refused
from schema.view import View

FAULTY = [
    "{ nothing }",
    "{ companies }",
    "{ companies { ...Unknown } }",
    "{ companies { totalCount } } fragment Unused on Company { id }",
    "{ companies { nodes { ...A } } } fragment A on Company { ...A }",
    "{ companies { nodes { ... on Member { id } } } }",
    "{ companies { nodes { ... on Nothing { id } } } }",
    "query ($a: Int) { companies { totalCount } }",
    "query ($a: Int, $a: Int) { companies(first: $a) { totalCount } }",
    "query ($a: Company) { companies(first: $a) { totalCount } }",
    "query ($a: String) { companies(first: $a) { totalCount } }",
    "{ companies(first: $a) { totalCount } }",
    "{ companies @nothing { totalCount } }",
    "{ companies @skip { totalCount } }",
    "{ companies @skip(if: true) @skip(if: true) { totalCount } }",
    "{ companies(nothing: 1) { totalCount } }",
    "{ companies(first: 1, first: 1) { totalCount } }",
    "{ companies(first: true) { totalCount } }",
    "{ companies(filter: {name: {eq: 1, eq: 1}}) { totalCount } }",
    "{ company { id } }",
    "{ a: companies { totalCount } a: members { totalCount } }",
    "query A { companies { totalCount } } query A { companies { totalCount } }",
    "{ companies { totalCount } } { companies { totalCount } }",
    "mutation { companies { totalCount } }",
    "subscription { companies { totalCount } }",
    "type A { b: Int }",
    "{ companies { totalCount } } fragment A on Company { id } fragment A on Company { id }",
]


@pytest.fixture(scope="module")
def view(catalog: Catalog) -> View:
    return View(catalog)


@pytest.mark.parametrize("text", FAULTY)
def test_a_rule_that_is_left_out_finds_no_fault(view: View, text: str) -> None:
    found = validate(view.graphql, parse(text), rules_for(text))
    assert found == validate(view.graphql, parse(text)) != []


def test_a_plain_document_is_held_against_few_rules() -> None:
    assert len(rules_for("{ companies { nodes { name } } }")) < len(specified_rules) / 2


@pytest.mark.parametrize(
    "selected",
    ["name " * 240, "owner { id } " * 52, "... { name } " * 240, "... on Company { name } name " * 120],
    ids=["leaves", "links", "inline fragments", "both"],
)
def test_a_field_may_not_be_selected_again_without_end(selected: str) -> None:
    """Each is compared with each: 480 times the same name took as long as thirty usual requests."""
    with pytest.raises(Refused) as refused:
        check_size(parse(f"{{ companies {{ nodes {{ {selected} }} }} }}"), 10_000)
    assert refused.value.code is Code.LIMIT
    assert refused.value.hint == "select a field once for each of its names"


def test_an_operation_with_too_many_fields_is_refused_before_it_is_understood() -> None:
    with pytest.raises(Refused) as refused:
        check_size(parse("{ " + " ".join(f"a{n}: nothing" for n in range(11)) + " }"), 10)
    assert refused.value.hint == "an operation may have 10 fields, fragments spread out"


def test_a_usual_document_is_small_enough() -> None:
    check_size(parse("{ companies { nodes { name owner { id } } } me { name } }"), 7)
