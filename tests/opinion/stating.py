"""What anybody may read of the policy itself."""

from collections.abc import Mapping, Sequence
from typing import Any

from schema.policy.grants import Grant, Policy
from schema.policy.sentences import sentence

_OF_A_COURT = ("COURT_ORDER", "LEGAL_REQUIREMENT", "SUBPOENA")
_PAPERS: Mapping[str, tuple[str, ...]] = {
    "COURT_ORDER": _OF_A_COURT,
    "WHOLE_CARDS": _OF_A_COURT,
    "AUTHORITY_REQUEST": ("AUTHORITY_REQUEST",),
    "BREACH_FINDING": ("BREACH_FINDING",),
}
"""The legal instruments that conditions ask for."""


def _papers(grant: Grant) -> Sequence[str]:
    """The kinds of instruments that all conditions of a grant ask for."""
    asked = [set(_PAPERS[each.name]) for each in grant.conditions if each.name in _PAPERS]
    return sorted(set.intersection(*asked)) if asked else []


def stated(policy: Policy) -> Mapping[str, Any]:
    """What anybody may read of the policy itself."""
    return {
        "version": policy.version,
        "effectiveFrom": policy.effective_from.isoformat(),
        "clauses": [
            {"id": clause.id, "section": clause.section, "settles": clause.settles}
            for clause in policy.clauses.values()
        ],
        "roles": [
            {
                "role": role.value,
                "description": policy.role_descriptions[role].description,
                "purposes": sorted(each.value for each in purposes),
            }
            for role, purposes in policy.roles.items()
        ],
        "grants": [
            {
                "id": grant.id,
                "roles": sorted(each.value for each in grant.roles),
                "purposes": sorted(each.value for each in grant.purposes),
                "sentence": sentence(grant),
                "clauses": list(grant.clauses),
                "sees": [each.value for each in policy.words.categories if each in grant.categories]
                + sorted(grant.fields),
                "papers": _papers(grant),
            }
            for grant in {each.id: each for granted in policy.grants.values() for each in granted}.values()
            if grant.fields
            or any(each in policy.words.categories for each in (*grant.categories, *grant.aggregates))
            or any(
                scope.fields or not scope.categories.isdisjoint(policy.words.categories)
                for scope in grant.rights.values()
            )
        ],
        "contact": policy.contact,
    }
