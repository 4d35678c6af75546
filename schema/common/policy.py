"""The policy itself, as anybody may read it: its clauses, who may ask for what, and where to write."""

import strawberry

from schema.policy.grants import Policy
from schema.requester import Purpose, Role


@strawberry.type(description="A passage of the published policy.")
class PolicyClause:
    id: str
    section: str


@strawberry.type(description="A role and the purposes it may declare.")
class PolicyRole:
    role: str
    purposes: list[str]


@strawberry.type(description="The privacy policy in force.")
class PrivacyPolicy:
    version: str
    effective_from: str
    clauses: list[PolicyClause]
    roles: list[PolicyRole]
    contact: str


def privacy_policy(info: strawberry.Info[Policy]) -> PrivacyPolicy:
    """Made of the policy the operation is answered by: the context of its execution."""
    policy = info.context
    return PrivacyPolicy(
        version=policy.version,
        effective_from=policy.effective_from.isoformat(),
        clauses=[PolicyClause(id=clause.id, section=clause.section) for clause in policy.clauses.values()],
        roles=[_role(role, purposes) for role, purposes in policy.roles.items()],
        contact=policy.contact,
    )


def _role(role: Role, purposes: frozenset[Purpose]) -> PolicyRole:
    return PolicyRole(role=role.value, purposes=sorted(purpose.value for purpose in purposes))
