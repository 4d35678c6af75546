"""The registration of trusted documents: only what fits its role and purpose, all of it or nothing, by the owner."""

from collections.abc import Sequence
from typing import Any

import asyncpg
import pytest

from gateway.policy import registration
from gateway.policy.registration import CheckedDocument, Grantee, RegistrationError
from gateway.settings import DEFAULT_LIMITS
from resolvers.compiler import Compiler
from resolvers.front.document import document_digest
from schema.catalog import Catalog
from schema.marketplace.words import Purposes, Roles
from schema.policy.policy_file import load_policy
from schema.requester import Purpose
from tests.conftest import run

MEMBERS = "query Members($first: Int!) { members(first: $first) { nodes { name } } }"
ANYBODY = Grantee(role=None, purpose=None)


@pytest.fixture(scope="module")
def compiler(catalog: Catalog) -> Compiler:
    return Compiler(catalog, load_policy(catalog.marketplace.first_policy, catalog), DEFAULT_LIMITS)


def checked(compiler: Compiler, *texts: str) -> Sequence[CheckedDocument]:
    return registration.check(texts, compiler, Roles.PLATFORM, Purposes.ACCOUNT_SERVICE)


def add(url: str, documents: Sequence[CheckedDocument], purpose: Purpose = Purposes.ACCOUNT_SERVICE) -> Any:
    return run(url, lambda connection: registration.add(connection, documents, Roles.PLATFORM, purpose, "an owner"))


def listed(url: str, grantee: Grantee = ANYBODY) -> Sequence[tuple[str, str, Sequence[str | None]]]:
    found = run(url, lambda connection: registration.registrations(connection, grantee))
    return [(each.digest, each.purpose, each.operations) for each in found]


# What fits.


@pytest.mark.parametrize(
    "text",
    [
        MEMBERS,
        "query ($filter: MemberFilter, $after: String) { members(filter: $filter, after: $after) { totalCount } }",
        "query ($filter: MemberFilter!) { members(filter: $filter) { totalCount } }",
        "query ($cities: [String!]!) { members(filter: {city: {in: $cities}}) { totalCount } }",
        "query ($by: ProductOrderBy!) { products(orderBy: [$by]) { totalCount } }",
        "query ($by: [ProductOrderBy!]!) { products(orderBy: $by) { totalCount } }",
        "query ($full: Boolean!, $id: ID!) { member(id: $id) { name email @include(if: $full) } }",
        "query ($first: Int = 5) { members(first: $first) { totalCount } }",
    ],
)
def test_a_document_is_checked_without_values_of_its_variables(compiler: Compiler, text: str) -> None:
    """Whatever their types."""
    assert [each.text for each in checked(compiler, text)] == [text]


def test_a_variable_that_shapes_the_statement_is_checked_by_one_of_its_values(compiler: Compiler) -> None:
    text = 'query ($by: OrderDimension!) { orderStatistics(groupBy: $by, currency: "USD") { __typename } }'
    (document,) = registration.check([text], compiler, Roles.PUBLIC, Purposes.AGGREGATE_SHARING)
    assert document.operations == (None,)


def test_the_operations_of_a_document_are_named(compiler: Compiler) -> None:
    names = [
        each.operations
        for each in checked(compiler, MEMBERS, "{ __typename }", "query A { a: __typename } query B { __typename }")
    ]
    assert names == [("Members",), (None,), ("A", "B")]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("{ members { nodes { nothing } } }", "INVALID: 1:21 Cannot query field 'nothing' on type 'Member'."),
        ("{ members ", "SYNTAX: 1:11 Syntax Error"),
        ("mutation { x }", "INVALID"),
        ("fragment F on Member { name }", "OPERATION: it is unclear which operation"),
        ("query A { __typename } query B { nothing }", "INVALID: 1:34 Cannot query field 'nothing'"),
        ("{ members(first: 101) { totalCount } }", "ARGUMENT"),
        ("{ members(first: 100) { nodes { purchases(first: 100) { nodes { items { quantity } } } } } }", "TOO_COSTLY"),
        ("{" + " __typename" * DEFAULT_LIMITS.tokens + "}", "LIMIT"),
    ],
)
def test_a_document_that_does_not_fit_is_refused_with_its_errors(compiler: Compiler, text: str, fault: str) -> None:
    """With every other that does not, by its digest."""
    with pytest.raises(RegistrationError) as refused:
        checked(compiler, MEMBERS, text, "{ other }")
    first, second, last = str(refused.value).split("\n")
    assert first.startswith(f"sha256:{document_digest(text)}: {fault}")
    assert second.startswith(f"sha256:{document_digest('{ other }')}: INVALID")
    assert last == "nothing was registered"


# What is stored.


def test_documents_are_added_listed_and_removed(database_url: str, compiler: Compiler) -> None:
    first, second = checked(compiler, MEMBERS, "{ __typename }")
    assert add(database_url, [first]) == [first]
    assert add(database_url, [first, second]) == [second]
    assert add(database_url, [first], Purposes.MARKETING) == [first]
    marketing = Grantee(role=Roles.PLATFORM, purpose=Purposes.MARKETING)
    assert listed(database_url) == [
        (first.digest, "account_service", ["Members"]),
        (second.digest, "account_service", [None]),
        (first.digest, "marketing", ["Members"]),
    ]
    assert listed(database_url, marketing) == [(first.digest, "marketing", ["Members"])]
    assert listed(database_url, Grantee(role=Roles.BANK, purpose=None)) == []
    for digests in ([second.digest], [first.digest, "0" * 64]):
        with pytest.raises(RegistrationError, match="is not trusted there; nothing was removed"):
            run(database_url, lambda connection, digests=digests: registration.remove(connection, digests, marketing))
    assert len(listed(database_url)) == 3
    run(database_url, lambda connection: registration.remove(connection, [first.digest], marketing))
    run(database_url, lambda connection: registration.remove(connection, [second.digest], ANYBODY))
    assert listed(database_url) == [(first.digest, "account_service", ["Members"])]


def test_there_are_only_so_many(database_url: str, compiler: Compiler, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registration, "MOST_DOCUMENTS", 2)
    texts = [f"query Q{number} {{ __typename }}" for number in range(3)]
    add(database_url, checked(compiler, *texts[:1]))
    with pytest.raises(RegistrationError, match="may have 2 documents"):
        add(database_url, checked(compiler, *texts))
    assert len(listed(database_url)) == 1


def test_a_text_of_another_digest_cannot_be_stored(database_url: str, compiler: Compiler) -> None:
    """Not even by the owner: the table checks it."""
    (document,) = checked(compiler, MEMBERS)
    add(database_url, [document])
    with pytest.raises(asyncpg.CheckViolationError):
        run(
            database_url,
            lambda connection: connection.execute(
                "update veil.trusted_document set document = '{ members { nodes { email } } }'"
            ),
        )
