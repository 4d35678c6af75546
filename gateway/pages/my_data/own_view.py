"""What a member may ask of their own data: the fields, lists and mutations of their view, by category.

Made from the catalog, which says what each field is, and from the view, which says what this member may see. So pages need
no names of a marketplace.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from gateway.pages.visiting import PageVisit
from resolvers.compiler import Compiler
from resolvers.descriptions import name_in_words
from schema.catalog import Catalog, Column, Entity, MutationRoot, Relation, Scalar
from schema.fields import ConnectionField, LinkField, MeField, VersionField
from schema.labels import Category, Nature
from schema.policy.grants import Policy
from schema.requester import Purpose, Role
from schema.rights import EditField


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnList:
    """Rows about the member, a page at a time."""

    name: str
    entity: Entity
    category: Category
    is_of_me: bool = False
    """Whether they are a field of the member, and not of the query type."""


@dataclass(frozen=True, slots=True)
class OwnView:
    """A member's view of themselves under the policy in force."""

    catalog: Catalog
    policy: Policy
    role: Role
    purpose: Purpose
    types: Mapping[str, Any]
    """The view's types, as graphql-core has them."""
    mutations: Mapping[str, Any]

    @classmethod
    def of(cls, compiler: Compiler, catalog: Catalog, purpose: Purpose) -> "OwnView":
        role = next(role for role in compiler.policy.roles if role.is_member)
        schema = compiler.view(role, purpose).graphql
        mutations = schema.mutation_type.fields if schema.mutation_type else {}
        return cls(catalog, compiler.policy, role, purpose, schema.type_map, mutations)

    @property
    def me(self) -> Entity:
        """The member's own entity."""
        root = next(each for each in self.catalog.roots.values() if isinstance(each.declaration, MeField))
        return self.catalog.entities[root.target or ""]

    def shows(self, kind: str, field: str) -> bool:
        found = self.types.get(kind)
        return found is not None and field in found.fields

    def columns(self, entity: Entity) -> Sequence[Column]:
        """What is shown of an entity's rows, but for ids."""
        return [
            column
            for name, column in entity.columns.items()
            if self.shows(entity.name, name) and column.scalar not in (Scalar.ID, Scalar.UUID)
        ]

    def links(self, entity: Entity) -> Sequence[Relation]:
        """Single rows that an entity's rows lead to, other than the member."""
        return [
            relation
            for name, relation in entity.relations.items()
            if isinstance(relation.declaration, LinkField)
            and self.shows(entity.name, name)
            and relation.target != self.me.name
        ]

    def has_version(self, entity: Entity) -> bool:
        names = [name for name, each in entity.derived_fields.items() if isinstance(each, VersionField)]
        return any(self.shows(entity.name, name) for name in names)

    def lists(self) -> Iterator[OwnList]:
        """All rows about the member, but for the log, which has a page of its own, and for what is about nobody.

        What the query type does not list leads from the member.
        """
        roots = {
            name: self.catalog.entities[root.target]
            for name, root in self.catalog.roots.items()
            if isinstance(root.declaration, ConnectionField) and root.target and self.shows("Query", name)
        }
        relations = {
            name: self.catalog.entities[relation.target]
            for name, relation in self.me.relations.items()
            if isinstance(relation.declaration, ConnectionField) and self.shows(self.me.name, name)
        }
        listed = {entity.name for entity in roots.values()}
        yield from _lists(roots, self.me, is_of_me=False)
        others = {name: entity for name, entity in relations.items() if entity.name not in listed}
        yield from _lists(others, self.me, is_of_me=True)

    def list_named(self, name: str) -> OwnList | None:
        return next((each for each in self.lists() if each.name == name), None)

    def editing(self, entity: Entity) -> MutationRoot | None:
        """The mutation that changes an entity's rows; none if this member may not."""
        for name, mutation in self.catalog.mutations.items():
            if isinstance(mutation.declaration, EditField) and mutation.entity is entity and name in self.mutations:
                return mutation
        return None

    def inputs(self, mutation: MutationRoot) -> Sequence[str]:
        """The fields that this member may give to a mutation."""
        given = self.types[f"{mutation.name[0].upper()}{mutation.name[1:]}Input"].fields
        return [name for name in mutation.inputs if name in given]

    @property
    def log(self) -> Relation | None:
        """What leads to the records of who has seen the member's data; none where the log cannot be asked."""
        for name, relation in self.me.relations.items():
            is_log = main_category(self.catalog.entities[relation.target]).nature is Nature.ACCESS_LOG
            if is_log and self.shows(self.me.name, name):
                return relation
        return None


def _lists(fields: Mapping[str, Entity], me: Entity, *, is_of_me: bool) -> Iterator[OwnList]:
    for name, entity in fields.items():
        category = main_category(entity)
        is_about_somebody = bool(entity.storage.subjects) and not entity.is_open
        if entity is not me and is_about_somebody and category.nature is not Nature.ACCESS_LOG:
            yield OwnList(name=name, entity=entity, category=category, is_of_me=is_of_me)


async def visit_view(visit: PageVisit) -> OwnView:
    return OwnView.of(await visit.compiler(), visit.ground.catalog, await visit.purpose())


def main_category(entity: Entity) -> Category:
    """What most fields of an entity are, those about somebody before others."""
    categories = [column.label.category for column in entity.columns.values()]
    about_somebody = [each for each in categories if not each.is_open]
    return max(about_somebody or categories, key=(about_somebody or categories).count)


def entity_in_words(entity: Entity) -> str:
    return name_in_words(entity.name)


def is_in_force(row: Mapping[str, Any]) -> bool:
    """Whether what has a start and an end has begun and not ended. What has no end goes on."""
    now = datetime.now(UTC)
    starts, ends = (datetime.fromisoformat(row[name]) if row[name] else None for name in ("startsAt", "endsAt"))
    return (starts is None or starts <= now) and (ends is None or ends > now)
