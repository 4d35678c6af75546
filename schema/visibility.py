"""Visibility: what a role may see and change for a purpose, by the policy. The view and planning ask it."""

from collections.abc import Mapping
from dataclasses import dataclass

from schema.catalog import Catalog, Column, Entity, Input, MutationRoot, Relation
from schema.conditions import Level, SubjectIsListed
from schema.labels import Category
from schema.policy.grants import Grant, Permission, Policy, Rule, decide, permit, permit_whole, treatment_of
from schema.requester import Purpose, Role
from schema.rights import CarryOutField, EditField, Right
from schema.treatments import Treatment


@dataclass(frozen=True, slots=True, kw_only=True)
class Visibility:
    """What a role may see for a purpose under a policy."""

    policy: Policy
    role: Role
    purpose: Purpose

    def grants(self, entity: Entity) -> tuple[Grant, ...]:
        return self.policy.row_grants(self.role, self.purpose, entity)

    @property
    def instruments(self) -> tuple[SubjectIsListed, ...]:
        """What the legal instrument that an authority cites must be. Others are not told if there is one."""
        granted = self.policy.grants_for(self.role, self.purpose) if self.role.is_authority else ()
        conditions = dict.fromkeys(each for grant in granted for each in grant.conditions)
        return tuple(instrument for each in conditions if (instrument := each.instrument))

    def rules(self, entity: Entity, column: Column) -> tuple[Rule, ...]:
        return decide(self.policy, self.role, self.purpose, entity, column)

    def sees(self, entity: Entity) -> bool:
        """Whether rows of it may be shown. A part of a row has no id, so it must show a field."""
        if entity.is_open:
            return True
        return bool(self.grants(entity)) and any(self.rules(entity, column) for column in entity.columns.values())

    def shows_relation(self, entity: Entity, relation: Relation, target: Entity) -> bool:
        """Whether rows may ever lead on by a relation: as its label is shown, and only for the sake of those it names."""
        if relation.column and not self.rules(entity, relation.column):
            return False
        ends = ((entity, relation.near), (target, relation.far))
        return self.sees(target) and all(self._may_be_for(each, end) for each, end in ends)

    def _may_be_for(self, entity: Entity, column: str | None) -> bool:
        """Whether a row may be seen for the sake of whom a column names, if that is a data subject of it."""
        grants = self.grants(entity)
        if not grants or column not in entity.storage.subjects or entity.storage.subjects_array:
            return True
        return any(column in grant.row_subjects(entity) for grant in grants)

    def permissions(self, right: Right, entity: Entity, column: Column) -> tuple[Permission, ...]:
        return permit(self.policy, self.role, self.purpose, right, entity, column)

    def permits(self, mutation: MutationRoot, catalog: Catalog) -> bool:
        """Whether a mutation may ever be used."""
        if isinstance(mutation.declaration, CarryOutField):
            return self.sees(mutation.entity) and bool(self.permitted_categories(mutation, catalog))
        if mutation.ended is None:
            return bool(self.permitted_inputs(mutation))
        right = mutation.declaration.right
        return self.sees(mutation.entity) and bool(self.permissions(right, mutation.entity, mutation.ended))

    def permitted_categories(
        self, mutation: MutationRoot, catalog: Catalog
    ) -> Mapping[Category, tuple[Permission, ...]]:
        """The categories of which what is asked may ever be carried out, each with what permits it."""
        right = mutation.declaration.right
        categories = catalog.destruction.categories if catalog.destruction else ()
        permitted = {each: permit_whole(self.policy, self.role, self.purpose, right, each) for each in categories}
        return {each: permissions for each, permissions in permitted.items() if permissions}

    def permitted_inputs(self, mutation: MutationRoot) -> Mapping[str, Input]:
        """The inputs of a mutation that may ever be given; none if it may not be used.

        What is edited must be seen. An input about nobody goes with the others.
        """
        declaration = mutation.declaration
        if isinstance(declaration, EditField) and not self.sees(mutation.entity):
            return {}
        permitted = {
            name: bool(self.permissions(declaration.right, mutation.entity, each.column))
            for name, each in mutation.inputs.items()
        }
        may_enter = any(permitted.values()) or self._may_begin(mutation)
        found = {
            name: each
            for name, each in mutation.inputs.items()
            if permitted[name] or (each.column.label.category.is_open and may_enter)
        }
        is_whole = all(name in found for name, each in mutation.inputs.items() if each.is_required)
        return found if is_whole or isinstance(declaration, EditField) else {}

    def _may_begin(self, mutation: MutationRoot) -> bool:
        """Whether a row may be added of which nothing is given but whom it is about: its start is written all the same."""
        starts = mutation.started
        return starts is not None and bool(self.permissions(mutation.declaration.right, mutation.entity, starts))

    def versioned_columns(self, entity: Entity, catalog: Catalog) -> tuple[Column, ...]:
        """The fields of an entity that may ever be edited: what its rows' versions are made of."""
        columns = (
            each.column
            for mutation in catalog.mutations.values()
            if mutation.entity.name == entity.name and isinstance(mutation.declaration, EditField)
            for each in self.permitted_inputs(mutation).values()
        )
        return tuple(sorted(set(columns), key=lambda column: column.name))

    def sees_statistics(self, category: Category) -> bool:
        """Whether figures about a category may be shown."""
        return any(category in grant.aggregates for grant in self.policy.grants_for(self.role, self.purpose))

    def is_everywhere(self, entity: Entity, column: Column, treatment: Treatment) -> bool:
        """Whether every row this requester may see shows the field by this treatment."""
        if column.label.category.is_open:
            return treatment is Treatment.PLAIN
        return all(
            treatment_of(grant, entity, column) is treatment and _comes_with_its_row(grant, entity, column)
            for grant in self.grants(entity)
        )

    def sees_every_row(self, entity: Entity) -> bool:
        """Whether no row is hidden from this requester, whomever it is about."""
        return not any(grant.conditions for grant in self.grants(entity))

    def id_form(self, entity: Entity, column: Column, target: Entity) -> Treatment | None:
        """The form of the ids that rows may be filtered by; none if they may not."""
        forms = (Treatment.PLAIN, Treatment.TOKEN) if self.sees(target) else ()
        form = next((each for each in forms if self.is_everywhere(target, target.columns["id"], each)), None)
        if form is None or column.label.category.is_open:
            return form
        return form if self.sees_every_row(entity) and self.is_everywhere(entity, column, form) else None

    def filters_by_parts(self, entity: Entity, part: Entity) -> bool:
        """Whether rows may be filtered by what a part of theirs says."""
        return self.sees_every_row(entity) and all(
            self.is_everywhere(part, column, Treatment.PLAIN) for column in part.columns.values()
        )


def _comes_with_its_row(grant: Grant, entity: Entity, column: Column) -> bool:
    """Whether a grant shows a field on every row it makes visible.

    A row may be visible because of one subject or category while the field belongs to another, or to all.
    """
    of_subject = any(condition.level is Level.SUBJECT for condition in grant.conditions)
    of_category = any(condition.names_categories for condition in grant.conditions)
    is_the_rows = not entity.is_of_all(column) and set(grant.row_subjects(entity)) <= set(entity.subjects_of(column))
    is_only_category = grant.words.categories_of(entity) == frozenset({column.label.category})
    return (is_the_rows or not of_subject) and (is_only_category or not of_category)
