"""Stage 3, parse: what is refused, and what of a document is lifted out of it because it does not shape a statement."""

import pytest

from gateway.settings import DEFAULT_LIMITS
from resolvers.front.document import Document, Request, parse
from schema.catalog import Catalog
from schema.refusals import Code, Refused
from schema.view import View


@pytest.fixture(scope="module")
def view(catalog: Catalog) -> View:
    return View(catalog)


def document(view: View, text: str) -> Document:
    return parse(Request(document=text, operation_name=None, variables={}), view.graphql, DEFAULT_LIMITS)[0]


@pytest.mark.parametrize(
    ("written", "lifted"),
    [
        ('currency: {in: ["HKD", "CNY"]}', ["HKD", "CNY"]),
        ('currency: {in: "HKD"}', ["HKD"]),
        ("currency: {in: []}", []),
        ("minimumOrder: {in: [1, 2]}", [1, 2]),
        ("minimumOrder: {eq: 1}", 1),
        ("minimumOrder: {isNull: true}", True),
    ],
)
def test_a_literal_becomes_the_value_of_its_type(view: View, written: str, lifted: object) -> None:
    """A list of literals is one value; its items have another type than the list."""
    found = document(view, f"{{ products(filter: {{{written}}}) {{ totalCount }} }}")
    assert found.literals == {"0": lifted}


@pytest.mark.parametrize(
    ("kind", "used", "shapes"),
    [
        ("Int", "first: $v", True),
        ("Int!", "first: $v", False),
        ("Direction", "orderBy: {price: $v}", True),
        ("Direction!", "orderBy: {price: $v}", True),
        ("[ProductOrderBy!]", "orderBy: $v", True),
        ("ProductFilter!", "filter: $v", True),
        ("[String!]!", "filter: {currency: {in: $v}}", False),
    ],
)
def test_a_variable_shapes_a_statement_by_what_it_may_hold(view: View, kind: str, used: str, shapes: bool) -> None:
    """Only what is always one value to bind never shapes; a direction is never bound."""
    found = document(view, f"query ($v: {kind}) {{ products({used}) {{ totalCount }} }}")
    assert found.structural_variables == (("v",) if shapes else ())


def test_what_may_be_meant_repeats_no_value(view: View) -> None:
    """A name is suggested in the midst of a message, before the value that graphql-core would repeat."""
    with pytest.raises(Refused) as refused:
        document(view, '{ companies(filter: {city: {equ: "a secret"}}) { totalCount } }')
    assert [problem.message for problem in refused.value.problems] == [
        "Expected value of type 'StringFilter' not to include unknown field 'equ'. Did you mean 'eq'?"
    ]


@pytest.mark.parametrize(
    ("text", "code", "hint"),
    [
        ("{ __typename" * 400, Code.LIMIT, "nest the document less deeply"),
        ("{ " + "__typename " * 1_000 + "}", Code.LIMIT, "a document may have 500 tokens"),
        ("#" * 20_001, Code.LIMIT, "a document may have 20000 characters; this one has 20001"),
        ("{ __typename } tokens", Code.SYNTAX, "mend the document where `locations` points"),
        (
            '{ __typename } "nested too deeply. Parsing aborted."',
            Code.SYNTAX,
            "mend the document where `locations` points",
        ),
    ],
)
def test_a_document_that_is_too_large_has_another_code_than_one_that_is_wrong(
    view: View, text: str, code: Code, hint: str
) -> None:
    with pytest.raises(Refused) as refused:
        document(view, text)
    assert (refused.value.code, refused.value.hint) == (code, hint)
