"""What one request can cost others is bounded, whatever it repeats, nests or names; and no bound reveals what is stored."""

import pytest
from graphql import get_introspection_query

from tests.conftest import CARE, PUBLIC, Asking, Requesting


def outcome(gateway: Asking, requesting: Requesting, query: str, variables: dict[str, object] | None = None) -> str:
    """The code of a refusal, or that it was answered."""
    answer = gateway.post(requesting, query, variables).json()
    return answer["errors"][0]["extensions"]["code"] if "errors" in answer else "ANSWERED"


def many(field: str, times: int) -> str:
    return " ".join(f"a{number}: {field}" for number in range(times))


def products(page: str) -> str:
    return f"{{ companies(first: 50) {{ nodes {{ products(first: 10) {{ {page} }} }} }} }}"


@pytest.mark.parametrize(
    "again",
    [
        f"nodes {{ {many('description', 150)} }}",
        many("nodes { description }", 75),
        f"edges {{ {many('node { description }', 75)} }}",
    ],
    ids=["field", "nodes", "node"],
)
def test_a_long_text_under_many_names_is_too_costly(gateway: Asking, again: str) -> None:
    """It is redacted once a row, and written again under each name."""
    assert outcome(gateway, PUBLIC, products(again)) == "TOO_COSTLY"


@pytest.mark.parametrize(
    "again",
    [
        f"nodes {{ {many('title', 50)} }}",
        many("nodes { title }", 50),
        many("edges { cursor }", 50),
        f"edges {{ {many('cursor', 50)} }}",
        f"edges {{ {many('node { title }', 50)} }}",
        f"pageInfo {{ {many('endCursor', 50)} }}",
    ],
    ids=["field", "nodes", "edges", "cursor", "node", "page"],
)
def test_a_short_value_may_be_asked_for_under_many_names(gateway: Asking, again: str) -> None:
    """That each takes no longer than it costs is held in `tests/laws/test_cost.py`."""
    assert outcome(gateway, PUBLIC, products(again)) == "ANSWERED"


def test_a_field_may_be_asked_for_under_a_few_names(gateway: Asking) -> None:
    assert outcome(gateway, PUBLIC, f"{{ products {{ nodes {{ {many('title', 5)} }} }} }}") == "ANSWERED"


def test_counting_costs_though_no_row_is_asked_for(gateway: Asking) -> None:
    """A count reads all that can be seen, and a page of no rows costs none."""
    assert outcome(gateway, CARE, f"{{ {many('orders(first: 0) { totalCount }', 40)} }}") == "TOO_COSTLY"
    assert outcome(gateway, CARE, f"{{ {many('orders(first: 0) { totalCount }', 10)} }}") == "ANSWERED"
    nested = "{ members(first: 50) { nodes { purchases(first: 0) { totalCount } sales(first: 0) { totalCount } } } }"
    assert outcome(gateway, CARE, nested) == "ANSWERED"


ORDERED = "query ($by: [ProductOrderBy!]) { products(first: 1, orderBy: $by) { edges { cursor } } }"


TYPES = "types { fields { type { fields { name description } } } }"


@pytest.mark.parametrize(
    "query",
    [
        f"{{ {many(f'__schema {{ {TYPES} }}', 5)} }}",
        f"{{ {many('privacyPolicy { clauses { id section } }', 25)} }}",
    ],
    ids=["schema", "policy"],
)
def test_what_is_answered_without_rows_costs_too(gateway: Asking, query: str) -> None:
    """It is made while others wait: twenty schemas in one request, from eight clients, kept everybody for seconds."""
    assert outcome(gateway, PUBLIC, query) == "TOO_COSTLY"


@pytest.mark.parametrize(
    "query",
    [
        f"{{ __schema {{ {many(TYPES, 3)} }} }}",
        f"{{ __schema {{ ...All }} }} fragment All on __Schema {{ ... {{ a: {TYPES} }} }}",
        "{ __schema { types { ...Kind } } } fragment Kind on __Type { fields { a: name b: name } }",
        '{ __type(name: "Company") { fields { type { a: name } } } }',
    ],
    ids=["types", "fragments", "within", "one type"],
)
def test_a_schema_is_answered_once_under_its_own_names(gateway: Asking, query: str) -> None:
    assert outcome(gateway, PUBLIC, query) == "LIMIT"


def test_what_tools_ask_of_a_schema_is_answered(gateway: Asking) -> None:
    assert outcome(gateway, PUBLIC, get_introspection_query(input_value_deprecation=True)) == "ANSWERED"
    assert (
        outcome(gateway, PUBLIC, "{ mine: __schema { queryType { name } } again: __schema { types { name } } }")
        == "ANSWERED"
    )


@pytest.mark.parametrize("times", [2, 100, 3_000])
def test_an_order_names_a_field_once(gateway: Asking, times: int) -> None:
    """A list in a variable has no bound but the body's; each entry was another key of the statement and its cursors."""
    assert outcome(gateway, PUBLIC, ORDERED, {"by": [{"title": "ASC"}] * times}) == "ARGUMENT"


def test_an_order_may_name_every_field(gateway: Asking) -> None:
    by = [{"title": "ASC"}, {"category": "DESC"}, {"price": "ASC"}, {"currency": "DESC"}, {"listedAt": "ASC"}]
    assert outcome(gateway, PUBLIC, ORDERED, {"by": by}) == "ANSWERED"


def test_the_name_of_an_operation_is_bounded(gateway: Asking) -> None:
    """It is in every record."""
    assert outcome(gateway, PUBLIC, f"query {'n' * 128} {{ companies {{ totalCount }} }}") == "ANSWERED"
    assert outcome(gateway, PUBLIC, f"query {'n' * 129} {{ companies {{ totalCount }} }}") == "LIMIT"


def spread(fragments: int, each: int) -> str:
    """Fragments that spread each other, each several of those behind it."""
    written = (
        f"fragment F{one} on Company {{ name {' '.join(f'...F{other}' for other in range(one + 1, min(fragments, one + each)))} }}"
        for one in range(fragments)
    )
    return f"{' '.join(written)} {{ companies {{ nodes {{ ...F0 }} }} }}"


@pytest.mark.parametrize(
    "query",
    [
        spread(20, 14),
        f"{{ companies {{ nodes {{ {'name ' * 950} }} }} }}",
        f"{{ {'companies { nodes { products { nodes { title } } } } ' * 90} }}",
        f"{{ orders {{ nodes {{ {'buyer { purchases { nodes { ' * 60}id{' } } }' * 60} }} }} }}",
        "{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }",
        f"query ({' '.join(f'$v{number}: Boolean!' for number in range(180))}) {{ __typename }}",
        "{ " + "... { " * 300 + "__typename" + " }" * 300 + " }",
    ],
    ids=["fragments", "overlap", "same", "deep", "recursion", "variables", "inline"],
)
def test_no_document_keeps_the_gateway_busy_for_long(gateway: Asking, query: str) -> None:
    """What is within the bounds is parsed and validated in a blink, or is refused; it never fails."""
    answer = gateway.post(CARE, query)
    assert answer.status_code == 200
    assert answer.elapsed.total_seconds() < 5
