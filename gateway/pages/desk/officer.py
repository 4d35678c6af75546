"""What a privacy officer may ask: the fields of their views, one for each purpose of theirs.

Made from the policy in force. A page asks only for what the officer's view has, so that one policy may show less than another.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from gateway.pages.visiting import NothingOffered, PageVisit
from resolvers.compiler import Compiler
from schema.catalog import Catalog
from schema.policy.grants import Policy
from schema.requester import Purpose, Role

OVERSIGHT: Final = "privacy_oversight"
CARRYING_OUT: Final = "data_subject_request"
ADMINISTRATION: Final = "privacy_administration"


def oversight_purpose(policy: Policy, catalog: Catalog) -> Purpose | None:
    """What officers ask for to see who has seen what; none if nobody may."""
    purpose = catalog.marketplace.purpose_named(OVERSIGHT)
    return purpose if purpose and _officer(policy, purpose) else None


def _officer(policy: Policy, purpose: Purpose) -> Role | None:
    found = (role for role, purposes in policy.roles.items() if role.is_own and purpose in purposes)
    return next(found, None)


@dataclass(frozen=True, slots=True)
class OfficerView:
    """An officer's view for one purpose under the policy in force."""

    compiler: Compiler
    purpose: Purpose
    types: Mapping[str, Any]
    """The view's types, as graphql-core has them."""
    mutations: Mapping[str, Any]

    @classmethod
    async def of(cls, visit: PageVisit, purpose_name: str) -> "OfficerView":
        """Raises `NothingOffered` where the policy gives no officer this purpose."""
        compiler, purpose = await visit.compiler(), visit.purpose_named(purpose_name)
        role = _officer(compiler.policy, purpose)
        if role is None:
            raise NothingOffered
        schema = compiler.view(role, purpose).graphql
        mutations = schema.mutation_type.fields if schema.mutation_type else {}
        return cls(compiler, purpose, schema.type_map, mutations)

    def shows(self, kind: str, field: str) -> bool:
        found = self.types.get(kind)
        return found is not None and field in found.fields

    def of_these(self, kind: str, fields: Sequence[str]) -> Iterator[str]:
        """Those of these fields that a type has here. A field may be followed by what is asked of it."""
        return (each for each in fields if self.shows(kind, each.partition(" ")[0].partition("(")[0]))
