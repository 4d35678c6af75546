"""Which rules a document is held against; and what is refused before any is."""

import pytest
from graphql import get_introspection_query, parse, specified_rules, validate

from gateway.settings import DEFAULT_LIMITS
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
    [
        "name " * 240,
        "owner { id } " * 80,
        ("owner { " + "id " * 20 + "} ") * 12,
        "... { name } " * 240,
        "... on Company { name } name " * 120,
        "".join(f"...f{n} " for n in range(10)),
    ],
    ids=["leaves", "links", "leaves of links", "inline fragments", "both", "fragments"],
)
def test_a_field_may_not_be_selected_again_without_end(selected: str) -> None:
    """Each is compared with each: 480 times the same name took as long as thirty usual requests."""
    fragments = " ".join(f"fragment f{n} on Company {{ {'name ' * 24} }}" for n in range(10))
    with pytest.raises(Refused) as refused:
        check_size(parse(f"{{ companies {{ nodes {{ {selected} }} }} }} {fragments}"), 10_000)
    assert refused.value.code is Code.LIMIT
    assert refused.value.hint == "select a field once for each of its names"


def test_an_operation_with_too_many_fields_is_refused_before_it_is_understood() -> None:
    with pytest.raises(Refused) as refused:
        check_size(parse("{ " + " ".join(f"a{n}: nothing" for n in range(11)) + " }"), 10)
    assert refused.value.hint == "an operation may have 10 fields, fragments spread out"


def test_a_usual_document_is_small_enough() -> None:
    check_size(parse("{ companies { nodes { name owner { id } } } me { name } }"), 7)


@pytest.mark.parametrize(
    "text",
    [
        "{ ...f } fragment f on Query { " + "a " * 40 + "}",
        "{ a { ...f } b { ...f } } fragment f on A { " + " ".join(f"a{n}" for n in range(20)) + " }",
        "query q { ...f } query r { ...f } fragment f on A { " + " ".join(f"a{n}" for n in range(31)) + " }",
        "{ __schema { ...f } } fragment f on A { " + " ".join(f"a{n} {{ ...g }}" for n in range(12)) + " }"
        " fragment g on B { " + " ".join(f"b{n}" for n in range(12)) + " }",
    ],
    ids=["fragment", "fragment again", "operations", "schema"],
)
def test_fields_are_counted_with_fragments_spread_out(text: str) -> None:
    with pytest.raises(Refused) as refused:
        check_size(parse(text), 30)
    assert refused.value.hint.endswith("fields, fragments spread out")


def test_a_fragment_that_is_in_itself_is_counted_once() -> None:
    """It is invalid: validation says why."""
    check_size(parse("{ a { ...f } } fragment f on A { a { ...f } }"), 6)


def test_what_tools_ask_of_a_schema_is_small_enough() -> None:
    asked = get_introspection_query(input_value_deprecation=True, specified_by_url=True, directive_is_repeatable=True)
    check_size(parse(asked), DEFAULT_LIMITS.fields)
