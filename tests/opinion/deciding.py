"""What one requester sees of a row and of each of its fields, said of the policy's grants and of plain rows.

A field is as open as the most open grant whose conditions hold for it. Nothing here knows of SQL or of plans.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import partial as applied
from typing import Any
from uuid import UUID

from schema import masks, tokens
from schema.catalog import Catalog, Column, Entity, Scalar
from schema.conditions import Condition
from schema.labels import Category, Identifier
from schema.policy.grants import Grant, Policy
from schema.requester import Purpose, Requester, Role
from schema.treatments import Treatment
from tests.opinion.conditions import OF_THE_REQUESTER, OF_THE_ROW, Circumstances, can_be_asked, is_of_a_subject
from tests.opinion.market import Market, Row

NO_PARTIAL_FORM = (Identifier.MEMBER_ID, Identifier.ROW_ID, Identifier.COOKIE)
"""What is shown as a token where it may be shown in part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standpoint:
    """What a role sees for a purpose, for every requester and whatever is stored."""

    policy: Policy
    catalog: Catalog
    role: Role
    purpose: Purpose
    _known: dict[Any, Any] = field(default_factory=dict[Any, Any])

    def grants_about(self, entity: Entity) -> Sequence[Grant]:
        """The grants that say something of an entity's rows, and set no condition its rows have no answer to."""
        return self._once(("grants", entity.name), applied(self._grants_about, entity))

    def _grants_about(self, entity: Entity) -> Sequence[Grant]:
        return [
            grant
            for grant in self.policy.grants.get((self.role, self.purpose), ())
            if any(_covered(grant, entity, column) for column in _labelled(entity))
            and all(can_be_asked(condition, entity.owner) for condition in grant.conditions)
        ]

    def is_open(self, entity: Entity) -> bool:
        """Whether it is nobody's in all its fields."""
        return not _labelled(entity)

    def sees(self, entity: Entity) -> bool:
        return self.is_open(entity) or bool(self.grants_about(entity))

    def most(self, entity: Entity, column: Column) -> Treatment:
        """The most that is ever shown of a field."""
        if column.label.category is Category.OPEN:
            return Treatment.PLAIN
        shown = [treated(grant, entity, column) for grant in self.grants_about(entity)]
        return most_open(shown)

    def least(self, entity: Entity, column: Column) -> Treatment:
        """The least that is shown of a field of any row that is seen at all.

        Whatever grant lets a row be seen, those that ask no more than it does hold too; but the conditions of a data
        subject may hold for another than the field's own.
        """
        if column.label.category is Category.OPEN:
            return Treatment.PLAIN
        grants = self.grants_about(entity)
        return min((self._at_least(grant, grants, entity, column) for grant in grants), key=_openness)

    def _at_least(self, seen_by: Grant, grants: Sequence[Grant], entity: Entity, column: Column) -> Treatment:
        known = set(seen_by.conditions)
        if _is_of_some(entity, column):
            known = {condition for condition in known if not is_of_a_subject(condition)}
        holding = [grant for grant in grants if known.issuperset(grant.conditions)]
        return most_open(treated(grant, entity, column) for grant in holding)

    def plain_on_every_row(self, entity: Entity, column: Column) -> bool:
        """Whether it may be filtered or sorted by: then it reveals nothing that the rows do not show."""
        return self._once((entity.name, column.name), lambda: self._plain_on_every_row(entity, column))

    def _plain_on_every_row(self, entity: Entity, column: Column) -> bool:
        if column.label.category is Category.OPEN:
            return True
        return all(
            treated(grant, entity, column) is Treatment.PLAIN
            and not (_is_of_some(entity, column) and any(map(is_of_a_subject, grant.conditions)))
            for grant in self.grants_about(entity)
        )

    def figures_about(self, category: Category) -> bool:
        return any(category in grant.aggregates for grant in self.policy.grants.get((self.role, self.purpose), ()))

    def _once(self, asked: Any, answer: Callable[[], Any]) -> Any:
        if asked not in self._known:
            self._known[asked] = answer()
        return self._known[asked]


def treated(grant: Grant, entity: Entity, column: Column) -> Treatment:
    """What a grant makes of a field. The id of a row that it lets be seen is always shown, as a token at the least."""
    if column.label.category is Category.OPEN:
        return Treatment.PLAIN
    treatment = _granted_treatment(grant, entity, column)
    if column.name == "id":
        return Treatment.PLAIN if treatment is Treatment.PLAIN else Treatment.TOKEN
    if column.label.identifier in NO_PARTIAL_FORM and treatment is Treatment.PARTIAL:
        return Treatment.TOKEN
    return treatment


def _granted_treatment(grant: Grant, entity: Entity, column: Column) -> Treatment:
    if not _covered(grant, entity, column):
        return Treatment.HIDDEN
    return grant.identifiers[column.label.identifier] if column.label.identifier else Treatment.PLAIN


def most_open(found: Iterable[Treatment]) -> Treatment:
    return max(found, key=_openness, default=Treatment.HIDDEN)


def _openness(treatment: Treatment) -> int:
    return (Treatment.HIDDEN, Treatment.TOKEN, Treatment.PARTIAL, Treatment.PLAIN).index(treatment)


def _covered(grant: Grant, entity: Entity, column: Column) -> bool:
    return column.label.category in grant.categories or f"{entity.name}.{column.name}" in grant.fields


def _labelled(entity: Entity) -> Sequence[Column]:
    return [column for column in entity.columns.values() if column.label.category is not Category.OPEN]


def _is_of_some(entity: Entity, column: Column) -> bool:
    """Whether a field is about some of the row's data subjects and not about others."""
    return column.subject is not None and len(entity.owner.subjects) > 1


# Of rows.


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A row of an entity; `owner` is the row it is a part of, or itself."""

    entity: Entity
    row: Row
    owner: Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Eyes:
    """What one requester sees of a market."""

    standpoint: Standpoint
    requester: Requester
    market: Market
    circumstances: Circumstances
    witnessed: set[tuple[str, bool]]
    """Of each grant, whether it was seen to hold and not to hold."""

    def visible(self, seen: Seen) -> bool:
        """At least one grant about the row holds; what is nobody's is there for all."""
        entity = seen.entity
        if self.standpoint.is_open(entity):
            return True
        return any(
            self._holds(grant, seen, subjects(seen), _given(grant, entity))
            for grant in self.standpoint.grants_about(entity)
        )

    def treatment(self, seen: Seen, column: Column) -> Treatment:
        """How a field of a visible row is shown."""
        entity = seen.entity
        if column.label.category is Category.OPEN:
            return Treatment.PLAIN
        about = [seen.owner[column.subject]] if column.subject else subjects(seen)
        found = [
            treated(grant, entity, column)
            for grant in self.standpoint.grants_about(entity)
            if self._holds(grant, seen, about, [column.label.category])
        ]
        return most_open([*found, Treatment.TOKEN] if column.name == "id" else found)

    def _holds(self, grant: Grant, seen: Seen, about: Sequence[int], categories: Iterable[Category]) -> bool:
        held = self._all_hold(grant, seen, about, categories)
        self.witnessed.add((grant.id, held))
        return held

    def _all_hold(self, grant: Grant, seen: Seen, about: Sequence[int], categories: Iterable[Category]) -> bool:
        """All conditions hold, and those of a data subject for one and the same, in one and the same category."""
        of_subject = [condition for condition in grant.conditions if is_of_a_subject(condition)]
        if not all(self._holds_otherwise(each, seen) for each in grant.conditions if each not in of_subject):
            return False
        hold = self.circumstances.hold_for_subject
        return not of_subject or any(
            all(hold(condition, member, category) for condition in of_subject)
            for member in about
            for category in categories
        )

    def _holds_otherwise(self, condition: Condition, seen: Seen) -> bool:
        if condition in OF_THE_REQUESTER:
            return self.circumstances.hold_for_requester(condition)
        assert condition in OF_THE_ROW
        return self.circumstances.hold_for_row(condition, seen.entity.owner, seen.owner)

    def shown(self, seen: Seen, column: Column) -> Any:
        """A field's value as an answer has it."""
        value = seen.row[column.column]
        treatment = self.treatment(seen, column)
        if value is None or treatment is Treatment.HIDDEN:
            return None
        if column.scalar is Scalar.ID:
            return self._identity(seen.entity, value, treatment)
        if treatment is Treatment.PLAIN:
            return as_json(value)
        identifier = column.label.identifier
        assert identifier, "what is no identifier is plain or hidden"
        if treatment is Treatment.TOKEN:
            return tokens.pseudonym(self.requester.key, identifier, value)
        coarse = seen.row[column.coarse] if column.coarse else None
        return masks.partial_form(identifier, value, coarse=coarse)

    def _identity(self, entity: Entity, value: Any, treatment: Treatment) -> str:
        if treatment is Treatment.PLAIN:
            return f"{entity.name}:{value}"
        return tokens.token_of_id(self.requester.key, entity.name, value)


def subjects(seen: Seen) -> Sequence[int]:
    """Whose data a row is."""
    stored = seen.entity.owner
    if stored.subjects_array:
        return list(seen.owner[stored.subjects[0]])
    return [seen.owner[column] for column in stored.subjects]


def _given(grant: Grant, entity: Entity) -> Iterable[Category]:
    """The categories in which a grant gives something of an entity."""
    return {column.label.category for column in _labelled(entity) if _covered(grant, entity, column)}


def as_json(value: Any) -> Any:
    """A stored value as JSON has it."""
    match value:
        case datetime():
            return moment(value)
        case Decimal():
            return format(value, "f")
        case UUID():
            return str(value)
        case _:
            return value


def moment(value: datetime) -> str:
    """To the microsecond where need be, and no zeros at the end."""
    text = value.strftime("%Y-%m-%dT%H:%M:%S")
    fraction = f".{value.microsecond:06}".rstrip("0").rstrip(".")
    return f"{text}{fraction}+00:00"
