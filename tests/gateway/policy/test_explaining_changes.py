"""A mutation, explained: which rows it may change, and by which clauses."""

from gateway.policy.explaining_changes import change_plan_text
from gateway.settings import DEFAULT_LIMITS
from resolvers.compiler import Compiler
from resolvers.front.document import Request
from schema.catalog import Catalog
from schema.marketplace.words import Purposes, Roles
from schema.policy.policy_file import load_policy


def test_each_mutation_says_what_it_may_change_when_and_why(catalog: Catalog) -> None:
    text = """mutation {
        updateRegistration(id: "Member:1", input: {name: "A", fax: null}) { version }
        choice: setConsent(input: {kind: COOKIES, given: true}) { fields }
    }"""
    compiler = Compiler(catalog, load_policy(catalog.marketplace.first_policy, catalog), DEFAULT_LIMITS)
    request = Request(document=text, operation_name=None, variables={})
    planned = compiler.planned_changes(request, Roles.MEMBER, Purposes.SELF_SERVICE)
    assert planned
    assert list(change_plan_text(planned[0])) == [
        "updateRegistration: a row of Member may be changed when the subject is the requester",
        "  EDITED   Member.name, Member.fax (S1 A1)",
        "choice: a row of Consent may be added when the member is the requester",
        "  CHOSEN   Consent.kind, Consent.given (K6 U11 U21 U23)",
    ]
