"""The differences between two versions of the policy, field by field: what opens and what closes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from schema.catalog import Catalog, Column, Entity
from schema.labels import Category
from schema.policy.grants import Policy, Rule, decide, permit
from schema.requester import Purpose, Role
from schema.rights import Right
from schema.treatments import Treatment


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The change of one field for a role and purpose: rules that open it further, and rules that no longer hold."""

    role: Role
    purpose: Purpose
    field: str
    opens: tuple[Rule, ...]
    closes: tuple[Rule, ...]


def changes(old: Policy, new: Policy, catalog: Catalog) -> Iterator[Change]:
    """Every change, by role, purpose and field."""
    fields = [(entity, column) for entity in catalog.entities.values() for column in entity.labelled.values()]
    figures = {f"Query.{name}": facts.category for name, facts in catalog.statistics.items()}
    for role, purpose in product(catalog.marketplace.roles, catalog.marketplace.purposes):
        if _is_same(old, new, role, purpose):
            continue
        for entity, column in fields:
            before, after = (_rules(policy, role, purpose, entity, column) for policy in (old, new))
            yield from _change(role, purpose, f"{entity.name}.{column.name}", before, after)
            for right in Right:
                before, after = (_rights(policy, role, purpose, right, entity, column) for policy in (old, new))
                yield from _change(role, purpose, f"{right} {entity.name}.{column.name}", before, after)
        for place, category in figures.items():
            before, after = (_figures(policy, role, purpose, category) for policy in (old, new))
            yield from _change(role, purpose, place, before, after)


def _is_same(old: Policy, new: Policy, role: Role, purpose: Purpose) -> bool:
    """Whether two policies decide alike for a role and a purpose, because they say the same of it."""
    is_allowed, still = (purpose in policy.purposes_of(role) for policy in (old, new))
    if not (is_allowed or still):
        return True
    alike = old.words == new.words and old.grants_for(role, purpose) == new.grants_for(role, purpose)
    return is_allowed == still and alike


def _change(
    role: Role, purpose: Purpose, place: str, before: Sequence[Rule], after: Sequence[Rule]
) -> Iterator[Change]:
    opens = tuple(rule for rule in after if not _implied(rule, before))
    closes = tuple(rule for rule in before if not _implied(rule, after))
    if opens or closes:
        yield Change(role=role, purpose=purpose, field=place, opens=opens, closes=closes)


def _rules(policy: Policy, role: Role, purpose: Purpose, entity: Entity, column: Column) -> Sequence[Rule]:
    is_shown = policy.row_grants(role, purpose, entity) or entity.is_open
    is_allowed = purpose in policy.purposes_of(role)
    return decide(policy, role, purpose, entity, column) if is_shown and is_allowed else ()


def _rights(
    policy: Policy, role: Role, purpose: Purpose, right: Right, entity: Entity, column: Column
) -> Sequence[Rule]:
    """The rules by which a field may be changed, which are always about the whole of it."""
    found = permit(policy, role, purpose, right, entity, column) if purpose in policy.purposes_of(role) else ()
    return [
        Rule(grant=each.grant, treatment=Treatment.PLAIN, conditions=each.conditions, clauses=each.clauses)
        for each in found
    ]


def _figures(policy: Policy, role: Role, purpose: Purpose, category: Category) -> Sequence[Rule]:
    """The rules for figures about a category, which are always partial: bounded, noisy, and of enough members."""
    return [
        Rule(grant=grant.id, treatment=Treatment.PARTIAL, conditions=(), clauses=grant.clauses)
        for grant in policy.grants_for(role, purpose)
        if category in grant.aggregates
    ]


def _implied(rule: Rule, others: Sequence[Rule]) -> bool:
    """Whether another rule shows as much under the same conditions or fewer."""
    return any(
        other.treatment.openness >= rule.treatment.openness and set(other.conditions) <= set(rule.conditions)
        for other in others
    )
