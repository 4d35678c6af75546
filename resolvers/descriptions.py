"""The sentences of a view: what each type, field, argument and value is, and how its requester is shown it.

Made from the decisions that planning makes, and written into a view before anybody reads its schema. Nothing here decides.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    is_introspection_type,
)

from resolvers.planning.context import Planning
from resolvers.planning.decisions import disclose, link_when, visible_when
from resolvers.planning.plan import CERTAIN, MaskedColumn, Predicate, SubjectCondition
from schema.catalog import Catalog, Column, Entity, Relation
from schema.fields import ConnectionField, LinkField
from schema.policy.sentences import form_in_words
from schema.treatments import Treatment

SHOWN: Final[Mapping[Treatment, str]] = {
    Treatment.PLAIN: "as stored",
    Treatment.PARTIAL: "in part",
    Treatment.TOKEN: "as a pseudonym",
    Treatment.HIDDEN: "as null",
}
"""How each treatment is told in a sentence that begins with `Shown`."""

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|_")


def name_in_words(name: str) -> str:
    """The words that a name of the schema is made of: `jobTitle` is `job title`."""
    return _HUMP.sub(" ", name).lower()


def describe(schema: GraphQLSchema, catalog: Catalog, planning: Planning | None) -> None:
    """Gives each type, field, argument and value of a view its sentences. Without a planning, what all are told."""
    _Describing(catalog, planning).describe(schema)


@dataclass(frozen=True, slots=True)
class _Describing:
    catalog: Catalog
    planning: Planning | None
    """What the requester's view is decided with; none for the schema of all."""

    def describe(self, schema: GraphQLSchema) -> None:
        for kind in schema.type_map.values():
            if is_introspection_type(kind):
                continue
            match kind:
                case GraphQLObjectType() if kind is schema.query_type:
                    for name, field in kind.fields.items():
                        field.description = field.description or self._root(name)
                case GraphQLObjectType() if entity := self.catalog.entities.get(kind.name):
                    kind.description = _text(kind.description, self._rows(entity))
                    self._entity(entity, kind)
                case GraphQLEnumType(values=values):
                    _name_undescribed(values)
                case GraphQLObjectType() | GraphQLInterfaceType() | GraphQLInputObjectType():
                    _name_undescribed(kind.fields)
                case _:
                    pass
            for field in getattr(kind, "fields", {}).values():
                _name_undescribed(getattr(field, "args", {}))
        for directive in schema.directives:
            _name_undescribed(directive.args)

    def _root(self, name: str) -> str:
        root = self.catalog.roots[name]
        target = self.catalog.entities.get(root.target or "")
        about = f": {_lowered(_first_sentence(target))}" if target else ""
        pages = ", a page at a time" if isinstance(root.declaration, ConnectionField) else ""
        return f"{_raised(name_in_words(name))}{pages}{about or '.'}"

    def _rows(self, entity: Entity) -> str:
        """When rows of a type are shown at all."""
        if self.planning is None or entity.storage.is_part:
            return ""
        visible = visible_when(self.planning, entity)
        return "Every row is shown." if visible == CERTAIN else f"Rows are shown {when_in_words(visible)}."

    def _entity(self, entity: Entity, kind: GraphQLObjectType) -> None:
        for name, field in kind.fields.items():
            what = field.description or f"{_raised(name_in_words(name))}."
            if column := entity.columns.get(name):
                field.description = _text(what, _label(column), *self._treatment(entity, column))
            elif relation := entity.relations.get(name):
                field.description = _text(*self._relation(entity, relation, field.description))
            else:
                field.description = what

    def _treatment(self, entity: Entity, column: Column) -> Iterator[str]:
        """How the requester is shown a field and, to those who may be told why, by which clauses."""
        if self.planning is None:
            return
        masked = disclose(self.planning, entity, column)
        yield treatment_in_words(masked)
        clauses = self.planning.disclosures[masked.field_name].clauses
        if clauses and self.planning.visibility.role.sees_clauses:
            yield f"({' '.join(clauses)})"

    def _relation(self, entity: Entity, relation: Relation, description: str | None) -> Iterator[str]:
        target = self.catalog.entities[relation.target]
        pages = ", a page at a time" if isinstance(relation.declaration, ConnectionField) else ""
        yield description or f"{_raised(name_in_words(relation.name))}{pages}: {_lowered(_first_sentence(target))}"
        if relation.column:
            yield _label(relation.column)
        if self.planning and isinstance(relation.declaration, LinkField):
            when = link_when(self.planning, entity, relation)
            if when != CERTAIN:
                yield f"Shown {when_in_words(when)}; otherwise as null."


def _label(column: Column) -> str:
    """The category of a field and its kinds of identifiers, in words."""
    kinds = ", ".join(kind.words for kind in column.label.identifiers)
    category = _raised(column.label.category.words)
    return f"{category}: {kinds}." if kinds else f"{category}."


def treatment_in_words(masked: MaskedColumn) -> str:
    """How a field is shown, the most revealing first."""
    cases: list[str] = []
    for branch in masked.branches:
        shown = SHOWN[branch.treatment]
        if branch.treatment is Treatment.PARTIAL:
            shown = form_in_words(masked.column.label.identifier) or shown
        if branch.when == CERTAIN:
            cases.append(f"otherwise {shown}" if cases else shown)
        else:
            cases.append(f"{shown} {when_in_words(branch.when)}")
    if masked.least is Treatment.HIDDEN:
        cases.append(f"otherwise {SHOWN[Treatment.HIDDEN]}")
    return f"Shown {'; '.join(cases)}."


def when_in_words(predicate: Predicate) -> str:
    """When a predicate holds, by the phrases of its conditions."""
    alternatives = {" and ".join(sorted(map(_condition, one))) for one in predicate}
    return f"when {', or when '.join(sorted(alternatives))}"


def _condition(held: SubjectCondition) -> str:
    """The phrase of a condition, with whom it is asked of where the column says that."""
    phrase = str(held.condition)
    subject, is_id, _ = (held.subject or "").rpartition("_id")
    if not is_id:
        return phrase
    named = phrase.replace("the subject", f"the {name_in_words(subject)}")
    return named if named != phrase else f"{phrase} (the {name_in_words(subject)})"


def _name_undescribed(described: Mapping[str, Any]) -> None:
    """Gives what has no description its name in words."""
    for name, each in described.items():
        each.description = each.description or f"{_raised(name_in_words(name))}."


def _first_sentence(entity: Entity) -> str:
    """What a row of a type is."""
    return (entity.type.__doc__ or "").strip().partition(". ")[0].rstrip(".") + "."


def _text(*sentences: str | None) -> str:
    return " ".join(filter(None, sentences))


def _raised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]
