"""The policy itself, as anybody may read it: its clauses, who may ask for what, and where to write."""

from collections.abc import Callable
from typing import Any

import strawberry

from schema.conditions import Condition
from schema.policy.grants import Grant, Policy
from schema.policy.sentences import gives_something, in_order, papers_of, sentence
from schema.requester import Purpose, Role


def _said(description: str) -> Any:
    return strawberry.field(description=description)


@strawberry.type(description="A passage of the published policy.")
class PolicyClause:
    id: str = _said("What the clause is called, like `U8`.")
    section: str = _said("Where it stands in the published policy.")
    settles: str = _said("What it settles.")


@strawberry.type(description="A role and the purposes it may declare.")
class PolicyRole:
    role: str = _said("What a token calls it.")
    description: str = _said("Who it is.")
    purposes: list[str] = _said("What it may ask for.")


@strawberry.type(description="What some roles see for some purposes. What no grant shows, nobody sees.")
class PolicyGrant:
    id: str = _said("What the grant is called, like `G21`.")
    roles: list[str] = _said("Who sees it.")
    purposes: list[str] = _said("For what.")
    sentence: str = _said("What it shows, how, and under which conditions, as a sentence.")
    clauses: list[str] = _said("The clauses that settle it.")
    sees: list[str] = _said("The categories and single fields that it shows.")
    papers: list[str] = _said(
        "The kinds of legal instruments that it goes by: it shows what one names, of whom it names."
    )


@strawberry.type(description="The privacy policy in force.")
class PrivacyPolicy:
    version: str = _said("Its version.")
    effective_from: str = _said("The day from which it was meant to hold.")
    clauses: list[PolicyClause] = _said("The passages of the published policy.")
    roles: list[PolicyRole] = _said("Who may ask, and for what.")
    grants: list[PolicyGrant] = _said("Who sees what.")
    contact: str = _said("Where to write with questions.")


def privacy_policy(info: strawberry.Info[Policy]) -> PrivacyPolicy:
    """Made of the policy the operation is answered by: the context of its execution."""
    policy = info.context
    return PrivacyPolicy(
        version=policy.version,
        effective_from=policy.effective_from.isoformat(),
        clauses=[
            PolicyClause(id=clause.id, section=clause.section, settles=clause.settles)
            for clause in policy.clauses.values()
        ],
        roles=[_role(policy, role, purposes) for role, purposes in policy.roles.items()],
        grants=[_grant(grant) for grant in policy.all_grants if gives_something(grant)],
        contact=policy.contact,
    )


def grants_under(condition: Condition) -> Callable[[strawberry.Info[Policy]], list[PolicyGrant]]:
    """What a condition opens, by the policy that the operation is answered by."""

    def grants(info: strawberry.Info[Policy]) -> list[PolicyGrant]:
        return [
            _grant(each) for each in info.context.all_grants if condition in each.conditions and gives_something(each)
        ]

    return grants


def _role(policy: Policy, role: Role, purposes: frozenset[Purpose]) -> PolicyRole:
    return PolicyRole(
        role=role.value,
        description=policy.role_descriptions[role].description,
        purposes=sorted(purpose.value for purpose in purposes),
    )


def _grant(grant: Grant) -> PolicyGrant:
    return PolicyGrant(
        id=grant.id,
        roles=sorted(role.value for role in grant.roles),
        purposes=sorted(purpose.value for purpose in grant.purposes),
        sentence=sentence(grant),
        clauses=list(grant.clauses),
        sees=[*(category.value for category in in_order(grant.categories, grant.words)), *sorted(grant.fields)],
        papers=sorted(papers_of(grant)),
    )
