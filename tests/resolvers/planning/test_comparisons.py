"""What a filter compares, and what in it is as if it were not there."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from graphql import GraphQLInputObjectType, get_named_type

from gateway.settings import DEFAULT_LIMITS
from resolvers.compiler import Compiler
from resolvers.front.document import Request
from resolvers.planning.plan import Plan
from schema.catalog import Catalog
from schema.policy import policy_file
from tests.conftest import PUBLIC, STAFF, Asking

ROOTS = ("companies", "products", "orders", "payments", "disputes", "messages")


@pytest.fixture(scope="module")
def compiler(catalog: Catalog) -> Compiler:
    return Compiler(catalog, policy_file.load_policy(catalog.marketplace.first_policy, catalog), DEFAULT_LIMITS)


def planned(compiler: Compiler, text: str, variables: Mapping[str, Any]) -> Plan:
    request = Request(document=text, operation_name=None, variables=variables)
    return compiler.plan(request, STAFF.role, STAFF.purpose)


def comparisons(compiler: Compiler) -> Iterator[tuple[str, GraphQLInputObjectType, str, str, str]]:
    """Every comparison that staff may make at some roots: the root, its filter, the field, the operator and its type."""
    query = compiler.view(STAFF.role, STAFF.purpose).graphql.query_type
    assert query
    for root in ROOTS:
        kind = get_named_type(query.fields[root].args["filter"].type)
        assert isinstance(kind, GraphQLInputObjectType)
        for field, compared in kind.fields.items():
            operators = get_named_type(compared.type)
            assert isinstance(operators, GraphQLInputObjectType)
            for operator, given in operators.fields.items():
                yield root, kind, field, operator, str(given.type)


WAYS = {
    "null in the document": ("query", "{%(field)s: {%(operator)s: null}}", {}),
    "a variable left out": ("query ($v: %(type)s)", "{%(field)s: {%(operator)s: $v}}", {}),
    "a variable that is null": ("query ($v: %(type)s)", "{%(field)s: {%(operator)s: $v}}", {"v": None}),
    "a default that is null": ("query ($v: %(type)s = null)", "{%(field)s: {%(operator)s: $v}}", {}),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_comparison_without_a_value_is_left_out(compiler: Compiler, way: str) -> None:
    """Whatever is compared, and however: what is planned is what is planned without a filter."""
    head, written, variables = WAYS[way]
    types: set[str] = set()
    for root, _, field, operator, kind in comparisons(compiler):
        words = {"field": field, "operator": operator, "type": kind}
        text = f"{head % words} {{ {root}(filter: {written % words}) {{ totalCount }} }}"
        without = planned(compiler, f"{{ {root} {{ totalCount }} }}", {})
        plan = planned(compiler, text, variables)
        assert (plan.projection, plan.parameters, plan.disclosures) == (
            without.projection,
            without.parameters,
            without.disclosures,
        ), text
        types.add(kind)
    assert {"String", "Decimal", "DateTime", "Boolean", "Int", "[String!]", "[Decimal!]", "[DateTime!]"} <= types


@pytest.mark.parametrize("variables", [{}, {"f": None}, {"f": {}}], ids=str)
def test_a_field_of_a_filter_without_comparisons_is_left_out(compiler: Compiler, variables: Mapping[str, Any]) -> None:
    without = planned(compiler, "{ companies { totalCount } }", {})
    text = "query ($f: StringFilter) { companies(filter: {country: $f}) { totalCount } }"
    assert planned(compiler, text, variables).projection == without.projection


@pytest.mark.parametrize(
    "variables", [{}, {"f": None}, {"f": {}}, {"f": {"country": None}}, {"f": {"country": {"eq": None, "in": None}}}]
)
def test_a_filter_that_compares_nothing_is_left_out(compiler: Compiler, variables: Mapping[str, Any]) -> None:
    without = planned(compiler, "{ companies { totalCount } }", {})
    text = "query ($f: CompanyFilter) { companies(filter: $f) { totalCount } }"
    assert planned(compiler, text, variables).projection == without.projection


@pytest.mark.parametrize("variables", [{}, {"o": None}, {"o": []}], ids=str)
def test_an_order_without_fields_is_the_usual_one(compiler: Compiler, variables: Mapping[str, Any]) -> None:
    without = planned(compiler, "{ companies { nodes { id } } }", {})
    text = "query ($o: [CompanyOrderBy!]) { companies(orderBy: $o) { nodes { id } } }"
    assert planned(compiler, text, variables).projection == without.projection
    literal = "{ companies(orderBy: null, filter: null) { nodes { id } } }"
    assert planned(compiler, literal, {}).projection == without.projection


def test_what_has_a_value_still_compares_beside_what_has_none(compiler: Compiler) -> None:
    text = (
        "query ($c: String, $n: Int) {"
        " companies(filter: {country: {eq: $c, in: null}, employees: {gte: $n}}) { totalCount } }"
    )
    alone = planned(compiler, "query ($n: Int) { companies(filter: {employees: {gte: $n}}) { totalCount } }", {"n": 1})
    plan = planned(compiler, text, {"n": 1})
    assert plan.projection == alone.projection
    assert plan.disclosures == alone.disclosures


COUNT = "query ($c: String, $in: [String!]) { companies(filter: {country: {eq: $c, in: $in}}) { totalCount } }"


def counted(gateway: Asking, variables: Mapping[str, Any]) -> int:
    return gateway.post(PUBLIC, COUNT, variables).json()["data"]["companies"]["totalCount"]


def test_an_empty_list_finds_nothing_and_null_finds_all(gateway: Asking) -> None:
    everything = gateway.post(PUBLIC, "{ companies { totalCount } }").json()["data"]["companies"]["totalCount"]
    assert counted(gateway, {}) == counted(gateway, {"in": None, "c": None}) == everything > 0
    assert counted(gateway, {"in": []}) == 0


def test_null_itself_is_asked_for_by_is_null(gateway: Asking) -> None:
    text = "query ($none: Boolean) { companies(filter: {website: {isNull: $none}}) { totalCount } }"
    with_and_without = [
        gateway.post(PUBLIC, text, {"none": none}).json()["data"]["companies"]["totalCount"]
        for none in (True, False, None)
    ]
    assert with_and_without[0] + with_and_without[1] == with_and_without[2]
