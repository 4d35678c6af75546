"""What one version of the policy changes beside another, field by field: what becomes more open, and what closes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from schema.catalog import Catalog, Column, Entity
from schema.policy import Policy, Rule, decide
from schema.requester import Purpose, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What changes of a field for a role and purpose: rules that open it further, and rules that are gone."""

    role: Role
    purpose: Purpose
    field: str
    opens: tuple[Rule, ...]
    closes: tuple[Rule, ...]


def changes(old: Policy, new: Policy, catalog: Catalog) -> Iterator[Change]:
    """Every change, by role, purpose and field."""
    fields = [(entity, column) for entity in catalog.entities.values() for column in entity.columns.values()]
    for role, purpose, (entity, column) in product(Role, Purpose, fields):
        before = _rules(old, role, purpose, entity, column)
        after = _rules(new, role, purpose, entity, column)
        opens = tuple(rule for rule in after if not _implied(rule, before))
        closes = tuple(rule for rule in before if not _implied(rule, after))
        if opens or closes:
            place = f"{entity.name}.{column.name}"
            yield Change(role=role, purpose=purpose, field=place, opens=opens, closes=closes)


def _rules(policy: Policy, role: Role, purpose: Purpose, entity: Entity, column: Column) -> Sequence[Rule]:
    return decide(policy, role, purpose, entity, column) if purpose in policy.roles[role] else ()


def _implied(rule: Rule, others: Sequence[Rule]) -> bool:
    """Whether another rule shows as much, under no more conditions."""
    return any(
        other.treatment.openness >= rule.treatment.openness and set(other.conditions) <= set(rule.conditions)
        for other in others
    )
