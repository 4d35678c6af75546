"""Everything that is in a requester's schema can be asked for, and comes as that schema says."""

import re
from collections.abc import Iterator

import pytest
from graphql import GraphQLField, GraphQLObjectType, get_named_type, is_leaf_type, is_required_argument

from gateway.settings import DEFAULT_LIMITS
from resolvers.compiler import Compiler
from schema.catalog import Catalog
from schema.marketplace.words import Purposes, Roles
from schema.policy import policy_file
from schema.policy.grants import Policy
from tests.conftest import CARE, MEMBER, PUBLIC, STAFF, Asking, Requesting, run

ORGANISATIONS = {
    Roles.AFFILIATE: 2,
    Roles.SERVICE_PROVIDER: 4,
    Roles.PARTNER: 6,
    Roles.ADVERTISER: 8,
    Roles.BANK: 10,
    Roles.PAYMENT_VENDOR: 12,
    Roles.CREDIT_AGENCY: 14,
    Roles.AUTHORITY: 17,
    Roles.CLAIMANT: 18,
    Roles.ACQUIRER: 20,
}


@pytest.fixture(scope="module")
def policy(catalog: Catalog) -> Policy:
    return policy_file.load_policy(catalog.marketplace.first_policy, catalog)


def everybody(policy: Policy) -> Iterator[Requesting]:
    for role in Roles:
        for purpose in sorted(policy.roles[role]):
            yield Requesting(
                role=role,
                purpose=Purposes(purpose),
                member=1 if role is Roles.MEMBER else None,
                organisation=ORGANISATIONS[role] if role.is_third_party else None,
                reference="HK-2026-0117" if purpose.requires_instrument else None,
            )


def selection(kind: GraphQLObjectType, depth: int) -> str:
    """All fields of a type that need no argument, links followed to a depth."""
    fields: list[str] = ["__typename"]
    for name, field in kind.fields.items():
        named = get_named_type(field.type)
        if is_leaf_type(named):
            fields.append(name)
        elif isinstance(named, GraphQLObjectType) and depth and not _needs_argument(field):
            fields.append(f"{name} {selection(named, depth - 1)}")
    return f"{{ {' '.join(fields)} }}"


def _needs_argument(field: GraphQLField) -> bool:
    return any(is_required_argument(argument) for argument in field.args.values())


def test_every_field_of_a_view_can_be_selected(gateway: Asking, catalog: Catalog, policy: Policy) -> None:
    compiler = Compiler(catalog, policy, DEFAULT_LIMITS)
    for requesting in everybody(policy):
        query_type = compiler.view(requesting.role, requesting.purpose).graphql.query_type
        assert query_type
        for name, field in query_type.fields.items():
            named = get_named_type(field.type)
            if _needs_argument(field) or not isinstance(named, GraphQLObjectType):
                continue
            arguments = "(first: 3)" if "first" in field.args else ""
            whole = selection(named, 2)
            # What a member leads to is more than one operation may have.
            fits = len(re.findall(r"\w+", whole)) < DEFAULT_LIMITS.fields
            query = f"{{ {name}{arguments} {whole if fits else selection(named, 1)} }}"
            gateway.answer(requesting, query)


# What the log is to hold of a document.

ALIKE = (
    "{ organisations(first: 1) { nodes { name } } }",
    "query Words { words: organisations(first: 2) { nodes { name words: name } } }",
    "query ($words: Int = 3) { organisations(first: $words) { ...Words } } fragment Words on OrganisationConnection { nodes { name } }",
)


def kept(gateway: Asking, requesting: Requesting) -> list[str]:
    """The texts of the plans that the log has of them."""
    plans = [gateway.record(gateway.post(requesting, text))["plan"] for text in ALIKE]
    query = "select document from veil.access_plan where id = any ($1)"
    return [row[0] for row in run(gateway.url, lambda connection: connection.fetch(query, plans))]


@pytest.mark.parametrize("requesting", [PUBLIC, MEMBER], ids=["public", "member"])
def test_documents_of_the_public_and_of_members_are_kept_by_shape(gateway: Asking, requesting: Requesting) -> None:
    """However many they are: one plan, and no word of theirs."""
    assert kept(gateway, requesting) == ["{ organisations(first: $value) { nodes { name } } }"]


@pytest.mark.parametrize("requesting", [STAFF, CARE], ids=["staff", "third party"])
def test_documents_of_those_who_answer_for_them_are_kept_as_they_are(gateway: Asking, requesting: Requesting) -> None:
    found = kept(gateway, requesting)
    assert len(found) == len(ALIKE)
    assert sum("words: organisations" in text for text in found) == 1
