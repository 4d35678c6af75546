"""What the compiler remembers holds few objects: the garbage collector walks through all there are, while all wait."""

import gc

import pytest

from gateway.settings import DEFAULT_LIMITS
from resolvers.compiler import Call, Compiler
from resolvers.front.document import Request
from schema.catalog import Catalog
from schema.marketplace.words import Purposes, Roles
from schema.policy import policy_file
from schema.requester import Requester
from tests.inference.test_bounds import many

DOCUMENTS = 50
MOST = 40
"""Objects that the collector walks through for each document; as trees and plans they were 2,300."""


@pytest.mark.parametrize("field", ["name", "description"])
def test_a_remembered_document_is_few_objects(catalog: Catalog, field: str) -> None:
    """A full collection took 1.8 seconds at 2,000 documents of 158 aliases."""
    policy = policy_file.load_policy(catalog.marketplace.first_policy, catalog)
    compiler = Compiler(catalog, policy, DEFAULT_LIMITS)

    def remember(number: int) -> None:
        document = f"{{ companies(first: 3) {{ nodes {{ x{number}: name {many(field, 155)} }} }} }}"
        compiler.compiled(
            Request(document=document, operation_name=None, variables={}), Roles.PUBLIC, Purposes.PUBLIC_BROWSING
        )

    remember(0)
    gc.collect()
    before = len(gc.get_objects())
    for number in range(1, DOCUMENTS + 1):
        remember(number)
    gc.collect()
    assert compiler.cached_counts == (DOCUMENTS + 1, DOCUMENTS + 1)
    assert (len(gc.get_objects()) - before) / DOCUMENTS < MOST


def _partner(organisation: int) -> Requester:
    return Requester(
        sub=f"partner-{organisation}",
        role=Roles.PARTNER,
        purpose=Purposes.PARTNER_TRACKING,
        member=None,
        organisation=organisation,
        reference=None,
        key=bytes([organisation]) * 32,
    )


def test_a_document_with_literals_is_remembered_for_its_organisation_alone_and_its_statement_for_all(
    catalog: Catalog,
) -> None:
    """Else the time of an answer tells an organisation whether another has sent a document, literals included."""
    policy = policy_file.load_policy(catalog.marketplace.first_policy, catalog)
    compiler = Compiler(catalog, policy, DEFAULT_LIMITS)
    asked = Request(document="{ orders(first: 7) { nodes { status } } }", operation_name=None, variables={})
    one, other = _partner(1), _partner(2)
    first = compiler.compile(asked, one)
    assert isinstance(first, Call)
    assert compiler.knows(asked, one)
    assert not compiler.knows(asked, other)
    second = compiler.compile(asked, other)
    assert isinstance(second, Call)
    assert second.statement is first.statement
    assert compiler.cached_counts == (2, 1)


def test_a_document_without_literals_is_remembered_for_all(catalog: Catalog) -> None:
    """It is its own normal form. So what an application sends for many members is parsed once."""
    policy = policy_file.load_policy(catalog.marketplace.first_policy, catalog)
    compiler = Compiler(catalog, policy, DEFAULT_LIMITS)
    asked = Request(
        document="query ($most: Int) { orders(first: $most) { nodes { status } } }",
        operation_name=None,
        variables={"most": 7},
    )
    compiler.compile(asked, _partner(1))
    assert compiler.knows(asked, _partner(2))
    compiler.compile(asked, _partner(2))
    assert compiler.cached_counts == (1, 1)


def test_a_document_that_was_compiled_beforehand_is_known_to_all(catalog: Catalog) -> None:
    policy = policy_file.load_policy(catalog.marketplace.first_policy, catalog)
    compiler = Compiler(catalog, policy, DEFAULT_LIMITS)
    text = "{ orders(first: 7) { nodes { status } } }"
    compiler.prepare(text, Roles.PARTNER, Purposes.PARTNER_TRACKING)
    asked = Request(document=text, operation_name=None, variables={})
    assert all(compiler.knows(asked, each) for each in (_partner(1), _partner(2)))
    compiler.compile(asked, _partner(1))
    assert compiler.cached_counts == (1, 1)
