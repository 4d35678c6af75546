"""What anybody may read of the policy itself."""

from collections.abc import Mapping
from typing import Any

from schema.policy.grants import Policy
from schema.policy.sentences import sentence

_OF_A_COURT = ("COURT_ORDER", "LEGAL_REQUIREMENT", "SUBPOENA")
_PAPERS: Mapping[str, tuple[str, ...]] = {
    "G28a": _OF_A_COURT,
    "G28b": _OF_A_COURT,
    "G29": ("AUTHORITY_REQUEST",),
    "G30": ("BREACH_FINDING",),
}
"""The legal instruments that grants go by."""


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
                "papers": sorted(_PAPERS.get(grant.id, ())),
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
