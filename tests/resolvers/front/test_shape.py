"""The shape of a selection: what was asked, and no word of who asked it."""

import re

import pytest

from gateway.settings import DEFAULT_LIMITS
from resolvers.front.document import Request, parse
from resolvers.front.selection import select, variable_shape
from resolvers.front.shape import shape
from schema.catalog import Catalog
from schema.view import View


@pytest.fixture(scope="module")
def view(catalog: Catalog) -> View:
    return View(catalog)


def shaped(view: View, text: str, **variables: object) -> str:
    shapes = {name: variable_shape(value) for name, value in variables.items()}
    _, tree = parse(Request(document=text, operation_name=None, variables={}), view.graphql, DEFAULT_LIMITS)
    return shape(select(tree, view.graphql, shapes, DEFAULT_LIMITS))


PLAIN = "{ members(first: $value) { nodes { name city } totalCount } }"


@pytest.mark.parametrize(
    "text",
    [
        "{ members(first: 3) { nodes { name city } totalCount } }",
        "query Mine($mine: Int) { members(first: $mine) { nodes { name city } totalCount } }",
        "{ mine: members(first: 3) { mine: nodes { mine: name yours: city } ours: totalCount } }",
        "{ members(first: 3) { nodes { name a: name b: name city } totalCount } }",
        "{ members(first: 3) { ...Mine totalCount } } fragment Mine on MemberConnection { nodes { name city } }",
        "{ members(first: 3) { ... { nodes { ... on Member { name } city } } totalCount } }",
        "{ mine: members(first: 3) { nodes { name city } totalCount } yours: members(first: 4) { nodes { name city } totalCount } }",
        "{ members(first: 3) { nodes { name @include(if: true) city email @skip(if: true) } totalCount } }",
    ],
)
def test_documents_that_select_the_same_have_one_shape(view: View, text: str) -> None:
    """However they name, repeat and divide it."""
    assert shaped(view, text) == PLAIN


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "{ orders(orderBy: [{placedAt: DESC}], filter: {status: {in: [PAID]}, total: {gte: null}}) { totalCount } }",
            "{ orders(orderBy: [{placedAt: DESC}], filter: {status: {in: $value}, total: {gte: null}}) { totalCount } }",
        ),
        (
            'query ($mine: ID!) { nodes(ids: [$mine, "Member:1"]) { id } }',
            "{ nodes(ids: $value) { id } }",
        ),
        (
            "query ($mine: Boolean!) { me { name @include(if: $mine) city @skip(if: $mine) } }",
            "{ me { name @include(if: $value) city @include(if: $value) } }",
        ),
        (
            "{ node(id: 1) { id ... on Member { mine: name } ... on Order { status } __typename } }",
            "{ node(id: $value) { id __typename ... on Member { name } ... on Order { status } } }",
        ),
        (
            '{ __type(name: "Mine") { fields { name } } __typename }',
            "{ __type(name: $value) __typename }",
        ),
    ],
)
def test_what_is_of_the_schema_stays(view: View, text: str, expected: str) -> None:
    """Fields, types, arguments, comparisons and orders. Values do not."""
    assert shaped(view, text) == expected


def test_a_variable_shows_what_it_compares_and_no_value(view: View) -> None:
    text = "query ($mine: MemberFilter) { members(filter: $mine) { totalCount } }"
    found = shaped(view, text, mine={"country": {"eq": "Mine"}, "id": {"in": ["Mine"]}})
    assert found == "{ members(filter: {country: {eq: $value}, id: {in: $value}}) { totalCount } }"


def test_no_word_of_a_document_that_is_its_authors_stays(view: View) -> None:
    text = """
        query Mine($mine: ID!, $mineToo: Int = 3) {
            mine: member(id: $mine) { ...Mine mine: purchases(first: $mineToo) { mine: nodes { ...MineToo } } }
        }
        fragment Mine on Member { mineName: name } fragment MineToo on Order { mineStatus: status }"""
    found = shaped(view, text)
    assert not re.search("mine", found, re.IGNORECASE)
    assert found == "{ member(id: $value) { name purchases(first: $value) { nodes { status } } } }"
