"""Who may see a field: everybody whose view has it, shown as the view says, and nobody else."""

import pytest

from gateway.settings import DEFAULT_LIMITS
from resolvers.audience import audience, fields_named
from resolvers.compiler import Compiler
from schema.catalog import Catalog
from schema.marketplace.marketplace import MARKETPLACE
from schema.marketplace.words import Purposes, Roles
from schema.policy.grants import Policy
from schema.policy.policy_file import load_policy
from tests.resolvers.test_descriptions import types_of


@pytest.fixture(scope="module")
def policy(catalog: Catalog) -> Policy:
    return load_policy(MARKETPLACE.first_policy, catalog)


@pytest.mark.parametrize("field", ["Member.email", "Order.total", "Payment.cardNumber", "AccessRecord.requester"])
def test_those_who_may_see_a_field_are_those_whose_view_has_it(catalog: Catalog, policy: Policy, field: str) -> None:
    entity, _, name = field.partition(".")
    compiler = Compiler(catalog, policy, DEFAULT_LIMITS)
    found = {(each.role, each.purpose): each for each in audience(catalog, policy, fields_named(catalog, field))}
    for role, purposes in policy.roles.items():
        for purpose in purposes:
            kind = types_of(compiler.described_view(role, purpose)).get(entity)
            fields = kind.fields if kind else {}
            assert ((role, purpose) in found) is (name in fields)
            if name in fields:
                assert found[role, purpose].shown in fields[name].description


def test_a_kind_of_identifiers_stands_for_every_field_with_it(catalog: Catalog) -> None:
    names = {f"{entity.name}.{column.name}" for entity, column in fields_named(catalog, "EMAIL")}
    assert names == {"Member.email", "Company.contactEmail", "MarketingContact.email", "Message.senderEmail"}
    assert fields_named(catalog, "Member.password") == fields_named(catalog, "SHOE_SIZE") == []


def test_it_says_how_when_and_by_which_clauses(catalog: Catalog, policy: Policy) -> None:
    seen = audience(catalog, policy, fields_named(catalog, "Member.email"))
    (care,) = (each for each in seen if (each.role, each.purpose) == (Roles.SERVICE_PROVIDER, Purposes.ACCOUNT_SERVICE))
    assert care.shown == "Shown as stored when a case of the subject is open with the requester; otherwise in part."
    assert care.rows == "Of rows when a contract with the requester is in force and names the purpose."
    assert care.clauses == ("U5", "U2")
