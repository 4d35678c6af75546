"""The policy: grants, and the one function that decides by them.

`decide` is total: whatever it is asked, it answers with rules, and no rule means hidden. It is asked by
`resolvers.planning` and `schema.view`, and by nobody else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from schema.catalog import Column, Entity
from schema.conditions import Condition
from schema.labels import Category, Identifier
from schema.requester import Purpose, Role
from schema.treatments import WITHOUT_PARTIAL, Treatment

FEWEST_MEMBERS = 10
"""The fewest members any figure may be about (clause U7)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A passage of the published policy, by its id and section."""

    id: str
    section: str
    settles: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleDescription:
    """Who a role is; `stands_on` is the kind of organisation its credential names, where it names one."""

    description: str
    requires_organisation: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What some roles see for some purposes, how, on which condition, and by which clauses.

    All `conditions` must hold. `categories` are seen whole, `fields` (like `Member.name`) one by one.
    """

    id: str
    roles: frozenset[Role]
    purposes: frozenset[Purpose]
    categories: frozenset[Category]
    fields: frozenset[str]
    aggregates: frozenset[Category]
    """Categories about which figures are shown, and nothing else."""
    identifiers: Mapping[Identifier, Treatment]
    conditions: tuple[Condition, ...]
    clauses: tuple[str, ...]

    def touches(self, entity: Entity) -> bool:
        """Whether a row of this entity is seen where the conditions hold."""
        named = any(field.partition(".")[0] == entity.name for field in self.fields)
        seen = named or not self.categories.isdisjoint(entity.categories)
        return seen and all(condition.can_hold(entity.owner) for condition in self.conditions)

    def covers(self, entity: Entity, column: Column) -> bool:
        """Whether it says anything of this field."""
        return column.label.category in self.categories or f"{entity.name}.{column.name}" in self.fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What one grant makes of one field."""

    grant: str
    treatment: Treatment
    conditions: tuple[Condition, ...]
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One version of the policy. `epoch` changes when all tokens are to change."""

    version: str
    effective_from: date
    contact: str
    epoch: int
    clauses: Mapping[str, Clause]
    roles: Mapping[Role, frozenset[Purpose]]
    role_descriptions: Mapping[Role, RoleDescription]
    grants: Mapping[tuple[Role, Purpose], tuple[Grant, ...]]

    def grants_for(self, role: Role, purpose: Purpose) -> tuple[Grant, ...]:
        return self.grants.get((role, purpose), ())

    def row_grants(self, role: Role, purpose: Purpose, entity: Entity) -> tuple[Grant, ...]:
        """The grants by which rows of an entity may be seen; none means never."""
        return tuple(grant for grant in self.grants_for(role, purpose) if grant.touches(entity))


OPEN_TO_ALL = Rule(grant="OPEN", treatment=Treatment.PLAIN, conditions=(), clauses=())


def decide(policy: Policy, role: Role, purpose: Purpose, entity: Entity, column: Column) -> tuple[Rule, ...]:
    """The rules for one field, the most revealing first; none means hidden.

    Invariant: absence is refusal; only `OPEN` fields, which are nobody's, need no grant.
    """
    if column.label.category is Category.OPEN:
        return (OPEN_TO_ALL,)
    rules = [_rule(grant, entity, column) for grant in policy.row_grants(role, purpose, entity)]
    shown = [rule for rule in rules if rule.treatment is not Treatment.HIDDEN]
    return tuple(sorted(shown, key=lambda rule: rule.treatment.openness, reverse=True))


def _rule(grant: Grant, entity: Entity, column: Column) -> Rule:
    treatment = treatment_of(grant, entity, column)
    return Rule(grant=grant.id, treatment=treatment, conditions=grant.conditions, clauses=grant.clauses)


def treatment_of(grant: Grant, entity: Entity, column: Column) -> Treatment:
    """How a grant shows a field of a row it lets be seen. A visible row's id is at least a token."""
    identifier = column.label.identifier
    if not grant.covers(entity, column):
        return Treatment.TOKEN if column.name == "id" else Treatment.HIDDEN
    if identifier is None:
        return Treatment.PLAIN
    treatment = grant.identifiers[identifier]
    if column.name == "id" and treatment is Treatment.HIDDEN:
        return Treatment.TOKEN
    if identifier in WITHOUT_PARTIAL and treatment is Treatment.PARTIAL:
        return Treatment.TOKEN
    return treatment
