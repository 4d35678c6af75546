"""Who may see a field: for each role and purpose, how it is shown and when. Made from the decisions of planning."""

from collections.abc import Iterator
from dataclasses import dataclass

from resolvers.descriptions import treatment_in_words, when_in_words
from resolvers.planning.context import Planning
from resolvers.planning.decisions import disclose, visible_when
from resolvers.planning.plan import CERTAIN
from schema.catalog import Catalog, Column, Entity
from schema.policy.grants import Policy
from schema.requester import Purpose, Role
from schema.visibility import Visibility


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """How a role sees a field for a purpose."""

    role: Role
    purpose: Purpose
    field: str
    shown: str
    """As a sentence, with the conditions."""
    rows: str
    """Which rows it is seen of, as a sentence."""
    clauses: tuple[str, ...]


def fields_named(catalog: Catalog, what: str) -> list[tuple[Entity, Column]]:
    """The field of a name like `Member.email`, or all fields with a kind of identifiers like `EMAIL`. None if there is none."""
    return [
        (entity, column)
        for entity in catalog.entities.values()
        for column in entity.columns.values()
        if what == f"{entity.name}.{column.name}" or what in column.label.identifiers
    ]


def audience(catalog: Catalog, policy: Policy, fields: list[tuple[Entity, Column]]) -> Iterator[Audience]:
    """Everybody who may ever see one of these fields, by role and purpose."""
    for role, purposes in policy.roles.items():
        for purpose in sorted(purposes):
            planning = Planning(visibility=Visibility(policy=policy, role=role, purpose=purpose), catalog=catalog)
            for entity, column in fields:
                if planning.visibility.sees(entity) and planning.visibility.rules(entity, column):
                    yield _seen(planning, entity, column)


def _seen(planning: Planning, entity: Entity, column: Column) -> Audience:
    masked = disclose(planning, entity, column)
    visible = visible_when(planning, entity)
    return Audience(
        role=planning.visibility.role,
        purpose=planning.visibility.purpose,
        field=masked.field_name,
        shown=treatment_in_words(masked),
        rows="Every row." if visible == CERTAIN else f"Of rows {when_in_words(visible)}.",
        clauses=planning.disclosures[masked.field_name].clauses,
    )
